//! Questions that show more than two candidates: what they tell, and how much there is to read.

use super::Size;
use crate::progress::progress;
use crate::report::Estimate;
use crate::report::Section;
use crate::report::{Cell, Table};
use crate::simulate::engine::{Run, asking};
use crate::simulate::regret::{Curves, Tally};
use crate::simulate::setting::Setting;
use indicatif::ProgressBar;
use leaning::simulate::{Habits, Population};
use leaning::{Deck, Error, Interview, Options, Strategy};

const SHOWN: [usize; 3] = [2, 3, 4];
const AFTER: [usize; 5] = [0, 3, 5, 8, 10];
/// What the first so many questions tell.
const QUESTIONS: usize = 10;
const DEMO: &str = include_str!("../../../../www/decks/assistant-style-en.json");

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("several", "Two, three or four at a time");
    section.text(
        "Questions that show 2, 3 or 4 candidates, of which one is to be chosen. With two a tie is on offer as well. \
         Decks of 250 prompts of 4 candidates, d = 8, default answer model, people alike, a prior fitted to what 500 \
         others answered to 30 random pairs each. Bits are what an answer is expected to tell about the weights, on \
         average over the first ten questions.",
    );
    let (regrets, bits) = measure(size)?;
    section.chart("regret", regrets.chart("Candidates shown at a time", "best-of-16 regret"));
    section.table("regret", "Best-of-16 regret after so many answers.", regrets.table("shown"));
    section.table("bits", "Bits a question.", bits);
    section.text(format!(
        "The demo's deck (34 prompts of 4 candidates, d = 6, no prior of its own), {} people drawn from its default \
         prior. Words are those of the prompt and of the candidates shown.",
        size.worlds * size.people,
    ));
    section.table("demo", "Bits a question and bits a hundred words.", demo(size)?);
    section.text(
        "A third and a fourth candidate add little to what a question tells, since a pair offers a tie as well, and much \
         to what has to be read: for each word a pair tells most. So pairs stay the default.",
    );
    Ok(section)
}

fn showing(shown: usize) -> Options {
    Options { choose: Some(shown), ..asking(Strategy::default()) }
}

/// The bits that a question is expected to tell and the words that it takes.
fn next_question(interview: &Interview) -> Option<(f64, f64)> {
    // The same question that the interview is about to ask.
    let mut interview = interview.clone();
    let question = interview.next()?.clone();
    let count = |text: &str| text.split_whitespace().count();
    let prompt = question.prompt.map_or(0, |prompt| count(&interview.deck().prompts()[prompt].text));
    let words = prompt + question.shown.iter().map(|shown| count(&shown.text)).sum::<usize>();
    Some((question.score, words as f64))
}

/// Each person's bits a question and words a question, over their first ten.
fn reading(run: &Run, bar: &ProgressBar) -> Result<Vec<(f64, f64)>, Error> {
    let asked = run.measure(bar, |_, interview, _| next_question(interview))?;
    let average = |questions: Vec<Option<(f64, f64)>>| {
        let count = questions.iter().flatten().count() as f64;
        let sum = questions.iter().flatten().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        (sum.0 / count, sum.1 / count)
    };
    Ok(asked.into_iter().map(average).collect())
}

/// Regret, and bits in the same worlds.
fn measure(size: Size) -> Result<(Curves, Table), Error> {
    let setting = size.of(Setting { seed: 1, ..Setting::default() });
    let ways = SHOWN.map(|shown| (shown.to_string(), showing(shown)));
    let after: Vec<usize> = (0..QUESTIONS).collect();
    let mut regrets = vec![Tally::new(&AFTER); ways.len()];
    let mut all = SHOWN.map(|_| Vec::new());
    setting.in_each_world("several at a time", 2 * ways.len(), |bar, instance| {
        instance.group(&instance.picks()).add_regrets(bar, &AFTER, &ways, &mut regrets)?;
        for (all, shown) in all.iter_mut().zip(SHOWN) {
            let (deck, population) = (&instance.deck, &instance.population);
            let run = Run { deck, population, people: 0..size.people, options: showing(shown), after: &after };
            all.extend(reading(&run, bar)?.into_iter().map(|(bits, _)| bits));
        }
        Ok(())
    })?;
    let columns = ["shown", "bits a question"].map(str::to_owned).to_vec();
    let row = |(shown, bits): (usize, Vec<f64>)| vec![Cell::Count(shown as u64), Estimate::of(bits).into()];
    let bits = Table { columns, rows: SHOWN.into_iter().zip(all).map(row).collect(), ..Table::default() };
    Ok((Curves::of(&AFTER, ways.map(|(name, _)| name), regrets), bits))
}

/// Bits and words in the demo's deck.
fn demo(size: Size) -> Result<Table, Error> {
    let deck = Deck::from_json(DEMO)?;
    let habits = Habits { model: deck.answer_model(), ..Habits::default() };
    let population = Population::of_prior(deck.prior().clone(), habits, 1)?;
    let after: Vec<usize> = (0..QUESTIONS).collect();
    let columns = ["shown", "bits a question", "words a question", "bits a hundred words"].map(str::to_owned).to_vec();
    let mut table = Table { columns, decimals: 2, ..Table::default() };
    let people = 0..size.worlds * size.people;
    let bar = progress(people.len() * SHOWN.len(), "several at a time, demo");
    for shown in SHOWN {
        let people = people.clone();
        let run = Run { deck: &deck, population: &population, people, options: showing(shown), after: &after };
        let read = reading(&run, &bar)?;
        table.rows.push(vec![
            Cell::Count(shown as u64),
            Estimate::of(read.iter().map(|one| one.0)).into(),
            Estimate::of(read.iter().map(|one| one.1)).into(),
            Estimate::of(read.iter().map(|one| 100.0 * one.0 / one.1)).into(),
        ]);
    }
    bar.finish_and_clear();
    Ok(table)
}
