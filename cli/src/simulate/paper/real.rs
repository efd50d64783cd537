//! Real people, by pool replay: only what a person was asked can be asked, and what they chose then is their answer.

use super::Size;
use crate::choices::Choices;
use crate::failure::Failure;
use crate::simulate::engine::{Estimate, asking, fit_prior, progress};
use crate::simulate::regret::Curves;
use crate::simulate::section::{Section, Target};
use indicatif::ProgressBar;
use leaning::question::{MOST_SHOWN, Published};
use leaning::ranking::best_of;
use leaning::{Answer, AnswerModel, Belief, Deck, Error, Evidence, Interview, Options, Prior, Strategy};
use rayon::prelude::*;
use serde_json::json;
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

/// A choice that somebody made.
struct Choice {
    ids: Vec<String>,
    /// Of each of those shown.
    scores: Vec<Vec<f64>>,
    chose: usize,
}

impl Choice {
    fn evidence(&self, model: &AnswerModel) -> Result<Option<Evidence>, Error> {
        Evidence::from_answer(model, &self.scores, model.offered(), Answer::Chose(self.chose)).map_err(Error::Answer)
    }

    fn is_foretold_by(&self, weights: &[f64]) -> bool {
        best_of(weights, &self.scores) == Some(self.chose)
    }
}

/// What people chose, a list for each of them.
struct People {
    features: Vec<String>,
    choices: Vec<Vec<Choice>>,
}

/// One way of asking and inferring, and its name.
struct Way {
    name: String,
    strategy: Strategy,
    model: AnswerModel,
}

/// All ways that ask.
fn ways() -> Vec<Way> {
    let way = |strategy: Strategy| Way { name: strategy.name().to_owned(), strategy, model: AnswerModel::PLAIN };
    let mut ways: Vec<Way> =
        [Strategy::Random, Strategy::Pref, Strategy::DOptimal, Strategy::default()].map(way).into();
    if let Some(model) = AnswerModel::new(LAPSE, 0.0) {
        let strategy = Strategy::default();
        ways.push(Way { name: format!("{}, lapse {LAPSE}", strategy.name()), strategy, model });
    }
    ways
}

const EVERYBODY: &str = "one for everybody";

impl People {
    /// The first so many people of a data set, with those of their answers that are choices. Whoever has none left
    /// when the held-out ones are taken away is nobody to ask.
    fn read(folder: &Path, most: usize) -> Result<Self, Failure> {
        let Choices { features, responses, people } = Choices::read_folder(folder)?;
        let choices = people.iter().map(|person| {
            let choices = person.comparisons.iter().filter_map(|comparison| {
                let Answer::Chose(chose) = comparison.answer else { return None };
                let shown = || comparison.shown.iter().map(|&place| &responses[place]);
                let ids = shown().map(|response| response.id.clone()).collect();
                Some(Choice { ids, scores: shown().map(|response| response.scores.clone()).collect(), chose })
            });
            choices.collect::<Vec<_>>()
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
        // Of each person, by way and number of answers: the mean over seeds.
        let mut means = vec![vec![vec![0.0; AFTER.len()]; 1 + ways.len()]; self.choices.len()];
        for seed in 0..seeds {
            let order = order(self.choices.len(), &[seed]);
            for fold in 0..FOLDS {
                let (own, others): (Vec<_>, Vec<_>) =
                    order.iter().enumerate().partition(|(place, _)| place % FOLDS == fold);
                let others: Vec<&[Choice]> = others.into_iter().map(|(_, &person)| &self.choices[person][..]).collect();
                let own: Vec<usize> = own.into_iter().map(|(_, &person)| person).collect();
                let accuracy = Fold::new(self, &others, &ways)?.accuracy(&own, seed, &bar)?;
                for (&person, accuracy) in own.iter().zip(accuracy) {
                    for (means, accuracy) in means[person].iter_mut().zip(accuracy) {
                        means.iter_mut().zip(accuracy).for_each(|(mean, one)| *mean += one / seeds as f64);
                    }
                }
            }
        }
        bar.finish_and_clear();
        let names = [EVERYBODY.to_owned()].into_iter().chain(ways.into_iter().map(|way| way.name));
        let estimate = |way: usize, after: usize| Estimate::of(means.iter().map(|of| of[way][after]));
        let curve = |way| (0..AFTER.len()).map(|after| estimate(way, after)).collect();
        let curves = names.enumerate().map(|(way, name)| (name, curve(way))).collect();
        Ok(Curves { after: AFTER.to_vec(), curves })
    }

    /// A deck of one prompt for each of these choices.
    fn deck(&self, choices: &[&Choice], prior: Option<&Prior>, model: AnswerModel) -> Result<Deck, Error> {
        let candidate = |(id, scores): (&String, &Vec<f64>)| json!({ "id": id, "scores": scores });
        let prompt = |(place, choice): (usize, &&Choice)| {
            let candidates: Vec<_> = choice.ids.iter().zip(&choice.scores).map(candidate).collect();
            json!({ "id": place.to_string(), "candidates": candidates })
        };
        let prompts: Vec<_> = choices.iter().enumerate().map(prompt).collect();
        let shown = choices.iter().map(|choice| choice.ids.len()).max().unwrap_or(2);
        let mut deck = json!({
            "format": "leaning-deck/1",
            "id": "replay",
            "dimensions": self.features.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>(),
            "answers": { "lapse": model.lapse(), "indifference": model.indifference() },
            "choose": shown.min(MOST_SHOWN),
            "prompts": prompts,
        });
        if let Some(prior) = prior {
            deck["prior"] = json!({ "mean": prior.mean(), "covariance": prior.segments()[0].covariance() });
        }
        Deck::from_json(&deck.to_string())
    }
}

/// What is known from the people of the other folds.
struct Fold<'a> {
    people: &'a People,
    /// The weights that their answers lead to if they are taken for one person's.
    everybody: Vec<f64>,
    ways: &'a [Way],
    /// For each way; those that share an answer model share it.
    priors: Vec<Prior>,
}

impl<'a> Fold<'a> {
    fn new(people: &'a People, others: &[&[Choice]], ways: &'a [Way]) -> Result<Self, Error> {
        let evidence = |model: &AnswerModel| -> Result<Vec<Vec<Evidence>>, Error> {
            let of_person =
                |choices: &&[Choice]| choices.iter().filter_map(|one| one.evidence(model).transpose()).collect();
            others.iter().map(of_person).collect()
        };
        let plain = AnswerModel::PLAIN;
        let all: Vec<&Choice> = others.iter().copied().flatten().collect();
        let default = people.deck(&all, None, plain)?;
        let everybody = Belief::infer(default.prior(), plain, &evidence(&plain)?.concat())?;
        let mut priors: Vec<Prior> = Vec::new();
        for (place, way) in ways.iter().enumerate() {
            let same = ways[..place].iter().position(|other| other.model == way.model);
            priors.push(match same {
                Some(same) => priors[same].clone(),
                None => fit_prior(&evidence(&way.model)?, way.model, people.features.len(), 1)?,
            });
        }
        Ok(Fold { people, everybody: everybody.mean().to_vec(), ways, priors })
    }

    /// Of each of these people, by way (first that of asking nothing) and number of answers.
    fn accuracy(&self, own: &[usize], seed: u64, bar: &ProgressBar) -> Result<Vec<Vec<Vec<f64>>>, Error> {
        let of_person = |&person: &usize| {
            let choices = &self.people.choices[person];
            let order = order(choices.len(), &[seed, person as u64]);
            let (held_out, rest) = order.split_at(HELD_OUT);
            let pick = |places: &[usize]| places.iter().map(|&place| &choices[place]).collect::<Vec<_>>();
            let (held_out, rest) = (pick(held_out), pick(rest));
            let foretold = |weights: &[f64]| {
                let right = held_out.iter().filter(|choice| choice.is_foretold_by(weights)).count();
                right as f64 / held_out.len() as f64
            };
            let mut accuracy = vec![vec![foretold(&self.everybody); AFTER.len()]];
            for (way, prior) in self.ways.iter().zip(&self.priors) {
                let deck = self.people.deck(&rest, Some(prior), way.model)?;
                let seed = mixed(&[seed, person as u64]);
                let weights = replay(deck, &rest, way.strategy, seed)?;
                accuracy.push(weights.iter().map(|weights| foretold(weights)).collect());
            }
            bar.inc(1);
            Ok(accuracy)
        };
        own.par_iter().map(of_person).collect()
    }
}

/// Asks about a deck of these choices, and gives the weights inferred after so many answers, or after all there are.
fn replay(deck: Deck, choices: &[&Choice], strategy: Strategy, seed: u64) -> Result<Vec<Vec<f64>>, Error> {
    let mut interview = Interview::start(deck, Options { seed: Some(seed), ..asking(strategy) })?;
    AFTER
        .iter()
        .map(|&answers| {
            while interview.counts().1 < answers {
                let Some(question) = interview.next() else { break };
                // A chosen one that is not among those shown cannot be chosen.
                let chosen = question.prompt.map(|prompt| choices[prompt].chose);
                let place = question.shown.iter().position(|shown| Some(shown.index) == chosen);
                interview.answer(place.map_or(Answer::Skip, Answer::Chose))?;
            }
            Ok(weights(&interview, strategy, seed))
        })
        .collect()
}

fn weights(interview: &Interview, strategy: Strategy, seed: u64) -> Vec<f64> {
    if strategy != Strategy::Pref {
        return interview.belief().mean().to_vec();
    }
    let evidence = interview.log().evidence(&interview.deck().answer_model());
    Published::fit(interview.belief().dimensions(), &evidence, seed).weights().to_vec()
}

/// 0 to `count` in an order that the seeds decide.
fn order(count: usize, seeds: &[u64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let seed = mixed(seeds);
    order.sort_by_key(|&place| mixed(&[seed, place as u64]));
    order
}

/// Numbers to a number in which nothing of them shows: SplitMix64's mixing of the bits, once for each.
fn mixed(numbers: &[u64]) -> u64 {
    numbers.iter().fold(0, |state: u64, number| {
        let mut z = (state ^ number).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

#[cfg(test)]
mod tests {
    use super::{Choice, People, order, replay, run};
    use crate::simulate::paper::Size;
    use leaning::{AnswerModel, Strategy};
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

    #[test]
    fn an_order_has_every_place_once_and_depends_on_the_seeds() {
        let mut one = order(50, &[1, 2]);
        assert_eq!(one, order(50, &[1, 2]));
        assert_ne!(one, order(50, &[2, 1]));
        one.sort_unstable();
        assert_eq!(one, (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn a_person_answers_what_they_chose_until_there_is_nothing_left_to_ask() {
        let choice = |best: usize| {
            let scores = (0..4).map(|place| vec![if place == best { 1.0 } else { 0.1 * place as f64 }]).collect();
            Choice { ids: ["a", "b", "c", "d"].map(str::to_owned).into(), scores, chose: best }
        };
        let choices: Vec<Choice> = (0..4).map(choice).collect();
        let choices: Vec<&Choice> = choices.iter().collect();
        let people = People { features: vec!["size".to_owned()], choices: vec![] };
        let deck = people.deck(&choices, None, AnswerModel::PLAIN).unwrap();
        let weights = replay(deck, &choices, Strategy::default(), 1).unwrap();
        let weights: Vec<f64> = weights.iter().map(|weights| weights[0]).collect();
        // After 0, 3, 5 and 8 answers, of which there are only four.
        assert!(weights[0] == 0.0 && weights[1] > 0.0 && weights[2] > weights[1] && weights[3] == weights[2]);
        assert!(choices.iter().all(|choice| choice.is_foretold_by(&weights[3..])));
    }
}
