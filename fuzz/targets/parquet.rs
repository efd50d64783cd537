#![no_main]

use leaning_cli::fuzzing;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzing::parquet(bytes));
