//! Answers that are returned as a whole.

use crate::calls::{Call, calls};
use crate::drafts::{missing, none, object};
use crate::error::{ApiError, Code};
use crate::extension::{Extension, Outcome, extension};
use crate::gateway::Gateway;
use crate::request::ChatRequest;
use crate::scorer::text_of;
use crate::usage;
use axum::http::HeaderValue;
use futures_util::future::join_all;
use serde_json::{Map, Value};

/// A completion with all drafts, and the outcome for the metrics.
#[derive(Debug)]
pub struct Whole {
    pub completion: Value,
    pub outcome: &'static str,
}

/// Asks for the drafts and puts them together.
///
/// # Errors
/// Fails as the first draft did if there is none.
pub async fn whole(
    gateway: &Gateway,
    request: &ChatRequest,
    authorization: Option<&HeaderValue>,
) -> Result<Whole, ApiError> {
    let calls = calls(request, &gateway.settings);
    let answers = calls
        .iter()
        .map(|call| answer(gateway, call, authorization));
    let answers = join_all(answers).await;

    let mut completion = None;
    let mut usage = Value::Null;
    let mut drafts: Vec<Result<Value, ApiError>> = vec![Err(missing()); request.drafts];
    for (call, answer) in calls.into_iter().zip(answers) {
        match answer {
            Ok(mut fields) => {
                usage::add(&mut usage, &fields.remove("usage").unwrap_or_default());
                let choices = fields.remove("choices").unwrap_or_default();
                place(&mut drafts[call.drafts], choices);
                completion.get_or_insert(fields);
            }
            Err(error) => drafts[call.drafts].fill(Err(error)),
        }
    }
    let outcomes: Vec<Outcome> = drafts
        .iter()
        .map(|draft| match draft {
            Ok(choice) => Ok(text(choice)),
            Err(error) => Err(error.clone()),
        })
        .collect();
    let mut fields = match completion {
        Some(fields) if drafts.iter().any(Result::is_ok) => fields,
        Some(_) => return Err(none()),
        None => return Err(first_error(drafts)),
    };
    let Extension { object, outcome } = extension(gateway, request.messages(), &outcomes).await;
    let choices = drafts
        .into_iter()
        .enumerate()
        .filter_map(|(draft, choice)| {
            let mut choice = choice.ok()?;
            choice["index"] = Value::from(draft);
            Some(choice)
        });
    fields.insert("choices".to_owned(), choices.collect());
    if !usage.is_null() {
        fields.insert("usage".to_owned(), usage);
    }
    fields.insert("leaning".to_owned(), object);
    Ok(Whole {
        completion: Value::Object(fields),
        outcome,
    })
}

async fn answer(
    gateway: &Gateway,
    call: &Call,
    authorization: Option<&HeaderValue>,
) -> Result<Map<String, Value>, ApiError> {
    let body = call.body.clone();
    let sent = gateway
        .upstream
        .post("chat/completions", body, authorization);
    let fields = object(&sent.await?.whole().await?)?;
    let choices = fields.get("choices").and_then(Value::as_array);
    match choices {
        Some(choices) if choices.iter().all(is_choice) && !choices.is_empty() => Ok(fields),
        Some(choices) if !choices.is_empty() => {
            let message = "the upstream server sent a choice without a message";
            Err(ApiError::new(Code::UpstreamInvalid, message))
        }
        _ => Err(none()),
    }
}

fn is_choice(choice: &Value) -> bool {
    choice["message"].is_object()
}

/// Puts choices where their `index` says, or else in their order. What was not asked for is dropped.
fn place(drafts: &mut [Result<Value, ApiError>], choices: Value) {
    let Value::Array(choices) = choices else {
        return;
    };
    for (order, choice) in choices.into_iter().enumerate() {
        let index = choice["index"]
            .as_u64()
            .and_then(|k| usize::try_from(k).ok());
        if let Some(draft) = drafts.get_mut(index.unwrap_or(order)) {
            *draft = Ok(choice);
        }
    }
}

/// The text of a choice; `None` for one that calls a tool instead.
fn text(choice: &Value) -> Option<String> {
    let content = &choice["message"]["content"];
    (!content.is_null()).then(|| text_of(content))
}

fn first_error(drafts: Vec<Result<Value, ApiError>>) -> ApiError {
    let mut errors = drafts.into_iter().filter_map(Result::err);
    errors.next().unwrap_or_else(none)
}
