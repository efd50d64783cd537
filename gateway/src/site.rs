//! Folders of files beside the API, so that one process serves a chat page, too.

use crate::routes::not_found;
use axum::Router;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use std::path::PathBuf;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// A folder and the path that it is served at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// `/` or a path such as `/pkg`, with no slash at its end.
    path: String,
    folder: PathBuf,
}

impl Site {
    /// Reads `FOLDER` or `/PATH=FOLDER`.
    ///
    /// # Errors
    /// A message that quotes what is no folder or no path.
    pub fn read(text: &str) -> Result<Self, String> {
        let (path, folder) = match text.split_once('=') {
            Some((path, folder)) if path.starts_with('/') => (path, folder),
            _ => ("/", text),
        };
        // Others mean something to a router or a URL.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
        if !path.bytes().all(is_plain) || path.contains("//") || path.contains("/.") {
            return Err(format!("{path} is no plain path such as /pkg"));
        }
        let trimmed = path.trim_end_matches('/');
        let site = Site {
            path: if trimmed.is_empty() { "/" } else { trimmed }.to_owned(),
            folder: folder.into(),
        };
        if !site.folder.is_dir() {
            return Err(format!("{folder} is no folder"));
        }
        Ok(site)
    }

    /// The path that it is served at.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// The files of folders, each at its own path.
pub fn files(sites: &[Site]) -> Router {
    let header = SetResponseHeaderLayer::if_not_present;
    let mut router = Router::new();
    for Site { path, folder } in sites {
        let files = ServeDir::new(folder);
        router = match path.as_str() {
            "/" => router.fallback_service(files),
            path => router.nest_service(path, files),
        };
    }
    router
        .layer(middleware::from_fn(without_hidden))
        .layer(header(CACHE_CONTROL, HeaderValue::from_static("no-cache")))
        .layer(header(
            X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
}

/// Files whose names begin with a dot, such as `.env`, are nobody's page. A browser that finds no
/// file gets the error as everywhere.
async fn without_hidden(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_ascii_lowercase();
    if path.contains("/.") || path.contains("/%2e") {
        return not_found().into_response();
    }
    let response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return not_found().into_response();
    }
    response
}
