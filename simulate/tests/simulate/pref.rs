use leaning::numeric::Random;
use leaning::{
    Answer, Candidate, Deck, DeckCandidate, Dimension, Evidence, Interview, Options, Question,
    StopRule,
};
use leaning_simulate::{PREF, PrefFit};
use nalgebra::{DMatrix, DVector};
use std::collections::{BTreeMap, BTreeSet};

/// A pair, and the label that its answer is taken for.
type Labelled = (DVector<f64>, f64);

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// σ′.
fn slope(x: f64) -> f64 {
    sigmoid(x) * sigmoid(-x)
}

fn pair(difference: DVector<f64>, outcome: usize) -> Evidence {
    Evidence::Pair {
        difference,
        tie: outcome == 2,
        outcome,
    }
}

/// The weights as the paper describes the authors' code, from the start that this seed gives.
fn weights_by_hand(d: usize, pairs: &[Labelled], seed: u64) -> DVector<f64> {
    let mut weights = PrefFit::new(d, &[], seed).weights().clone();
    for _ in 0..5000 {
        let gradient = pairs
            .iter()
            .fold(DVector::zeros(d), |sum: DVector<f64>, (z, label)| {
                sum + (sigmoid(weights.dot(z)) - label) * z
            });
        weights -= 0.01 / pairs.len() as f64 * gradient;
    }
    weights
}

/// σ′(λᵀz)²·zᵀM⁻¹z with M = 0.001·I + Σ σ′(λᵀz_s)·z_s·z_sᵀ.
fn score_by_hand(weights: &DVector<f64>, pairs: &[Labelled], z: &DVector<f64>) -> f64 {
    let d = weights.len();
    let m = pairs.iter().fold(
        0.001 * DMatrix::identity(d, d),
        |sum: DMatrix<f64>, (z, _)| sum + slope(weights.dot(z)) * z * z.transpose(),
    );
    slope(weights.dot(z)).powi(2) * z.dot(&(m.try_inverse().expect("regular") * z))
}

#[test]
fn the_weights_are_those_of_five_thousand_gradient_steps() {
    let mut random = Random::new(3, 0);
    for (seed, count) in [(1, 1), (2, 3), (3, 8), (4, 20)] {
        let outcomes: Vec<usize> = (0..count).map(|_| random.below(3)).collect();
        let pairs: Vec<Labelled> = outcomes
            .iter()
            .map(|&outcome| (random.normals(3), [1.0, 0.0, 0.5][outcome]))
            .collect();
        let evidence: Vec<Evidence> = pairs
            .iter()
            .zip(&outcomes)
            .map(|((z, _), &outcome)| pair(z.clone(), outcome))
            .collect();
        let fit = PrefFit::new(3, &evidence, seed);
        let expected = weights_by_hand(3, &pairs, seed);
        assert!(
            (fit.weights() - &expected).norm() < 1e-8,
            "{}, not {expected}",
            fit.weights()
        );
        for _ in 0..10 {
            let z = random.normals(3);
            let (found, expected) = (fit.score(z.as_view()), score_by_hand(&expected, &pairs, &z));
            assert!(
                (found - expected).abs() < 1e-8 * (1.0 + expected),
                "{found}, not {expected}"
            );
        }
    }
}

#[test]
fn the_number_of_steps_limits_the_weights_if_the_data_are_separable() {
    for seed in 0..5 {
        let start = PrefFit::new(1, &[], seed).weights()[0];
        let fitted = |evidence: &[Evidence]| PrefFit::new(1, evidence, seed).weights()[0];
        let answer = |z: f64, outcome| pair(DVector::from_vec(vec![z]), outcome);
        // dλ/dt = σ(−λ) is solved by e^λ + λ = t + e^λ₀ + λ₀, and t = 5000 · 0.01.
        let once = fitted(&[answer(1.0, 0)]);
        let (time, expected) = (once.exp() + once, 50.0 + start.exp() + start);
        assert!((time - expected).abs() < 0.1, "{time}, not {expected}");
        // The gradient is a mean, so the same answer twice adds nothing.
        let twice = fitted(&[answer(1.0, 0), answer(-1.0, 1)]);
        assert!((twice - once).abs() < 1e-9);
    }
    assert_ne!(
        PrefFit::new(1, &[], 1).weights(),
        PrefFit::new(1, &[], 2).weights()
    );
}

#[test]
fn a_tie_counts_as_half_a_win() {
    for seed in 0..5 {
        let fitted = |evidence: &[Evidence]| PrefFit::new(1, evidence, seed).weights()[0];
        let answer = |outcome| pair(DVector::from_vec(vec![2.0]), outcome);
        // Alone it draws the weight to 0, together with a win to log(0.75 / 0.25).
        let tie = fitted(&[answer(2)]);
        assert!(tie.abs() < 1e-6, "{tie}");
        let both = fitted(&[answer(2), answer(0)]);
        assert!((2.0 * both - 3.0_f64.ln()).abs() < 1e-6, "{both}");
    }
}

#[test]
fn the_chosen_one_of_three_counts_as_preferred_to_each_of_the_others() {
    let choice = Evidence::Choice {
        scores: DMatrix::from_row_slice(1, 3, &[0.5, 1.5, -1.0]),
        chose: 1,
    };
    // Statements count for nothing.
    let statement = Evidence::Statement {
        dimension: 0,
        weight: -3.0,
        sd: 0.1,
    };
    for seed in 0..5 {
        let of_three = PrefFit::new(1, &[choice.clone(), statement.clone()], seed);
        let of_pairs = PrefFit::new(
            1,
            &[
                pair(DVector::from_vec(vec![1.0]), 0),
                pair(DVector::from_vec(vec![2.5]), 0),
            ],
            seed,
        );
        assert!((of_three.weights() - of_pairs.weights()).norm() < 1e-12);
    }
}

#[test]
fn a_pair_scores_zero_if_the_steps_diverge() {
    let far = DVector::from_vec(vec![1e200, 0.0]);
    let fit = PrefFit::new(2, &[pair(far.clone(), 1), pair(-&far, 1)], 1);
    assert_eq!(fit.score(far.as_view()), 0.0);
}

/// Prompts with these numbers of candidates, in three dimensions.
fn deck(sizes: &[usize], seed: u64) -> Deck {
    let mut random = Random::new(seed, 0);
    let mut builder = Deck::builder("deck");
    for id in ["x", "y", "z"] {
        builder = builder.dimension(Dimension::new(id));
    }
    for (p, &size) in sizes.iter().enumerate() {
        let candidates: Vec<DeckCandidate> = (0..size)
            .map(|k| DeckCandidate::new(format!("c{k}"), random.normals(3).as_slice()))
            .collect();
        builder = builder.prompt(format!("p{p}"), candidates);
    }
    builder.build().expect("a valid deck")
}

fn start(deck: &Deck, seed: u64) -> Interview {
    let stop = StopRule {
        questions: 1000,
        ..StopRule::default()
    };
    let options = Options {
        strategy: &PREF,
        stop,
        seed: Some(seed),
        ..Options::default()
    };
    Interview::start(deck.clone(), options).expect("valid options")
}

/// The two names of a pair, whatever their sides.
type Names = BTreeSet<String>;

fn names(question: &Question) -> Names {
    question.names().into_iter().collect()
}

/// All pairs of the deck with their differences, but for those of the prompt with this id.
fn pairs_outside(deck: &Deck, prompt_id: Option<&str>) -> BTreeMap<Names, DVector<f64>> {
    let mut pairs = BTreeMap::new();
    for (p, prompt) in deck.prompts().iter().enumerate() {
        let scores = prompt.scores();
        for first in 0..scores.ncols() {
            for second in first + 1..scores.ncols() {
                if Some(prompt.id.as_str()) != prompt_id {
                    let names = [first, second].map(|k| deck.candidate_name(p, k));
                    pairs.insert(names.into(), scores.column(first) - scores.column(second));
                }
            }
        }
    }
    pairs
}

#[test]
fn the_first_question_is_uniform_over_pairs_not_prompts() {
    let deck = deck(&[4, 2, 3], 5);
    let mut counts: BTreeMap<Names, f64> = BTreeMap::new();
    for seed in 0..1000 {
        let mut interview = start(&deck, seed);
        let question = interview
            .question()
            .expect("is inferred")
            .expect("there is one");
        *counts.entry(names(question)).or_insert(0.0) += 1.0;
    }
    assert_eq!(counts.len(), 10);
    // 5 standard deviations of χ² above its mean.
    let chi_squared: f64 = counts
        .values()
        .map(|count| (count - 100.0).powi(2) / 100.0)
        .sum();
    assert!(chi_squared < 9.0 + 5.0 * 18.0_f64.sqrt(), "{counts:?}");
}

#[test]
fn the_rule_asks_by_its_own_weights() {
    let deck = deck(&[4, 3, 3], 8);
    let mut interview = start(&deck, 2);
    // Contradictions about large differences: the steps converge wherever they start.
    let mut answered: Vec<Labelled> = Vec::new();
    for (z, wins) in [
        ([3.0, 0.5, 0.0], 2),
        ([0.0, 3.5, -0.5], 1),
        ([0.7, 0.0, 3.0], 2),
        ([2.0, 2.0, -2.0], 1),
    ] {
        for index in 0..3 {
            let chose = usize::from(index >= wins);
            let candidates = [
                Candidate::new(format!("{z:?} {index}"), z),
                Candidate::new("zero", [0.0; 3]),
            ];
            interview
                .observe(&candidates, Answer::Chose(chose))
                .expect("is inferred");
            answered.push((DVector::from_column_slice(&z), 1.0 - chose as f64));
        }
    }
    let (mut asked, mut last_prompt): (BTreeSet<Names>, Option<String>) = (BTreeSet::new(), None);
    while let Some(question) = interview.question().expect("is inferred").cloned() {
        if asked.len() < 4 {
            let mut eligible = pairs_outside(&deck, last_prompt.as_deref());
            eligible.retain(|names, _| !asked.contains(names));
            let weights = weights_by_hand(3, &answered, 77);
            let score = |names: &Names| score_by_hand(&weights, &answered, &eligible[names]);
            let best = eligible
                .keys()
                .max_by(|a, b| score(a).total_cmp(&score(b)))
                .expect("not empty");
            assert_eq!(&names(&question), best);
            let (found, expected) = (question.score, score(best));
            assert!(
                (found / expected - 1.0).abs() < 1e-2,
                "{found}, not {expected}"
            );
        }
        assert!(asked.insert(names(&question)), "a pair is asked twice");
        last_prompt = question
            .prompt
            .map(|place| deck.prompts()[place].id.clone());
        interview.answer(Answer::Chose(0)).expect("is on offer");
        let scores = |k: usize| DVector::from_column_slice(&question.candidates[k].scores);
        answered.push((scores(0) - scores(1), 1.0));
    }
    assert_eq!(asked.len(), 12, "all pairs are asked");
}
