use crate::common::{independent, world};
use leaning::{AnswerModel, Error, MixtureComponent, Prior};
use leaning_simulate::{Correlation, World, WorldOptions};
use nalgebra::{DMatrix, DVector};

#[test]
fn pair_differences_have_variance_one_and_the_stated_correlations() {
    for correlation in [
        Correlation::Equal(0.7),
        Correlation::Equal(0.0),
        Correlation::Neighbours,
    ] {
        let pairs = world(4, correlation).fresh(20_000, 2, 5);
        let mut moments = DMatrix::zeros(4, 4);
        for pair in &pairs {
            let z = pair.column(0) - pair.column(1);
            moments += &z * z.transpose() / pairs.len() as f64;
        }
        for i in 0..4_usize {
            for j in 0..4 {
                let stated = match correlation {
                    _ if i == j => 1.0,
                    Correlation::Equal(correlation) => correlation,
                    Correlation::Neighbours => [0.5, 0.0, 0.0][i.abs_diff(j) - 1],
                };
                // Four standard errors of a product of normal numbers.
                let off = (moments[(i, j)] - stated).abs();
                assert!(
                    off < 4.0 * (2.0_f64 / 20_000.0).sqrt(),
                    "{correlation:?} {moments}"
                );
                assert_eq!(correlation.between(i, j), stated);
            }
        }
    }
}

#[test]
fn a_world_is_a_deck_of_the_stated_size() {
    let model = AnswerModel::new(0.1, 0.3).expect("in range");
    let options = WorldOptions {
        dimensions: 3,
        prompts: 5,
        candidates: 4,
        model,
        ..WorldOptions::default()
    };
    let world = World::new(&options, 1).expect("valid options");
    let deck = world.deck();
    assert_eq!(deck.dimensions().len(), 3);
    assert_eq!(deck.prompts().len(), 5);
    assert_eq!(deck.answer_model(), model);
    assert!(
        deck.prompts()
            .iter()
            .all(|prompt| prompt.candidates.len() == 4)
    );
    assert_eq!(deck.candidate_name(4, 3), "p4/c3");
}

#[test]
fn base_rewards_that_are_copies_of_each_other_still_make_a_world() {
    let world = world(3, Correlation::Equal(1.0));
    let scores = &world.deck().prompts()[0].candidates[0].scores;
    assert!(scores.iter().all(|score| *score == scores[0]));
}

#[test]
fn the_deck_of_a_world_takes_any_prior_of_its_dimensions() {
    let world = independent(2);
    let component = |weight, mean: f64| {
        let covariance = DMatrix::from_row_slice(2, 2, &[1.0, 0.2, 0.2, 2.0]);
        MixtureComponent::new(weight, DVector::from_vec(vec![mean, 0.0]), covariance)
            .expect("positive definite")
    };
    for components in [
        vec![component(1.0, 0.5)],
        vec![component(1.0, 0.5), component(3.0, -0.5)],
    ] {
        let prior = Prior::mixture(components).expect("valid shares");
        let deck = world
            .deck()
            .with_prior(prior.clone())
            .expect("of its dimensions");
        assert_eq!(deck.prior().mean(), prior.mean());
        assert_eq!(deck.prior().covariance(), prior.covariance());
        assert_eq!(deck.prompts(), world.deck().prompts());
    }
    let prior =
        Prior::gaussian(DVector::zeros(1), DMatrix::identity(1, 1)).expect("positive definite");
    assert!(matches!(
        world.deck().with_prior(prior),
        Err(Error::Deck(_))
    ));
}

#[test]
fn a_seed_decides_the_deck_and_the_fresh_prompts() {
    let world_of = |seed| World::new(&WorldOptions::default(), seed).expect("valid options");
    let world = world_of(1);
    assert_eq!(world.deck().prompts(), world_of(1).deck().prompts());
    assert_ne!(world.deck().prompts(), world_of(2).deck().prompts());
    assert_eq!(world.fresh(3, 2, 1), world.fresh(3, 2, 1));
    assert_ne!(world.fresh(3, 2, 1), world.fresh(3, 2, 2));
    assert_ne!(world.fresh(1, 4, 1)[0], world.deck().prompts()[0].scores());
}

#[test]
fn options_out_of_range_are_refused_by_name() {
    let refused = |options: WorldOptions, name: &str| {
        let error = World::new(&options, 1).expect_err("is refused");
        assert_eq!((error.code(), error.path()), ("options", Some(name)));
    };
    let options = WorldOptions::default();
    refused(
        WorldOptions {
            dimensions: 0,
            ..options
        },
        "dimensions",
    );
    refused(
        WorldOptions {
            dimensions: 65,
            ..options
        },
        "dimensions",
    );
    refused(
        WorldOptions {
            prompts: 0,
            ..options
        },
        "prompts",
    );
    refused(
        WorldOptions {
            candidates: 1,
            ..options
        },
        "candidates",
    );
    for correlation in [1.1, f64::NAN] {
        let correlation = Correlation::Equal(correlation);
        refused(
            WorldOptions {
                correlation,
                ..options
            },
            "correlation",
        );
    }
}
