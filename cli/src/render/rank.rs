//! `leaning rank` at a terminal.

use super::{end, percent, signed};
use crate::rank::{Place, Ranked};
use crate::terminal::colour::{BAD, GOOD, PLAIN, QUIET, STRONG};
use crate::terminal::{Column, Page, Table, Text, share_bar};

const BAR: usize = 16;
/// Dimensions that are named as reasons for a place.
const REASONS: usize = 2;

pub fn draw(page: &mut Page, ranked: &Ranked) {
    let name = |place: &Place| {
        place
            .id
            .clone()
            .unwrap_or_else(|| format!("[{}]", place.index))
    };
    let rows = ranked.places.iter().enumerate().map(|(position, place)| {
        let style = if position == 0 { GOOD } else { PLAIN };
        let mut row = vec![
            Text::from((position + 1).to_string()),
            Text::new(if position == 0 { STRONG } else { PLAIN }, &name(place)),
            Text::new(style, &share_bar(place.probability_best, BAR)),
            Text::new(style, &percent(place.probability_best)),
        ];
        if let Some(share) = place.softmax_probability {
            row.push(percent(share).into());
        }
        row.push(reasons(ranked, place));
        row
    });
    let mut columns = vec![
        Column::numbers(""),
        Column::words("Candidate"),
        Column::picture("").expendable(2),
        Column::numbers("best"),
    ];
    if ranked
        .places
        .iter()
        .any(|place| place.softmax_probability.is_some())
    {
        columns.push(Column::numbers("share"));
    }
    columns.push(Column::words("because it is more").expendable(1));
    page.heading("Ranking", "best: the probability that it is the best");
    page.space();
    page.table(&Table {
        columns,
        rows: rows.collect(),
    });
    page.space();
    if let Some(origin) = &ranked.origin {
        page.paragraph(QUIET, origin);
    }
    if let [first, _, ..] = &ranked.places[..] {
        page.paragraph(PLAIN, &verdict(ranked, first, &name));
    }
}

/// The pick, beside the population's.
fn verdict(ranked: &Ranked, first: &Place, name: &impl Fn(&Place) -> String) -> String {
    if first.population_pick {
        return format!("{} is also what everybody would get.", name(first));
    }
    let everybody = ranked.places.iter().find(|place| place.population_pick);
    everybody.map_or(String::new(), |everybody| {
        format!(
            "Everybody would get {}. {} is better for this person with a probability of {}.",
            name(everybody),
            name(first),
            percent(first.probability_better)
        )
    })
}

/// The dimensions that put a candidate where it is: + for it, − against it.
fn reasons(ranked: &Ranked, place: &Place) -> Text {
    let mut text = Text::default();
    for (position, reason) in place.reasons.iter().take(REASONS).enumerate() {
        if position > 0 {
            text.push(PLAIN, ", ");
        }
        let dimension = &ranked.deck.dimensions()[reason.dimension];
        let style = if reason.contribution > 0.0 { GOOD } else { BAD };
        text.push(PLAIN, &end(dimension, reason.towards_high));
        text.push(style, &format!(" {}", signed(reason.contribution, 2)));
    }
    text
}
