//! Questions that show more than two candidates: their information, and how much there is to read.

use super::size::Size;
use crate::deck::reading::words;
use crate::progress::progress;
use crate::report::{Cell, Estimate, Section, Table};
use crate::simulate::interviews::{Interviews, endless};
use crate::simulate::regret::{PickCurves, PickMeasurements, Variant};
use crate::simulate::setting::Setting;
use indicatif::ProgressBar;
use leaning::question::acquisition::DEFAULT;
use leaning::{Deck, Error, Interview, Options};
use leaning_simulate::{Habits, Population};

const SHOWN: [usize; 3] = [2, 3, 4];
const AFTER: [usize; 5] = [0, 3, 5, 8, 10];
/// Number of first questions whose information is measured.
const QUESTIONS: usize = 10;
const DEMO: &str = include_str!("../../../www/decks/assistant-style-en.json");

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("several", "Two, three or four candidates at a time");
    section.text(
        "Questions show 2, 3 or 4 candidates, one of which is to be chosen. With two, a tie is on \
         offer as well. Decks have 250 prompts of 4 candidates, d = 8, the default answer model, \
         people alike and a prior fitted to the answers of 500 other people to 30 random pairs \
         each. Bits are the information that an answer is expected to give about the weights, \
         averaged over the first ten questions.",
    );
    let (picks, bits) = measure(size)?;
    let title = "Candidates shown at a time";
    section.chart("regret", picks.regret.chart(title, "best-of-16 regret"));
    let caption = "Best-of-16 regret by number of answers.";
    picks.add_tables(&mut section, "regret", caption, "shown");
    section.table("bits", "Bits per question.", bits);
    section.text(format!(
        "The demo deck (34 prompts of 4 candidates, d = 6, no prior of its own), with {} people \
         drawn from its default prior. Words are those of the prompt and of the candidates shown.",
        size.worlds * size.people,
    ));
    section.table(
        "demo",
        "Bits per question and per hundred words.",
        measure_demo(size)?,
    );
    section.text(
        "A third and a fourth candidate add little information, since a pair offers a tie as well, \
         and much to read. In the demo deck, where a pair is graded, they even tell less. Per word, \
         a pair tells most, so pairs stay the default.",
    );
    Ok(section)
}

fn showing(shown: usize) -> Options {
    Options {
        candidates_per_question: Some(shown),
        ..endless(DEFAULT)
    }
}

/// The information of a question, and its length.
#[derive(Clone, Copy)]
struct Effort {
    bits: f64,
    words: f64,
}

/// The effort of the question that the interview is about to ask.
fn next_question(interview: &mut Interview) -> Result<Option<Effort>, Error> {
    let Some(question) = interview.question()?.cloned() else {
        return Ok(None);
    };
    let Some(prompt) = question.prompt else {
        return Ok(None);
    };
    let prompt = &interview.deck().prompts()[prompt];
    let candidates = question.candidates.iter();
    let texts = candidates.map(|candidate| words(&prompt.candidates[candidate.index].text));
    let words = words(&prompt.text) + texts.sum::<f64>();
    Ok(Some(Effort {
        bits: question.score,
        words,
    }))
}

/// Each person's average effort over their first ten questions.
fn efforts(interviews: &Interviews, bar: &ProgressBar) -> Result<Vec<Effort>, Error> {
    let asked = interviews.measure(bar, |_, interview, _| next_question(interview))?;
    let average = |questions: Vec<Option<Effort>>| {
        let questions: Vec<Effort> = questions.into_iter().flatten().collect();
        let mean =
            |of: fn(&Effort) -> f64| questions.iter().map(of).sum::<f64>() / questions.len() as f64;
        Effort {
            bits: mean(|of| of.bits),
            words: mean(|of| of.words),
        }
    };
    Ok(asked.into_iter().map(average).collect())
}

/// Regret and harm, and bits in the same worlds.
fn measure(size: Size) -> Result<(PickCurves, Table), Error> {
    let setting = size.of(Setting {
        seed: 1,
        ..Setting::default()
    });
    let variants = SHOWN.map(|shown| Variant {
        name: shown.to_string(),
        options: showing(shown),
    });
    let after: Vec<usize> = (0..QUESTIONS).collect();
    let mut picks = vec![PickMeasurements::new(&AFTER); variants.len()];
    let mut bits = SHOWN.map(|_| Vec::new());
    setting.in_each_world("several at a time", 2 * variants.len(), |bar, instance| {
        let prompts = instance.fresh_prompts();
        instance
            .group(&prompts)
            .add_picks(bar, &AFTER, &variants, &mut picks)?;
        for (bits, shown) in bits.iter_mut().zip(SHOWN) {
            let interviews = Interviews {
                deck: &instance.deck,
                population: &instance.population,
                people: 0..size.people,
                options: showing(shown),
                after: &after,
            };
            bits.extend(efforts(&interviews, bar)?.into_iter().map(|of| of.bits));
        }
        Ok(())
    })?;
    let row = |(shown, bits): (usize, Vec<f64>)| {
        vec![Cell::Count(shown as u64), Estimate::of(bits).into()]
    };
    let table = Table {
        columns: ["shown", "bits per question"].map(str::to_owned).to_vec(),
        rows: SHOWN.into_iter().zip(bits).map(row).collect(),
        ..Table::default()
    };
    Ok((
        PickCurves::new(&AFTER, variants.map(|variant| variant.name), picks),
        table,
    ))
}

/// Bits and words in the demo deck.
fn measure_demo(size: Size) -> Result<Table, Error> {
    let deck = Deck::from_json(DEMO)?;
    let habits = Habits {
        model: deck.answer_model(),
        ..Habits::default()
    };
    let population = Population::of_prior(deck.prior().clone(), habits, 1)?;
    let after: Vec<usize> = (0..QUESTIONS).collect();
    let columns = [
        "shown",
        "bits per question",
        "words per question",
        "bits per hundred words",
    ];
    let columns = columns.map(str::to_owned).to_vec();
    let mut table = Table {
        columns,
        decimals: 2,
        ..Table::default()
    };
    let people = size.worlds * size.people;
    let bar = progress(people * SHOWN.len(), "several at a time, demo");
    for shown in SHOWN {
        let interviews = Interviews {
            deck: &deck,
            population: &population,
            people: 0..people,
            options: showing(shown),
            after: &after,
        };
        let efforts = efforts(&interviews, &bar)?;
        let estimate = |of: fn(&Effort) -> f64| Estimate::of(efforts.iter().map(of));
        table.rows.push(vec![
            Cell::Count(shown as u64),
            estimate(|of| of.bits).into(),
            estimate(|of| of.words).into(),
            estimate(|of| 100.0 * of.bits / of.words).into(),
        ]);
    }
    bar.finish_and_clear();
    Ok(table)
}
