//! `leaning simulate` at a terminal.

use super::curves::{Best, Curves, NOBODY};
use super::{counted, percent};
use crate::report::Estimate;
use crate::simulate::regret::{CurveReport, Report};
use crate::terminal::Page;
use crate::terminal::colour::{PLAIN, QUIET};

pub fn draw(page: &mut Page, report: &Report, people: u32) {
    page.heading("Regret", &format!("of {people} simulated people"));
    let about = "The loss from picking by the inferred weights, as a share of the loss from picking \
                 blindly: less is better.";
    page.paragraph(QUIET, about);
    page.space();
    curves(report, |curve| &curve.regret).draw(page);
    page.space();
    page.heading("Harm", "");
    let about = "How often the pick is worse for the person than what everybody would get.";
    page.paragraph(QUIET, about);
    page.space();
    curves(report, |curve| &curve.harm).draw(page);
    if let Some(most) = answers_of_anybody(report) {
        page.space();
        let asked = counted(most, "answer");
        let text = format!("{NOBODY}: the deck has no questions left after {asked} or a few more.");
        page.paragraph(QUIET, &text);
    }
    if let Some(sentence) = sentence(report) {
        page.space();
        page.paragraph(PLAIN, &sentence);
    }
}

fn curves(report: &Report, of: fn(&CurveReport) -> &Vec<Estimate>) -> Curves<'_> {
    let curves = report.curves.iter();
    Curves {
        first_column: "Strategy",
        after: &report.after,
        curves: curves.map(|curve| (&*curve.name, &of(curve)[..])).collect(),
        best: Best::Smallest,
        write: percent,
    }
}

/// The last number of answers that somebody reached, if a curve ends before all of them.
fn answers_of_anybody(report: &Report) -> Option<usize> {
    let reached = |curve: &CurveReport| {
        curve
            .regret
            .iter()
            .take_while(|of| !of.mean.is_nan())
            .count()
    };
    let fewest = report.curves.iter().map(reached).min()?;
    let place = fewest.checked_sub(1)?;
    (fewest < report.after.len()).then(|| report.after[place])
}

/// The strategy that ends with the least regret. A curve that ended early has run out of questions.
fn sentence(report: &Report) -> Option<String> {
    let answers = report.after.last()?;
    let place = report.after.len() - 1;
    let ends = report
        .curves
        .iter()
        .filter_map(|curve| Some((curve, curve.regret.get(place)?)));
    let (best, regret) = ends
        .filter(|(_, regret)| regret.mean.is_finite())
        .min_by(|a, b| a.1.mean.total_cmp(&b.1.mean))?;
    Some(format!(
        "After {answers} answers, {} leaves a regret of {}.",
        best.name,
        percent(regret.mean)
    ))
}
