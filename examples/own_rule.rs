//! An acquisition rule of one's own, beside the rule that is used by default.
//!
//! Run it with `cargo run --example own_rule`.

use leaning::model::evidence::columns;
use leaning::nalgebra::DVector;
use leaning::numeric::{Random, ScoredIndex};
use leaning::question::{AcquisitionContext, AcquisitionRule, Places};
use leaning::{
    Answer, Deck, DeckCandidate, Dimension, Error, Interview, Options, StopRule, Strategy,
};

/// Chooses the pair whose reward difference is least certain. Unlike information gain it does not
/// see that an answer about candidates that are far apart is hardly ever a surprise.
#[derive(Debug)]
struct LargestVariance;

impl AcquisitionRule for LargestVariance {
    fn name(&self) -> &'static str {
        "largest-variance"
    }

    fn rank(
        &self,
        context: &mut AcquisitionContext,
        pairs: &Places,
        _count: usize,
    ) -> Vec<ScoredIndex> {
        context.rank_by_moments(pairs, |_mean, variance| variance)
    }
}

/// Twenty prompts of four candidates with random scores in three dimensions.
fn deck() -> Result<Deck, Error> {
    let mut random = Random::new(1, 0);
    let mut builder = Deck::builder("random");
    for id in ["brevity", "warmth", "candour"] {
        builder = builder.dimension(Dimension::new(id));
    }
    for prompt in 0..20 {
        let candidates = ["a", "b", "c", "d"]
            .map(|id| DeckCandidate::new(id, random.normals(3).as_slice().to_vec()));
        builder = builder.prompt(format!("p{prompt}"), candidates);
    }
    builder.build()
}

/// The expected regret before each answer of a person with the weights 1, −1 and 0.5.
fn course(strategy: Strategy) -> Result<Vec<f64>, Error> {
    let options = Options {
        strategy,
        stop: StopRule {
            questions: 8,
            ..StopRule::default()
        },
        seed: Some(1),
        ..Options::default()
    };
    let weights = DVector::from_vec(vec![1.0, -1.0, 0.5]);
    let mut interview = Interview::start(deck()?, options)?;
    let mut regrets = vec![interview.expected_regret()?.unwrap_or(f64::NAN)];
    while let Some(question) = interview.question()? {
        let scores: Vec<&[f64]> = question
            .candidates
            .iter()
            .map(|one| &one.scores[..])
            .collect();
        let rewards = columns(&scores).tr_mul(&weights);
        interview.answer(Answer::Chose(rewards.argmax().0))?;
        regrets.push(interview.expected_regret()?.unwrap_or(f64::NAN));
    }
    Ok(regrets)
}

fn main() -> Result<(), Error> {
    let own = course(&LargestVariance)?;
    let default = course(Options::default().strategy)?;
    println!("Expected regret after each answer:");
    println!(
        "answers  largest-variance  {}",
        Options::default().strategy.name()
    );
    for (answers, (own, default)) in own.iter().zip(&default).enumerate() {
        println!("{answers:7}  {own:16.3}  {default:16.3}");
    }
    Ok(())
}
