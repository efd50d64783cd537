//! Candidates from outside the deck: what a chat or a page can show right now.

use super::{Number, Object, doubles};
use crate::error::{Error, Flaw};
use crate::model::deck::check_scores;
use fnv::FnvHasher;
use serde::{Deserialize, Deserializer};
use std::collections::HashSet;
use std::hash::Hasher;
#[cfg(target_family = "wasm")]
use tsify::Tsify;

/// A candidate from outside the deck, to be ranked, compared or observed.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The caller's own id, if any.
    pub id: Option<String>,
    /// Full name in the log, `prompt/candidate`.
    pub name: String,
    /// φ(x, y), d numbers on the scale of the deck.
    pub scores: Vec<f64>,
}

impl AsRef<[f64]> for Candidate {
    fn as_ref(&self) -> &[f64] {
        &self.scores
    }
}

/// A candidate as callers write it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(target_family = "wasm", derive(Tsify), tsify(rename = "Candidate"))]
#[serde(expecting = "an object")]
pub struct CandidateInput {
    /// One number per dimension, on the scale of the deck.
    #[cfg_attr(target_family = "wasm", tsify(type = "number[]"))]
    scores: Vec<Number>,
    /// Unique within the list. Made of scores and place by default.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    id: Option<String>,
    /// With the id it makes the name in the log, `prompt/id`; "chat" by default.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    prompt: Option<String>,
    /// The whole name, instead of `prompt` and `id`.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    name: Option<String>,
}

impl Candidate {
    /// A candidate with a name for the log, and no id.
    pub fn new(name: impl Into<String>, scores: impl Into<Vec<f64>>) -> Self {
        Candidate {
            id: None,
            name: name.into(),
            scores: scores.into(),
        }
    }

    /// Reads a list of candidates from the text of a JSON list of
    /// `{"scores": [...], "id"?, "prompt"?, "name"?}`.
    ///
    /// # Errors
    /// [`Error::Json`] if the text is not JSON, else as [`Candidate::read_list`].
    #[cfg(any(not(target_family = "wasm"), feature = "json"))]
    pub fn list_from_json(text: &str, dimensions: usize) -> Result<Vec<Candidate>, Error> {
        Candidate::read_list(super::parse_json(text)?, dimensions)
    }

    /// Reads a list of candidates from a deserializer. Without a `name` the name is `prompt/id`, with
    /// "chat" for a missing prompt and a hash for a missing id.
    ///
    /// # Errors
    /// [`Error::Candidates`] with the first place that is wrong.
    pub fn read_list<'de, D: Deserializer<'de>>(
        deserializer: D,
        dimensions: usize,
    ) -> Result<Vec<Candidate>, Error> {
        let inputs: Vec<Object<CandidateInput>> =
            super::read(deserializer).map_err(Error::Candidates)?;
        let candidates: Vec<Candidate> = inputs
            .into_iter()
            .enumerate()
            .map(|(place, Object(input))| input.into_candidate(place))
            .collect();
        for (place, candidate) in candidates.iter().enumerate() {
            check_scores(&candidate.scores, dimensions)
                .map_err(|flaw| Error::Candidates(flaw.within(&format!("[{place}].scores"))))?;
        }
        Ok(candidates)
    }

    /// Fails unless the candidates have scores of d numbers and different names.
    ///
    /// # Errors
    /// [`Error::Candidates`] with the place.
    pub fn check_list(candidates: &[Candidate], dimensions: usize) -> Result<(), Error> {
        let mut names = HashSet::new();
        for (place, candidate) in candidates.iter().enumerate() {
            check_scores(&candidate.scores, dimensions)
                .map_err(|flaw| Error::Candidates(flaw.within(&format!("[{place}].scores"))))?;
            if !names.insert(&candidate.name) {
                let message = format!("\"{}\" is there twice", candidate.name);
                return Err(Error::Candidates(Flaw::new(format!("[{place}]"), message)));
            }
        }
        Ok(())
    }
}

impl CandidateInput {
    fn into_candidate(self, place: usize) -> Candidate {
        let CandidateInput {
            scores,
            id,
            prompt,
            name,
        } = self;
        let scores = doubles(scores);
        let name = name.unwrap_or_else(|| {
            let prompt = prompt.as_deref().unwrap_or("chat");
            match &id {
                Some(id) => format!("{prompt}/{id}"),
                None => format!("{prompt}/{}", content_id(&scores, place)),
            }
        });
        Candidate { id, name, scores }
    }
}

/// An id made of scores and place, so that the next list without ids is not taken for this one.
fn content_id(scores: &[f64], place: usize) -> String {
    let mut hasher = FnvHasher::default();
    scores
        .iter()
        .for_each(|score| hasher.write_u64(score.to_bits()));
    format!("{:x}-{}", hasher.finish(), place + 1)
}
