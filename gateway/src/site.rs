//! A folder of files beside the API, so that one process serves a chat page, too.

use crate::routes::not_found;
use axum::Router;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use std::path::Path;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// The files of a folder.
pub fn files(folder: &Path) -> Router {
    let header = SetResponseHeaderLayer::if_not_present;
    Router::new()
        .fallback_service(ServeDir::new(folder))
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
