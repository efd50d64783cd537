//! One request, as it would be sent.

use leaning_scoring::{Address, Request};
use serde::Serialize;
use serde_json::{Map, Value};

/// The first request of a run.
#[derive(Debug, Serialize)]
pub struct DryRun {
    pub method: &'static str,
    /// Without its query, which may hold a secret.
    pub url: String,
    pub headers: Map<String, Value>,
    pub body: Map<String, Value>,
    /// Number of requests that the texts need.
    pub requests: usize,
}

impl DryRun {
    /// `key_variable` is where the key comes from, if there is one. The key itself is not shown.
    pub fn new(
        address: &Address,
        request: &Request,
        key_variable: Option<String>,
        requests: usize,
    ) -> Self {
        let mut headers = Map::new();
        headers.insert("content-type".to_owned(), "application/json".into());
        if let Some(variable) = key_variable {
            headers.insert(
                "authorization".to_owned(),
                format!("Bearer ${variable}").into(),
            );
        }
        DryRun {
            method: "POST",
            url: address.shown_endpoint(request.protocol),
            headers,
            body: request.body.clone(),
            requests,
        }
    }
}
