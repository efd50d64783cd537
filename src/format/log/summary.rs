//! The summary of old answers in `leaning-answers/1`.

use super::{EntryFile, SUMMARY, entry_flaw, required};
use crate::error::Flaw;
use crate::format::{Number, doubles, numbers, whole};
use crate::model::{
    AskedQuestions, Deck, FoldedIds, GREATEST_KEY, QuadraticLikelihood, Summary, SummaryCounts,
};
use nalgebra::{DMatrix, DVector};

/// Counts are whole numbers up to this.
pub(super) const MOST: u64 = u32::MAX as u64;

pub(super) fn read_summary(file: &mut EntryFile, deck: &Deck) -> Result<Summary, Flaw> {
    let mut counts = Vec::new();
    for number in required(file.counts.take(), "counts")? {
        // None is greater than the one before.
        let most = counts.last().map_or(MOST, |last| *last as u64);
        counts.push(whole(number, 0, most).map_err(|flaw| flaw.within("counts"))? as usize);
    }
    let [entries, asked, skips] = counts[..] else {
        return entry_flaw("counts", "expected 3 numbers");
    };
    let half_life = file.half_life.map(|Number(answers)| answers);
    if half_life.is_some_and(|answers| !(answers > 0.0)) {
        return entry_flaw("halfLife", "expected a number above 0");
    }
    let mut squares = Vec::new();
    for id in file.squares.take().unwrap_or_default() {
        match deck.dimension_place(&id) {
            Some(place) if !squares.contains(&place) => squares.push(place),
            _ => return entry_flaw("squares", format!("the deck has no dimension \"{id}\"")),
        }
    }
    let plain = deck.dimensions().len() + squares.len();
    let rows: Vec<Vec<f64>> = required(file.likelihood.take(), "likelihood")?
        .into_iter()
        .map(doubles)
        .collect();
    let Some((shift, rows)) = rows.split_first() else {
        return entry_flaw("likelihood", "expected a list of numbers first");
    };
    let d = shift.len();
    let is_triangle = rows.len() == d && rows.iter().zip(1..).all(|(row, long)| row.len() == long);
    if !(plain..=plain + 1).contains(&d) || !is_triangle {
        let message = format!("expected {plain} or one more numbers, and a triangle of rows");
        return entry_flaw("likelihood", message);
    }
    let mut hashes = Vec::new();
    for number in required(file.folded.take(), "folded")? {
        hashes.push(whole(number, 0, GREATEST_KEY).map_err(|flaw| flaw.within("folded"))?);
    }
    let Some(folded) = FoldedIds::from_numbers(&hashes) else {
        return entry_flaw(
            "folded",
            "expected a number up to 48 first, and at most 4096 more",
        );
    };
    let likelihood = QuadraticLikelihood {
        precision: DMatrix::from_fn(d, d, |i, j| rows[i.max(j)][i.min(j)]),
        shift: DVector::from_column_slice(shift),
        lenient: d > plain,
    };
    Ok(Summary {
        id: Summary::id_of(&likelihood, &folded),
        counts: SummaryCounts {
            entries,
            asked,
            skips,
        },
        at: file.at.take(),
        half_life,
        squares,
        likelihood,
        folded,
        questions: AskedQuestions {
            answered: file.questions.take().unwrap_or_default(),
            skipped: file.skipped.take().unwrap_or_default(),
        },
    })
}

pub(super) fn write_summary(summary: &Summary, dimensions: &[String]) -> EntryFile {
    let list = |names: Vec<String>| (!names.is_empty()).then_some(names);
    let SummaryCounts {
        entries,
        asked,
        skips,
    } = summary.counts;
    let counts = [entries, asked, skips].map(|count| Number(count as f64));
    let QuadraticLikelihood {
        precision, shift, ..
    } = &summary.likelihood;
    let mut likelihood = vec![numbers(shift.as_slice())];
    for i in 0..shift.len() {
        likelihood.push((0..=i).map(|j| Number(precision[(i, j)])).collect());
    }
    let squares = summary.squares.iter().map(|&j| dimensions[j].clone());
    let folded = summary.folded.numbers();
    EntryFile {
        id: Some(summary.id.clone()),
        at: summary.at.clone(),
        kind: Some(SUMMARY.to_owned()),
        counts: Some(counts.to_vec()),
        half_life: summary.half_life.map(Number),
        squares: list(squares.collect()),
        likelihood: Some(likelihood),
        folded: Some(folded.map(|number| Number(number as f64)).collect()),
        questions: list(summary.questions.answered.clone()),
        skipped: list(summary.questions.skipped.clone()),
        ..EntryFile::default()
    }
}
