//! `leaning infer` at a terminal.

use super::{counted, end, label, next, percent};
use crate::failure::Failure;
use crate::infer::Inferred;
use crate::person::Person;
use crate::terminal::colour::{GOOD, PLAIN, QUIET, STRONG, WARNING};
use crate::terminal::{Column, Page, Table, Text, interval_bar};
use leaning::profile::{Confidence, DimensionEstimate, Direction, PersonFitKind, Standing};
use leaning::{Dimension, Interview, Options, Profile};

/// Columns of a picture.
const PICTURE: std::ops::RangeInclusive<usize> = 9..=61;

pub fn draw(page: &mut Page, inferred: &Inferred, person: &Person) -> Result<(), Failure> {
    let Inferred { deck, log, report } = inferred;
    // Intervals and probabilities come from the exact posterior, which takes a moment.
    let profile = Interview::open(deck.clone(), log.clone(), Options::default())
        .and_then(|interview| interview.profile())
        .map_err(|error| person.failure(error))?;
    page.heading(
        deck.title().unwrap_or(deck.id()),
        &counted(report.answers, "answer"),
    );
    if report.answers == 0 {
        page.paragraph(
            PLAIN,
            "Without answers, this is what the deck expects of anybody.",
        );
    }
    page.space();
    page.table(&picture(deck.dimensions(), &profile, page.inner_width()));
    page.space();
    let legend = "● is the estimate, ━ holds the weight with a probability of 90%, ┊ is no \
                  preference; %: the probability that it is on this side.";
    page.paragraph(QUIET, legend);
    if !profile.person_fit.is_empty() {
        page.space();
    }
    for finding in &profile.person_fit {
        page.item(WARNING, "!", sentence(finding.kind));
    }
    next::suggest_for(page, "Ask the next question:", "ask", person, &[]);
    let candidates = ["--candidates", "new.json"];
    next::suggest_for(
        page,
        "Rank candidates for this person:",
        "rank",
        person,
        &candidates,
    );
    Ok(())
}

/// A row for each dimension, in columns that together have this width.
fn picture(dimensions: &[Dimension], profile: &Profile, width: usize) -> Table {
    let columns = || {
        vec![
            Column::words(""),
            Column::words("").expendable(2),
            Column::picture(""),
            Column::words("").expendable(2),
            Column::picture(""),
            Column::numbers("").expendable(1),
        ]
    };
    let table = |picture: usize| Table {
        columns: columns(),
        rows: dimensions
            .iter()
            .zip(&profile.dimensions)
            .map(|(dimension, estimate)| row(dimension, estimate, profile.axis_limit, picture))
            .collect(),
    };
    let natural = |table: Table| {
        let lines = table.lines(usize::MAX);
        lines.iter().map(Text::width).max().unwrap_or(0)
    };
    let room = width.saturating_sub(natural(table(0)));
    let picture = room.clamp(*PICTURE.start(), *PICTURE.end());
    // Odd, so that no preference has a column of its own.
    table(picture - (picture + 1) % 2)
}

fn row(
    dimension: &Dimension,
    estimate: &DimensionEstimate,
    limit: f64,
    picture: usize,
) -> Vec<Text> {
    let rms = estimate.rms_difference;
    let interval = (rms * estimate.interval.0, rms * estimate.interval.1);
    let (style, words) = words(dimension, estimate);
    let ends = [false, true].map(|is_high| Text::new(QUIET, &end(dimension, is_high)));
    let [low, high] = ends;
    vec![
        Text::new(STRONG, label(dimension)),
        low,
        Text::new(
            style,
            &interval_bar(interval, rms * estimate.mean, limit, picture),
        ),
        high,
        Text::new(style, &words),
        Text::new(QUIET, &percent(estimate.probability_of_direction)),
    ]
}

/// The words that the belief about a weight allows.
fn words(dimension: &Dimension, estimate: &DimensionEstimate) -> (anstyle::Style, String) {
    let end = end(dimension, estimate.direction == Direction::High);
    match (estimate.standing, estimate.confidence) {
        (Standing::Indifferent, _) => (PLAIN, "no strong preference".to_owned()),
        (Standing::Middle, _) => (GOOD, "in the middle".to_owned()),
        (Standing::Leans, Confidence::High) => (GOOD, format!("clearly {end}")),
        (Standing::Leans, _) => (PLAIN, format!("probably {end}")),
        (Standing::Open, _) => (QUIET, "too early to say".to_owned()),
    }
}

fn sentence(kind: PersonFitKind) -> &'static str {
    match kind {
        PersonFitKind::Inconsistent => {
            "The answers contradict each other more than occasional lapses explain."
        }
        PersonFitKind::Nonlinear => {
            "The answers agree with each other, but no weighted sum of the scores explains them."
        }
        PersonFitKind::Indifferent => {
            "No difference between the candidates seems to matter to this person."
        }
        PersonFitKind::PositionBias => {
            "The place of a candidate seems to decide, whatever stands there."
        }
    }
}
