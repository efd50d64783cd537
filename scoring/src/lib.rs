//! Clients for models that score texts: judges, reward models and embeddings.
//!
//! A deck needs numbers for its candidates. This crate asks models for them: a language model that rates texts on a
//! rubric ([`judge`]), reward models with several heads ([`rewards`]), and models of embeddings ([`embeddings`]). Each is
//! a server that the publisher runs or rents, and each of these modules turns texts into [`Request`]s and replies into
//! [`Answer`]s. [`Client`] sends them, with retries; [`run`](run()) sends many, a few at a time, and keeps what was
//! answered in a [`Cache`], so that nothing is paid for twice.
//!
//! ```no_run
//! use leaning_scoring::{Address, Client, Judge, Rubric, Settings};
//! use serde_json::json;
//!
//! # async fn rate() -> Result<(), Box<dyn std::error::Error>> {
//! let rubric = Rubric::read(&json!({ "brevity": { "low": "thorough", "high": "brief" } }))?;
//! let judge = Judge::new("my-model", rubric, 1);
//! let client = Client::new(Settings::new(Address::parse("http://127.0.0.1:8000/v1")?))?;
//! let request = judge.request(0, 0, "How are you?", &["Fine."]);
//! let reply = client.ask(&[&request]).await?.remove(0);
//! println!("{:?}", judge.ratings(0, &reply.answer));
//! # Ok(())
//! # }
//! ```
//!
//! Nothing here prints, and the key is in no error, no cache and no debugging output: see [`Key`].
// Browsers score nothing.
#![cfg(not(target_family = "wasm"))]

mod address;
mod answer;
mod cache;
mod client;
pub mod digits;
pub mod embeddings;
mod error;
pub mod http;
pub mod instruction;
pub mod judge;
mod key;
mod lists;
mod message;
mod protocol;
mod request;
mod retry;
pub mod rewards;
mod rubric;
mod run;
pub mod stand_in;
mod template;
mod tokens;

pub use address::Address;
pub use answer::{Answer, Reply};
pub use cache::{Cache, CacheError};
pub use client::{Client, Settings};
pub use error::Error;
pub use judge::Judge;
pub use key::Key;
pub use protocol::Protocol;
pub use request::{Fingerprint, Request};
pub use retry::Retry;
pub use rubric::{Rubric, Scale};
pub use run::{Event, Finished, Limits, RunError, Totals, run};
pub use template::Template;
pub use tokens::Tokens;
