//! Ranking sixteen candidates after ten answers.

#![expect(missing_docs, reason = "a macro makes a public function without any")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use leaning::decision::ranking::rank as rank_candidates;
use leaning::{PosteriorSamples, RankOptions};
use leaning_bench::{drafts, interview};
use std::hint::black_box;
use std::time::Duration;

const DIMENSIONS: [usize; 3] = [8, 16, 32];
const CANDIDATES: usize = 16;

fn rank(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rank");
    for dimensions in DIMENSIONS {
        let interview = interview(1_000, dimensions, 10).expect("the options are in range");
        let deck = interview.deck();
        let candidates = drafts(deck, CANDIDATES);
        let scores = deck.features().columns(&candidates);
        let laplace = interview
            .laplace_approximation()
            .expect("the scores are moderate");
        let population = deck.prior().mean();
        let of = |samples: &PosteriorSamples| {
            rank_candidates(
                laplace,
                samples,
                population,
                black_box(&scores),
                RankOptions::default(),
            )
        };
        group.bench_function(BenchmarkId::new("first", dimensions), |bencher| {
            bencher.iter(|| of(&PosteriorSamples::draw(laplace)));
        });
        let samples = PosteriorSamples::draw(laplace);
        group.bench_function(BenchmarkId::new("again", dimensions), |bencher| {
            bencher.iter(|| of(&samples));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    targets = rank
}
criterion_main!(benches);
