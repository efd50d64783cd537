//! The prompts of a deck, as `js/prompts.ts` hands them over: in three lists, since each value that crosses the boundary
//! by itself costs more than reading it.

use crate::model::{DeckCandidate, Prompt};

/// The prompts whose ids these are, each followed by those of its candidates and all joined by "/", with the number of
/// candidates of each prompt and the scores of all candidates.
pub(super) fn unpack(ids: &str, counts: &[u32], scores: &[f64]) -> Vec<Prompt> {
    let candidates: u32 = counts.iter().sum();
    let d = scores.len() / (candidates as usize).max(1);
    let mut ids = ids.split('/').map(str::to_owned);
    let mut scores = scores.chunks_exact(d.max(1)).map(<[f64]>::to_vec);
    // A list that is too short leaves ids and scores empty, which no deck may have.
    let mut candidate = |id: Option<String>| {
        DeckCandidate::new(id.unwrap_or_default(), scores.next().unwrap_or_default())
    };
    let prompt = |count: &u32| Prompt {
        id: ids.next().unwrap_or_default(),
        text: String::new(),
        candidates: (0..*count).map(|_| candidate(ids.next())).collect(),
    };
    counts.iter().map(prompt).collect()
}
