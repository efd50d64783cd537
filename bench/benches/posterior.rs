//! The posterior after ten answers: the Laplace approximation, and samples.

#![expect(missing_docs, reason = "a macro makes a public function without any")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use leaning::{LaplaceApproximation, PosteriorSamples};
use leaning_bench::interview;
use std::hint::black_box;
use std::time::Duration;

const DIMENSIONS: [usize; 3] = [8, 16, 32];

fn posterior(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("posterior");
    for dimensions in DIMENSIONS {
        let interview = interview(1_000, dimensions, 10).expect("the options are in range");
        let deck = interview.deck();
        let evidence = interview.log().evidence(deck);
        let infer = || {
            LaplaceApproximation::infer(deck.prior(), deck.answer_model(), black_box(&evidence))
                .expect("the scores are moderate")
        };
        group.bench_function(BenchmarkId::new("infer", dimensions), |bencher| {
            bencher.iter(infer);
        });
        let laplace = infer();
        group.bench_function(BenchmarkId::new("draw", dimensions), |bencher| {
            bencher.iter(|| PosteriorSamples::draw(black_box(&laplace)));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    targets = posterior
}
criterion_main!(benches);
