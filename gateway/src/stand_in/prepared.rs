//! Messages with replies that were written for them: those of the site's deck and chat. The replies
//! to one message differ as assistants differ: in length, form, certainty and tone.

use super::taste::{Draft, Leanings};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::LazyLock;

const FILES: [&str; 2] = [
    include_str!("../../../www/decks/assistant-style-en.json"),
    include_str!("../../../www/decks/chat.json"),
];

/// Words that tell no message apart.
const COMMON: [&str; 42] = [
    "about", "also", "back", "been", "best", "could", "does", "doing", "done", "dont", "find",
    "from", "give", "good", "have", "help", "helps", "here", "just", "know", "like", "look",
    "make", "more", "most", "much", "need", "really", "should", "some", "tell", "that", "them",
    "there", "they", "this", "want", "what", "when", "with", "would", "your",
];

/// A message and the replies to it.
struct Prepared {
    words: HashSet<String>,
    replies: Vec<Draft>,
}

static ALL: LazyLock<Vec<Prepared>> = LazyLock::new(|| {
    let files = FILES.map(|file| serde_json::from_str::<Value>(file).unwrap_or_default());
    let prompts = files.iter().filter_map(|file| file["prompts"].as_array());
    prompts.flatten().map(read).collect()
});

fn read(prompt: &Value) -> Prepared {
    let candidates = prompt["candidates"].as_array().into_iter().flatten();
    let draft = |candidate: &Value| {
        let mut leanings = Leanings::default();
        let scores = candidate["scores"].as_array().into_iter().flatten();
        for (leaning, score) in leanings.iter_mut().zip(scores) {
            *leaning = score.as_f64().unwrap_or_default();
        }
        let text = candidate["text"].as_str()?.to_owned();
        Some(Draft { text, leanings })
    };
    Prepared {
        words: telling_words(prompt["text"].as_str().unwrap_or_default()),
        replies: candidates.filter_map(draft).collect(),
    }
}

/// The replies to the prepared message that is most like this one; none if none is like it.
pub fn replies(message: &str) -> &'static [Draft] {
    let typed = telling_words(message);
    let alike = |prepared: &&Prepared| likeness(&typed, &prepared.words);
    let best = ALL.iter().max_by(|a, b| alike(a).total_cmp(&alike(b)));
    match best {
        Some(prepared) if alike(&prepared) >= 0.5 => &prepared.replies,
        _ => &[],
    }
}

/// The share of the words in common. One word in common is enough only for a message of few.
fn likeness(typed: &HashSet<String>, prepared: &HashSet<String>) -> f64 {
    let common = typed.intersection(prepared).count();
    let fewest = typed.len().min(prepared.len());
    if common == 0 || (common == 1 && typed.len() > 2) {
        return 0.0;
    }
    common as f64 / fewest as f64
}

/// The words of four letters or more, without a plural's s.
fn telling_words(text: &str) -> HashSet<String> {
    let text = text.to_lowercase().replace(['\'', '’'], "");
    let words = text.split(|character: char| !character.is_alphanumeric());
    words
        .filter(|word| word.chars().count() >= 4 && !COMMON.contains(word))
        .map(|word| word.strip_suffix('s').unwrap_or(word).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{ALL, replies};

    #[test]
    fn a_message_of_the_site_has_four_replies_however_it_is_typed() {
        assert!(ALL.len() > 30);
        assert!(ALL.iter().all(|prepared| prepared.replies.len() == 4));
        let texts = |typed: &str| -> Vec<&str> {
            let drafts = replies(typed).iter();
            drafts.map(|draft| draft.text.as_str()).collect()
        };
        let bread = texts("Why is my homemade bread so dense?");
        assert!(
            bread.iter().any(|reply| reply.contains("dough")),
            "{bread:?}"
        );
        for typed in ["why's my bread dense??", "HOMEMADE BREAD: dense", "bread"] {
            assert_eq!(texts(typed), bread, "{typed}");
        }
    }

    #[test]
    fn a_message_about_something_else_has_none() {
        for typed in [
            "",
            "hello",
            "What is the capital of Mongolia?",
            "Explain the bread and circuses of Rome to my class",
        ] {
            assert!(replies(typed).is_empty(), "{typed}");
        }
    }
}
