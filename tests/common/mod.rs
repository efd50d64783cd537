//! What the native tests share: decks and logs written as JSON, and the model's formulas once more, in plain
//! arithmetic, to compare the library with.

#![allow(dead_code)]

use leaning::{AnswerModel, Belief, Deck, Interview, Log, Options, Question, StopRule, Strategy};
use serde_json::{Value, json};

/// A deck before it is JSON.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Prompts of candidates of scores. Prompt i is `p{i+1}`, its candidates are a, b, c...
    pub prompts: Vec<Vec<Vec<f64>>>,
    pub prior: Option<(Vec<f64>, Vec<Vec<f64>>)>,
    pub lapse: f64,
    pub indifference: f64,
}

impl Parts {
    pub fn new(prompts: &[&[&[f64]]]) -> Self {
        let prompts = prompts
            .iter()
            .map(|candidates| candidates.iter().map(|scores| scores.to_vec()).collect());
        Parts {
            prompts: prompts.collect(),
            prior: None,
            lapse: 0.02,
            indifference: 0.5,
        }
    }

    pub fn dimensions(&self) -> usize {
        self.prompts[0][0].len()
    }

    pub fn json(&self) -> Value {
        let prompts: Vec<Value> = self
            .prompts
            .iter()
            .enumerate()
            .map(|(i, scores)| prompt(i, scores))
            .collect();
        let dimensions: Vec<Value> = (0..self.dimensions())
            .map(|j| json!({ "id": format!("d{j}") }))
            .collect();
        let mut deck = json!({
            "format": "leaning-deck/1", "id": "deck", "version": "1", "dimensions": dimensions, "prompts": prompts,
            "answers": { "lapse": self.lapse, "indifference": self.indifference }
        });
        if let Some((mean, covariance)) = &self.prior {
            deck["prior"] = json!({ "mean": mean, "covariance": covariance });
        }
        deck
    }

    pub fn deck(&self) -> Deck {
        Deck::from_json(&self.json().to_string()).expect("the parts are sound")
    }

    /// The log of these records.
    pub fn log(&self, records: &[Value]) -> Log {
        read_log(&self.log_json(records).to_string(), &self.deck()).expect("the records are sound")
    }

    pub fn log_json(&self, records: &[Value]) -> Value {
        let dimensions: Vec<String> = (0..self.dimensions()).map(|j| format!("d{j}")).collect();
        json!({
            "format": "leaning-answers/1", "deck": { "id": "deck", "version": "1", "dimensions": dimensions },
            "answers": records
        })
    }

    /// The record of an answer to a question about these candidates of one prompt.
    pub fn record(&self, id: &str, prompt: usize, shown: &[usize], said: Said) -> Value {
        let names: Vec<String> = shown
            .iter()
            .map(|&candidate| name(prompt, candidate))
            .collect();
        let scores: Vec<&Vec<f64>> = shown
            .iter()
            .map(|&candidate| &self.prompts[prompt][candidate])
            .collect();
        let mut record = json!({ "id": id, "shown": names, "scores": scores });
        match said {
            Said::Chose(place) => record["chose"] = json!(names[place]),
            Said::Verdict(verdict) => record["verdict"] = json!(verdict),
        }
        record
    }
}

#[derive(Debug, Clone, Copy)]
pub enum Said {
    Chose(usize),
    Verdict(&'static str),
}

fn prompt(index: usize, candidates: &[Vec<f64>]) -> Value {
    let candidates: Vec<Value> = candidates
        .iter()
        .enumerate()
        .map(|(candidate, scores)| json!({ "id": candidate_id(candidate), "scores": scores }))
        .collect();
    json!({ "id": format!("p{}", index + 1), "candidates": candidates })
}

fn candidate_id(index: usize) -> String {
    char::from(b'a' + index as u8).to_string()
}

/// Full name of a candidate of [`Parts`].
pub fn name(prompt: usize, candidate: usize) -> String {
    format!("p{}/{}", prompt + 1, candidate_id(candidate))
}

pub fn read_log(text: &str, deck: &Deck) -> Result<Log, leaning::Error> {
    Log::from_value(&text.parse()?, deck)
}

/// Three prompts of three candidates in two dimensions: nine pairs.
pub fn nine_pairs() -> Parts {
    Parts::new(&[
        &[&[1.0, 0.2], &[-0.7, 0.9], &[0.1, -1.1]],
        &[&[0.4, -0.8], &[-1.2, -0.3], &[0.9, 1.3]],
        &[&[-0.5, 0.6], &[0.8, 0.1], &[-0.2, -1.4]],
    ])
}

pub fn interview(deck: Deck, strategy: Strategy, questions: usize, seed: u64) -> Interview {
    let log = Log::new(&deck);
    let stop = StopRule {
        questions,
        ..StopRule::default()
    };
    let options = Options {
        strategy,
        stop,
        seed: Some(seed),
        ..Options::default()
    };
    Interview::open(deck, log, options).expect("opens")
}

/// The names that a question shows, in their order.
pub fn sides(question: &Question) -> Vec<String> {
    question
        .shown
        .iter()
        .map(|shown| shown.name.clone())
        .collect()
}

/// The names that a question shows, whatever their order.
pub fn pair(question: &Question) -> Vec<String> {
    let mut names = sides(question);
    names.sort();
    names
}

/// Every bit of a belief.
pub fn bits(belief: &Belief) -> Vec<u64> {
    let covariance = belief.covariance().into_iter().flatten();
    belief
        .mean()
        .iter()
        .copied()
        .chain(covariance)
        .map(f64::to_bits)
        .collect()
}

pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// P(first), P(second) and, with a tie on offer, P(tie), as design and paper have them, good for |u| below about 30.
pub fn probabilities(model: &AnswerModel, u: f64, tie: bool) -> Vec<f64> {
    let (lapse, band) = (model.lapse(), model.indifference());
    if tie && band > 0.0 {
        let (first, second) = (sigmoid(u - band), sigmoid(-u - band));
        let tie = ((2.0 * band).exp() - 1.0) * first * second;
        [first, second, tie]
            .iter()
            .map(|p| (1.0 - lapse) * p + lapse / 3.0)
            .collect()
    } else {
        [sigmoid(u), sigmoid(-u)]
            .iter()
            .map(|p| (1.0 - lapse) * p + lapse / 2.0)
            .collect()
    }
}

/// P of each of K candidates of these utilities.
pub fn choice_probabilities(model: &AnswerModel, utilities: &[f64]) -> Vec<f64> {
    let most = utilities.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = utilities.iter().map(|u| (u - most).exp()).sum();
    let slip = model.lapse() / utilities.len() as f64;
    utilities
        .iter()
        .map(|u| (1.0 - model.lapse()) * (u - most).exp() / sum + slip)
        .collect()
}

pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// No line break, nor anything else that a terminal would obey.
pub fn is_one_line(message: &str) -> bool {
    !message.is_empty()
        && !message
            .chars()
            .any(|c| c.is_control() || c == '\u{2028}' || c == '\u{2029}')
}

/// What these records about the deck make one believe.
pub fn infer(parts: &Parts, records: &[Value]) -> Belief {
    belief_of(&parts.deck(), &parts.log(records))
}

/// What a log about the deck makes one believe.
pub fn belief_of(deck: &Deck, log: &Log) -> Belief {
    let model = deck.answer_model();
    Belief::infer(deck.prior(), model, &log.evidence(&model)).expect("the weights settle")
}

/// A small generator of our own.
pub struct Dice(pub u64);

impl Dice {
    pub fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as f64 + 0.5) / (1_u64 << 31) as f64
    }

    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    pub fn normals(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.normal()).collect()
    }
}
