//! Opening an interview with a log.

#![expect(missing_docs, reason = "a macro makes a public function without any")]

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use leaning::{Interview, Log, Options};
use leaning_bench::{interview, log_text};
use std::hint::black_box;
use std::time::Duration;

const ANSWERS: [usize; 3] = [100, 1_000, 10_000];

fn open_log(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("open_log");
    let deck = interview(1_000, 8, 0)
        .expect("the options are in range")
        .deck()
        .clone();
    for answers in ANSWERS {
        let text = log_text(&deck, answers);
        group.bench_function(BenchmarkId::from_parameter(answers), |bencher| {
            bencher.iter_batched(
                || deck.clone(),
                |deck| {
                    let log = Log::from_json(black_box(&text), &deck).expect("the log is valid");
                    Interview::open(deck, log, Options::default()).expect("the log is of this deck")
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    targets = open_log
}
criterion_main!(benches);
