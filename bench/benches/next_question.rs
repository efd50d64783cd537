//! The choice of the next question among many pairs.

#![expect(missing_docs, reason = "a macro makes a public function without any")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use leaning_bench::interview;
use std::cell::LazyCell;
use std::hint::black_box;
use std::time::Duration;

const SIZES: [(usize, usize); 6] = [
    (1_000, 8),
    (10_000, 8),
    (100_000, 8),
    (100_000, 16),
    (100_000, 32),
    (500_000, 8),
];
/// Most prompts can be passed over after few answers, and fewer after many.
const ANSWERS: [usize; 2] = [5, 50];

fn next_question(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("next_question");
    for ((pairs, dimensions), answers) in SIZES
        .iter()
        .flat_map(|&size| ANSWERS.map(|answers| (size, answers)))
    {
        // Made only if it is asked for: the largest decks take seconds.
        let interview = LazyCell::new(|| {
            interview(pairs, dimensions, answers).expect("the options are in range")
        });
        let id = BenchmarkId::new(format!("after_{answers}"), format!("{pairs}x{dimensions}"));
        group.bench_function(id, |bencher| {
            let interview = LazyCell::force(&interview);
            bencher.iter(|| black_box(interview).alternatives(1));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    targets = next_question
}
criterion_main!(benches);
