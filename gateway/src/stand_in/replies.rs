//! The stand-in's drafts of a reply.

use super::taste::{Draft, asked_for, fit};
use super::{general, prepared};
use crate::scorer::Conversation;
use fnv::FnvHasher;
use serde_json::Value;
use std::hash::Hasher;

/// `count` drafts of a reply to the last message, from draft `first` on. The same message gets the
/// same drafts, and each of the first ten is another text. Those that were written for the message come
/// first, and among them those that are as a system message asks.
pub fn replies(messages: &[Value], first: usize, count: usize) -> Vec<String> {
    let conversation = Conversation {
        messages: messages.to_vec(),
    };
    let message = conversation.prompt();
    let asked_for = asked_for(messages);
    let all = [
        prepared::replies(&message).to_vec(),
        general::replies(&message),
        general::about_anything(&message),
    ];
    let in_order = all.into_iter().flat_map(|drafts| {
        let mut drafts = in_turn(drafts, &message);
        drafts.sort_by(|a, b| fit(b, &asked_for).total_cmp(&fit(a, &asked_for)));
        drafts
    });
    let all: Vec<Draft> = in_order.collect();
    let places = (0..count).map(|draft| first.wrapping_add(draft) % all.len());
    places.map(|place| all[place].text.clone()).collect()
}

/// Drafts from one on that depends on the message, so that the first draft is not always of one style.
fn in_turn(mut drafts: Vec<Draft>, message: &str) -> Vec<Draft> {
    let mut hasher = FnvHasher::default();
    hasher.write(message.as_bytes());
    let start = hasher.finish() % drafts.len().max(1) as u64;
    drafts.rotate_left(start as usize);
    drafts
}

#[cfg(test)]
mod tests {
    use super::replies;
    use serde_json::{Value, json};
    use std::collections::HashSet;

    fn asked(message: &str) -> Vec<Value> {
        vec![json!({ "role": "user", "content": message })]
    }

    const MESSAGES: [&str; 9] = [
        "Why is my homemade bread so dense?",
        "How do I fold a fitted sheet?",
        "why do cats purr",
        "Should I buy or rent?",
        "Write a note to my landlord about the heating",
        "hi",
        "Thank you!",
        "What is the capital of Mongolia?",
        "…",
    ];

    #[test]
    fn a_message_typed_twice_gets_the_same_drafts() {
        for message in MESSAGES {
            let once = replies(&asked(message), 0, 6);
            let mut twice = asked(message);
            twice.push(json!({ "role": "assistant", "content": once[0] }));
            twice.extend(asked(message));
            assert_eq!(replies(&twice, 0, 6), once, "{message}");
            assert_eq!(replies(&twice, 2, 4), once[2..], "{message}");
        }
    }

    #[test]
    fn drafts_are_all_different_and_none_is_empty() {
        for message in MESSAGES {
            let drafts = replies(&asked(message), 0, 6);
            let different: HashSet<&String> = drafts.iter().collect();
            assert_eq!(different.len(), 6, "{message}: {drafts:#?}");
            for draft in &drafts {
                assert!(draft.split_whitespace().count() >= 2, "{draft}");
                assert!(!draft.contains('{'), "{draft}");
            }
        }
    }

    #[test]
    fn the_first_draft_is_as_a_system_message_asks() {
        for message in MESSAGES {
            let first = |words: &str| {
                let mut messages = vec![json!({ "role": "system", "content": words })];
                messages.extend(asked(message));
                replies(&messages, 0, 1).remove(0)
            };
            let [brief, long] = ["brief over thorough", "thorough over brief"]
                .map(|asked| first(&format!("Prefer {asked}.")));
            assert!(brief.len() < long.len(), "{brief}\n{long}");
        }
    }

    #[test]
    fn strange_conversations_get_drafts_all_the_same() {
        for messages in [
            vec![],
            vec![json!({ "role": "system" })],
            vec![json!({ "role": "user", "content": [{ "type": "image_url" }] })],
            asked(&"x".repeat(100_000)),
        ] {
            assert_eq!(replies(&messages, usize::MAX, 64).len(), 64);
        }
    }
}
