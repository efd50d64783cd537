//! Retention: each entry carries the day on which it was made, and is removed some days later.
//!
//! Days are those of UTC by the clock of the device. Entries from before the option get the day on
//! which it is first seen. One from the future, as after a clock was set back, counts from its own day.

use crate::error::Error;
use crate::format::{Number, whole};
use crate::model::Log;
use crate::model::log::{EntryKind, Timestamp};
use js_sys::Date;
use std::collections::HashSet;

/// In milliseconds.
const DAY: f64 = 86_400_000.0;
/// The end of the calendar of `Date`, in milliseconds since 1970.
const LATEST: f64 = 8.64e15;
const MOST_DAYS: u64 = 36_500;

/// The number of days of the option.
///
/// # Errors
/// [`Error::Options`] unless it is a whole number from 1 to 36,500.
pub(super) fn days(given: Number) -> Result<f64, Error> {
    match whole(given, 1, MOST_DAYS) {
        Ok(days) => Ok(days as f64),
        Err(flaw) => Err(Error::Options(flaw.within("retention"))),
    }
}

/// Gives today's day to the entries that have none. Whether there were any.
pub(super) fn date(log: &mut Log) -> bool {
    let mut is_dated = false;
    for entry in &mut log.entries {
        if day_of(entry.at.as_ref()).is_none() {
            entry.at = Some(today_as_timestamp());
            is_dated = true;
        }
    }
    if let Some(summary) = &mut log.summary
        && day_of(summary.at.as_ref()).is_none()
    {
        summary.at = Some(today_as_timestamp());
        is_dated = true;
    }
    is_dated
}

/// The ids of the answers and statements of before `first_day`, but for some. A retraction stays as
/// long as what it takes back. The id of the summary is among them if it has an answer of before.
pub(super) fn older(log: &Log, first_day: f64, but: Option<&HashSet<String>>) -> HashSet<String> {
    let mut ids = HashSet::new();
    if let Some(summary) = log.summary()
        && day_of(summary.at.as_ref()).is_some_and(|day| day < first_day)
    {
        ids.insert(summary.id.clone());
    }
    for entry in &log.entries {
        if !matches!(entry.kind, EntryKind::Retraction { .. })
            && day_of(entry.at.as_ref()).is_some_and(|day| day < first_day)
        {
            ids.insert(entry.id.clone());
        }
    }
    ids.retain(|id| !but.is_some_and(|but| but.contains(id)));
    ids
}

/// The time in milliseconds since 1970; 0 where a page has put no number in place of the clock.
pub(super) fn now() -> f64 {
    let now = Date::now();
    if now.abs() < LATEST { now } else { 0.0 }
}

/// Today, in days since 1970.
pub(super) fn today() -> f64 {
    (now() / DAY).floor()
}

/// Today as it is written, such as `2026-11-29`.
pub(super) fn today_as_text() -> String {
    let mut text = String::from(Date::new(&now().into()).to_iso_string());
    text.truncate("2026-11-29".len());
    text
}

/// The time that an entry of today carries.
pub(super) fn today_as_timestamp() -> Timestamp {
    Timestamp::Text(today_as_text())
}

/// The day of a time, in days since 1970; `None` if it is none.
pub(super) fn day_of(at: Option<&Timestamp>) -> Option<f64> {
    let time = match at? {
        Timestamp::Text(text) => Date::parse(text),
        Timestamp::Number(time) => *time,
    };
    (!time.is_nan()).then(|| (time / DAY).floor())
}
