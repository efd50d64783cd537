//! `leaning gateway`: a server between a chat page and any OpenAI-compatible server.

mod arguments;
mod model;
mod scorer;
mod scoring;

pub use arguments::Arguments;

use crate::failure::Failure;
use crate::output::Output;
use leaning_gateway::{Ask, Server, Settings};
use serde::Serialize;
use std::io;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// A gateway that takes requests.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The address for clients, without `/v1`.
    pub listening: String,
    /// The upstream server, or `stand-in`.
    pub upstream: String,
    pub drafts: usize,
    pub ask: &'static str,
    /// The deck that the drafts are scored for, if there is one.
    pub deck: Option<ReportedDeck>,
    /// The model that is asked for scores, and its server; without one, style alone is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scorer: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct ReportedDeck {
    pub id: String,
    pub version: String,
    pub dimensions: Vec<String>,
}

/// Serves until a signal to end. `announce` is told once requests are taken.
pub fn run(
    arguments: &Arguments,
    output: Output,
    announce: impl FnOnce(&Report) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let scoring = arguments.scoring.read(arguments.timeout())?;
    let settings = arguments.settings(scoring.scorer)?;
    output.note(&scoring.notes);
    log_to_stderr(arguments.log);
    let failed = |error: io::Error| Failure::new("gateway", error);
    let runtime = Runtime::new().map_err(failed)?;
    let served = runtime.block_on(async {
        // From here on a signal ends it in order.
        let signals = Signals::new().map_err(failed)?;
        let server = Server::bind(arguments.listen, settings.clone()).await;
        let server = server.map_err(|error| Failure::new(arguments.listen, error))?;
        announce(&Report::of(&server, &settings, scoring.model))?;
        serve(server, signals).await;
        Ok(())
    });
    // Nothing waits for a measurement that is still going on.
    runtime.shutdown_background();
    served
}

async fn serve(server: Server, mut signals: Signals) {
    let (end, ended) = oneshot::channel();
    let twice = async {
        signals.next().await;
        // The server listens for it until it has ended.
        let _ = end.send(());
        signals.next().await;
    };
    let running = server.run(async {
        let _ = ended.await;
    });
    tokio::select! {
        () = running => {}
        () = twice => {}
    }
}

/// The signals that ask a process to end.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Ctrl-C, where there are no signals.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Signals)
    }

    async fn next(&mut self) {
        // Without it, the system ends the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Report {
    fn of(server: &Server, settings: &Settings, model: Option<String>) -> Self {
        let upstream = settings.upstream.as_ref().map(ToString::to_string);
        let scorer = settings.scorer.as_ref();
        Report {
            listening: format!("http://{}", server.address()),
            upstream: upstream.unwrap_or_else(|| "stand-in".to_owned()),
            drafts: settings.drafts,
            ask: match settings.ask {
                Ask::Once => "once",
                Ask::Parallel => "parallel",
            },
            deck: scorer.map(|scorer| {
                let description = scorer.description();
                ReportedDeck {
                    id: description.deck.clone(),
                    version: description.version.clone(),
                    dimensions: description.dimensions.clone(),
                }
            }),
            scorer: model,
        }
    }
}

/// Logs the gateway's own lines alone: libraries could log what they carry.
fn log_to_stderr(level: LevelFilter) {
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false)
        .log_internal_errors(false)
        .with_filter(Targets::new().with_target("leaning_gateway", level));
    // There is no other log in this process.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}
