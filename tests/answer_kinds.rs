//! Answers that tell more than a choice: grades, ratings, best and worst, orders, rejections. Their
//! probabilities beside the formulas as they are published, and the approximation beside differences.

use crate::common::{
    Pcg, bits, choice_probabilities, gaussian, matrix, pair_probabilities, sigmoid, vector,
};
use leaning::nalgebra::{DMatrix, DVector};
use leaning::{
    Answer, AnswerKind, AnswerModel, Error, Evidence, Grade, LaplaceApproximation, Offered, Ranking,
};

const LAPSES: [f64; 3] = [0.0, 0.02, 0.3];
/// Rewards of everyday size, far apart, and so far that most outcomes are impossible in doubles.
const SIZES: [f64; 3] = [1.0, 20.0, 3000.0];
const DIMENSIONS: usize = 3;

/// A question before it is answered.
#[derive(Debug, Clone)]
struct Asked {
    scores: Vec<Vec<f64>>,
    reference: Option<Vec<f64>>,
    offered: Offered,
    /// For an order, the ranks of one possible answer: they say which groups there are.
    ranks: Vec<usize>,
}

impl Asked {
    fn new(kind: AnswerKind, scores: Vec<Vec<f64>>) -> Self {
        Asked {
            scores,
            reference: None,
            offered: offered(kind),
            ranks: Vec::new(),
        }
    }

    fn order(ranks: &[usize], scores: Vec<Vec<f64>>) -> Self {
        Asked {
            ranks: ranks.to_vec(),
            ..Asked::new(AnswerKind::Order, scores)
        }
    }

    fn rating(of: usize, scores: Vec<f64>, reference: Vec<f64>) -> Self {
        Asked {
            reference: Some(reference),
            ..Asked::new(AnswerKind::Rating { of }, vec![scores])
        }
    }

    fn without_tie(mut self) -> Self {
        (self.offered.tie, self.offered.neither) = (false, false);
        self
    }

    /// Every answer that tells something, once.
    fn answers(&self, model: &AnswerModel) -> Vec<Answer> {
        let count = self.scores.len();
        let tie = self.offered.tie && model.indifference() > 0.0 && count == 2;
        let mut answers: Vec<Answer> = match self.offered.kind {
            AnswerKind::Choice => (0..count).map(Answer::Chose).collect(),
            AnswerKind::Graded => GRADED.into(),
            AnswerKind::Rating { of } => (1..=of).map(|rating| rated(rating, of)).collect(),
            AnswerKind::BestWorst => ordered_pairs(count)
                .map(|(best, worst)| Answer::BestWorst { best, worst })
                .collect(),
            AnswerKind::Order => arrangements(&self.ranks)
                .iter()
                .map(|ranks| ordered(ranks))
                .collect(),
        };
        if tie && matches!(self.offered.kind, AnswerKind::Choice | AnswerKind::Graded) {
            answers.push(Answer::Tie);
        }
        answers
    }

    fn evidence(&self, model: &AnswerModel, answer: Answer) -> Vec<Evidence> {
        self.try_evidence(model, answer)
            .unwrap_or_else(|error| panic!("{self:?} {answer:?}: {error}"))
    }

    fn try_evidence(&self, model: &AnswerModel, answer: Answer) -> Result<Vec<Evidence>, Error> {
        let reference = self.reference.as_deref();
        Evidence::from_answer(model, &self.scores, reference, self.offered, answer)
    }

    /// log P(answer | weights, leniency).
    fn log_probability(&self, model: &AnswerModel, answer: Answer, at: &Unknowns) -> f64 {
        log_likelihood(model, &self.evidence(model, answer), at)
    }

    fn probability(&self, model: &AnswerModel, answer: Answer, at: &Unknowns) -> f64 {
        self.log_probability(model, answer, at).exp()
    }

    fn rewards(&self, at: &Unknowns) -> Vec<f64> {
        let reference = self.reference.clone().unwrap_or(vec![0.0; DIMENSIONS]);
        let reward = |scores: &Vec<f64>| at.weights.dot(&(vector(scores) - vector(&reference)));
        self.scores.iter().map(reward).collect()
    }
}

const GRADED: [Answer; 4] = [
    Answer::Graded(1, Grade::Much),
    Answer::Graded(1, Grade::Slightly),
    Answer::Graded(0, Grade::Slightly),
    Answer::Graded(0, Grade::Much),
];

/// The weights and the person's leniency.
#[derive(Debug, Clone)]
struct Unknowns {
    weights: DVector<f64>,
    leniency: f64,
}

fn offered(kind: AnswerKind) -> Offered {
    Offered {
        kind,
        tie: true,
        neither: true,
        skip: true,
    }
}

fn rated(rating: usize, of: usize) -> Answer {
    Answer::Rated { rating, of }
}

fn ordered(ranks: &[usize]) -> Answer {
    Answer::Ordered(Ranking::new(ranks).expect("the ranks are of an order"))
}

fn log_likelihood(model: &AnswerModel, evidence: &[Evidence], at: &Unknowns) -> f64 {
    evidence
        .iter()
        .map(|one| one.log_likelihood_with(model, at.weights.as_view(), at.leniency))
        .sum()
}

fn ordered_pairs(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(move |i| (0..count).filter(move |&j| j != i).map(move |j| (i, j)))
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(count - 1) {
        for place in 0..count {
            let mut longer = shorter.clone();
            longer.insert(place, count - 1);
            all.push(longer);
        }
    }
    all
}

/// All orders with groups of the same sizes.
fn arrangements(ranks: &[usize]) -> Vec<Vec<usize>> {
    let arrange = |places: Vec<usize>| places.iter().map(|&place| ranks[place]).collect();
    let mut all: Vec<Vec<usize>> = permutations(ranks.len()).into_iter().map(arrange).collect();
    all.sort();
    all.dedup();
    all
}

/// Orders of every form.
fn all_ranks() -> Vec<Vec<usize>> {
    let forms: [&[usize]; 11] = [
        &[0, 1],
        &[0, 1, 2],
        &[0, 1, 1],
        &[0, 0, 1],
        &[0, 1, 2, 3],
        &[0, 1, 1, 1],
        &[0, 0, 0, 1],
        &[0, 0, 1, 1],
        &[0, 1, 1, 2],
        &[0, 0, 1, 2],
        &[0, 1, 2, 2],
    ];
    forms.map(<[usize]>::to_vec).into()
}

fn model(lapse: f64, indifference: f64) -> AnswerModel {
    AnswerModel::new(lapse, indifference).expect("the numbers are in range")
}

fn scores(random: &mut Pcg, count: usize) -> Vec<Vec<f64>> {
    (0..count).map(|_| random.normals(DIMENSIONS)).collect()
}

fn unknowns(random: &mut Pcg, size: f64) -> Unknowns {
    Unknowns {
        weights: size * vector(&random.normals(DIMENSIONS)),
        leniency: size * random.normal(),
    }
}

/// Questions of every kind.
fn questions(random: &mut Pcg) -> Vec<Asked> {
    let mut all = vec![
        Asked::new(AnswerKind::Choice, scores(random, 2)),
        Asked::new(AnswerKind::Choice, scores(random, 2)).without_tie(),
        Asked::new(AnswerKind::Choice, scores(random, 4)),
        Asked::new(AnswerKind::Graded, scores(random, 2)),
        Asked::new(AnswerKind::Graded, scores(random, 2)).without_tie(),
        Asked::new(AnswerKind::BestWorst, scores(random, 3)),
        Asked::new(AnswerKind::BestWorst, scores(random, 4)),
    ];
    for of in [2, 5, 7, 11] {
        let (rated, reference) = (random.normals(DIMENSIONS), random.normals(DIMENSIONS));
        all.push(Asked::rating(of, rated, reference));
    }
    for ranks in all_ranks() {
        all.push(Asked::order(&ranks, scores(random, ranks.len())));
    }
    all
}

/// P of each of `asked.answers(model)`, by the formulas as they are published. Good for rewards below
/// about 30.
fn published(asked: &Asked, model: &AnswerModel, at: &Unknowns) -> Vec<f64> {
    let u = asked.rewards(at);
    let levels = |t: f64, cuts: &[f64]| -> Vec<f64> {
        let mut above = vec![1.0];
        above.extend(cuts.iter().map(|cut| sigmoid(t - cut)));
        above.push(0.0);
        above.windows(2).map(|pair| pair[0] - pair[1]).collect()
    };
    let plain: Vec<f64> = match asked.offered.kind {
        AnswerKind::Choice if u.len() == 2 => {
            return pair_probabilities(model, u[0] - u[1], asked.offered.tie);
        }
        AnswerKind::Choice => return choice_probabilities(model, &u),
        AnswerKind::Graded => {
            let (much, band) = (model.much(), model.indifference());
            let t = u[0] - u[1];
            if asked.offered.tie && band > 0.0 {
                let mut all = levels(t, &[-much, -band, band, much]);
                let tie = all.remove(2);
                all.push(tie);
                all
            } else {
                levels(t, &[-much, 0.0, much])
            }
        }
        AnswerKind::Rating { of } => {
            let cut = |l: usize| model.spread() * (l as f64 / (of - l) as f64).ln();
            let cuts: Vec<f64> = (1..of).map(cut).collect();
            levels(at.leniency + u[0], &cuts)
        }
        AnswerKind::BestWorst => {
            let odds = |(best, worst): (usize, usize)| (u[best] - u[worst]).exp();
            let sum: f64 = ordered_pairs(u.len()).map(odds).sum();
            ordered_pairs(u.len())
                .map(|pair| odds(pair) / sum)
                .collect()
        }
        AnswerKind::Order => arrangements(&asked.ranks)
            .iter()
            .map(|ranks| {
                permutations(u.len())
                    .iter()
                    .filter(|order| order.is_sorted_by_key(|&place| ranks[place]))
                    .map(|order| plackett_luce(&u, order))
                    .sum()
            })
            .collect(),
    };
    let slip = model.lapse() / plain.len() as f64;
    plain
        .iter()
        .map(|p| (1.0 - model.lapse()) * p + slip)
        .collect()
}

/// P of a full order: places from best to worst.
fn plackett_luce(u: &[f64], order: &[usize]) -> f64 {
    let first = |place: usize| {
        let left: f64 = order[place..].iter().map(|&k| u[k].exp()).sum();
        u[order[place]].exp() / left
    };
    (0..order.len()).map(first).product()
}

#[test]
fn probabilities_of_all_answers_to_a_question_sum_to_one() {
    let mut random = Pcg::new(1);
    for size in SIZES {
        for asked in questions(&mut random) {
            let at = unknowns(&mut random, size);
            for (lapse, band) in LAPSES
                .into_iter()
                .flat_map(|l| [(l, 0.0), (l, 0.5), (l, 5.0)])
            {
                let model = model(lapse, band);
                let all: Vec<f64> = asked
                    .answers(&model)
                    .into_iter()
                    .map(|answer| asked.probability(&model, answer, &at))
                    .collect();
                let valid = all.iter().all(|p| (0.0..=1.0 + 1e-12).contains(p));
                let off = (all.iter().sum::<f64>() - 1.0).abs();
                assert!(valid && off < 1e-12, "{asked:?} {at:?} {model:?}: {all:?}");
            }
        }
    }
}

#[test]
fn probabilities_follow_the_published_formulas() {
    let mut random = Pcg::new(2);
    for _ in 0..4 {
        for asked in questions(&mut random) {
            let at = unknowns(&mut random, 1.5);
            for lapse in LAPSES {
                let spread = 0.5 + random.uniform();
                let with = model(lapse, 0.5)
                    .with_much(0.7 + 3.0 * random.uniform())
                    .unwrap();
                let model = with.with_ratings(spread, 1.0).unwrap();
                let expected = published(&asked, &model, &at);
                let answers = asked.answers(&model);
                assert_eq!(answers.len(), expected.len());
                for (answer, expected) in answers.into_iter().zip(expected) {
                    let found = asked.probability(&model, answer, &at);
                    let message = format!("{asked:?} {at:?} {answer:?}: {found} {expected}");
                    assert!(
                        (found - expected).abs() <= 1e-11 * expected + 1e-14,
                        "{message}"
                    );
                }
            }
        }
    }
}

#[test]
fn log_probabilities_keep_their_digits_where_probabilities_underflow() {
    // The limits of each for u → ∞, where all but the leading term have gone.
    let model = model(0.0, 0.5);
    let at = |u: f64| Unknowns {
        weights: vector(&[u, 0.0, 0.0]),
        leniency: 0.0,
    };
    let unit = |x: f64| vec![x, 0.0, 0.0];
    let close = |found: f64, expected: f64| {
        assert!((found / expected - 1.0).abs() < 1e-13, "{found} {expected}");
    };
    for u in [900.0, 5000.0] {
        let graded = Asked::new(AnswerKind::Graded, vec![unit(1.0), unit(0.0)]);
        // σ(−γ − u), and e^{−u}·(e^{−δ} − e^{−γ}).
        let found = |answer| graded.log_probability(&model, answer, &at(u));
        close(found(Answer::Graded(1, Grade::Much)), -u - 2.0);
        let width = ((-0.5_f64).exp() - (-2.0_f64).exp()).ln();
        close(found(Answer::Graded(1, Grade::Slightly)), width - u);
        // The lowest of n levels: σ(c_1 − u), c_1 = −s·ln(n − 1).
        let rating = Asked::rating(5, unit(1.0), unit(0.0));
        let lowest = rating.log_probability(&model, rated(1, 5), &at(u));
        close(lowest, -u - 1.4 * 4.0_f64.ln());
        // Rewards u, u/2 and 0. Against the leading difference of e^u, that of the reverse is e^{−u}.
        let shown = vec![unit(1.0), unit(0.5), unit(0.0)];
        let best_worst = Asked::new(AnswerKind::BestWorst, shown.clone());
        let reverse = Answer::BestWorst { best: 2, worst: 0 };
        close(
            best_worst.log_probability(&model, reverse, &at(u)),
            -2.0 * u,
        );
        // Reversed: e^0/e^u, then e^{u/2}/e^u.
        let order = Asked::order(&[2, 1, 0], shown);
        let reversed = order.log_probability(&model, ordered(&[2, 1, 0]), &at(u));
        close(reversed, -1.5 * u);
    }
}

#[test]
fn with_much_far_away_slightly_better_is_a_plain_choice_beside_a_tie() {
    let mut random = Pcg::new(3);
    for band in [0.0, 0.5, 3.0] {
        let model = model(0.0, band).with_much(200.0).unwrap();
        for _ in 0..20 {
            let shown = scores(&mut random, 2);
            let at = unknowns(&mut random, 3.0);
            let graded = Asked::new(AnswerKind::Graded, shown.clone());
            let pair = Asked::new(AnswerKind::Choice, shown);
            let close = |answer, plain| {
                let found = graded.probability(&model, answer, &at);
                let expected = pair.probability(&model, plain, &at);
                assert!((found - expected).abs() < 1e-13, "{found} {expected}");
            };
            for first in 0..2 {
                close(Answer::Graded(first, Grade::Slightly), Answer::Chose(first));
            }
            if band > 0.0 {
                close(Answer::Tie, Answer::Tie);
            }
            assert!(graded.probability(&model, GRADED[3], &at) < 1e-60);
        }
    }
}

#[test]
fn grades_of_one_side_sum_to_the_plain_choice_of_it_but_for_lapses() {
    let mut random = Pcg::new(4);
    let model = model(0.0, 0.5);
    for _ in 0..20 {
        let shown = scores(&mut random, 2);
        let at = unknowns(&mut random, 2.0);
        let graded = Asked::new(AnswerKind::Graded, shown.clone());
        let pair = Asked::new(AnswerKind::Choice, shown);
        for first in 0..2 {
            let sum: f64 = [Grade::Slightly, Grade::Much]
                .map(|grade| graded.probability(&model, Answer::Graded(first, grade), &at))
                .iter()
                .sum();
            let expected = pair.probability(&model, Answer::Chose(first), &at);
            assert!((sum - expected).abs() < 1e-13, "{sum} {expected}");
        }
    }
}

#[test]
fn a_choice_without_a_grade_says_only_which() {
    let mut random = Pcg::new(5);
    for model in [model(0.1, 0.5), model(0.1, 0.0)] {
        let shown = scores(&mut random, 2);
        let at = unknowns(&mut random, 1.0);
        let graded = Asked::new(AnswerKind::Graded, shown.clone());
        let pair = Asked::new(AnswerKind::Choice, shown);
        for (graded, pair) in [
            (graded.clone(), pair.clone()),
            (graded.without_tie(), pair.without_tie()),
        ] {
            for first in 0..2 {
                let found = graded.log_probability(&model, Answer::Chose(first), &at);
                let expected = pair.log_probability(&model, Answer::Chose(first), &at);
                assert_eq!(found.to_bits(), expected.to_bits());
            }
        }
    }
}

#[test]
fn an_order_of_two_is_a_pair_without_a_tie() {
    let mut random = Pcg::new(6);
    for (lapse, size) in LAPSES.into_iter().flat_map(|l| SIZES.map(|size| (l, size))) {
        let model = model(lapse, 0.5);
        let shown = scores(&mut random, 2);
        let at = unknowns(&mut random, size);
        let order = Asked::order(&[0, 1], shown.clone());
        let pair = Asked::new(AnswerKind::Choice, shown).without_tie();
        for (ranks, first) in [([0, 1], 0), ([1, 0], 1)] {
            let found = order.log_probability(&model, ordered(&ranks), &at);
            let expected = pair.log_probability(&model, Answer::Chose(first), &at);
            let off = (found - expected).abs();
            assert!(off <= 1e-12 * expected.abs().max(1.0), "{found} {expected}");
        }
    }
}

#[test]
fn an_order_that_names_only_the_best_is_a_choice_of_it() {
    let mut random = Pcg::new(7);
    for (lapse, size) in LAPSES.into_iter().flat_map(|l| SIZES.map(|size| (l, size))) {
        let model = model(lapse, 0.5);
        for count in [3, 4] {
            let shown = scores(&mut random, count);
            let at = unknowns(&mut random, size);
            let choice = Asked::new(AnswerKind::Choice, shown.clone());
            for first in 0..count {
                let mut ranks = vec![1; count];
                ranks[first] = 0;
                let order = Asked::order(&ranks, shown.clone());
                let found = order.log_probability(&model, ordered(&ranks), &at);
                let expected = choice.log_probability(&model, Answer::Chose(first), &at);
                let off = (found - expected).abs();
                assert!(off <= 1e-12 * expected.abs().max(1.0), "{found} {expected}");
            }
        }
    }
}

#[test]
fn a_partial_order_is_as_likely_as_the_full_ones_that_agree_together() {
    let mut random = Pcg::new(8);
    for ranks in all_ranks() {
        let full: Vec<usize> = (0..ranks.len()).collect();
        for lapse in LAPSES {
            let model = model(lapse, 0.5);
            let asked = Asked::order(&ranks, scores(&mut random, ranks.len()));
            let at = unknowns(&mut random, 2.0);
            let agreeing: f64 = arrangements(&full)
                .iter()
                .filter(|order| {
                    ordered_pairs(ranks.len())
                        .all(|(i, j)| ranks[i] >= ranks[j] || order[i] < order[j])
                })
                .map(|order| asked.probability(&model, ordered(order), &at))
                .sum();
            let found = asked.probability(&model, ordered(&ranks), &at);
            assert!(
                (found - agreeing).abs() < 1e-13,
                "{ranks:?} {found} {agreeing}"
            );
        }
    }
}

/// The question with its candidates in another order: the one at `places[k]` comes to k.
fn rearranged(asked: &Asked, places: &[usize]) -> Asked {
    let mut other = asked.clone();
    other.scores = places.iter().map(|&k| asked.scores[k].clone()).collect();
    other
}

#[test]
fn the_place_of_a_candidate_does_not_matter() {
    let mut random = Pcg::new(9);
    for asked in questions(&mut random) {
        let model = model(0.05, 0.5);
        let at = unknowns(&mut random, 2.0);
        for places in permutations(asked.scores.len()) {
            let other = rearranged(&asked, &places);
            let place = |k: usize| places.iter().position(|&p| p == k).unwrap();
            for answer in asked.answers(&model) {
                let moved = match answer {
                    Answer::Chose(k) => Answer::Chose(place(k)),
                    Answer::Graded(k, grade) => Answer::Graded(place(k), grade),
                    Answer::BestWorst { best, worst } => Answer::BestWorst {
                        best: place(best),
                        worst: place(worst),
                    },
                    Answer::Ordered(ranking) => {
                        let ranks: Vec<usize> = ranking.ranks().collect();
                        let moved: Vec<usize> = places.iter().map(|&k| ranks[k]).collect();
                        ordered(&moved)
                    }
                    same => same,
                };
                let here = asked.log_probability(&model, answer, &at);
                let there = other.log_probability(&model, moved, &at);
                assert!(
                    (here - there).abs() < 1e-12,
                    "{asked:?} {answer:?}: {here} {there}"
                );
            }
        }
    }
}

#[test]
fn best_and_worst_change_places_with_the_opposite_weights() {
    let mut random = Pcg::new(10);
    let model = model(0.02, 0.5);
    for count in [3, 4] {
        let asked = Asked::new(AnswerKind::BestWorst, scores(&mut random, count));
        let at = unknowns(&mut random, 2.0);
        let opposite = Unknowns {
            weights: -&at.weights,
            ..at
        };
        for (best, worst) in ordered_pairs(count) {
            let here = Answer::BestWorst { best, worst };
            let there = Answer::BestWorst {
                best: worst,
                worst: best,
            };
            let here = asked.log_probability(&model, here, &at);
            let there = asked.log_probability(&model, there, &opposite);
            assert!((here - there).abs() < 1e-12);
        }
    }
}

#[test]
fn only_differences_of_scores_count() {
    let mut random = Pcg::new(11);
    for asked in questions(&mut random) {
        let model = model(0.05, 0.5);
        let at = unknowns(&mut random, 2.0);
        let shift = random.normals(DIMENSIONS);
        let mut moved = asked.clone();
        for scores in moved.scores.iter_mut().chain(&mut moved.reference) {
            for (score, shift) in scores.iter_mut().zip(&shift) {
                *score += shift;
            }
        }
        for answer in asked.answers(&model) {
            let here = asked.log_probability(&model, answer, &at);
            let there = moved.log_probability(&model, answer, &at);
            assert!(
                (here - there).abs() < 1e-12,
                "{asked:?} {answer:?}: {here} {there}"
            );
        }
    }
}

#[test]
fn leniency_shifts_ratings_and_nothing_else() {
    let mut random = Pcg::new(12);
    let model = model(0.05, 0.5);
    for asked in questions(&mut random) {
        let at = unknowns(&mut random, 1.0);
        for answer in asked.answers(&model) {
            let evidence = asked.evidence(&model, answer);
            let is_rating = matches!(asked.offered.kind, AnswerKind::Rating { .. });
            let found = asked.log_probability(&model, answer, &at);
            let average: f64 = evidence
                .iter()
                .map(|one| one.log_likelihood(&model, at.weights.as_view()))
                .sum();
            assert_eq!(is_rating, found.to_bits() != average.to_bits(), "{asked:?}");
            if is_rating {
                // A reference whose reward is lower by b is the same as a leniency of b.
                let mut moved = asked.clone();
                let along = &at.weights * (at.leniency / at.weights.norm_squared());
                for (number, step) in moved.reference.iter_mut().flatten().zip(&along) {
                    *number -= step;
                }
                let strict = Unknowns {
                    leniency: 0.0,
                    ..at.clone()
                };
                let same = moved.log_probability(&model, answer, &strict);
                assert!((found - same).abs() < 1e-12, "{found} {same}");
            }
        }
    }
}

#[test]
fn at_spread_one_all_ratings_of_an_average_candidate_are_equally_likely() {
    // σ(−ln(l / (n − l))) = 1 − l/n, so each level has the probability 1/n.
    let model = model(0.3, 0.5).with_ratings(1.0, 1.0).unwrap();
    let at = Unknowns {
        weights: vector(&[0.4, -2.0, 1.0]),
        leniency: 0.0,
    };
    for of in 2..=11 {
        let asked = Asked::rating(of, vec![1.0, 0.2, -0.5], vec![1.0, 0.2, -0.5]);
        for rating in 1..=of {
            let p = asked.probability(&model, rated(rating, of), &at);
            assert!((p - 1.0 / of as f64).abs() < 1e-14, "{rating} of {of}: {p}");
        }
    }
}

#[test]
fn a_higher_rating_is_likelier_for_a_higher_utility() {
    let utility = |u: f64| Unknowns {
        weights: vector(&[0.5, 0.0, 0.0]),
        leniency: u - 0.5,
    };
    for (lapse, spread) in LAPSES
        .into_iter()
        .flat_map(|l| [(l, 0.3), (l, 1.4), (l, 4.0)])
    {
        let model = model(lapse, 0.5).with_ratings(spread, 1.0).unwrap();
        for of in [2, 5, 7, 11] {
            let asked = Asked::rating(of, vec![1.0, 0.0, 0.0], vec![0.0; 3]);
            // P(rating ≥ r) at utilities that rise.
            let at_least = |u: f64| -> Vec<f64> {
                let p = |rating| asked.probability(&model, rated(rating, of), &utility(u));
                (2..=of).map(|r| (r..=of).map(p).sum()).collect()
            };
            let steps: Vec<Vec<f64>> = (-8..=8).map(|u| at_least(f64::from(u))).collect();
            for pair in steps.windows(2) {
                let rises = pair[0].iter().zip(&pair[1]).all(|(low, high)| low < high);
                // Far out a step may be below the rounding.
                let close = pair[0].iter().zip(&pair[1]).all(|(a, b)| a <= &(b + 1e-14));
                assert!(rises || (spread < 1.0 && close), "{of}: {pair:?}");
            }
        }
    }
}

#[test]
fn neither_rejects_each_candidate_in_a_deck_with_ratings_and_is_a_tie_elsewhere() {
    let mut random = Pcg::new(13);
    for lapse in LAPSES {
        let plain = model(lapse, 0.5);
        let rejecting = plain.with_rejection();
        for asked in questions(&mut random) {
            let mut asked = asked;
            asked.offered.neither = true;
            asked.reference = Some(random.normals(DIMENSIONS));
            let at = unknowns(&mut random, 1.5);
            let found = asked.probability(&rejecting, Answer::Neither, &at);
            let rejected = |u: &f64| (1.0 - lapse) * sigmoid(-(at.leniency + u)) + 0.5 * lapse;
            let expected: f64 = asked.rewards(&at).iter().map(rejected).product();
            assert!((found / expected - 1.0).abs() < 1e-12, "{found} {expected}");

            let elsewhere = asked.evidence(&plain, Answer::Neither);
            match asked.offered.kind {
                AnswerKind::Choice | AnswerKind::Graded if asked.scores.len() == 2 => {
                    asked.offered.tie = true;
                    assert_eq!(elsewhere, asked.evidence(&plain, Answer::Tie));
                    assert_eq!(elsewhere.len(), 1);
                }
                AnswerKind::Choice | AnswerKind::BestWorst => assert_eq!(elsewhere, []),
                _ => {}
            }
        }
    }
}

#[test]
fn a_skip_tells_nothing() {
    let model = model(0.02, 0.5).with_rejection();
    for asked in questions(&mut Pcg::new(14)) {
        assert_eq!(asked.evidence(&model, Answer::Skip), [], "{asked:?}");
    }
}

#[test]
fn impossible_answers_are_refused() {
    let mut random = Pcg::new(15);
    let mut shown = |count| scores(&mut random, count);
    let choice = |shown| Asked::new(AnswerKind::Choice, shown);
    let graded = |shown| Asked::new(AnswerKind::Graded, shown);
    let best_worst = |shown| Asked::new(AnswerKind::BestWorst, shown);
    let order = |shown| Asked::new(AnswerKind::Order, shown);
    let stars = |shown| Asked::new(AnswerKind::Rating { of: 5 }, shown);
    let pick = |best, worst| Answer::BestWorst { best, worst };
    let impossible = [
        (stars(shown(1)), rated(0, 5)),
        (stars(shown(1)), rated(6, 5)),
        (stars(shown(1)), rated(3, 7)),
        (stars(shown(2)), rated(3, 5)),
        (stars(shown(0)), rated(3, 5)),
        (stars(shown(1)), Answer::Chose(0)),
        (best_worst(shown(3)), pick(1, 1)),
        (best_worst(shown(3)), pick(3, 1)),
        (best_worst(shown(3)), pick(0, 3)),
        (best_worst(shown(2)), pick(0, 1)),
        (best_worst(shown(3)), Answer::Chose(0)),
        (order(shown(3)), ordered(&[0, 1])),
        (order(shown(3)), ordered(&[0, 1, 2, 3])),
        (order(shown(2)), Answer::Chose(0)),
        (graded(shown(2)), Answer::Graded(2, Grade::Much)),
        (graded(shown(3)), Answer::Graded(0, Grade::Much)),
        (graded(shown(2)), rated(3, 5)),
        (graded(shown(2)).without_tie(), Answer::Tie),
        (choice(shown(2)), Answer::Graded(0, Grade::Slightly)),
        (choice(shown(3)), pick(0, 1)),
        (choice(shown(2)), ordered(&[0, 1])),
        (choice(shown(2)), rated(3, 5)),
    ];
    for (asked, answer) in impossible {
        let found = asked.try_evidence(&model(0.02, 0.5), answer);
        assert!(
            matches!(found, Err(Error::Answer(_))),
            "{asked:?} {answer:?} {found:?}"
        );
    }
}

#[test]
fn a_refusal_tells_the_answers_that_the_question_takes() {
    let scale = AnswerKind::Rating { of: 7 };
    for (kind, shown, answer, forms) in [
        (AnswerKind::Choice, 2, rated(3, 5), "{ chose }"),
        (AnswerKind::Graded, 2, rated(3, 5), "{ chose, grade }"),
        (scale, 1, Answer::Chose(0), "{ rating, of }"),
        (scale, 1, rated(3, 5), "{ rating, of }"),
        (
            AnswerKind::BestWorst,
            3,
            Answer::Chose(0),
            "{ best, worst }",
        ),
        (AnswerKind::Order, 2, Answer::Chose(0), "{ order }"),
    ] {
        let offered = Offered {
            neither: false,
            ..offered(kind)
        };
        let message = offered.check(shown, answer).unwrap_err().to_string();
        let expected = format!("the question takes {forms}, tie, skip");
        assert!(message.ends_with(&expected), "{message}");
    }
}

#[test]
fn an_order_that_leaves_everything_open_is_refused() {
    for ranks in [&[0, 0][..], &[1, 1, 1], &[0, 0, 0, 0], &[0], &[]] {
        let ranking = Ranking::new(ranks);
        assert!(matches!(ranking, Err(Error::Answer(_))), "{ranking:?}");
    }
}

#[test]
fn numbers_of_an_answer_model_out_of_range_are_refused_by_name() {
    let name = |found: Result<AnswerModel, Error>| match found {
        Err(Error::Model(flaw)) => flaw.path().to_owned(),
        other => panic!("{other:?}"),
    };
    let model = model(0.02, 0.5);
    for much in [0.5, 0.3, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(name(model.with_much(much)), "much", "{much}");
    }
    for spread in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(name(model.with_ratings(spread, 1.0)), "spread", "{spread}");
    }
    for leniency in [-1e-9, f64::NAN, f64::INFINITY] {
        assert_eq!(
            name(model.with_ratings(1.4, leniency)),
            "leniency",
            "{leniency}"
        );
    }
    assert_eq!(
        (model.much(), model.spread(), model.leniency()),
        (2.0, 1.4, 1.0)
    );
    let wide = AnswerModel::new(0.02, 3.0).unwrap();
    assert_eq!(wide.much(), 6.0);
}

/// A log of every kind of answer, with the answers that could have been given.
struct Answered {
    model: AnswerModel,
    evidence: Vec<Evidence>,
    /// The evidence in each answer to each question.
    possible: Vec<Vec<Evidence>>,
    /// The prior's, of the weights and, if it is among the unknowns, the leniency.
    precision: DMatrix<f64>,
}

const PRIOR_MEAN: [f64; DIMENSIONS] = [0.3, -0.2, 0.1];
const PRIOR_COVARIANCE: [[f64; DIMENSIONS]; DIMENSIONS] =
    [[1.5, 0.4, -0.2], [0.4, 1.0, 0.3], [-0.2, 0.3, 0.8]];

impl Answered {
    /// One answer to a question of every kind that `of_interest` lets pass.
    fn new(model: AnswerModel, seed: u64, of_interest: impl Fn(&Asked) -> bool) -> Self {
        let mut random = Pcg::new(seed);
        let (mut evidence, mut possible, mut rated) = (Vec::new(), Vec::new(), false);
        for asked in questions(&mut random).into_iter().filter(of_interest) {
            let answers = asked.answers(&model);
            evidence.extend(asked.evidence(&model, answers[random.below(answers.len())]));
            possible.extend(answers.iter().map(|&answer| asked.evidence(&model, answer)));
            rated |= asked.reference.is_some();
        }
        let mut covariance = matrix(PRIOR_COVARIANCE);
        if rated && model.leniency() > 0.0 {
            covariance = covariance.resize(DIMENSIONS + 1, DIMENSIONS + 1, 0.0);
            covariance[(DIMENSIONS, DIMENSIONS)] = model.leniency().powi(2);
        }
        Answered {
            model,
            evidence,
            possible,
            precision: covariance.try_inverse().unwrap(),
        }
    }

    fn infer(&self) -> LaplaceApproximation {
        let prior = gaussian(PRIOR_MEAN, PRIOR_COVARIANCE);
        LaplaceApproximation::infer(&prior, self.model, &self.evidence).unwrap()
    }

    /// Whether the leniency is among the unknowns.
    fn is_lenient(&self) -> bool {
        self.precision.nrows() > DIMENSIONS
    }

    fn log_likelihood(&self, evidence: &[Evidence], x: &DVector<f64>) -> f64 {
        let at = Unknowns {
            weights: x.rows(0, DIMENSIONS).into_owned(),
            leniency: x.get(DIMENSIONS).copied().unwrap_or_default(),
        };
        log_likelihood(&self.model, evidence, &at)
    }

    fn objective(&self, x: &DVector<f64>) -> f64 {
        let mut away = x.clone();
        for (away, mean) in away.iter_mut().zip(PRIOR_MEAN) {
            *away -= mean;
        }
        0.5 * away.dot(&(&self.precision * &away)) - self.log_likelihood(&self.evidence, x)
    }

    /// The mode: the weights of the approximation, and the leniency at which the slope is 0.
    fn mode(&self, laplace: &LaplaceApproximation) -> DVector<f64> {
        let mut x = laplace.mean().clone();
        if self.is_lenient() {
            let (mut low, mut high) = (-20.0, 20.0);
            x = x.push(0.0);
            for _ in 0..45 {
                x[DIMENSIONS] = 0.5 * (low + high);
                if slope(|x| self.objective(x), &x, DIMENSIONS) > 0.0 {
                    high = x[DIMENSIONS];
                } else {
                    low = x[DIMENSIONS];
                }
            }
        }
        x
    }

    /// The prior's precision plus Σ_o ∇P_o ∇P_oᵀ / P_o over the possible answers to each question.
    fn information(&self, x: &DVector<f64>) -> DMatrix<f64> {
        let mut sum = self.precision.clone();
        for evidence in &self.possible {
            let p = |x: &DVector<f64>| self.log_likelihood(evidence, x).exp();
            let slope = gradient(p, x);
            sum += &slope * slope.transpose() / p(x);
        }
        sum
    }
}

/// The slope along the j-th axis by central differences with Richardson's extrapolation.
fn slope(f: impl Fn(&DVector<f64>) -> f64, at: &DVector<f64>, j: usize) -> f64 {
    let slope = |step: f64| {
        let (mut up, mut down) = (at.clone(), at.clone());
        up[j] += step;
        down[j] -= step;
        (f(&up) - f(&down)) / (2.0 * step)
    };
    (4.0 * slope(1e-3) - slope(2e-3)) / 3.0
}

fn gradient(f: impl Fn(&DVector<f64>) -> f64, at: &DVector<f64>) -> DVector<f64> {
    DVector::from_fn(at.len(), |j, _| slope(&f, at, j))
}

/// Fails unless the approximation is at a mode and its covariance is the inverse of the information.
fn check_approximation(answered: &Answered, name: &str) {
    let laplace = answered.infer();
    let mode = answered.mode(&laplace);
    let objective = answered.objective(&mode);
    let off = (laplace.objective() - objective).abs();
    assert!(off < 1e-9, "{name}: {} {objective}", laplace.objective());
    let slope = gradient(|x| answered.objective(x), &mode);
    assert!(slope.amax() < 1e-7, "{name}: {slope}");
    let inverse = answered.information(&mode).try_inverse().unwrap();
    let expected = inverse.view((0, 0), (DIMENSIONS, DIMENSIONS));
    let off = (laplace.covariance() - expected).amax();
    assert!(off < 1e-8, "{name}: {} {expected}", laplace.covariance());
}

#[test]
fn the_mean_is_a_mode_and_the_covariance_the_inverse_of_the_expected_information() {
    for (lapse, band) in [(0.0, 0.5), (0.02, 0.0), (0.02, 0.5), (0.3, 2.0)] {
        let lenient = model(lapse, band).with_ratings(1.4, 0.7).unwrap();
        let strict = lenient.with_ratings(0.8, 0.0).unwrap();
        for seed in 20..22 {
            for (model, name) in [(lenient, "lenient"), (strict, "without leniency")] {
                let name = format!("{name}, lapse {lapse}, band {band}, seed {seed}");
                check_approximation(&Answered::new(model, seed, |_| true), &name);
            }
            let graded = Answered::new(lenient, seed, |asked| asked.reference.is_none());
            assert!(!graded.is_lenient());
            check_approximation(&graded, &format!("no ratings, lapse {lapse}, seed {seed}"));
        }
    }
}

#[test]
fn leniency_counts_only_where_something_was_rated() {
    let answered = |model: AnswerModel| Answered::new(model, 30, |asked| asked.reference.is_none());
    let [narrow, wide] = [0.1, 10.0].map(|leniency| {
        let model = model(0.02, 0.5).with_ratings(1.4, leniency).unwrap();
        bits(&answered(model).infer())
    });
    assert_eq!(narrow, wide);
}
