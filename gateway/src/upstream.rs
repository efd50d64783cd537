//! The server that writes the drafts, and everything that can go wrong on the way to it.

use crate::error::{ApiError, Code};
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use leaning_scoring::Key;
use leaning_scoring::http::{client_builder, describe, refused_certificate};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, Url};
use serde_json::Value;
use std::fmt;
use std::time::Duration;
use tokio::time::timeout;

/// Bytes of an answer, at most.
const MAX_ANSWER: usize = 32 << 20;
/// Bytes that are read of an error.
const MAX_ERROR: usize = 64 << 10;
/// Characters of an upstream server's own words that a client gets.
const MAX_WORDS: usize = 500;

/// The address of an OpenAI-compatible server: `https://host/v1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamUrl(Url);

impl UpstreamUrl {
    /// Reads an address as other clients take it. Without a path, `/v1` is meant.
    ///
    /// # Errors
    /// A message that does not quote the address, which could hold a password.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut url = Url::parse(text).map_err(|error| error.to_string())?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err("expected an address that begins with http:// or https://".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("expected no name or password; --key-from has the key".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("expected an address that ends with its path, without ? or #".to_owned());
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(if path.is_empty() { "/v1" } else { &path });
        Ok(UpstreamUrl(url))
    }

    /// The address of an endpoint below it.
    fn endpoint(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}/{path}", self.0.path()));
        url
    }
}

impl fmt::Display for UpstreamUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The upstream server.
#[derive(Debug)]
pub struct Upstream {
    client: Client,
    url: UpstreamUrl,
    key: Option<Key>,
    /// The longest time without a byte.
    idle: Duration,
}

impl Upstream {
    /// An upstream server at this address.
    ///
    /// # Errors
    /// Fails if the system lacks what TLS needs.
    pub fn new(url: UpstreamUrl, key: Option<Key>, idle: Duration) -> Result<Self, String> {
        let client = client_builder(&url.0).build();
        let client =
            client.map_err(|error| format!("the upstream server: {}", describe(&error)))?;
        Ok(Upstream {
            client,
            url,
            key,
            idle,
        })
    }

    /// Sends a body to an endpoint. `authorization` is the client's own.
    ///
    /// # Errors
    /// Fails unless the server answers with success.
    pub async fn post(
        &self,
        path: &str,
        body: Vec<u8>,
        authorization: Option<&HeaderValue>,
    ) -> Result<Answer, ApiError> {
        let request = self.client.post(self.url.endpoint(path)).body(body);
        let request = request.header(CONTENT_TYPE, "application/json");
        self.send(request, authorization).await
    }

    /// Asks for an endpoint whose path is the client's own.
    ///
    /// # Errors
    /// As [`Upstream::post`], and if the path leads elsewhere by dots: the key opens other endpoints,
    /// too.
    pub async fn get(
        &self,
        path: &str,
        authorization: Option<&HeaderValue>,
    ) -> Result<Answer, ApiError> {
        let url = self.url.endpoint(path);
        if url.path() != format!("{}/{path}", self.url.0.path()) {
            let message = "there is nothing at this path";
            return Err(ApiError::new(Code::NotFound, message));
        }
        let request = self.client.get(url);
        self.send(request, authorization).await
    }

    /// No header of the client's goes along but `Authorization`: cookies, addresses and languages
    /// tell who it is.
    async fn send(
        &self,
        request: RequestBuilder,
        authorization: Option<&HeaderValue>,
    ) -> Result<Answer, ApiError> {
        let mut request = request.header(ACCEPT, "application/json, text/event-stream");
        let key = self.key.as_ref().map(Key::header);
        if let Some(authorization) = key.or_else(|| authorization.cloned()) {
            request = request.header(AUTHORIZATION, authorization);
        }
        let sent = timeout(self.idle, request.send());
        let response = sent.await.map_err(|_| self.too_slow())?;
        let response = response.map_err(|error| unreachable(&error))?;
        let answer = Answer {
            response,
            idle: self.idle,
            received: 0,
        };
        if answer.response.status().is_success() {
            Ok(answer)
        } else {
            Err(self.refusal(answer).await)
        }
    }

    fn too_slow(&self) -> ApiError {
        too_slow(self.idle)
    }

    /// The error of an answer that is no success.
    async fn refusal(&self, mut answer: Answer) -> ApiError {
        let status = answer.response.status();
        let retry_after = answer.response.headers().get(RETRY_AFTER).cloned();
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => match self.key {
                Some(_) => {
                    let message = "the upstream server does not accept the gateway's key";
                    ApiError::new(Code::UpstreamUnauthorized, message)
                }
                None => {
                    let message = "the upstream server does not accept the request's key";
                    ApiError::new(Code::Unauthorized, message).with_status(status)
                }
            },
            StatusCode::TOO_MANY_REQUESTS => {
                let message = "the upstream server takes no more requests at the moment";
                ApiError::new(Code::UpstreamRateLimited, message).with_retry_after(retry_after)
            }
            status if status.is_client_error() => {
                let error = answer.error().await;
                let words = error["message"].as_str().map(|words| self.quoted(words));
                let message = match words {
                    Some(words) => format!("the upstream server refused the request: {words}"),
                    None => format!("the upstream server refused the request with {status}"),
                };
                let param = error["param"].as_str().map(|param| self.quoted(param));
                ApiError::new(Code::UpstreamRefused, message)
                    .with_status(status)
                    .with_param(param)
            }
            status => {
                let message = format!("the upstream server answered {status}");
                ApiError::new(Code::UpstreamFailed, message).with_retry_after(retry_after)
            }
        }
    }

    /// Words of the upstream server, without the key.
    fn quoted(&self, words: &str) -> String {
        let words = match &self.key {
            Some(key) => key.hidden_in(words),
            None => words.to_owned(),
        };
        words.chars().take(MAX_WORDS).collect()
    }
}

/// An answer whose status is success, of which the body still comes.
#[derive(Debug)]
pub struct Answer {
    response: Response,
    idle: Duration,
    received: usize,
}

impl Answer {
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// Fails if none come in time, the connection breaks off, or there are too many.
    pub async fn bytes(&mut self) -> Result<Option<Bytes>, ApiError> {
        let next = timeout(self.idle, self.response.chunk());
        let next = next.await.map_err(|_| too_slow(self.idle))?;
        let bytes = next.map_err(|_| {
            let message = "the upstream server broke off in the middle of its answer";
            ApiError::new(Code::UpstreamBrokeOff, message)
        })?;
        self.received += bytes.as_ref().map_or(0, Bytes::len);
        if self.received > MAX_ANSWER {
            let message = "the upstream server's answer is too large";
            return Err(ApiError::new(Code::UpstreamTooLarge, message));
        }
        Ok(bytes)
    }

    /// The whole body.
    ///
    /// # Errors
    /// As [`Answer::bytes`].
    pub async fn whole(mut self) -> Result<Vec<u8>, ApiError> {
        let mut body = Vec::new();
        while let Some(bytes) = self.bytes().await? {
            body.extend_from_slice(&bytes);
        }
        Ok(body)
    }

    /// The object `error` of an answer that is no success; null if there is none.
    async fn error(&mut self) -> Value {
        let mut body = Vec::new();
        while let Ok(Some(bytes)) = self.bytes().await {
            body.extend_from_slice(&bytes);
            if body.len() > MAX_ERROR {
                return Value::Null;
            }
        }
        let mut body: Value = serde_json::from_slice(&body).unwrap_or_default();
        body.get_mut("error").map(Value::take).unwrap_or_default()
    }
}

fn too_slow(idle: Duration) -> ApiError {
    let message = format!(
        "the upstream server sent nothing for {} s",
        idle.as_secs_f64()
    );
    ApiError::new(Code::UpstreamTimeout, message)
}

/// The error's own words name the address, which a client need not know.
fn unreachable(error: &reqwest::Error) -> ApiError {
    if let Some(because) = refused_certificate(error) {
        let message = format!("the upstream server's certificate is not accepted: {because}");
        ApiError::new(Code::UpstreamUnreachable, message)
    } else if error.is_connect() {
        let message = "the upstream server cannot be reached";
        ApiError::new(Code::UpstreamUnreachable, message)
    } else {
        let message = "the upstream server broke off before it answered";
        ApiError::new(Code::UpstreamBrokeOff, message)
    }
}

#[cfg(test)]
mod tests {
    use super::UpstreamUrl;

    #[test]
    fn an_address_is_taken_with_or_without_its_path() {
        for (text, endpoint) in [
            ("http://localhost:8000", "http://localhost:8000/v1/models"),
            (
                "http://localhost:8000/v1/",
                "http://localhost:8000/v1/models",
            ),
            (
                "https://a.example/x/openai",
                "https://a.example/x/openai/models",
            ),
        ] {
            let url = UpstreamUrl::read(text).unwrap();
            assert_eq!(url.endpoint("models").as_str(), endpoint);
        }
    }

    #[test]
    fn an_address_with_more_than_a_path_is_refused_without_being_quoted() {
        for text in [
            "localhost:8000",
            "ftp://a.example",
            "http://me:secret@a.example",
            "http://a.example/v1?key=secret",
            "http://a.example/#secret",
            "secret",
        ] {
            let message = UpstreamUrl::read(text).expect_err(text);
            assert!(!message.contains("secret"), "{message}");
        }
    }
}
