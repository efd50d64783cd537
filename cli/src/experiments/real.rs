//! Real people, by pool replay: questions come from the comparisons that a person answered, and the
//! recorded choice is the answer.

use super::size::Size;
use crate::choices::{Choices, Comparison, Tables};
use crate::failure::Failure;
use crate::fit::factors::Start;
use crate::fit::fitted::{Dimensions, FitRequest, Penalty};
use crate::fit::held_out::{Gain, HeldOut, New, measure_held_out};
use crate::fit::prior::fit_prior;
use crate::fit::training_data::TrainingData;
use crate::pool_replay::{
    AnsweredQuestion, Learning, Method, MethodCurve, PersonMeans, Plan, measure, order, split,
};
use crate::progress::progress;
use crate::report::{Cell, Estimate, Section, Table, Target};
use crate::simulate::regret::{Curves, NamedCurve};
use leaning::question::AcquisitionRule;
use leaning::question::acquisition::DEFAULT;
use leaning::question::acquisition::d_optimal::DOptimal;
use leaning::question::acquisition::random::RandomPair;
use leaning::{Answer, AnswerModel, Error, Evidence, LaplaceApproximation, Prior, Strategy};
use leaning_simulate::PREF;
use std::path::Path;

/// Number of each person's answers that are predicted.
const HELD_OUT: usize = 4;
const FOLDS: usize = 5;
const SEEDS: u64 = 3;
const AFTER: [usize; 4] = [0, 3, 5, 8];
const LAPSE: f64 = 0.02;
/// Number of people of a data set in a tiny run.
const FEW: usize = 20;

/// A data set, and the accuracies to reach on it after 3, 5 and 8 answers.
struct DataSet {
    folder: &'static str,
    title: &'static str,
    aims: [f64; 3],
}

const DATA_SETS: [DataSet; 2] = [
    DataSet {
        folder: "bank",
        title: "Credit cards, one of two",
        aims: [0.770, 0.774, 0.777],
    },
    DataSet {
        folder: "electricity",
        title: "Electricity plans, one of four",
        aims: [0.633, 0.674, 0.682],
    },
];

/// The sets on which a fit is compared with one weight for everybody, and the number of base rewards
/// to learn; `None` for the attributes as they are.
const COMPARED_WITH_ONE_FOR_ALL: [(&str, Option<usize>); 3] = [
    ("bank", None),
    ("electricity", None),
    ("bowling_green", Some(4)),
];
/// The reason why a table misses the aim before the first answer.
const TABLE: &str = "A table of statements has four columns to learn besides what everybody thinks. \
    Before the first answer they can only cost; after three answers they win many times as much.";
/// A fit may fall behind one weight for everybody by this many standard errors of the difference.
const BEHIND_BY: f64 = 0.5;

/// Replays the data sets in the folder `data`. Without one, the section says how to name it.
pub fn run(size: Size, data: Option<&Path>) -> Result<Section, Failure> {
    let mut section = Section::new("real", "Real people");
    let Some(data) = data else {
        section.text(
            "Skipped: it needs real people's choices, from a folder named by `--data FOLDER` or \
             `LEANING_DATA`.",
        );
        return Ok(section);
    };
    let (seeds, most) = if size == Size::FULL {
        (SEEDS, usize::MAX)
    } else {
        (1, FEW)
    };
    section.text(format!(
        "Pool replay: {HELD_OUT} of each person's answers are held out, and questions come from \
         the comparisons that the others answer. The prior is fitted to all answers of the \
         people in the other {} of {FOLDS} folds. Accuracy is the share of held-out choices that \
         are the best by the inferred weights: the mean over {seeds} draws of folds and held-out \
         answers, with standard errors over people. `pref` is the published method as its \
         authors coded it: its question rule, its weights, no prior. \"{EVERYBODY}\" has the \
         weights inferred from the other people's answers as if one person had given them all. \
         The lapse rate is 0 unless a row says otherwise.",
        FOLDS - 1
    ));
    for set in DATA_SETS {
        let folder = data.join(set.folder);
        let people = People::read(&folder, most)?;
        let PredictionCurves {
            accuracy: curves,
            worse,
            better,
        } = people
            .predictions(set.folder, seeds)
            .map_err(|error| Failure::found_in(folder.display(), error))?;
        section.text(people.describe(&set));
        section.chart(
            set.folder,
            curves.chart(set.title, "accuracy on held-out choices"),
        );
        let caption = format!("{}: accuracy by number of answers.", set.title);
        section.table(set.folder, caption, curves.table("strategy"));
        let caption = "Worse: the share of held-out choices that the mean weights of the prior \
                       predict and the person's do not.";
        let name = format!("{}-worse", set.folder);
        section.table(&name, caption, worse.table("strategy"));
        let name = format!("{}-better", set.folder);
        section.table(&name, "Better: the reverse.", better.table("strategy"));
        section.targets(targets(&set, &curves));
    }
    add_one_for_all(&mut section, data, size)?;
    Ok(section)
}

/// Compares `leaning fit` with one weight for everybody, from before the first answer on.
fn add_one_for_all(section: &mut Section, data: &Path, size: Size) -> Result<(), Failure> {
    section.text(
        "Before the first answer all that is known of a person is what everybody thinks, so a \
         fit should be no worse than one weight for everybody. Both are fitted to two thirds of \
         the people, as in the report of `leaning fit`, and predict four held-out answers of the \
         others. The likelihood of the fit is averaged over the prior, and after answers over the \
         posterior. The gain is a difference person by person, with its standard error. \
         bowling_green has statements without attributes: base rewards are a table.",
    );
    let mut table = Table {
        columns: ["set", "answers", "accuracy, gain", "nats per answer, gain"]
            .map(str::to_owned)
            .to_vec(),
        ..Table::default()
    };
    let mut targets = Vec::new();
    for (set, dimensions) in COMPARED_WITH_ONE_FOR_ALL {
        let folder = data.join(set);
        let mut choices =
            TrainingData::open(&Tables::in_folder(&folder)?, &[], false, None, false)?;
        if size != Size::FULL {
            choices.choices.people.truncate(FEW);
        }
        let request = FitRequest {
            dimensions: dimensions.map_or(Dimensions::Auto, Dimensions::Count),
            as_is: dimensions.is_none(),
            penalty: Penalty::Auto,
            consensus: true,
            components: 1,
            lapse: LAPSE,
            start: Start::Svd,
            seed: 1,
        };
        let held_out = measure_held_out(&choices, &request, New::People)
            .map_err(|error| Failure::new(folder.display(), error))?;
        let Some(HeldOut { after, gains, .. }) = held_out else {
            continue;
        };
        for (&answers, gain) in after.iter().zip(&gains) {
            table.rows.push(vec![
                Cell::Text(set.to_owned()),
                Cell::Count(answers as u64),
                gain.accuracy.into(),
                gain.log_likelihood.into(),
            ]);
        }
        if let Some(before) = gains.first() {
            targets.extend(no_worse(set, before));
        }
    }
    section.table(
        "one-for-all",
        "Gain of a fit over one weight for everybody, by number of answers to chosen questions.",
        table,
    );
    section.targets(targets);
    Ok(())
}

/// That a fit is no worse than one weight for everybody before the first answer.
fn no_worse(set: &str, gain: &Gain) -> [Target; 2] {
    let target = |what: &str, gain: Estimate| Target {
        what: format!("{set}: {what} before the first answer, no worse than one for all"),
        reached: format!(
            "{:+.4} ± {:.4} against {:+.4}",
            gain.mean,
            gain.error,
            -BEHIND_BY * gain.error
        ),
        met: gain.mean >= -BEHIND_BY * gain.error,
        reason: TABLE,
    };
    [
        target("accuracy", gain.accuracy),
        target("nats per answer", gain.log_likelihood),
    ]
}

fn targets(set: &DataSet, curves: &Curves) -> Vec<Target> {
    let at_least = |what: String, answers: usize, bound: f64| {
        let Estimate { mean, error } = curves.at(DEFAULT.name(), answers);
        let reached = format!("{mean:.3} ± {error:.3} against {bound:.3}");
        Target {
            what,
            reached,
            met: mean >= bound,
            reason: "",
        }
    };
    let aims = AFTER[1..].iter().zip(set.aims);
    let mut targets: Vec<Target> = aims
        .map(|(&answers, aim)| {
            at_least(
                format!("{}: after {answers} answers", set.folder),
                answers,
                aim,
            )
        })
        .collect();
    let pref = curves.at(PREF.name(), 8).mean;
    let what = format!("{}: after 3 answers at least `pref` after 8", set.folder);
    targets.push(at_least(what, 3, pref));
    targets
}

/// How well held-out choices are predicted.
struct PredictionCurves {
    accuracy: Curves,
    worse: Curves,
    better: Curves,
}

/// People's choices, a list per person.
struct People {
    features: usize,
    choices: Vec<Vec<AnsweredQuestion>>,
}

/// A way to choose questions and to infer weights.
struct Asking {
    name: String,
    strategy: Strategy,
    model: AnswerModel,
}

/// Everything that is compared, except for one weight for everybody.
fn variants() -> Result<Vec<Asking>, Error> {
    let strategies: [Strategy; 4] = [&RandomPair, &PREF, &DOptimal, DEFAULT];
    let model = AnswerModel::BRADLEY_TERRY;
    let asking = |strategy: Strategy| Asking {
        name: strategy.name().to_owned(),
        strategy,
        model,
    };
    let mut variants: Vec<Asking> = strategies.map(asking).into();
    variants.push(Asking {
        name: format!("{}, lapse {LAPSE}", DEFAULT.name()),
        strategy: DEFAULT,
        model: AnswerModel::new(LAPSE, 0.0)?,
    });
    Ok(variants)
}

const EVERYBODY: &str = "one for everybody";

impl People {
    /// The first `most` people of a data set, with those of their answers that are choices. A
    /// person without any besides the held-out ones is left out.
    fn read(folder: &Path, most: usize) -> Result<Self, Failure> {
        let Choices {
            features,
            responses,
            people,
            ..
        } = Choices::read_folder(folder)?;
        let choices = (0..people.len()).map(|person| {
            let is_choice = |of: &Comparison| matches!(of.answer, Answer::Chose(_));
            let choice = |comparison: Comparison| AnsweredQuestion {
                scores: comparison
                    .shown
                    .iter()
                    .map(|&place| responses[place as usize].scores.clone())
                    .collect(),
                answer: comparison.answer,
            };
            people
                .of(person)
                .filter(is_choice)
                .map(choice)
                .collect::<Vec<_>>()
        });
        let choices = choices
            .filter(|choices| choices.len() > HELD_OUT)
            .take(most)
            .collect();
        Ok(People {
            features: features.len(),
            choices,
        })
    }

    fn describe(&self, set: &DataSet) -> String {
        let most = AFTER[AFTER.len() - 1];
        let short = self
            .choices
            .iter()
            .filter(|choices| choices.len() < HELD_OUT + most)
            .count();
        let mut text = format!(
            "{} (`{}`): {} choices by {} people, {} attributes.",
            set.title,
            set.folder,
            self.choices.iter().map(Vec::len).sum::<usize>(),
            self.choices.len(),
            self.features
        );
        if short > 0 {
            text +=
                &format!(" {short} people have fewer than {most} answers besides those held out.");
        }
        text
    }

    /// Accuracy, and losses and gains against the prior's mean weights, by method and number of
    /// answers.
    fn predictions(&self, message: &str, seeds: u64) -> Result<PredictionCurves, Error> {
        let variants = variants()?;
        let bar = progress(seeds as usize * self.choices.len(), message);
        let plan = Plan {
            after: &AFTER,
            likelihood: false,
        };
        let mut means = PersonMeans::new(self.choices.len(), 1 + variants.len(), AFTER.len());
        for seed in 0..seeds {
            let order = order(self.choices.len(), &[seed]);
            for fold in 0..FOLDS {
                let (own, others): (Vec<_>, Vec<_>) = order
                    .iter()
                    .enumerate()
                    .partition(|(place, _)| place % FOLDS == fold);
                let own: Vec<usize> = own.into_iter().map(|(_, &person)| person).collect();
                let others: Vec<&[AnsweredQuestion]> = others
                    .into_iter()
                    .map(|(_, &person)| &self.choices[person][..])
                    .collect();
                let methods = self.learn(&others, &variants)?;
                let case = |place: usize| {
                    let person = own[place];
                    split(&self.choices[person], HELD_OUT, &[seed, person as u64])
                };
                let measured = measure(own.len(), case, &methods, plan, &bar)?;
                own.iter()
                    .zip(&measured)
                    .for_each(|(&person, of)| means.add(person, of));
            }
        }
        bar.finish_and_clear();
        let names = variants.iter().map(|variant| variant.name.as_str());
        let measured = means.curves([EVERYBODY].into_iter().chain(names));
        let curves = |estimates: fn(&MethodCurve) -> &Vec<Estimate>| {
            let curves = measured.iter().map(|curve| NamedCurve {
                name: curve.name.clone(),
                estimates: estimates(curve).clone(),
            });
            Curves {
                after: AFTER.to_vec(),
                curves: curves.collect(),
            }
        };
        Ok(PredictionCurves {
            accuracy: curves(|curve| &curve.accuracy),
            worse: curves(|curve| &curve.worse),
            better: curves(|curve| &curve.better),
        })
    }

    /// Learns from the people of the other folds: the weights that follow from their answers as if
    /// one person had given them all, and a prior for each variant. Variants with one answer model
    /// share a prior.
    fn learn(
        &self,
        others: &[&[AnsweredQuestion]],
        variants: &[Asking],
    ) -> Result<Vec<Method>, Error> {
        let evidence = |model: &AnswerModel| -> Vec<Vec<Evidence>> {
            let of_person = |choices: &&[AnsweredQuestion]| {
                choices
                    .iter()
                    .filter_map(|choice| choice.evidence(model))
                    .collect()
            };
            others.iter().map(of_person).collect()
        };
        let model = AnswerModel::BRADLEY_TERRY;
        let prior = Prior::from_rms_differences(&rms_differences(others));
        let everybody = LaplaceApproximation::infer(&prior, model, &evidence(&model).concat())?;
        let learning = Learning::Fixed(everybody.mean().clone());
        let mut methods = vec![Method {
            name: EVERYBODY.to_owned(),
            model,
            learning,
        }];
        let mut priors: Vec<Prior> = Vec::new();
        for (place, variant) in variants.iter().enumerate() {
            let model = variant.model;
            let same = variants[..place]
                .iter()
                .position(|other| other.model == model);
            let prior = match same {
                Some(same) => priors[same].clone(),
                None => fit_prior(&evidence(&model), model, self.features, 1)?,
            };
            priors.push(prior.clone());
            let learning = Learning::Interview {
                strategy: variant.strategy,
                prior,
            };
            methods.push(Method {
                name: variant.name.clone(),
                model,
                learning,
            });
        }
        Ok(methods)
    }
}

/// Root mean square of each score's differences over all pairs that were shown, as in a deck.
fn rms_differences(people: &[&[AnsweredQuestion]]) -> Vec<f64> {
    let (mut sums, mut pairs) = (Vec::new(), 0.0);
    for choice in people.iter().copied().flatten() {
        sums.resize(choice.scores[0].len(), 0.0);
        for (place, a) in choice.scores.iter().enumerate() {
            for b in &choice.scores[..place] {
                pairs += 1.0;
                let differences = a.iter().zip(b).map(|(a, b)| a - b);
                sums.iter_mut()
                    .zip(differences)
                    .for_each(|(sum, z)| *sum += z * z);
            }
        }
    }
    sums.iter().map(|sum: &f64| (sum / pairs).sqrt()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Size, run};
    use std::path::Path;

    #[test]
    fn without_data_the_section_says_how_to_name_it() {
        let text = run(Size::TINY, None).unwrap().to_markdown("");
        assert!(
            text.contains("Skipped") && text.contains("LEANING_DATA"),
            "{text}"
        );
    }

    #[test]
    fn a_folder_without_the_data_is_named() {
        let failure = run(Size::TINY, Some(Path::new("nowhere")))
            .unwrap_err()
            .to_string();
        let expected = Path::new("nowhere").join("bank");
        assert!(
            failure.starts_with(&format!("{}: ", expected.display())),
            "{failure}"
        );
    }
}
