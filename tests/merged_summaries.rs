//! Two devices with a common past that sum up their logs at different places: whatever they do, the
//! logs merge to the same one, and every answer counts once.

use crate::common::{DeckParts, infer_log};
use fnv::FnvHasher;
use leaning::model::log::EntryKind;
use leaning::{Deck, Interview, Log, Options};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::hash::Hasher;

/// Each infers weights from about a thousand answers a dozen times.
const CASES: u32 = 24;

/// Some entries that a device adds at once, before it sums up if its log is long enough.
#[derive(Debug, Clone)]
struct Step {
    answers: usize,
    /// An answer of the device or of the past that it takes back, by its place among them.
    takes_back: Option<prop::sample::Index>,
    states: bool,
}

fn a_step() -> impl Strategy<Value = Step> {
    let takes_back = prop::option::weighted(0.7, any::<prop::sample::Index>());
    (0..400_usize, takes_back, prop::bool::weighted(0.2)).prop_map(
        |(answers, takes_back, states)| Step {
            answers,
            takes_back,
            states,
        },
    )
}

fn some_steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(a_step(), 0..5)
}

fn parts() -> DeckParts {
    DeckParts::new(&[&[&[1.0], &[-1.0]]])
}

/// A device with the entries that it has written, whether or not they are summed up.
#[derive(Clone)]
struct Device {
    name: char,
    interview: Interview,
    /// Ids of its answers and those of the past.
    answers: Vec<String>,
    taken_back: BTreeSet<String>,
    stated: usize,
}

impl Device {
    fn new(deck: &Deck) -> Self {
        let interview = Interview::start(deck.clone(), Options::default());
        Device {
            name: 'p',
            interview: interview.expect("the options are valid"),
            answers: Vec::new(),
            taken_back: BTreeSet::new(),
            stated: 0,
        }
    }

    /// The same device under another name, so that it gives other ids.
    fn named(&self, name: char) -> Self {
        Device {
            name,
            ..self.clone()
        }
    }

    fn take(&mut self, steps: &[Step]) {
        for step in steps {
            let mut entries = Vec::new();
            for _ in 0..step.answers {
                let id = format!("{}{}", self.name, self.answers.len());
                let place = self.answers.len();
                // Three of four are of one taste, and every seventh question is skipped.
                let (high, low) = (place % 5, 1 + place % 3);
                let mut entry = json!({
                    "id": id, "shown": ["chat/0", "chat/1"], "scores": [[high], [-(low as f64)]]
                });
                if place.is_multiple_of(7) {
                    entry["verdict"] = json!("skip");
                } else {
                    entry["chose"] =
                        json!(format!("chat/{}", usize::from(place.is_multiple_of(4))));
                }
                entries.push(entry);
                self.answers.push(id);
            }
            if step.states {
                self.stated += 1;
                let id = format!("{}s{}", self.name, self.stated);
                entries.push(json!({
                    "id": id, "kind": "statement", "dimension": "d0", "weight": 0.5, "sd": 1
                }));
            }
            self.add(&entries);
            if let Some(place) = step.takes_back
                && !self.answers.is_empty()
            {
                let id = place.get(&self.answers).clone();
                if self.interview.retract(&id) {
                    self.taken_back.insert(id);
                }
            }
        }
    }

    fn add(&mut self, entries: &[Value]) {
        let log = parts().log(entries);
        self.interview.merge(log).expect("it is of this deck");
    }

    fn log(&self) -> &Log {
        self.interview.log()
    }
}

/// The hashed id, as FNV-1a folded to 48 bits.
fn key(id: &str) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(id.as_bytes());
    let hash = hasher.finish();
    (hash ^ hash >> 48) & 0xffff_ffff_ffff
}

/// The hashed ids that are summed up.
fn summed_up(log: &Log) -> BTreeSet<u64> {
    let log: Value = serde_json::from_str(&log.to_json()).expect("it is JSON");
    let folded = log["answers"][0]["folded"].as_array();
    let (thinned, keys) = match folded.map(Vec::as_slice) {
        Some([thinned, keys @ ..]) => (thinned.as_f64(), keys),
        _ => (Some(0.0), &[][..]),
    };
    assert_eq!(thinned, Some(0.0), "all ids are known");
    let known: BTreeSet<u64> = keys
        .iter()
        .filter_map(Value::as_f64)
        .map(|key| key as u64)
        .collect();
    assert_eq!(known.len(), keys.len(), "each is there once");
    known
}

fn merged(one: &Log, other: &Log) -> Log {
    let mut merged = one.clone();
    merged.merge(other.clone());
    merged
}

/// The entries in an order that does not depend on that of merging.
fn sorted(log: &Log) -> Vec<String> {
    let log: Value = serde_json::from_str(&log.to_json()).expect("it is JSON");
    let entries = log["answers"].as_array().expect("a list").iter();
    let mut entries: Vec<String> = entries.map(Value::to_string).collect();
    entries.sort();
    entries
}

#[test]
fn what_one_device_took_back_and_summed_up_stays_so_where_the_other_has_summed_up_more() {
    let deck = parts().deck();
    let add = |answers| Step {
        answers,
        takes_back: None,
        states: false,
    };
    let mut first = Device::new(&deck);
    first.take(&[add(700)]);
    let [mut one, mut other] = ['a', 'b'].map(|name| first.named(name));
    assert!(one.interview.retract("p650"));
    one.take(&[add(100)]);
    other.take(&[add(200)]);
    let asked = |device: &Device| device.log().summed_up().asked;
    assert!((1..asked(&other)).contains(&asked(&one)));
    assert!(other.log().live().any(|entry| entry.id == "p650"));
    for both in [
        merged(one.log(), other.log()),
        merged(other.log(), one.log()),
    ] {
        assert!(both.entries().iter().all(|entry| entry.id != "p650"));
        assert!(summed_up(&both).contains(&key("p650")));
        let counted = both.summed_up().asked + both.live().count();
        assert!((999..=1000).contains(&counted), "{counted} answers count");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: CASES, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn logs_that_were_summed_up_apart_merge_to_the_same_log_in_which_every_answer_counts_once(
        past in some_steps(), steps in [some_steps(), some_steps()], met in any::<bool>()
    ) {
        let deck = parts().deck();
        let mut first = Device::new(&deck);
        first.take(&past);
        let [mut one, mut other] = ['a', 'b'].map(|name| first.named(name));
        let (early, late) = steps[1].split_at(steps[1].len() / 2);
        one.take(&steps[0]);
        other.take(early);
        if met {
            // One of them knows the other's first entries.
            one.interview.merge(other.log().clone()).expect("it is of this deck");
        }
        other.take(late);
        let both = merged(one.log(), other.log());

        let reverse = merged(other.log(), one.log());
        prop_assert_eq!(both.summary(), reverse.summary());
        prop_assert_eq!(sorted(&both), sorted(&reverse));
        for log in [first.log(), one.log(), other.log(), &both, &reverse] {
            prop_assert_eq!(sorted(&merged(&both, log)), sorted(&both));
            prop_assert_eq!(sorted(&merged(log, &both)), sorted(&both));
        }

        let answers: BTreeSet<&String> = one.answers.iter().chain(&other.answers).collect();
        let taken_back: BTreeSet<&String> = one.taken_back.union(&other.taken_back).collect();
        let folded = summed_up(&both);
        let live: BTreeSet<&String> = both.live().map(|entry| &entry.id).collect();
        for id in &answers {
            let is_folded = folded.contains(&key(id));
            let is_written = both.entries().iter().any(|entry| &&entry.id == id);
            prop_assert!(is_folded != is_written, "{id}: {is_folded}, {is_written}");
            let is_live = live.contains(id);
            prop_assert!(is_folded || is_live != taken_back.contains(id), "{id} lives: {is_live}");
        }
        let is_answer = |kind: &EntryKind| matches!(kind, EntryKind::Answer { .. });
        let live_answers = both.live().filter(|entry| is_answer(&entry.kind)).count();
        let counted = both.summed_up().asked + live_answers;
        // A retraction has no effect on what is summed up elsewhere. Of a share nobody knows how much was taken
        // back, and there are two meetings.
        let most = answers.len();
        let least = most - taken_back.len();
        let off = 2 * taken_back.len();
        prop_assert!(
            (least - off.min(least)..=most + off).contains(&counted),
            "{counted} of {least} to {most}"
        );

        let text = both.to_json();
        prop_assert_eq!(&Log::from_json(&text, &deck).expect("it can be read"), &both);
        prop_assert!(infer_log(&deck, &both).mean()[0].is_finite());
    }
}
