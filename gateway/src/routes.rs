//! The paths that the gateway answers on.

use crate::error::{ApiError, Code};
use crate::gateway::Gateway;
use crate::host;
use crate::in_flight::InFlight;
use crate::log;
use crate::origin::Origin;
use crate::request::ChatRequest;
use crate::site;
use crate::stream::{DONE, Sent, stream};
use crate::whole::{Whole, whole};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, middleware};
use futures_util::{StreamExt, stream as streams};
use serde_json::json;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// Events that wait for a slow client.
const WAITING: usize = 16;
/// Bytes of a body that are read past its limit, so that the client gets to reading the error.
const PAST_LIMIT: usize = 8 << 20;
/// Time after which a stream without news gets a comment, so that no proxy ends it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A browser may remember for as long that it may use the gateway.
const PREFLIGHT: Duration = Duration::from_secs(600);

/// The router of a gateway at this address.
pub fn router(gateway: &Arc<Gateway>, address: IpAddr) -> Router {
    let router = Router::new()
        .route("/v1/chat/completions", post(completions))
        .route("/v1/models", get(models))
        .route("/v1/models/{*model}", get(models))
        .route("/healthz", get(async || "ok\n"))
        .route("/metrics", get(metrics))
        .method_not_allowed_fallback(async || {
            let message = "this path is not for this method";
            ApiError::new(Code::MethodNotAllowed, message)
        })
        .with_state(Arc::clone(gateway));
    let sites = &gateway.settings.sites;
    let router = if sites.is_empty() {
        router.fallback(async || not_found())
    } else {
        router.fallback_service(site::files(sites))
    };
    let origins = gateway.settings.allow_origins.iter().map(Origin::header);
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        // The official client sends some of its own.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([RETRY_AFTER])
        .max_age(PREFLIGHT);
    let mut router = router.layer(cors);
    if let Some(hosts) = host::allowed(address, &gateway.settings.hosts) {
        router = router.layer(middleware::from_fn_with_state(hosts, host::check));
    }
    router.layer(middleware::from_fn(log::log))
}

/// The error of a path that there is not.
pub fn not_found() -> ApiError {
    ApiError::new(Code::NotFound, "there is nothing at this path")
}

async fn metrics(State(gateway): State<Arc<Gateway>>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, kind)], gateway.metrics.text()).into_response()
}

/// Passes on what the upstream server says about its models.
async fn models(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let authorization = request.headers().get(AUTHORIZATION);
    let path = request.uri().path();
    let path = path.strip_prefix("/v1/").unwrap_or(path);
    let answer = async {
        let answer = gateway.upstream.get(path, authorization).await?;
        let kind = answer.headers().get(CONTENT_TYPE).cloned();
        Ok((kind, answer.whole().await?))
    };
    match gateway.bounded(answer).await {
        Ok((kind, body)) => {
            let kind = kind.unwrap_or(HeaderValue::from_static("application/json"));
            ([(CONTENT_TYPE, kind)], body).into_response()
        }
        Err(error) => error.into_response(),
    }
}

async fn completions(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let in_flight = match gateway.take() {
        Ok(in_flight) => in_flight,
        Err(error) => return error.into_response(),
    };
    let (parts, body) = request.into_parts();
    let authorization = parts.headers.get(AUTHORIZATION).cloned();
    let request = match read(&gateway, &parts.headers, body).await {
        Ok(request) => request,
        Err(error) => return failed(in_flight, error),
    };
    if request.stream {
        return streamed(gateway, request, authorization, in_flight).await;
    }
    let completion = whole(&gateway, &request, authorization.as_ref());
    match gateway.bounded(completion).await {
        Ok(Whole {
            completion,
            outcome,
        }) => {
            in_flight.end(outcome);
            Json(completion).into_response()
        }
        Err(error) => failed(in_flight, error),
    }
}

fn failed(in_flight: InFlight, error: ApiError) -> Response {
    tracing::warn!(code = error.code.name(), "a request failed");
    in_flight.end(error.code.name());
    error.into_response()
}

/// Reads a request for drafts.
async fn read(gateway: &Gateway, headers: &HeaderMap, body: Body) -> Result<ChatRequest, ApiError> {
    // A browser asks before it sends this type to another origin. Others it just sends.
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    if !content_type.is_some_and(is_json) {
        let message = "expected the content type application/json";
        return Err(ApiError::new(Code::UnsupportedContentType, message));
    }
    let limits = gateway.settings.limits;
    let declared = headers.get(CONTENT_LENGTH).and_then(|of| of.to_str().ok());
    let declared = declared.and_then(|length| length.parse::<usize>().ok());
    let body = timeout(limits.timeout, bytes(body, limits.body, declared));
    let body = body.await.map_err(|_| {
        let message = "the body did not come in time";
        ApiError::new(Code::BodyTimeout, message)
    })??;
    ChatRequest::read(&body, &gateway.settings)
}

fn is_json(content_type: &[u8]) -> bool {
    let essence = content_type.split(|&byte| byte == b';').next();
    essence.is_some_and(|of| of.trim_ascii().eq_ignore_ascii_case(b"application/json"))
}

async fn bytes(body: Body, most: usize, declared: Option<usize>) -> Result<Vec<u8>, ApiError> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut received = 0;
    while let Some(next) = stream.next().await {
        let next = next.map_err(|_| {
            let message = "the body broke off before its end";
            ApiError::new(Code::BodyBrokeOff, message)
        })?;
        received += next.len();
        if received <= most {
            bytes.extend_from_slice(&next);
        } else if received > most + PAST_LIMIT {
            break;
        }
    }
    if received > most {
        let size = declared.unwrap_or(received).max(received);
        let message = format!("the body has {size} bytes or more; {most} may be sent");
        return Err(ApiError::new(Code::BodyTooLarge, message));
    }
    Ok(bytes)
}

/// Streams the drafts. An error before the first chunk has its own status; a later one is an event.
async fn streamed(
    gateway: Arc<Gateway>,
    request: ChatRequest,
    authorization: Option<HeaderValue>,
    in_flight: InFlight,
) -> Response {
    let (out, mut events) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let work = stream(&gateway, &request, authorization.as_ref(), &out);
        let result = tokio::select! {
            result = gateway.bounded(work) => result,
            // The client has gone: its upstream requests end with `work`.
            () = out.closed() => return,
        };
        let last = match result {
            Ok(outcome) => {
                in_flight.end(outcome);
                Sent::Done
            }
            Err(error) => {
                tracing::warn!(code = error.code.name(), "a stream failed");
                in_flight.end(error.code.name());
                Sent::Failed(error)
            }
        };
        // A client that reads nothing for so long is not waited for.
        let _ = timeout(gateway.settings.limits.timeout, out.send(last)).await;
    });
    let first = match events.recv().await {
        Some(Sent::Failed(error)) => return error.into_response(),
        first => first,
    };
    let rest = streams::unfold(events, async |mut events| {
        events.recv().await.map(|event| (event, events))
    });
    let all = streams::iter(first)
        .chain(rest)
        .map(|sent| Ok::<_, Infallible>(event(sent)));
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Sse::new(all).keep_alive(keep_alive).into_response()
}

/// An event without a name, as the official clients expect.
fn event(sent: Sent) -> Event {
    let data = match sent {
        Sent::Chunk(chunk) => chunk.to_string(),
        Sent::Done => DONE.to_owned(),
        Sent::Failed(error) => json!({ "error": error.to_json() }).to_string(),
    };
    Event::default().data(data)
}
