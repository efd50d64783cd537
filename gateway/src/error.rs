//! Errors in the form of the OpenAI protocol.

use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// The kind of an error. Its name is the `code` of the error and the outcome in the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    BodyTooLarge,
    BodyBrokeOff,
    BodyTimeout,
    UnsupportedContentType,
    InvalidJson,
    InvalidField,
    /// The request names a host that the gateway does not answer for.
    HostNotAllowed,
    NotFound,
    MethodNotAllowed,
    Overloaded,
    ShuttingDown,
    /// The upstream server did not accept the client's own key.
    Unauthorized,
    /// The upstream server did not accept the gateway's key.
    UpstreamUnauthorized,
    UpstreamRateLimited,
    /// The upstream server found something wrong with the request.
    UpstreamRefused,
    /// The upstream server failed, with a status or in words.
    UpstreamFailed,
    UpstreamUnreachable,
    UpstreamTimeout,
    UpstreamBrokeOff,
    UpstreamInvalid,
    UpstreamNoChoices,
    UpstreamTooLarge,
    ScoringFailed,
}

impl Code {
    pub fn name(self) -> &'static str {
        match self {
            Code::BodyTooLarge => "body_too_large",
            Code::BodyBrokeOff => "body_broke_off",
            Code::BodyTimeout => "body_timeout",
            Code::UnsupportedContentType => "unsupported_content_type",
            Code::InvalidJson => "invalid_json",
            Code::InvalidField => "invalid_field",
            Code::HostNotAllowed => "host_not_allowed",
            Code::NotFound => "not_found",
            Code::MethodNotAllowed => "method_not_allowed",
            Code::Overloaded => "overloaded",
            Code::ShuttingDown => "shutting_down",
            Code::Unauthorized => "unauthorized",
            Code::UpstreamUnauthorized => "upstream_unauthorized",
            Code::UpstreamRateLimited => "upstream_rate_limited",
            Code::UpstreamRefused => "upstream_refused",
            Code::UpstreamFailed => "upstream_failed",
            Code::UpstreamUnreachable => "upstream_unreachable",
            Code::UpstreamTimeout => "upstream_timeout",
            Code::UpstreamBrokeOff => "upstream_broke_off",
            Code::UpstreamInvalid => "upstream_invalid",
            Code::UpstreamNoChoices => "upstream_no_choices",
            Code::UpstreamTooLarge => "upstream_too_large",
            Code::ScoringFailed => "scoring_failed",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Code::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Code::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Code::UnsupportedContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Code::BodyBrokeOff | Code::InvalidJson | Code::InvalidField | Code::UpstreamRefused => {
                StatusCode::BAD_REQUEST
            }
            Code::HostNotAllowed => StatusCode::FORBIDDEN,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Code::Overloaded | Code::ShuttingDown => StatusCode::SERVICE_UNAVAILABLE,
            Code::Unauthorized => StatusCode::UNAUTHORIZED,
            Code::UpstreamRateLimited => StatusCode::TOO_MANY_REQUESTS,
            Code::UpstreamTimeout => StatusCode::GATEWAY_TIMEOUT,
            Code::ScoringFailed => StatusCode::INTERNAL_SERVER_ERROR,
            Code::UpstreamUnauthorized
            | Code::UpstreamFailed
            | Code::UpstreamUnreachable
            | Code::UpstreamBrokeOff
            | Code::UpstreamInvalid
            | Code::UpstreamNoChoices
            | Code::UpstreamTooLarge => StatusCode::BAD_GATEWAY,
        }
    }

    /// The protocol's `type`, which says whose fault it is.
    fn kind(self) -> &'static str {
        match self {
            Code::BodyTooLarge
            | Code::BodyBrokeOff
            | Code::BodyTimeout
            | Code::UnsupportedContentType
            | Code::InvalidJson
            | Code::InvalidField
            | Code::HostNotAllowed
            | Code::NotFound
            | Code::MethodNotAllowed
            | Code::UpstreamRefused => "invalid_request_error",
            Code::Unauthorized => "authentication_error",
            Code::UpstreamRateLimited => "rate_limit_error",
            Code::Overloaded | Code::ShuttingDown | Code::ScoringFailed => "server_error",
            Code::UpstreamUnauthorized
            | Code::UpstreamFailed
            | Code::UpstreamUnreachable
            | Code::UpstreamTimeout
            | Code::UpstreamBrokeOff
            | Code::UpstreamInvalid
            | Code::UpstreamNoChoices
            | Code::UpstreamTooLarge => "upstream_error",
        }
    }
}

/// An error that a client gets.
#[derive(Debug, Clone)]
pub struct ApiError {
    pub code: Code,
    status: StatusCode,
    message: String,
    /// The place in the request: `messages[2].role`.
    param: Option<String>,
    retry_after: Option<HeaderValue>,
}

impl ApiError {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        ApiError {
            code,
            status: code.status(),
            message: message.into(),
            param: None,
            retry_after: None,
        }
    }

    /// A flaw of the request at this place.
    pub fn at(place: impl Into<String>, message: impl std::fmt::Display) -> Self {
        let place = place.into();
        let message = format!("{place}: {message}");
        ApiError {
            param: Some(place),
            ..ApiError::new(Code::InvalidField, message)
        }
    }

    /// The same with another status.
    pub fn with_status(self, status: StatusCode) -> Self {
        ApiError { status, ..self }
    }

    /// The same with the place in the request.
    pub fn with_param(self, param: Option<String>) -> Self {
        ApiError { param, ..self }
    }

    /// The same with the time after which to try again: seconds or a date.
    pub fn with_retry_after(self, retry_after: Option<HeaderValue>) -> Self {
        ApiError {
            retry_after,
            ..self
        }
    }

    /// The error's object, the value of `error`.
    pub fn to_json(&self) -> Value {
        json!({
            "message": self.message, "type": self.code.kind(), "param": self.param,
            "code": self.code.name(),
        })
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": self.to_json() }));
        let mut response = (self.status, body).into_response();
        if let Some(retry_after) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, retry_after);
        }
        response
    }
}
