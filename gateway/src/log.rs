//! A line of the log for each request: no word of a message, no key, no address, no query.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

/// Writes the line once the response has been sent, or given up.
pub async fn log(request: Request, next: Next) -> Response {
    // Other paths are written by anybody: they could hold anything.
    let path = request.extensions().get::<MatchedPath>();
    let path = path.map_or("other", MatchedPath::as_str).to_owned();
    let length = request.headers().get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    let mut line = Line {
        method: known(request.method()),
        path,
        status: 0,
        received: length,
        sent: 0,
        length: None,
        is_complete: false,
        started: Instant::now(),
    };
    let response = next.run(request).await;
    line.status = response.status().as_u16();
    line.length = response.body().size_hint().exact();
    response.map(|body| Body::new(Counted { body, line }))
}

/// A method is a word of the client's choice, too.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// A line, written when it is dropped.
struct Line {
    method: &'static str,
    path: String,
    /// 0 if the client had gone before there was one.
    status: u16,
    /// Bytes of the request's body, as far as they are known beforehand.
    received: Option<u64>,
    /// Bytes of the response's body.
    sent: u64,
    /// Bytes that there are to send, if that is known. The end is not asked for after them.
    length: Option<u64>,
    is_complete: bool,
    started: Instant,
}

impl Drop for Line {
    fn drop(&mut self) {
        tracing::info!(
            method = self.method,
            path = self.path,
            status = self.status,
            seconds = self.started.elapsed().as_secs_f64(),
            received = self.received,
            sent = self.sent,
            complete = self.is_complete || self.length == Some(self.sent),
            "request"
        );
    }
}

/// A body that counts its bytes.
struct Counted {
    body: Body,
    line: Line,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let next = ready!(Pin::new(&mut self.body).poll_frame(context));
        match &next {
            Some(Ok(frame)) => {
                self.line.sent += frame.data_ref().map_or(0, Bytes::len) as u64;
            }
            Some(Err(_)) => {}
            None => self.line.is_complete = true,
        }
        Poll::Ready(next)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
