//! Real people, by pool replay: only what a person was asked can be asked, and what they chose then is their answer.

use super::Size;
use crate::choices::{Choices, Comparison};
use crate::failure::Failure;
use crate::progress::progress;
use crate::replay::{Choice, Means, Plan, Tally, Way, measure, order, split};
use crate::report::Estimate;
use crate::report::{Section, Target};
use crate::simulate::engine::fit_prior;
use crate::simulate::regret::Curves;
use leaning::{Answer, AnswerModel, Belief, Error, Evidence, Prior, Strategy};
use std::path::Path;

/// So many of each person's answers are what is to be foretold.
const HELD_OUT: usize = 4;
const FOLDS: usize = 5;
const SEEDS: u64 = 3;
const AFTER: [usize; 4] = [0, 3, 5, 8];
const LAPSE: f64 = 0.02;
/// People of a data set that a tiny run takes.
const FEW: usize = 20;

/// A data set, and what is to be reached on it after 3, 5 and 8 answers.
struct Aim {
    folder: &'static str,
    title: &'static str,
    accuracy: [f64; 3],
}

const AIMS: [Aim; 2] = [
    Aim { folder: "bank", title: "Credit cards, one of two", accuracy: [0.770, 0.774, 0.777] },
    Aim { folder: "electricity", title: "Electricity plans, one of four", accuracy: [0.633, 0.674, 0.682] },
];

/// Replays the data sets in the folder `data`; without one, says how to.
pub fn run(size: Size, data: Option<&Path>) -> Result<Section, Failure> {
    let mut section = Section::new("real", "Real people");
    let Some(data) = data else {
        section.text(
            "Skipped: it needs real people's choices, from a folder that `--data FOLDER` or `LEANING_DATA` names.",
        );
        return Ok(section);
    };
    let (seeds, most) = if size.people < Size::FULL.people { (1, FEW) } else { (SEEDS, usize::MAX) };
    section.text(format!(
        "Pool replay: of each person's answers {HELD_OUT} are held out, and only what the rest of them answer can be \
         asked. The prior is fitted to all answers of the people of the other {} of {FOLDS} folds. Accuracy is the \
         share of the held-out choices that are the best by the weights inferred: the mean over {seeds} draws of folds \
         and held-out answers, with standard errors over people. `pref` is the published method as coded by its \
         authors: its question rule, its weights, no prior. \"{EVERYBODY}\" has the weights that the other people's \
         answers lead to when they are taken for one person's. No lapses are reckoned with but where it says so.",
        FOLDS - 1
    ));
    for aim in AIMS {
        let folder = data.join(aim.folder);
        let people = People::read(&folder, most)?;
        let curves = people.accuracy(aim.folder, seeds).map_err(|error| Failure::found_in(folder.display(), error))?;
        section.text(people.words(&aim));
        section.chart(aim.folder, curves.chart(aim.title, "accuracy on held-out choices"));
        section.table(aim.folder, format!("{}: accuracy after so many answers.", aim.title), curves.table("strategy"));
        section.targets(targets(&aim, &curves));
    }
    Ok(section)
}

fn targets(aim: &Aim, curves: &Curves) -> Vec<Target> {
    let ours = |answers| curves.at(Strategy::default().name(), answers);
    let at_least = |what: String, answers: usize, bound: f64| {
        let Estimate { mean, error } = ours(answers);
        let reached = format!("{mean:.3} ± {error:.3} against {bound:.3}");
        Target { what, reached, met: mean >= bound, reason: "" }
    };
    let mut targets: Vec<Target> = AFTER[1..]
        .iter()
        .zip(aim.accuracy)
        .map(|(&answers, bound)| at_least(format!("{}: after {answers} answers", aim.folder), answers, bound))
        .collect();
    let theirs = curves.at(Strategy::Pref.name(), 8).mean;
    targets.push(at_least(format!("{}: after 3 answers at least `pref` after 8", aim.folder), 3, theirs));
    targets
}

/// What people chose, a list for each of them.
struct People {
    features: Vec<String>,
    choices: Vec<Vec<Choice>>,
}

/// One way of asking and inferring, and its name.
struct Asking {
    name: String,
    strategy: Strategy,
    model: AnswerModel,
}

/// All ways that ask.
fn ways() -> Vec<Asking> {
    let way = |strategy: Strategy| Asking { name: strategy.name().to_owned(), strategy, model: AnswerModel::PLAIN };
    let mut ways: Vec<Asking> =
        [Strategy::Random, Strategy::Pref, Strategy::DOptimal, Strategy::default()].map(way).into();
    if let Some(model) = AnswerModel::new(LAPSE, 0.0) {
        let strategy = Strategy::default();
        ways.push(Asking { name: format!("{}, lapse {LAPSE}", strategy.name()), strategy, model });
    }
    ways
}

const EVERYBODY: &str = "one for everybody";

impl People {
    /// The first so many people of a data set, with those of their answers that are choices. Whoever has none left
    /// when the held-out ones are taken away is nobody to ask.
    fn read(folder: &Path, most: usize) -> Result<Self, Failure> {
        let Choices { features, responses, people, .. } = Choices::read_folder(folder)?;
        let choices = people.iter().map(|person| {
            let choices = person.comparisons.iter().filter(|one| matches!(one.answer, Answer::Chose(_)));
            let choice = |one: &Comparison| Choice {
                scores: one.shown.iter().map(|&place| responses[place].scores.clone()).collect(),
                answer: one.answer,
            };
            choices.map(choice).collect::<Vec<_>>()
        });
        let choices = choices.filter(|choices| choices.len() > HELD_OUT).take(most).collect();
        Ok(People { features, choices })
    }

    fn words(&self, aim: &Aim) -> String {
        let most = AFTER[AFTER.len() - 1];
        let short = self.choices.iter().filter(|choices| choices.len() < HELD_OUT + most).count();
        let of: usize = self.choices.iter().map(Vec::len).sum();
        let mut words = format!(
            "{} (`{}`): {} choices by {} people, {} attributes.",
            aim.title,
            aim.folder,
            of,
            self.choices.len(),
            self.features.len()
        );
        if short > 0 {
            words += &format!(" {short} people have fewer than {most} answers to give.");
        }
        words
    }

    /// Accuracy after so many answers, by way.
    fn accuracy(&self, what: &str, seeds: u64) -> Result<Curves, Error> {
        let ways = ways();
        let bar = progress(seeds as usize * self.choices.len(), what);
        let plan = Plan { after: &AFTER, likelihood: false };
        let mut tally = Tally::new(self.choices.len(), 1 + ways.len(), AFTER.len());
        for seed in 0..seeds {
            let order = order(self.choices.len(), &[seed]);
            for fold in 0..FOLDS {
                let (own, others): (Vec<_>, Vec<_>) =
                    order.iter().enumerate().partition(|(place, _)| place % FOLDS == fold);
                let others: Vec<&[Choice]> = others.into_iter().map(|(_, &person)| &self.choices[person][..]).collect();
                let own: Vec<usize> = own.into_iter().map(|(_, &person)| person).collect();
                let case = |place: usize| split(&self.choices[own[place]], HELD_OUT, &[seed, own[place] as u64]);
                let measured = measure(own.len(), case, &self.learned(&others, &ways)?, plan, &bar)?;
                own.iter().zip(&measured).for_each(|(&person, measured)| tally.add(person, measured));
            }
        }
        bar.finish_and_clear();
        let names = [EVERYBODY].into_iter().chain(ways.iter().map(|way| way.name.as_str()));
        let curves = tally.curves(names).into_iter();
        let curves = curves.map(|curve| (curve.name, curve.accuracy)).collect();
        Ok(Curves { after: AFTER.to_vec(), curves })
    }

    /// What the people of the other folds teach: the weights that their answers lead to if they are taken for one
    /// person's, and for each way of asking a prior. Ways that share an answer model share it.
    fn learned(&self, others: &[&[Choice]], ways: &[Asking]) -> Result<Vec<Way>, Error> {
        let evidence = |model: &AnswerModel| -> Vec<Vec<Evidence>> {
            let of_person = |choices: &&[Choice]| choices.iter().filter_map(|one| one.evidence(model)).collect();
            others.iter().map(of_person).collect()
        };
        let plain = AnswerModel::PLAIN;
        let everybody = Belief::infer(&Prior::by_spread(&spread(others)), plain, &evidence(&plain).concat())?;
        let weights = Means::Weights(everybody.mean().to_vec());
        let mut learned = vec![Way { name: EVERYBODY.to_owned(), model: plain, means: weights }];
        let mut priors: Vec<Prior> = Vec::new();
        for (place, way) in ways.iter().enumerate() {
            let same = ways[..place].iter().position(|other| other.model == way.model);
            priors.push(match same {
                Some(same) => priors[same].clone(),
                None => fit_prior(&evidence(&way.model), way.model, self.features.len(), 1)?,
            });
            let means = Means::Asking { strategy: way.strategy, prior: priors[place].clone() };
            learned.push(Way { name: way.name.clone(), model: way.model, means });
        }
        Ok(learned)
    }
}

/// Root mean square of each score's differences over all pairs of what was shown, as that of a deck.
fn spread(people: &[&[Choice]]) -> Vec<f64> {
    let (mut sums, mut pairs) = (Vec::new(), 0.0);
    for choice in people.iter().copied().flatten() {
        sums.resize(choice.scores[0].len(), 0.0);
        for (place, a) in choice.scores.iter().enumerate() {
            for b in &choice.scores[..place] {
                pairs += 1.0;
                sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (x, y))| *sum += (x - y) * (x - y));
            }
        }
    }
    sums.iter().map(|sum: &f64| (sum / pairs).sqrt()).collect()
}

#[cfg(test)]
mod tests {
    use super::run;
    use crate::simulate::paper::Size;
    use std::path::Path;

    #[test]
    fn without_data_it_says_how_to_name_it() {
        let section = run(Size::TINY, None).ok();
        let text = section.map(|section| section.to_markdown("")).unwrap_or_default();
        assert!(text.contains("Skipped") && text.contains("LEANING_DATA"));
    }

    #[test]
    fn a_folder_without_the_data_is_named() {
        let failure = run(Size::TINY, Some(Path::new("/nowhere"))).err().map(|failure| failure.to_string());
        assert!(failure.is_some_and(|failure| failure.starts_with("/nowhere/bank: ")));
    }
}
