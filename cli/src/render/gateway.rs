//! `leaning gateway` at a terminal.

use super::counted;
use crate::gateway::Report;
use crate::terminal::Page;
use crate::terminal::colour::{GOOD, PLAIN, QUIET};

pub fn draw(page: &mut Page, report: &Report) {
    page.item(GOOD, "✓", &format!("Listening at {}", report.listening));
    let drafts = counted(report.drafts, "draft");
    let writer = match report.upstream.as_str() {
        "stand-in" => "prepared texts, without a model",
        upstream => upstream,
    };
    page.paragraph(PLAIN, &format!("{drafts} for each message, by {writer}."));
    match &report.deck {
        Some(deck) => {
            let dimensions = deck.dimensions.join(", ");
            let by = report.scorer.as_deref().unwrap_or("their style");
            let text = format!("Scored for the deck {} by {by}: {dimensions}.", deck.id);
            page.paragraph(PLAIN, &text);
        }
        None => page.paragraph(
            QUIET,
            "They have no scores; --deck names a deck that scores them.",
        ),
    }
    page.paragraph(QUIET, "Ctrl-C ends it.");
}
