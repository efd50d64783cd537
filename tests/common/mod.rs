//! Shared by the native tests: decks and logs written as JSON, and the formulas of the answer model
//! in plain arithmetic, for comparison with the library.

use leaning::nalgebra::{DMatrix, DVector};
use leaning::{
    AnswerModel, Candidate, Deck, Evidence, Interview, LaplaceApproximation, Log, Options, Prior,
    Question, StopRule, Strategy,
};
use serde_json::{Value, json};

/// A deck before it is JSON.
#[derive(Debug, Clone)]
pub struct DeckParts {
    /// Scores by prompt, candidate and dimension. The prompts have the ids p1, p2, …, the candidates
    /// a, b, … and the dimensions d0, d1, ….
    pub prompts: Vec<Vec<Vec<f64>>>,
    pub prior: Option<(DVector<f64>, DMatrix<f64>)>,
    pub lapse: f64,
    pub indifference: f64,
}

/// An answer as it is written in a log.
#[derive(Debug, Clone, Copy)]
pub enum Reply {
    /// The candidate at this place of those shown was chosen.
    Chose(usize),
    /// "tie", "neither" or "skip".
    Verdict(&'static str),
}

impl DeckParts {
    /// A deck with the default prior and answer model.
    pub fn new(prompts: &[&[&[f64]]]) -> Self {
        let scores = |candidates: &&[&[f64]]| candidates.iter().map(|s| s.to_vec()).collect();
        DeckParts {
            prompts: prompts.iter().map(scores).collect(),
            prior: None,
            lapse: 0.02,
            indifference: 0.5,
        }
    }

    pub fn dimensions(&self) -> usize {
        self.prompts[0][0].len()
    }

    fn dimension_ids(&self) -> Vec<String> {
        (0..self.dimensions()).map(|j| format!("d{j}")).collect()
    }

    pub fn json(&self) -> Value {
        let ids = self.dimension_ids();
        let dimensions: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
        let prompts = self.prompts.iter().enumerate();
        let prompts: Vec<Value> = prompts.map(|(i, scores)| prompt_json(i, scores)).collect();
        let mut deck = json!({
            "format": "leaning-deck/1", "id": "deck", "version": "1", "dimensions": dimensions,
            "prompts": prompts,
            "answers": { "lapse": self.lapse, "indifference": self.indifference }
        });
        if let Some((mean, covariance)) = &self.prior {
            deck["prior"] = json!({ "mean": mean.as_slice(), "covariance": rows(covariance) });
        }
        deck
    }

    pub fn deck(&self) -> Deck {
        Deck::read(self.json()).expect("the parts are valid")
    }

    pub fn log_json(&self, entries: &[Value]) -> Value {
        json!({
            "format": "leaning-answers/1",
            "deck": { "id": "deck", "version": "1", "dimensions": self.dimension_ids() },
            "answers": entries
        })
    }

    pub fn log(&self, entries: &[Value]) -> Log {
        Log::read(self.log_json(entries), &self.deck()).expect("the entries are valid")
    }

    /// The log entry of the reply to a question about these candidates of a prompt.
    pub fn entry(&self, id: &str, prompt: usize, shown: &[usize], reply: Reply) -> Value {
        let names: Vec<String> = shown.iter().map(|&k| candidate_name(prompt, k)).collect();
        let scores: Vec<&[f64]> = shown
            .iter()
            .map(|&k| &self.prompts[prompt][k][..])
            .collect();
        let mut entry = json!({ "id": id, "shown": names, "scores": scores });
        match reply {
            Reply::Chose(place) => entry["chose"] = json!(names[place]),
            Reply::Verdict(verdict) => entry["verdict"] = json!(verdict),
        }
        entry
    }
}

fn prompt_json(index: usize, candidates: &[Vec<f64>]) -> Value {
    let candidate =
        |(k, scores): (usize, &Vec<f64>)| json!({ "id": candidate_id(k), "scores": scores });
    let candidates: Vec<Value> = candidates.iter().enumerate().map(candidate).collect();
    json!({ "id": format!("p{}", index + 1), "candidates": candidates })
}

fn candidate_id(index: usize) -> char {
    char::from(b'a' + index as u8)
}

/// The full name of a candidate of [`DeckParts`].
pub fn candidate_name(prompt: usize, candidate: usize) -> String {
    format!("p{}/{}", prompt + 1, candidate_id(candidate))
}

/// Three prompts of three candidates in two dimensions: nine pairs.
pub fn nine_pairs() -> DeckParts {
    DeckParts::new(&[
        &[&[1.0, 0.2], &[-0.7, 0.9], &[0.1, -1.1]],
        &[&[0.4, -0.8], &[-1.2, -0.3], &[0.9, 1.3]],
        &[&[-0.5, 0.6], &[0.8, 0.1], &[-0.2, -1.4]],
    ])
}

/// Drafts in a chat, without ids of their own.
pub fn drafts(scores: &[impl AsRef<[f64]>]) -> Vec<Candidate> {
    let list: Vec<Value> = scores
        .iter()
        .map(|s| json!({ "scores": s.as_ref() }))
        .collect();
    Candidate::read_list(json!(list), scores[0].as_ref().len()).expect("the scores are valid")
}

pub fn start(deck: Deck, strategy: Strategy, questions: usize, seed: u64) -> Interview {
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
    Interview::start(deck, options).expect("the options are valid")
}

/// The acquisition rule of this name.
pub fn rule(name: &str) -> Strategy {
    leaning::question::acquisition::by_name(name).expect("there is such a rule")
}

/// The question that the interview asks, if it is not over.
pub fn ask(interview: &mut Interview) -> Option<Question> {
    interview
        .question()
        .expect("the weights can be inferred")
        .cloned()
}

/// The Laplace approximation of an interview.
pub fn laplace(interview: &Interview) -> &LaplaceApproximation {
    interview
        .laplace_approximation()
        .expect("the weights can be inferred")
}

/// The names that a question shows, sorted.
pub fn sorted_names(question: &Question) -> Vec<String> {
    let mut names = question.names();
    names.sort();
    names
}

/// The Gaussian prior with this mean and these rows of its covariance.
pub fn gaussian<const D: usize>(mean: [f64; D], covariance: [[f64; D]; D]) -> Prior {
    Prior::gaussian(DVector::from_row_slice(&mean), matrix(covariance)).expect("it is valid")
}

/// A square matrix, by rows.
pub fn matrix<const D: usize>(rows: [[f64; D]; D]) -> DMatrix<f64> {
    DMatrix::from_fn(D, D, |i, j| rows[i][j])
}

pub fn rows(matrix: &DMatrix<f64>) -> Vec<Vec<f64>> {
    matrix
        .row_iter()
        .map(|row| row.iter().copied().collect())
        .collect()
}

pub fn vector(numbers: &[f64]) -> DVector<f64> {
    DVector::from_column_slice(numbers)
}

/// An answer about two candidates with the score difference z.
pub fn pair(difference: &[f64], tie: bool, outcome: usize) -> Evidence {
    Evidence::Pair {
        difference: vector(difference),
        tie,
        outcome,
    }
}

/// Variance of λᵀz.
pub fn variance(covariance: &DMatrix<f64>, z: &DVector<f64>) -> f64 {
    z.dot(&(covariance * z))
}

/// Every bit of mean and covariance.
pub fn bits(laplace: &LaplaceApproximation) -> Vec<u64> {
    let covariance = laplace.covariance();
    laplace
        .mean()
        .iter()
        .chain(&covariance)
        .map(|number| number.to_bits())
        .collect()
}

pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// P(first), P(second) and, with a tie on offer, P(tie), by the formulas as they are published. Good
/// for |u| below about 30.
pub fn pair_probabilities(model: &AnswerModel, u: f64, tie: bool) -> Vec<f64> {
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

/// The probability of each of K candidates with these rewards.
pub fn choice_probabilities(model: &AnswerModel, rewards: &[f64]) -> Vec<f64> {
    let largest = rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = rewards.iter().map(|u| (u - largest).exp()).sum();
    let slip = model.lapse() / rewards.len() as f64;
    rewards
        .iter()
        .map(|u| (1.0 - model.lapse()) * (u - largest).exp() / sum + slip)
        .collect()
}

/// P(evidence | weights). A statement's is its density, up to √(2π).
pub fn likelihood(model: &AnswerModel, evidence: &Evidence, weights: &DVector<f64>) -> f64 {
    match evidence {
        Evidence::Pair {
            difference,
            tie,
            outcome,
        } => pair_probabilities(model, weights.dot(difference), *tie)[*outcome],
        Evidence::Choice { scores, chose } => {
            choice_probabilities(model, scores.tr_mul(weights).as_slice())[*chose]
        }
        Evidence::Statement {
            dimension,
            weight,
            sd,
        } => {
            let deviation = (weights[*dimension] - weight) / sd;
            (-0.5 * deviation * deviation).exp() / sd
        }
        other => panic!("no formula for {other:?}"),
    }
}

/// −p log₂ p.
pub fn entropy_term(p: f64) -> f64 {
    if p > 0.0 { -p * p.log2() } else { 0.0 }
}

pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Whether a message has no line break, nor anything else that a terminal would obey.
pub fn is_one_line(message: &str) -> bool {
    let breaks = |c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}';
    !message.is_empty() && !message.chars().any(breaks)
}

/// The approximation after these entries of a log.
pub fn infer(parts: &DeckParts, entries: &[Value]) -> LaplaceApproximation {
    infer_log(&parts.deck(), &parts.log(entries))
}

/// The approximation after a log.
pub fn infer_log(deck: &Deck, log: &Log) -> LaplaceApproximation {
    let model = deck.answer_model();
    LaplaceApproximation::infer(deck.prior(), model, &log.evidence(deck))
        .expect("the weights can be inferred")
}

/// PCG XSH RR 64/32 (O'Neill 2014), so that tests do not lean on the library's own generator.
pub struct Pcg(u64);

impl Pcg {
    pub fn new(seed: u64) -> Self {
        // Seeds that follow each other are spread by 2⁶⁴ divided by the golden ratio.
        let state = seed
            .wrapping_mul(11_400_714_819_323_198_485)
            .wrapping_add(0x1234_5678);
        let mut pcg = Pcg(state);
        pcg.next();
        pcg
    }

    fn next(&mut self) -> u32 {
        let old = self.0;
        self.0 = old
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((((old >> 18) ^ old) >> 27) as u32).rotate_right((old >> 59) as u32)
    }

    /// Uniform on (0, 1).
    pub fn uniform(&mut self) -> f64 {
        (f64::from(self.next()) + 0.5) / 4_294_967_296.0
    }

    /// Uniform on 0..bound.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.uniform() * bound as f64) as usize
    }

    /// Standard normal (Box & Muller 1958).
    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    pub fn normals(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.normal()).collect()
    }
}
