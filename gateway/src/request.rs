//! Requests for drafts as clients send them.

use crate::error::{ApiError, Code};
use crate::settings::Settings;
use serde_json::{Map, Value};

/// Fields that name the person, or a mark that stands for them. They are not passed on.
const ABOUT_THE_PERSON: [&str; 3] = ["user", "safety_identifier", "metadata"];

/// A request for drafts whose own fields are in order. The rest is for the upstream server to judge.
#[derive(Debug, Clone)]
pub struct ChatRequest {
    /// The fields that are passed on.
    pub fields: Map<String, Value>,
    /// Number of drafts.
    pub drafts: usize,
    /// Whether they are sent as they grow.
    pub stream: bool,
    /// Whether a stream ends with the numbers of tokens.
    pub include_usage: bool,
}

impl ChatRequest {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// An error that names the place.
    pub fn read(body: &[u8], settings: &Settings) -> Result<Self, ApiError> {
        let value = serde_json::from_slice(body).map_err(|error| {
            // The error's own text could quote a message.
            let (line, column) = (error.line(), error.column());
            let message = format!("the body is no JSON: line {line}, column {column}");
            ApiError::new(Code::InvalidJson, message)
        })?;
        let Value::Object(mut fields) = value else {
            let found = name_of(&value);
            let message = format!("expected an object, found {found}");
            return Err(ApiError::new(Code::InvalidField, message));
        };
        check_messages(fields.get("messages"))?;
        let drafts = match fields.get("n") {
            None | Some(Value::Null) => settings.drafts,
            Some(n) => number_of_drafts(n, settings.limits.drafts)?,
        };
        let stream = flag(&fields, "stream", "stream")?;
        let include_usage = match fields.get("stream_options") {
            None | Some(Value::Null) => false,
            Some(Value::Object(options)) => {
                flag(options, "include_usage", "stream_options.include_usage")?
            }
            Some(other) => {
                let message = format!("expected an object, found {}", name_of(other));
                return Err(ApiError::at("stream_options", message));
            }
        };
        for name in ABOUT_THE_PERSON {
            fields.remove(name);
        }
        if let Some(model) = &settings.model {
            fields.insert("model".to_owned(), Value::from(model.as_str()));
        }
        Ok(ChatRequest {
            fields,
            drafts,
            stream,
            include_usage: stream && include_usage,
        })
    }

    /// The conversation.
    pub fn messages(&self) -> Vec<Value> {
        let messages = self.fields.get("messages").and_then(Value::as_array);
        messages.cloned().unwrap_or_default()
    }
}

fn check_messages(messages: Option<&Value>) -> Result<(), ApiError> {
    let messages = match messages {
        Some(Value::Array(messages)) => messages,
        Some(other) => {
            let message = format!("expected a list, found {}", name_of(other));
            return Err(ApiError::at("messages", message));
        }
        None => return Err(ApiError::at("messages", "expected a list, found nothing")),
    };
    if messages.is_empty() {
        return Err(ApiError::at("messages", "expected at least one message"));
    }
    for (place, message) in messages.iter().enumerate() {
        let place = format!("messages[{place}]");
        let Value::Object(fields) = message else {
            let message = format!("expected an object, found {}", name_of(message));
            return Err(ApiError::at(place, message));
        };
        match fields.get("role") {
            Some(Value::String(_)) => {}
            other => {
                let found = other.map_or("nothing", name_of);
                let message = format!("expected a text, found {found}");
                return Err(ApiError::at(format!("{place}.role"), message));
            }
        }
        match fields.get("content") {
            None | Some(Value::Null | Value::String(_) | Value::Array(_)) => {}
            Some(other) => {
                let found = name_of(other);
                let message = format!("expected a text or a list of parts, found {found}");
                return Err(ApiError::at(format!("{place}.content"), message));
            }
        }
    }
    Ok(())
}

fn number_of_drafts(n: &Value, most: usize) -> Result<usize, ApiError> {
    let whole = n.as_u64().and_then(|n| usize::try_from(n).ok());
    match whole {
        Some(n) if (1..=most).contains(&n) => Ok(n),
        _ => {
            let found = match n {
                Value::Number(number) => number.to_string(),
                other => name_of(other).to_owned(),
            };
            let message = format!("expected a whole number from 1 to {most}, found {found}");
            Err(ApiError::at("n", message))
        }
    }
}

fn flag(fields: &Map<String, Value>, name: &str, place: &str) -> Result<bool, ApiError> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(other) => {
            let message = format!("expected true or false, found {}", name_of(other));
            Err(ApiError::at(place, message))
        }
    }
}

/// The kind of a value, for messages.
fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
