//! The browser side: the only place that knows a browser, and one without statistics or prose.
//!
//! Numbers, indices and codes cross the boundary, words do not. The page has the deck's texts; the
//! TypeScript layer (`js/core.ts`) builds objects and sentences from the indices that come back.

mod api;
mod archive;
pub mod convert;
mod error;
mod prompts;
mod retention;
mod session;
mod storage;

pub use api::WebSession;
