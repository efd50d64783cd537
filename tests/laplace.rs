//! Laplace approximations beside an independent reference, natively. `web.rs` compares the same in
//! browsers.

use crate::common::{gaussian, pair};
use crate::golden;
use leaning::{AnswerModel, Evidence, LaplaceApproximation};

#[test]
fn approximations_agree_with_the_reference() {
    let cases = golden::cases();
    assert_eq!(cases.len(), 126);
    let failures = golden::failures(&cases);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn approximations_and_samples_have_the_bits_that_browsers_are_held_to() {
    assert_eq!(
        golden::bits::lines(&golden::cases()),
        golden::bits::EXPECTED
    );
}

/// Run it after a change that is meant to change bits:
/// `cargo test --test integration -- --ignored write_the_expected_bits`.
#[test]
#[ignore = "writes tests/golden/bits.txt"]
fn write_the_expected_bits() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/bits.txt");
    let lines = golden::bits::lines(&golden::cases());
    std::fs::write(path, lines).expect("tests/golden can be written to");
}

/// One answer either way balances exactly at the prior's mean, where the density is lowest between
/// two modes.
#[test]
fn the_mean_is_a_mode_and_not_the_saddle_between_two() {
    let model = AnswerModel::new(0.02, 3.0).unwrap();
    let evidence = [pair(&[1.0], true, 0), pair(&[1.0], true, 1)];
    let prior = gaussian([0.0], [[100.0]]);
    let laplace = LaplaceApproximation::infer(&prior, model, &evidence).unwrap();
    // The objective at 0 is 5.87.
    assert!(laplace.objective() < 5.3, "{}", laplace.objective());
    assert!(laplace.mean()[0].abs() > 1.0, "{}", laplace.mean());
}

/// Where the curvature at the mode is about twice the expected information, a full Fisher step lands
/// on the other side at almost the same height. A step that is halved only if the objective rises
/// would hardly get anywhere.
#[test]
fn the_mode_is_found_where_nearly_all_answers_are_ties() {
    let converges = |mean, variance, lapse, band, answers: &[(f64, usize)]| {
        let evidence: Vec<Evidence> = answers
            .iter()
            .map(|&(z, outcome)| pair(&[z], true, outcome))
            .collect();
        let model = AnswerModel::new(lapse, band).unwrap();
        LaplaceApproximation::infer(&gaussian([mean], [[variance]]), model, &evidence).is_ok()
    };
    let mut wrong = Vec::new();
    for lapse in [0.0, 0.02, 0.1, 0.3] {
        for band in [1e-3, 0.01, 0.1, 0.5] {
            for chosen in 0..6 {
                let answer = |index: usize| {
                    let z = 0.5 + 0.2 * ((index * 3) % 5) as f64;
                    (z, if index < chosen { 0 } else { 2 })
                };
                let answers: Vec<(f64, usize)> = (0..12).map(answer).collect();
                if !converges(1.0, 100.0, lapse, band, &answers) {
                    wrong.push(format!("lapse {lapse}, band {band}, {chosen} of 12 chosen"));
                }
            }
        }
    }
    let mut five_ties = vec![(1.0, 2); 5];
    five_ties.push((1.0, 1));
    let (mean, variance) = (1.660_953_565_965_693_5, 9.109_689_470_207_345);
    let (lapse, band) = (0.395_241_920_345_350_7, 0.723_686_262_009_300_2);
    if !converges(mean, variance, lapse, band, &five_ties) {
        wrong.push("five ties and a choice".to_owned());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
