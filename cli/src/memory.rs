//! Whether there is memory for a task, asked before it begins. Systems end a program that takes too much,
//! without a word to anybody.

use std::fs;

/// Free memory, as Linux says; `None` elsewhere.
fn free() -> Option<u64> {
    let of_machine = free_of(&fs::read_to_string("/proc/meminfo").ok()?)?;
    let number = |file: &str| -> Option<u64> {
        let path = format!("/sys/fs/cgroup/{file}");
        fs::read_to_string(path).ok()?.trim().parse().ok()
    };
    // A container may have less.
    let of_container = number("memory.max")
        .zip(number("memory.current"))
        .map(|(most, taken)| most.saturating_sub(taken));
    Some(of_container.map_or(of_machine, |free| free.min(of_machine)))
}

/// The free memory in the text of `/proc/meminfo`.
fn free_of(text: &str) -> Option<u64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(1024 * kilobytes)
}

/// Fails if a task needs more bytes than are free. `task` says what they are for.
///
/// # Errors
/// The message.
pub fn check(needed: u64, task: &str) -> Result<(), String> {
    check_within(needed, None, task)
}

/// As [`check`], if the task may use no more than `most`.
///
/// # Errors
/// The message.
pub fn check_within(needed: u64, most: Option<u64>, task: &str) -> Result<(), String> {
    let free = [free(), most].into_iter().flatten().min();
    compare(needed, free, task)
}

fn compare(needed: u64, free: Option<u64>, task: &str) -> Result<(), String> {
    match free {
        Some(free) if needed > free => Err(format!(
            "expected {} of free memory for {task}, found {}",
            size(needed),
            size(free)
        )),
        _ => Ok(()),
    }
}

/// `1.5 GB`, `20 MB` or `3 kB`.
fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        format!("{:.0} kB", bytes as f64 / 1e3)
    } else if bytes < 1_000_000_000 {
        format!("{:.0} MB", bytes as f64 / 1e6)
    } else {
        format!("{:.1} GB", bytes as f64 / 1e9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_that_needs_more_than_is_free_is_refused() {
        let check = |needed, free| compare(needed, free, "1,000 comparisons");
        assert_eq!(check(5, Some(5)), Ok(()));
        assert_eq!(check(u64::MAX, None), Ok(()));
        assert_eq!(
            check(2_400_000_000, Some(512_000_000)).unwrap_err(),
            "expected 2.4 GB of free memory for 1,000 comparisons, found 512 MB"
        );
    }

    #[test]
    fn a_task_may_be_given_less_than_is_free() {
        let refused = check_within(2_000_000, Some(1_000), "a partition");
        let message = "expected 2 MB of free memory for a partition, found 1 kB";
        assert_eq!(refused, Err(message.to_owned()));
        assert_eq!(check_within(1, Some(1), "a partition"), Ok(()));
    }

    #[test]
    fn free_memory_is_what_linux_calls_available() {
        let text = "MemTotal:       24000 kB\nMemFree:  10 kB\nMemAvailable:   12345 kB\n";
        assert_eq!(free_of(text), Some(12345 * 1024));
        assert_eq!(free_of("MemFree: 1 kB"), None);
    }
}
