//! Parts of an upstream server's answers that whole and streamed ones share.

use crate::error::{ApiError, Code};
use serde_json::{Map, Value};

/// An object of an answer that an upstream server sent with success.
///
/// # Errors
/// Fails if it is no JSON object, or if it holds an error all the same.
pub fn object(json: &[u8]) -> Result<Map<String, Value>, ApiError> {
    let Ok(Value::Object(object)) = serde_json::from_slice(json) else {
        let message = "the upstream server answered with something that is no JSON object";
        return Err(ApiError::new(Code::UpstreamInvalid, message));
    };
    if object.get("error").is_some_and(|error| !error.is_null()) {
        let message = "the upstream server reported an error instead of an answer";
        return Err(ApiError::new(Code::UpstreamFailed, message));
    }
    Ok(object)
}

/// The error of a draft that the upstream server has not sent.
pub fn missing() -> ApiError {
    let message = "the upstream server sent fewer choices than it was asked for";
    ApiError::new(Code::UpstreamNoChoices, message)
}

/// The error of an answer without any draft.
pub fn none() -> ApiError {
    let message = "the upstream server sent no choices";
    ApiError::new(Code::UpstreamNoChoices, message)
}
