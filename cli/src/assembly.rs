//! From tables and scores to a deck's JSON.

use crate::basis::Basis;
use crate::choices::{self, Response};
use crate::deck_file;
use crate::failure::Failure;
use crate::input::Source;
use crate::output;
use crate::whole::save;
use leaning::Deck;
use leaning::json::Value;
use serde::Serialize;
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

/// Candidates of one prompt, by their places among the responses.
#[derive(Debug, Clone)]
pub struct Prompt {
    pub id: String,
    pub members: Vec<usize>,
}

impl Prompt {
    /// The prompts of those responses that are wanted, in the order in which responses to them come. Fails where an id
    /// cannot stand in a deck; `file` is named.
    pub fn group(responses: &[Response], wanted: impl Fn(usize) -> bool, file: &Source) -> Result<Vec<Self>, Failure> {
        let mut prompts: Vec<Prompt> = Vec::new();
        let mut places = HashMap::new();
        for (member, response) in responses.iter().enumerate().filter(|(member, _)| wanted(*member)) {
            for id in [&response.id, &response.prompt] {
                check_id(id).map_err(|what| Failure::new(file, format!("response {:?}: {what}", response.id)))?;
            }
            let place = *places.entry(&response.prompt).or_insert_with(|| {
                prompts.push(Prompt { id: response.prompt.clone(), members: Vec::new() });
                prompts.len() - 1
            });
            prompts[place].members.push(member);
        }
        Ok(prompts)
    }

    /// Leaves out prompts without two candidates of different scores, and says how many those are. Fails if none is left.
    pub fn retain_usable(
        prompts: &mut Vec<Self>,
        scores: &[Vec<f64>],
        file: &Source,
    ) -> Result<Option<String>, Failure> {
        let all = prompts.len();
        prompts.retain(|prompt| prompt.members.windows(2).any(|pair| scores[pair[0]] != scores[pair[1]]));
        if prompts.is_empty() {
            let what = "no prompt has two responses of different scores, so there is nothing to ask";
            return Err(Failure::new(file, what));
        }
        let what = match all - prompts.len() {
            0 => return Ok(None),
            1 => "1 prompt is".to_owned(),
            unusable => format!("{unusable} prompts are"),
        };
        Ok(Some(format!("{what} left out: without two candidates of different scores there is nothing to ask")))
    }

    /// A deck's `prompts`, with a row of scores for each response.
    pub fn list(prompts: &[Self], responses: &[Response], texts: &[choices::Prompt], scores: &[Vec<f64>]) -> Value {
        let texts: HashMap<&str, &str> =
            texts.iter().map(|prompt| (prompt.id.as_str(), prompt.text.as_str())).collect();
        let candidate = |&row: &usize| {
            let response = &responses[row];
            let mut fields = vec![("id", text(&response.id))];
            fields.extend(response.text.as_ref().map(|content| ("text", text(content))));
            fields.push(("scores", numbers(&scores[row])));
            object(fields)
        };
        let prompt = |prompt: &Prompt| {
            let mut fields = vec![("id", text(&prompt.id))];
            fields.extend(texts.get(prompt.id.as_str()).map(|content| ("text", text(content))));
            fields.push(("candidates", Value::Array(prompt.members.iter().map(candidate).collect())));
            object(fields)
        };
        Value::Array(prompts.iter().map(prompt).collect())
    }
}

/// Fails where a deck can have nothing of this id.
pub fn check_id(id: &str) -> Result<(), String> {
    if id.is_empty() || id.contains('/') {
        return Err(format!("{id:?} cannot be an id in a deck: expected a name without /"));
    }
    Ok(())
}

/// A row of scores for each row of features.
pub fn scores(basis: &Basis, rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    // Readers of decks take -0 for 0, and so does whoever compares scores here.
    rows.iter().map(|row| basis.scores(row).into_iter().map(|score| score + 0.0).collect()).collect()
}

/// An id for a deck from these responses: the file's name, and a number that changes with the dimensions and what `scale`
/// says of them. Answers about scores on another scale belong to another deck.
pub fn default_id<'a>(responses: &Source, dimensions: impl Iterator<Item = &'a str>, scale: &impl Serialize) -> String {
    let name = match responses {
        Source::File(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        Source::Stdin => String::new(),
    };
    let name = name.split('.').find(|part| !part.is_empty()).unwrap_or("deck");
    let ids = dimensions.collect::<Vec<_>>().join("/");
    let scale = serde_json::to_string(scale).unwrap_or_default();
    // FNV-1a
    let hash = ids
        .bytes()
        .chain(scale.bytes())
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{name}-{hash:08x}")
}

/// The deck that this is. What is written, every command can read.
pub fn checked(value: &Value) -> Result<Deck, Failure> {
    Deck::from_value(value).map_err(|error| Failure::found_in("the deck that was to be built", error))
}

/// Writes a deck into a file, safetensors if its name ends so, and prints the report; or prints the deck. In any case the
/// words go to standard error.
pub fn deliver(value: Value, out: Option<&Path>, report: &impl Serialize, words: &[String]) -> Result<(), Failure> {
    let Some(path) = out else {
        say(words);
        return output::print(&value);
    };
    let bytes = if path.extension().is_some_and(|extension| extension == "safetensors") {
        deck_file::write(value).map_err(|what| Failure::new(path.display(), what))?
    } else {
        format!("{value}\n").into_bytes()
    };
    save(path, &bytes)?;
    say(words);
    output::print(report)
}

/// What whoever is watching should know, on standard error, a line each.
fn say(words: &[String]) {
    for line in words {
        // One line, whatever stood in the files.
        let line = line.replace(char::is_control, " ");
        // Nobody may be watching.
        let _ = writeln!(io::stderr(), "leaning: {line}");
    }
}

/// Anything that can be JSON.
pub fn value(of: &impl Serialize) -> Option<Value> {
    serde_json::to_string(of).ok().and_then(|json| json.parse().ok())
}

pub fn text(content: &str) -> Value {
    Value::String(content.to_owned())
}

fn numbers(numbers: &[f64]) -> Value {
    Value::Array(numbers.iter().map(|&number| Value::Number(number)).collect())
}

pub fn object(fields: Vec<(&str, Value)>) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
