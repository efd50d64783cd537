//! Values that cross the boundary. Their TypeScript types are generated from these structs.

use super::storage::Store;
use crate::decision;
use crate::error::{Error, Flaw};
use crate::format::log::{read_grade, read_verdict};
use crate::format::{self, Number, Object, doubles, whole};
use crate::interview::{EntryReport, Interview, Options};
use crate::model::deck::check_scores;
use crate::model::evidence::columns;
use crate::model::log::EntryKind;
use crate::model::ranking::MAX_SHOWN;
use crate::model::{self, Deck, Ranking};
use crate::profile;
use crate::question::{self, WordCounts, acquisition};
use nalgebra::DMatrix;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::{Deserializer, Serializer};
use tsify::Tsify;
use wasm_bindgen::JsValue;

/// The largest seed: every whole number up to it is a double.
const MAX_SEED: u64 = 1 << 53;
const MAX_QUESTIONS: u64 = 1_000_000;

/// Reads a value from JavaScript; null and undefined are an object without fields.
///
/// # Errors
/// `wrap` of the first flaw.
pub(super) fn read<T: DeserializeOwned>(
    value: JsValue,
    wrap: fn(Flaw) -> Error,
) -> Result<T, Error> {
    let value = if value.is_null() || value.is_undefined() {
        js_sys::Object::new().into()
    } else {
        value
    };
    format::read(Deserializer::from(value)).map_err(wrap)
}

/// A value for JavaScript: plain objects, without the fields that are absent.
pub(super) fn write<T: Serialize + ?Sized>(value: &T) -> JsValue {
    // Structs of numbers and strings can always be written.
    value
        .serialize(&Serializer::new())
        .unwrap_or(JsValue::UNDEFINED)
}

/// Where a log is kept.
#[derive(Debug, Default, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct StorageOptions {
    /// Where the log is kept; "local" by default, and memory if the browser has or allows no storage.
    /// "encrypted" is the local one, which then holds nothing readable.
    #[tsify(optional, type = "\"local\" | \"encrypted\" | \"memory\"")]
    pub storage: Option<String>,
    /// The key in localStorage; `leaning:` and the deck's id by default.
    #[tsify(optional)]
    pub storage_key: Option<String>,
    /// Starts over: removes a stored log first, even one that cannot be read.
    #[tsify(optional)]
    pub start_over: Option<bool>,
    /// The number of days, from 1 to 36500, for which what was said is kept: each entry then carries the
    /// day on which it was made, and older ones are removed. By default all are kept until the person
    /// deletes them.
    #[tsify(optional, type = "number")]
    pub retention: Option<Number>,
}

/// Options that may change during an interview.
#[derive(Debug, Default, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct ConfigureOptions {
    /// Makes the sides predictable, for tests.
    #[tsify(optional, type = "number")]
    seed: Option<Number>,
    /// The acquisition rule that chooses questions; "information-gain" by default.
    #[tsify(optional, type = "Strategy")]
    strategy: Option<String>,
    /// Number of candidates that a question shows; the deck's number by default.
    #[tsify(optional, type = "2 | 3 | 4")]
    candidates_per_question: Option<Number>,
    /// For people whose taste changes: an answer counts half after this many further answers.
    #[tsify(optional, type = "number")]
    half_life: Option<Number>,
    /// Prompts that stand for the decisions to come, as lists of candidates: what the expected
    /// regret is about. The deck's own prompts by default.
    #[tsify(optional, type = "Candidate[][]")]
    sample: Option<Vec<Vec<Object<SampleCandidate>>>>,
    /// The number of words of each candidate of the deck, by prompt: questions are then chosen by
    /// their score per word read.
    #[tsify(optional, type = "number[][]")]
    words: Option<Vec<Vec<Number>>>,
    /// The share of its score at which a question counts if its prompt has been asked about before,
    /// above 0 and up to 1; 0.9 by default. With 1, prompts come again as soon as that tells most. Only
    /// strategies whose scores are amounts heed it.
    #[tsify(optional, type = "number")]
    repeat_worth: Option<Number>,
    /// When the interview ends.
    #[tsify(optional, type = "StopRule")]
    stop: Option<Object<StopRule>>,
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
struct SampleCandidate {
    scores: Vec<Number>,
}

/// Conditions that end an interview. It ends as soon as one of them holds.
#[derive(Debug, Default, Deserialize, Tsify)]
#[serde(expecting = "an object")]
pub struct StopRule {
    /// The number of answers, without skips; 12 by default.
    #[tsify(optional, type = "number")]
    questions: Option<Number>,
    /// The expected regret is below this share.
    #[tsify(optional, type = "number")]
    regret: Option<Number>,
    /// The best remaining question would tell less than this many bits.
    #[tsify(optional, type = "number")]
    gain: Option<Number>,
}

impl ConfigureOptions {
    /// # Errors
    /// [`Error::Options`] with the place.
    pub(super) fn into_options(self, deck: &Deck) -> Result<Options, Error> {
        let wrong = |path: &str, message: String| Error::Options(Flaw::new(path, message));
        let mut options = Options::default();
        if let Some(name) = self.strategy {
            options.strategy = acquisition::by_name(&name).ok_or_else(|| {
                let names: Vec<&str> = acquisition::RULES.iter().map(|rule| rule.name()).collect();
                wrong(
                    "strategy",
                    format!("expected one of {}, found \"{name}\"", names.join(", ")),
                )
            })?;
        }
        if let Some(seed) = self.seed {
            options.seed =
                Some(whole(seed, 0, MAX_SEED).map_err(|flaw| Error::Options(flaw.within("seed")))?);
        }
        if let Some(count) = self.candidates_per_question {
            let count = whole(count, 2, MAX_SHOWN as u64)
                .map_err(|flaw| Error::Options(flaw.within("candidatesPerQuestion")))?;
            options.candidates_per_question = Some(count as usize);
        }
        options.half_life = self.half_life.map(|Number(answers)| answers);
        options.repeat_worth = self
            .repeat_worth
            .map_or(Options::REPEAT_WORTH, |Number(share)| share);
        if let Some(Object(stop)) = self.stop {
            if let Some(questions) = stop.questions {
                let questions = whole(questions, 1, MAX_QUESTIONS)
                    .map_err(|flaw| Error::Options(flaw.within("stop.questions")))?;
                options.stop.questions = questions as usize;
            }
            options.stop.regret = stop.regret.map(|Number(share)| share);
            options.stop.gain = stop.gain.map(|Number(bits)| bits);
        }
        let words = self
            .words
            .map(|words| words.into_iter().map(doubles).collect());
        options.words = words.map(WordCounts::new);
        let d = deck.dimensions().len();
        for (place, prompt) in self.sample.unwrap_or_default().into_iter().enumerate() {
            options
                .sample
                .push(read_sample(prompt, d, &format!("sample[{place}]"))?);
        }
        Ok(options)
    }
}

fn read_sample(
    prompt: Vec<Object<SampleCandidate>>,
    d: usize,
    path: &str,
) -> Result<DMatrix<f64>, Error> {
    let mut scores = Vec::with_capacity(prompt.len());
    for (place, Object(candidate)) in prompt.into_iter().enumerate() {
        let candidate = doubles(candidate.scores);
        check_scores(&candidate, d)
            .map_err(|flaw| Error::Options(flaw.within(&format!("{path}[{place}].scores"))))?;
        scores.push(candidate);
    }
    Ok(columns(&scores))
}

/// Options for a ranking.
#[derive(Debug, Default, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct RankOptions {
    /// Above 0, in units of reward: adds the probabilities of soft best-of-N.
    #[tsify(optional, type = "number")]
    pub temperature: Option<Number>,
    /// From 0 to 1: the pick for everybody comes first unless the best candidate for the person is
    /// better with at least this probability.
    #[tsify(optional, type = "number")]
    pub at_least: Option<Number>,
}

impl From<RankOptions> for decision::RankOptions {
    fn from(options: RankOptions) -> Self {
        decision::RankOptions {
            temperature: options.temperature.map(|Number(temperature)| temperature),
            at_least: options.at_least.map(|Number(probability)| probability),
        }
    }
}

/// An answer, by places among the candidates shown, from 0: the fields of all kinds of answers, of
/// which each has some. `js/arguments.ts` and `js/core.ts` make the package's `Answer` of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Tsify)]
#[serde(expecting = "an object")]
pub struct AnswerFields {
    /// tie, neither or skip.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional, type = "Verdict")]
    verdict: Option<String>,
    /// Place of the chosen candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional, type = "number")]
    chose: Option<Number>,
    /// How much better it is, where the question asks for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional, type = "Grade")]
    grade: Option<String>,
    /// The level of a rating, from 1 for the lowest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional, type = "number")]
    rating: Option<Number>,
    /// The number of levels: the question's, or else the deck's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional, type = "number")]
    of: Option<Number>,
    /// Place of the best candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional, type = "number")]
    best: Option<Number>,
    /// Place of the worst candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional, type = "number")]
    worst: Option<Number>,
    /// The rank of each candidate shown, 0 for the best; equal where the order is left open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional, type = "number[]")]
    ranks: Option<Vec<Number>>,
}

/// The largest place or number of levels that an answer may name. What was shown decides.
const MAX_PLACE: u64 = 1_000_000;

impl AnswerFields {
    /// The answer. A rating that does not say out of how many levels is out of `levels`, the number of
    /// levels of the deck, if it asks for ratings.
    ///
    /// # Errors
    /// [`Error::Answer`] with the field that is wrong.
    pub(super) fn read(self, levels: Option<usize>) -> Result<model::Answer, Error> {
        let wrong = |path: &str, message: String| Error::Answer(Flaw::new(path, message));
        let place = |number: Number, field: &str| match whole(number, 0, MAX_PLACE) {
            Ok(place) => Ok(place as usize),
            Err(flaw) => Err(Error::Answer(flaw.within(field))),
        };
        self.check_one_kind()?;
        if let Some(verdict) = self.verdict {
            return read_verdict(&verdict).map_err(Error::Answer);
        }
        if let Some(chose) = self.chose {
            let chose = place(chose, "chose")?;
            return match self.grade {
                None => Ok(model::Answer::Chose(chose)),
                Some(grade) => match read_grade(&grade) {
                    Ok(grade) => Ok(model::Answer::Graded(chose, grade)),
                    Err(flaw) => Err(Error::Answer(flaw.within("grade"))),
                },
            };
        }
        if let Some(rating) = self.rating {
            let of = match self.of {
                Some(of) => Some(place(of, "of")?),
                None => levels,
            };
            let of = of.ok_or_else(|| {
                let message = "missing: the deck asks for no ratings, so a rating says out of how many \
                               levels it is";
                wrong("of", message.to_owned())
            })?;
            let rating =
                whole(rating, 1, of as u64).map_err(|flaw| Error::Answer(flaw.within("rating")))?;
            return Ok(model::Answer::Rated {
                rating: rating as usize,
                of,
            });
        }
        if let Some(ranks) = self.ranks {
            let ranks = ranks.into_iter().map(|rank| place(rank, "order"));
            let ranks = ranks.collect::<Result<Vec<usize>, Error>>()?;
            return Ok(model::Answer::Ordered(Ranking::new(&ranks)?));
        }
        match (self.best, self.worst) {
            (Some(best), Some(worst)) => Ok(model::Answer::BestWorst {
                best: place(best, "best")?,
                worst: place(worst, "worst")?,
            }),
            (Some(_), None) => Err(wrong("worst", "missing".to_owned())),
            (None, Some(_)) => Err(wrong("best", "missing".to_owned())),
            (None, None) => {
                let message = "expected { chose }, { rating }, { best, worst }, { order }, tie, \
                               neither or skip";
                Err(wrong("", message.to_owned()))
            }
        }
    }

    /// Whether this is a rating that does not say out of how many levels it is.
    pub(super) fn lacks_levels(&self) -> bool {
        self.rating.is_some() && self.of.is_none()
    }

    /// Fails for fields of two kinds of answers.
    fn check_one_kind(&self) -> Result<(), Error> {
        let kinds: [&[(&str, bool)]; 5] = [
            &[("verdict", self.verdict.is_some())],
            &[
                ("chose", self.chose.is_some()),
                ("grade", self.grade.is_some()),
            ],
            &[("rating", self.rating.is_some()), ("of", self.of.is_some())],
            &[
                ("best", self.best.is_some()),
                ("worst", self.worst.is_some()),
            ],
            &[("order", self.ranks.is_some())],
        ];
        let mut given = kinds.iter().filter_map(|fields| {
            let field = fields.iter().find(|(_, is_given)| *is_given);
            field.map(|(name, _)| *name)
        });
        match (given.next(), given.next()) {
            (Some(one), Some(other)) => {
                let message = format!("does not go with {one}: an answer is of one kind");
                Err(Error::Answer(Flaw::new(other, message)))
            }
            _ => Ok(()),
        }
    }

    fn new(answer: model::Answer) -> Self {
        let number = |place: usize| Some(Number(place as f64));
        let verdict = |name: &str| AnswerFields {
            verdict: Some(name.to_owned()),
            ..AnswerFields::default()
        };
        match answer {
            model::Answer::Tie => verdict("tie"),
            model::Answer::Neither => verdict("neither"),
            model::Answer::Skip => verdict("skip"),
            model::Answer::Chose(chose) => AnswerFields {
                chose: number(chose),
                ..AnswerFields::default()
            },
            model::Answer::Graded(chose, grade) => AnswerFields {
                chose: number(chose),
                grade: Some(grade.name().to_owned()),
                ..AnswerFields::default()
            },
            model::Answer::Rated { rating, of } => AnswerFields {
                rating: number(rating),
                of: number(of),
                ..AnswerFields::default()
            },
            model::Answer::BestWorst { best, worst } => AnswerFields {
                best: number(best),
                worst: number(worst),
                ..AnswerFields::default()
            },
            model::Answer::Ordered(ranking) => AnswerFields {
                ranks: Some(ranking.ranks().map(|rank| Number(rank as f64)).collect()),
                ..AnswerFields::default()
            },
        }
    }
}

/// A question, by places.
#[derive(Debug, Serialize, Tsify)]
pub struct Question {
    /// Place of the prompt in the deck; absent for candidates from outside the deck.
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<usize>,
    /// Places of the candidates in the prompt, or in the caller's list, in the order in which to
    /// show them.
    candidates: Vec<usize>,
    /// The kind of answer that it asks for.
    #[tsify(type = "QuestionKind")]
    kind: &'static str,
    /// The number of levels of a rating.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<usize>,
    #[tsify(type = "(\"choice\" | QuestionKind | Verdict)[]")]
    offered: Vec<&'static str>,
    #[tsify(type = "Strategy")]
    strategy: &'static str,
    /// Its score under the acquisition rule.
    score: f64,
}

impl From<&question::Question> for Question {
    fn from(question: &question::Question) -> Self {
        Question {
            prompt: question.prompt,
            candidates: question
                .candidates
                .iter()
                .map(|candidate| candidate.index)
                .collect(),
            kind: question.offered.kind.name(),
            of: question.offered.kind.levels(),
            offered: question.offered.names(),
            strategy: question.strategy,
            score: question.score,
        }
    }
}

/// The state of an interview.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Questions dealt with, skips included.
    asked: usize,
    answered: usize,
    /// Those of the answered that were not the deck's: the answers given to `observe` about other candidates.
    observed: usize,
    /// Number of questions still to come: an estimate if `mayEndEarly`.
    remaining: usize,
    /// Number of entries that the log has had, retractions included: it grows with every change.
    entries: usize,
    /// Number of questions dealt with that the log keeps as a sum. `entries()` does not list them, and
    /// nothing takes them back.
    summed_up: usize,
    done: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(type = "\"questions\" | \"exhausted\" | \"regret\" | \"gain\"")]
    reason: Option<&'static str>,
    /// Whether the answers outlive this page.
    stored: bool,
    /// Whether the stored answers were made by a newer version. They stay as they are, and answers given
    /// now are kept in this page alone.
    newer: bool,
    /// Number of stored entries that could not be read. The text is set aside.
    broken: usize,
    /// Whether it may end before the number of answers that the stop rule allows.
    may_end_early: bool,
    /// Whether there is anything to take back.
    undoable: bool,
}

impl Status {
    pub(super) fn new(interview: &Interview, store: &Store) -> Result<Self, Error> {
        let status = interview.status()?;
        Ok(Status {
            asked: status.asked,
            answered: status.answered,
            observed: status.observed,
            remaining: status.remaining,
            entries: interview.log().length(),
            summed_up: interview.log().summed_up().asked,
            done: status.stop_reason.is_some(),
            reason: status.stop_reason.map(decision::StopReason::name),
            stored: store.is_stored(),
            newer: store.is_newer(),
            broken: store.broken(),
            may_end_early: interview.options().stop.may_end_early(),
            undoable: interview.log().live().next().is_some(),
        })
    }
}

/// One candidate in a ranking.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RankedCandidate {
    /// Its place in the list that was handed in.
    index: usize,
    /// Only differences between candidates of one prompt mean anything.
    reward: f64,
    /// Posterior standard deviation of its reward minus the average candidate's.
    sd: f64,
    /// The posterior probability that it is the best of the list.
    probability_best: f64,
    /// The posterior probability that it is better than the pick for everybody; 0.5 for that pick
    /// itself.
    probability_better: f64,
    /// Whether it is the pick for everybody: the best by the deck's prior. If the deck has none, it
    /// is the first of the list.
    population_pick: bool,
    /// The contribution of each dimension to its reward minus the average candidate's.
    contributions: Vec<f64>,
    /// The same, the largest first, with the end of the dimension on which the candidate lies.
    reasons: Vec<RankingReason>,
    /// Its probability under soft best-of-N, with a temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    softmax_probability: Option<f64>,
}

/// The contribution of one dimension to a candidate's reward.
#[derive(Debug, Serialize, Tsify)]
pub struct RankingReason {
    /// Place of the dimension in the deck.
    dimension: usize,
    #[tsify(type = "\"low\" | \"high\"")]
    direction: &'static str,
    /// Whether the person likes the middle of the dimension best: a positive contribution is then for
    /// lying nearer the middle, and a negative one against lying farther from it.
    middle: bool,
    contribution: f64,
}

impl From<&decision::RankedCandidate> for RankedCandidate {
    fn from(ranked: &decision::RankedCandidate) -> Self {
        let reason = |reason: decision::RankingReason| RankingReason {
            dimension: reason.dimension,
            direction: if reason.towards_high { "high" } else { "low" },
            middle: reason.middle,
            contribution: reason.contribution,
        };
        RankedCandidate {
            index: ranked.index,
            reward: ranked.reward,
            sd: ranked.sd,
            probability_best: ranked.probability_best,
            probability_better: ranked.probability_better,
            population_pick: ranked.population_pick,
            contributions: ranked.contributions.as_slice().to_vec(),
            reasons: ranked.reasons().into_iter().map(reason).collect(),
            softmax_probability: ranked.softmax_probability,
        }
    }
}

/// The weights of a person, for the person.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    dimensions: Vec<DimensionEstimate>,
    /// Number of answers that it is based on, without skips.
    answers: usize,
    /// weight × RMS difference of nearly everybody lies within ± this: the limit of a picture's axis.
    axis_limit: f64,
    /// Answers that do not look like the model's, the least probable first. Usually none.
    person_fit: Vec<PersonFitFinding>,
}

/// The estimate of one weight.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct DimensionEstimate {
    /// The weight. Positive weights lean to the `high` end.
    mean: f64,
    sd: f64,
    /// Holds the weight with a probability of 0.9.
    #[tsify(type = "[number, number]")]
    interval: (f64, f64),
    /// The end to which the weight more probably leans.
    #[tsify(type = "\"low\" | \"high\"")]
    direction: &'static str,
    /// The probability that it leans to that end: at least 0.5.
    probability_of_direction: f64,
    /// How much that probability allows to say: from 0.95 high, from 0.8 moderate.
    #[tsify(type = "\"high\" | \"moderate\" | \"low\"")]
    confidence: &'static str,
    /// The statement that the belief allows: towards one end (`leans`), the middle of a curved dimension, no strong
    /// preference (`indifferent`), or too early to say (`open`).
    #[tsify(type = "\"leans\" | \"middle\" | \"indifferent\" | \"open\"")]
    standing: &'static str,
    /// How much the dimension matters, if the estimate is right. Certainty is `confidence`.
    #[tsify(type = "\"slight\" | \"fair\" | \"strong\"")]
    strength: &'static str,
    /// A typical score difference: mean × RMS difference can be compared across dimensions.
    rms_difference: f64,
    /// The liking for the middle, as far as it is known, if the dimension is curved.
    #[serde(skip_serializing_if = "Option::is_none")]
    middle: Option<Middle>,
    /// The person's own statement about the weight, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<Statement>,
}

/// A liking for the middle of a dimension, neither end.
#[derive(Debug, Serialize, Tsify)]
pub struct Middle {
    /// The probability that the reward has its peak among the middle four fifths of the deck's scores.
    probability: f64,
    /// The score at the peak.
    ideal: f64,
}

/// A person's own statement about a weight.
#[derive(Debug, Serialize, Tsify)]
pub struct Statement {
    /// For `retract`.
    id: String,
    weight: f64,
}

/// Something in a person's answers that does not look like the model.
#[derive(Debug, Serialize, Tsify)]
pub struct PersonFitFinding {
    /// The answers contradict each other; no weights describe the taste; nothing matters; one side is
    /// taken for its own sake.
    #[tsify(type = "\"inconsistent\" | \"nonlinear\" | \"indifferent\" | \"position-bias\"")]
    kind: &'static str,
    /// The probability that an ordinary person would look at least as odd: at most 0.01.
    probability: f64,
}

impl Profile {
    pub(super) fn new(interview: &Interview) -> Result<Self, Error> {
        let profile = interview.profile()?;
        let dimensions = profile.dimensions.iter().zip(interview.statements());
        let dimension = |(estimate, statement): (&profile::DimensionEstimate, Option<_>)| {
            let statement = statement.map(|(entry, weight): (&model::LogEntry, f64)| Statement {
                id: entry.id.clone(),
                weight,
            });
            DimensionEstimate {
                mean: estimate.mean,
                sd: estimate.sd,
                interval: estimate.interval,
                direction: estimate.direction.name(),
                probability_of_direction: estimate.probability_of_direction,
                confidence: estimate.confidence.name(),
                standing: estimate.standing.name(),
                strength: estimate.strength.name(),
                rms_difference: estimate.rms_difference,
                middle: estimate.middle.map(|middle| Middle {
                    probability: middle.probability,
                    ideal: middle.ideal,
                }),
                statement,
            }
        };
        let finding = |finding: &profile::PersonFitFinding| PersonFitFinding {
            kind: finding.kind.name(),
            probability: finding.probability,
        };
        Ok(Profile {
            dimensions: dimensions.map(dimension).collect(),
            answers: profile.answers,
            axis_limit: profile.axis_limit,
            person_fit: profile.person_fit.iter().map(finding).collect(),
        })
    }
}

/// An answer or statement that holds, and its effect.
#[derive(Debug, Serialize, Tsify)]
pub struct Entry {
    /// For `retract`.
    id: String,
    #[tsify(type = "\"answer\" | \"statement\"")]
    kind: &'static str,
    /// Place of the prompt in the deck, if the deck has the candidates.
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<usize>,
    /// Places of the candidates shown in the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    candidates: Option<Vec<usize>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<AnswerFields>,
    /// Place of the dimension that a statement is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    dimension: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sd: Option<f64>,
    /// The change of each mean weight × RMS difference from before the entry to after it.
    shift: Vec<f64>,
}

impl From<EntryReport<'_>> for Entry {
    fn from(report: EntryReport) -> Self {
        let (prompt, candidates) = report.question.unzip();
        let entry = Entry {
            id: report.entry.id.clone(),
            kind: "answer",
            prompt,
            candidates,
            answer: None,
            dimension: None,
            weight: None,
            sd: None,
            shift: report.shift.as_slice().to_vec(),
        };
        match report.entry.kind {
            EntryKind::Statement {
                dimension,
                weight,
                sd,
            } => Entry {
                kind: "statement",
                dimension: Some(dimension),
                weight: Some(weight),
                sd: Some(sd),
                ..entry
            },
            EntryKind::Answer { answer, .. } => Entry {
                answer: Some(AnswerFields::new(answer)),
                ..entry
            },
            EntryKind::Retraction { .. } => entry,
        }
    }
}

/// The changes in the picks from the deck's prompts if one weight were another.
#[derive(Debug, Serialize, Tsify)]
pub struct WhatIf {
    /// Number of prompts of the deck.
    prompts: usize,
    /// Number of prompts in which another candidate would be picked.
    changed: usize,
    /// The changed prompt where keeping today's pick would cost the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<WhatIfExample>,
}

/// A prompt and its two picks, by places.
#[derive(Debug, Serialize, Tsify)]
pub struct WhatIfExample {
    prompt: usize,
    current: usize,
    alternative: usize,
}

impl WhatIf {
    pub(super) fn new(
        interview: &Interview,
        dimension: &str,
        weight: Option<f64>,
    ) -> Result<Self, Error> {
        let what_if = interview.what_if(dimension, weight)?;
        let example = what_if.example.map(|example| WhatIfExample {
            prompt: example.prompt,
            current: example.current,
            alternative: example.alternative,
        });
        let prompts = interview.deck().prompts().len();
        Ok(WhatIf {
            prompts,
            changed: what_if.changed,
            example,
        })
    }
}

/// The archetype that a person is most probably closest to.
#[derive(Debug, Serialize, Tsify)]
pub struct NearestArchetype {
    /// Its place in the deck.
    archetype: usize,
    probability: f64,
}

impl From<profile::NearestArchetype> for NearestArchetype {
    fn from(found: profile::NearestArchetype) -> Self {
        NearestArchetype {
            archetype: found.archetype,
            probability: found.probability,
        }
    }
}

/// The Laplace approximation of the posterior: the same bits for the same log on every machine.
#[derive(Debug, Serialize, Tsify)]
pub struct LaplaceApproximation {
    mean: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    /// The probability that the person belongs to each component of the deck's prior.
    components: Vec<f64>,
}

impl LaplaceApproximation {
    pub(super) fn new(interview: &Interview) -> Result<Self, Error> {
        let laplace = interview.laplace_approximation()?;
        let rows = laplace.covariance();
        Ok(LaplaceApproximation {
            mean: laplace.mean().as_slice().to_vec(),
            covariance: rows
                .row_iter()
                .map(|row| row.iter().copied().collect())
                .collect(),
            components: laplace.component_probabilities(),
        })
    }
}
