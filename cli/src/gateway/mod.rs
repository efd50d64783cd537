//! `leaning gateway`: a server between a chat page and any OpenAI-compatible server.

mod style;

use crate::deck::basis::Basis;
use crate::deck::features::language;
use crate::deck::read::{read_basis_for, read_deck_and_fields};
use crate::failure::Failure;
use crate::input::Source;
use leaning_gateway::{Ask, Limits, Origin, Scorer, Server, Settings, Unlike, UpstreamUrl};
use leaning_scoring::Key;
use serde::Serialize;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use style::StyleScorer;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Stand between a chat page and a language model: several drafts for each message, with scores
///
/// Takes requests as OpenAI's servers do (POST /v1/chat/completions, GET /v1/models), asks the
/// upstream server for several drafts, and returns them as `choices`, streamed or whole, with their
/// scores in the field `leaning`. The page ranks them by what it knows about the person, which never
/// leaves it. Nothing of a person's is logged or sent on but their messages. docs/gateway.md has the
/// protocol, the errors, and what a conversation tells.
///
/// Also there: GET /healthz, and GET /metrics for Prometheus. The log is on standard error: method,
/// path, status, times and sizes. Ctrl-C or SIGTERM ends it once what is in work is done; a second
/// one ends it at once.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    group(clap::ArgGroup::new("writer").required(true).args(["upstream", "stand_in"])),
    after_help = "\
Example:
  leaning gateway --stand-in --deck deck.json --site www
  leaning gateway --stand-in --deck deck.json --basis style-basis.json
  leaning gateway --upstream http://localhost:8000/v1 --deck deck.json \\
    --allow-origin https://chat.example --ask parallel --unlike unlike.json
  OPENAI_API_KEY=… leaning gateway --upstream https://api.openai.com/v1 --key-from OPENAI_API_KEY"
)]
pub struct Arguments {
    /// Listen here; port 0 is any free port, which is then printed
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,

    /// The server that writes the drafts; without a path, /v1 is meant
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,

    /// Write the drafts without a model, from prepared texts
    #[arg(long)]
    stand_in: bool,

    /// The environment variable with the upstream server's key; without it, the key of each request
    /// is passed on
    #[arg(long, value_name = "VARIABLE", conflicts_with = "stand_in")]
    key_from: Option<String>,

    /// Ask for this model, whatever a request names
    #[arg(long, value_name = "NAME")]
    model: Option<String>,

    /// A deck with a `basis` of style features, which scores the drafts
    #[arg(long, value_name = "DECK")]
    deck: Option<Source>,

    /// Score by the `basis` of this file instead: a deck of the same dimensions, or {"basis": …}
    #[arg(long, value_name = "FILE", requires = "deck")]
    basis: Option<Source>,

    /// Number of drafts where a request has no `n`
    #[arg(long, value_name = "NUMBER", default_value_t = 4)]
    drafts: u16,

    /// Ask for all drafts in one upstream request with `n`, or in one for each draft; by default once,
    /// with --unlike in parallel
    #[arg(long, value_name = "once|parallel", hide_possible_values = true)]
    ask: Option<AskArgument>,

    /// Make the drafts unlike: a JSON list with {"instruction": TEXT, "temperature": NUMBER}, or one of
    /// these, for each draft
    #[arg(long, value_name = "FILE")]
    unlike: Option<Source>,

    /// Let pages of this origin use it; may be repeated
    #[arg(long, value_name = "ORIGIN", value_parser = Origin::read)]
    allow_origin: Vec<Origin>,

    /// Also serve the files of this folder, such as a chat page
    #[arg(long, value_name = "FOLDER")]
    site: Option<PathBuf>,

    /// Refuse a request with more bytes
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20, help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(1..=1 << 30))]
    max_body: u32,

    /// Refuse a request for more drafts
    #[arg(long, value_name = "NUMBER", default_value_t = 8, help_heading = "Limits",
          value_parser = clap::value_parser!(u16).range(1..=128))]
    max_drafts: u16,

    /// Refuse requests for drafts while as many are in work
    #[arg(long, value_name = "NUMBER", default_value_t = 256, help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    concurrency: u32,

    /// Give up an upstream request or a body after this time without a byte, and an answer after ten
    /// times as long
    #[arg(long, value_name = "SECONDS", default_value_t = 60, help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(1..=86_400))]
    timeout: u32,

    /// At the end, wait as long for what is in work
    #[arg(long, value_name = "SECONDS", default_value_t = 8, help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(0..=86_400))]
    grace: u32,

    /// Log this much and more: off, error, warn, info, debug or trace; never content
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log: LevelFilter,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum AskArgument {
    Once,
    Parallel,
}

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
    /// The deck that scores the drafts, if there is one.
    pub deck: Option<ReportedDeck>,
}

#[derive(Debug, Serialize)]
pub struct ReportedDeck {
    pub id: String,
    pub version: String,
    pub dimensions: Vec<String>,
}

impl Arguments {
    /// The files that it reads.
    pub fn sources(&self) -> Vec<&Source> {
        let sources = [&self.deck, &self.basis, &self.unlike];
        sources.into_iter().flatten().collect()
    }

    fn settings(&self) -> Result<Settings, Failure> {
        let upstream = self.upstream.as_deref().map(UpstreamUrl::read).transpose();
        let upstream = upstream.map_err(|message| Failure::of_option("--upstream", message))?;
        let limits = Limits {
            body: self.max_body as usize,
            drafts: usize::from(self.max_drafts),
            concurrency: self.concurrency as usize,
            timeout: Duration::from_secs(self.timeout.into()),
            grace: Duration::from_secs(self.grace.into()),
        };
        let drafts = usize::from(self.drafts);
        if !(1..=limits.drafts).contains(&drafts) {
            let most = limits.drafts;
            let message = format!("expected a number from 1 to {most}, found {drafts}");
            return Err(Failure::of_option("--drafts", message));
        }
        let unlike = self.unlike.as_ref().map(read_unlike).transpose()?;
        let ask = match (self.ask, &unlike) {
            (Some(AskArgument::Once), Some(_)) => {
                let message = "drafts of one upstream request are all asked for alike; \
                               leave out --ask once";
                return Err(Failure::of_option("--unlike", message));
            }
            (Some(AskArgument::Once) | None, None) => Ask::Once,
            (Some(AskArgument::Parallel), _) | (None, Some(_)) => Ask::Parallel,
        };
        if let Some(folder) = self.site.as_ref().filter(|folder| !folder.is_dir()) {
            let message = format!("{} is no folder", folder.display());
            return Err(Failure::of_option("--site", message));
        }
        Ok(Settings {
            upstream,
            key: self.key_from.as_deref().map(read_key).transpose()?,
            model: self.model.clone(),
            drafts,
            ask,
            unlike: unlike.unwrap_or_default(),
            scorer: self.scorer()?,
            limits,
            allow_origins: self.allow_origin.clone(),
            site: self.site.clone(),
        })
    }

    fn scorer(&self) -> Result<Option<Arc<dyn Scorer>>, Failure> {
        let Some(source) = &self.deck else {
            return Ok(None);
        };
        let (deck, fields) = read_deck_and_fields(source)?;
        let failed = |message: String| Failure::new(source, message);
        let (file, basis) = match &self.basis {
            Some(file) => (file, read_basis_for(&deck, file)?),
            None => {
                let basis = Basis::of_deck(&fields, deck.dimensions().len()).map_err(failed)?;
                let message = "basis: expected one to score drafts by, found none; --basis has one \
                               from another file, and `leaning build --style` makes one";
                let basis = basis.ok_or_else(|| Failure::new(source, message))?;
                (source, basis)
            }
        };
        let language = language(deck.language())
            .map_err(|message| Failure::new(source, format!("language: {message}")))?;
        let scorer = StyleScorer::new(&deck, basis, language)
            .map_err(|message| Failure::new(file, message))?;
        Ok(Some(Arc::new(scorer)))
    }
}

/// The key in an environment variable, which has to be set. No message quotes it.
fn read_key(variable: &str) -> Result<Key, Failure> {
    let fail = |message: String| Failure::of_option("--key-from", message);
    let key = Key::from_environment(variable);
    let key = key.map_err(|message| fail(format!("{variable}: {message}")))?;
    key.ok_or_else(|| fail(format!("the environment variable {variable} is not set")))
}

fn read_unlike(source: &Source) -> Result<Vec<Unlike>, Failure> {
    let value = source.read_value()?;
    serde_path_to_error::deserialize(&value).map_err(|error| {
        let message = match error.path().to_string().as_str() {
            // The whole of it.
            "." => error.inner().to_string(),
            path => format!("{path}: {}", error.inner()),
        };
        Failure::new(source, message)
    })
}

/// Serves until a signal to end. `announce` is told once requests are taken.
pub fn run(
    arguments: &Arguments,
    announce: impl FnOnce(&Report) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let settings = arguments.settings()?;
    log_to_stderr(arguments.log);
    let failed = |error: io::Error| Failure::new("gateway", error);
    let runtime = Runtime::new().map_err(failed)?;
    let served = runtime.block_on(async {
        // From here on a signal ends it in order.
        let signals = Signals::new().map_err(failed)?;
        let server = Server::bind(arguments.listen, settings.clone()).await;
        let server = server.map_err(|error| Failure::new(arguments.listen, error))?;
        announce(&Report::of(&server, &settings))?;
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
    fn of(server: &Server, settings: &Settings) -> Self {
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
