//! Prompts of a deck, from responses and their scores.

use crate::choices::{self, Response};
use crate::failure::Failure;
use crate::input::Source;
use leaning::format::deck::{CandidateFile, PromptFile};
use leaning::format::{Number, Object};
use nalgebra::DMatrix;
use std::collections::HashMap;

/// The responses to one prompt, by their places among all responses.
#[derive(Debug, Clone)]
pub struct PromptGroup {
    pub id: String,
    pub members: Vec<usize>,
}

/// Groups the responses at the wanted places by prompt. Prompts are in the order of their first
/// responses.
///
/// # Errors
/// Fails for an id that a deck cannot have, and names `file`.
pub fn group_by_prompt(
    responses: &[Response],
    is_wanted: impl Fn(usize) -> bool,
    file: &Source,
) -> Result<Vec<PromptGroup>, Failure> {
    let mut groups: Vec<PromptGroup> = Vec::new();
    let mut places = HashMap::new();
    let wanted = responses
        .iter()
        .enumerate()
        .filter(|(place, _)| is_wanted(*place));
    for (member, response) in wanted {
        for id in [&response.id, &response.prompt] {
            check_id(id).map_err(|message| {
                Failure::new(file, format!("response {:?}: {message}", response.id))
            })?;
        }
        let place = *places.entry(&response.prompt).or_insert_with(|| {
            groups.push(PromptGroup {
                id: response.prompt.clone(),
                members: Vec::new(),
            });
            groups.len() - 1
        });
        groups[place].members.push(member);
    }
    Ok(groups)
}

/// Removes prompts without two candidates of different scores (n × d, a row per response). Returns
/// a note about them if there are any.
///
/// # Errors
/// Fails if no prompt is left, and names `file`.
pub fn retain_usable(
    groups: &mut Vec<PromptGroup>,
    scores: &DMatrix<f64>,
    file: &Source,
) -> Result<Option<String>, Failure> {
    let (usable, left_out): (Vec<_>, Vec<_>) = groups.drain(..).partition(|group| {
        group
            .members
            .windows(2)
            .any(|pair| scores.row(pair[0]) != scores.row(pair[1]))
    });
    *groups = usable;
    if groups.is_empty() {
        let message =
            "no prompt has two responses with different scores, so there is nothing to ask";
        return Err(Failure::new(file, message));
    }
    let removed = match &left_out[..] {
        [] => return Ok(None),
        [only] => format!("the prompt {:?} is", only.id),
        [first, ..] => format!("{} prompts, such as {:?}, are", left_out.len(), first.id),
    };
    Ok(Some(format!(
        "{removed} left out, for lack of two candidates with different scores"
    )))
}

/// The `prompts` of a deck file, from scores of n × d: a row per response.
pub fn prompt_files(
    groups: &[PromptGroup],
    responses: &[Response],
    texts: &[choices::Prompt],
    scores: &DMatrix<f64>,
) -> Vec<PromptFile> {
    let texts: HashMap<&str, &str> = texts
        .iter()
        .map(|prompt| (prompt.id.as_str(), prompt.text.as_str()))
        .collect();
    let candidate = |&place: &usize| {
        Object(CandidateFile {
            id: responses[place].id.clone(),
            text: responses[place].text.clone(),
            image: None,
            scores: scores.row(place).iter().copied().map(Number).collect(),
        })
    };
    let prompt = |group: &PromptGroup| PromptFile {
        id: group.id.clone(),
        text: texts.get(group.id.as_str()).map(|&text| text.to_owned()),
        image: None,
        candidates: group.members.iter().map(candidate).collect(),
    };
    groups.iter().map(prompt).collect()
}

/// Checks that a deck can have this id.
///
/// # Errors
/// A message that quotes the id.
pub fn check_id(id: &str) -> Result<(), String> {
    if id.is_empty() || id.contains('/') {
        return Err(format!(
            "{id:?} cannot be an id in a deck: expected a name without /"
        ));
    }
    Ok(())
}
