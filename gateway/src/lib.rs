//! The server behind `leaning gateway`. It stands between a chat page and any OpenAI-compatible
//! server: for each message it asks for several drafts, scores them, and returns drafts and scores.
//! The page ranks them by what it knows about the person, which never leaves the page.
//!
//! A request passes through one module after another: `routes` takes it, `request` checks it,
//! `calls` makes the upstream requests of it, `upstream` sends them, `whole` or `stream` puts the
//! answers together, `scorer` scores the drafts, and `extension` says what came of it.
//! `docs/gateway.md` describes the protocol.
//!
//! Nothing here logs, counts or keeps a word of a message.
// Browsers run no servers: see Cargo.toml.
#![cfg(not(target_family = "wasm"))]

mod calls;
mod drafts;
mod error;
mod events;
mod extension;
mod gateway;
mod host;
mod in_flight;
mod log;
mod metrics;
mod origin;
mod request;
mod routes;
mod scorer;
mod server;
mod settings;
mod site;
pub mod stand_in;
mod stream;
mod upstream;
mod usage;
mod whole;

pub use futures_util::future::BoxFuture;
pub use host::Host;
pub use origin::Origin;
pub use scorer::{Conversation, Description, Scorer, Scores};
pub use server::Server;
pub use settings::{Ask, Limits, Settings, Unlike};
pub use site::Site;
pub use upstream::UpstreamUrl;
