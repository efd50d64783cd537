//! One person's interview.

use crate::answer::{AnswerFields, levels};
use crate::deck::Deck;
use crate::error;
use crate::matrix::{Matrix, Vector, to_array, to_vector};
use crate::objects::{of_python, to_python};
use leaning::question::{Question, acquisition};
use leaning::{Candidate, Error, Log, Options, RankOptions, RankedCandidate, StopReason, StopRule};
use pyo3::prelude::*;
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One person's interview. Calls from several threads take turns.
#[pyclass(frozen, module = "leaning._leaning")]
#[expect(unnameable_types, reason = "Python names it")]
#[derive(Debug)]
pub struct Interview(Mutex<leaning::Interview>);

#[pymethods]
impl Interview {
    /// Opens an interview where the log, a JSON text, left it.
    #[new]
    #[pyo3(signature = (deck, log, strategy, questions, regret, gain, candidates_per_question, half_life, repeat_worth, seed))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn open(
        py: Python<'_>,
        deck: &Deck,
        log: Option<&str>,
        strategy: &str,
        questions: usize,
        regret: Option<f64>,
        gain: Option<f64>,
        candidates_per_question: Option<usize>,
        half_life: Option<f64>,
        repeat_worth: f64,
        seed: Option<u64>,
    ) -> PyResult<Self> {
        let Some(strategy) = acquisition::by_name(strategy) else {
            let names: Vec<&str> = acquisition::RULES.iter().map(|rule| rule.name()).collect();
            let message = format!("expected one of {}, found {strategy:?}", names.join(", "));
            return Err(error::flaw(py, "options", "strategy", &message));
        };
        let stop = StopRule {
            questions,
            regret,
            gain,
        };
        let options = Options {
            strategy,
            stop,
            candidates_per_question,
            half_life,
            repeat_worth,
            seed,
            ..Options::default()
        };
        let open = || -> Result<leaning::Interview, Error> {
            let log = match log {
                Some(text) => Log::from_json(text, &deck.deck)?,
                None => Log::new(&deck.deck),
            };
            leaning::Interview::open(deck.deck.clone(), log, options)
        };
        let interview = py.detach(open);
        let interview = interview.map_err(|problem| error::of_library(py, &problem))?;
        Ok(Interview(Mutex::new(interview)))
    }

    fn question<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let question = self.with(py, |interview| Ok(interview.question()?.cloned()))?;
        self.question_object(py, question)
    }

    fn answer(&self, py: Python<'_>, fields: &Bound<'_, PyAny>) -> PyResult<()> {
        let levels = self.with(py, |interview| {
            let question = interview.open_question();
            Ok(question.and_then(|question| levels(question.offered.kind)))
        })?;
        let answer = AnswerFields::of(fields)?.read(py, levels)?;
        self.with(py, |interview| interview.answer(answer))
    }

    fn observe(
        &self,
        py: Python<'_>,
        candidates: &Bound<'_, PyAny>,
        fields: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let candidates = self.candidates(candidates)?;
        let levels = self.with(py, |interview| Ok(levels(interview.deck().answer_kind())))?;
        let answer = AnswerFields::of(fields)?.read(py, levels)?;
        self.with(py, |interview| interview.observe(&candidates, answer))
    }

    fn compare<'py>(
        &self,
        py: Python<'py>,
        candidates: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let candidates = self.candidates(candidates)?;
        let question = self.with(py, |interview| interview.compare(&candidates))?;
        self.question_object(py, question)
    }

    fn undo(&self, py: Python<'_>) -> PyResult<bool> {
        self.with(py, |interview| Ok(interview.undo()))
    }

    fn retract(&self, py: Python<'_>, id: &str) -> PyResult<bool> {
        self.with(py, |interview| Ok(interview.retract(id)))
    }

    fn set_weight(&self, py: Python<'_>, dimension: &str, weight: f64) -> PyResult<()> {
        self.with(py, |interview| interview.set_weight(dimension, weight))
    }

    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let status = self.with(py, |interview| interview.status())?;
        let status = json!({
            "asked": status.asked,
            "answered": status.answered,
            "observed": status.observed,
            "remaining": status.remaining,
            "stop_reason": status.stop_reason.map(StopReason::name),
        });
        to_python(py, &status)
    }

    fn expected_regret(&self, py: Python<'_>) -> PyResult<Option<f64>> {
        self.with(py, |interview| interview.expected_regret())
    }

    #[pyo3(signature = (candidates, temperature, at_least))]
    fn rank<'py>(
        &self,
        py: Python<'py>,
        candidates: &Bound<'py, PyAny>,
        temperature: Option<f64>,
        at_least: Option<f64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let candidates = self.candidates(candidates)?;
        let options = RankOptions {
            temperature,
            at_least,
        };
        let ranked = self.with(py, |interview| interview.rank(&candidates, options))?;
        let ranked = ranked.iter().map(|one| ranked_object(one, &candidates));
        to_python(py, &ranked.collect::<Vec<Value>>())
    }

    fn profile<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let profile = self.with(py, |interview| interview.profile())?;
        let dimensions = profile.dimensions.iter().map(|of| {
            json!({
                "mean": of.mean,
                "sd": of.sd,
                "interval": [of.interval.0, of.interval.1],
                "direction": of.direction.name(),
                "probability_of_direction": of.probability_of_direction,
                "confidence": of.confidence.name(),
                "standing": of.standing.name(),
                "strength": of.strength.name(),
                "rms_difference": of.rms_difference,
                "middle": of.middle.map(|middle| [middle.probability, middle.ideal]),
            })
        });
        let findings = profile.person_fit.iter();
        let findings = findings.map(|of| json!([of.kind.name(), of.probability]));
        let profile = json!({
            "dimensions": dimensions.collect::<Vec<Value>>(),
            "answers": profile.answers,
            "axis_limit": profile.axis_limit,
            "person_fit": findings.collect::<Vec<Value>>(),
        });
        to_python(py, &profile)
    }

    /// Mean and covariance of the Laplace approximation.
    fn laplace<'py>(&self, py: Python<'py>) -> PyResult<(Vector<'py>, Matrix<'py>)> {
        let laplace = self.with(py, |interview| interview.laplace_approximation().cloned())?;
        Ok((
            to_vector(py, laplace.mean()),
            to_array(py, &laplace.covariance())?,
        ))
    }

    /// Samples of the exact posterior, n × d, and their probabilities, n. With a seed at least `count`
    /// are drawn again, else they are those that everything shown comes from.
    #[pyo3(signature = (count, seed))]
    fn samples<'py>(
        &self,
        py: Python<'py>,
        count: usize,
        seed: Option<u64>,
    ) -> PyResult<(Matrix<'py>, Vector<'py>)> {
        let samples = self.with(py, |interview| match seed {
            Some(seed) => {
                let laplace = interview.laplace_approximation()?;
                Ok(leaning::PosteriorSamples::draw_seeded(laplace, seed, count))
            }
            None => interview.posterior_samples().cloned(),
        })?;
        Ok((
            to_array(py, samples.weights())?,
            to_vector(py, samples.probabilities()),
        ))
    }

    /// The log as JSON text.
    fn log(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, |interview| Ok(interview.log().to_json()))
    }

    /// Takes in the entries of another log, a JSON text, each once.
    fn merge(&self, py: Python<'_>, log: &str) -> PyResult<()> {
        self.with(py, |interview| {
            let log = Log::from_json(log, interview.deck())?;
            interview.merge(log)
        })
    }
}

impl Interview {
    /// Calls `act` without the GIL.
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        act: impl FnOnce(&mut leaning::Interview) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        py.detach(|| act(&mut self.lock()))
            .map_err(|problem| error::of_library(py, &problem))
    }

    fn lock(&self) -> MutexGuard<'_, leaning::Interview> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Candidates in a list of dicts with `scores`, and perhaps `id`, `prompt` or `name`.
    fn candidates(&self, candidates: &Bound<'_, PyAny>) -> PyResult<Vec<Candidate>> {
        let list = of_python(candidates, "candidates")?;
        self.with(candidates.py(), |interview| {
            Candidate::read_list(&list, interview.deck().dimensions().len())
        })
    }

    fn question_object<'py>(
        &self,
        py: Python<'py>,
        question: Option<Question>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let prompt = question.as_ref().and_then(|question| question.prompt);
        let prompt = self.with(py, |interview| {
            Ok(prompt.map(|place| interview.deck().prompts()[place].id.clone()))
        })?;
        let object = question.map(|question| {
            let candidates = question.candidates.iter();
            let candidates = candidates
                .map(|one| json!({ "name": one.name, "index": one.index, "scores": one.scores }));
            json!({
                "prompt": prompt,
                "candidates": candidates.collect::<Vec<Value>>(),
                "kind": question.offered.kind.name(),
                "of": levels(question.offered.kind),
                "offered": question.offered.names(),
                "strategy": question.strategy,
                "score": question.score,
            })
        });
        to_python(py, &object)
    }
}

fn ranked_object(ranked: &RankedCandidate, candidates: &[Candidate]) -> Value {
    let candidate = &candidates[ranked.index];
    let reasons = ranked.reasons().into_iter().map(|reason| {
        json!({
            "dimension": reason.dimension,
            "towards": if reason.towards_high { "high" } else { "low" },
            "middle": reason.middle,
            "contribution": reason.contribution,
        })
    });
    json!({
        "index": ranked.index,
        "id": candidate.id,
        "name": candidate.name,
        "reward": ranked.reward,
        "sd": ranked.sd,
        "probability_best": ranked.probability_best,
        "probability_better": ranked.probability_better,
        "population_pick": ranked.population_pick,
        "softmax_probability": ranked.softmax_probability,
        "reasons": reasons.collect::<Vec<Value>>(),
    })
}
