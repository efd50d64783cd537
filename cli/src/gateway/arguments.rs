//! The arguments of `leaning gateway`.

use super::scoring::ScoringArguments;
use crate::failure::Failure;
use crate::input::Source;
use crate::models::key;
use leaning_gateway::{Ask, Host, Limits, Origin, Scorer, Settings, Site, Unlike, UpstreamUrl};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tracing_subscriber::filter::LevelFilter;

/// Stand between a chat page and a language model: several drafts for each message, with scores
///
/// Takes requests as OpenAI's servers do (POST /v1/chat/completions, GET /v1/models), asks the
/// upstream server for several drafts, and returns them as `choices`, streamed or whole, with their
/// scores in the field `leaning`. The page ranks them by what it knows about the person, which never
/// leaves it. Nothing of a person's is logged or sent on but their messages. A server that scores gets
/// the last of these and the drafts. docs/gateway.md has the protocol, the scores, the errors, and what
/// a conversation tells.
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
  leaning gateway --stand-in --deck deck.json --basis style-basis.json --site www --site /pkg=pkg
  leaning gateway --upstream http://localhost:8000/v1 --deck deck.json \\
    --judge http://localhost:8001/v1 --judge-model my-judge --phrasings 2
  leaning gateway --upstream http://localhost:8000/v1 --deck deck.json \\
    --rewards http://localhost:8002 --names help,style
  leaning gateway --upstream http://localhost:8000/v1 --deck fitted.json \\
    --embed http://localhost:8003/v1 --embed-model my-embeddings
  leaning gateway --upstream http://localhost:8000/v1 --deck deck.json \\
    --allow-origin https://chat.example --ask parallel --unlike unlike.json
  OPENAI_API_KEY=… leaning gateway --upstream https://api.openai.com/v1 --key-from OPENAI_API_KEY"
)]
pub struct Arguments {
    /// Listen here; port 0 is any free port, which is then printed
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,

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

    /// Answer requests for this host, such as chat.example, besides those for this machine; may be
    /// repeated
    #[arg(long, value_name = "NAME", value_parser = Host::read)]
    host: Vec<Host>,

    /// Also serve the files of this folder, such as a chat page, at / or another path; may be repeated
    #[arg(long, value_name = "[/PATH=]FOLDER", value_parser = Site::read)]
    site: Vec<Site>,

    /// Log this much and more: off, error, warn, info, debug or trace; never content
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    pub log: LevelFilter,

    #[command(flatten, next_help_heading = "Scores")]
    pub scoring: ScoringArguments,

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
    /// times as long; scores have this time in all
    #[arg(long, value_name = "SECONDS", default_value_t = 60, help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(1..=86_400))]
    timeout: u32,

    /// At the end, wait as long for what is in work
    #[arg(long, value_name = "SECONDS", default_value_t = 8, help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(0..=86_400))]
    grace: u32,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum AskArgument {
    Once,
    Parallel,
}

impl Arguments {
    /// The files that it reads.
    pub fn sources(&self) -> Vec<&Source> {
        self.unlike.iter().chain(self.scoring.sources()).collect()
    }

    /// The time without a byte after which a request is given up.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout.into())
    }

    pub fn settings(&self, scorer: Option<Arc<dyn Scorer>>) -> Result<Settings, Failure> {
        let upstream = self.upstream.as_deref().map(UpstreamUrl::read).transpose();
        let upstream = upstream.map_err(|message| Failure::of_option("--upstream", message))?;
        let limits = Limits {
            body: self.max_body as usize,
            drafts: usize::from(self.max_drafts),
            concurrency: self.concurrency as usize,
            timeout: self.timeout(),
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
        for (place, site) in self.site.iter().enumerate() {
            let before = &self.site[..place];
            if before.iter().any(|other| other.path() == site.path()) {
                let message = format!("{} is given to two folders", site.path());
                return Err(Failure::of_option("--site", message));
            }
        }
        let key = self.key_from.as_deref();
        Ok(Settings {
            upstream,
            key: key
                .map(|variable| self::key("--key-from", variable))
                .transpose()?,
            model: self.model.clone(),
            drafts,
            ask,
            unlike: unlike.unwrap_or_default(),
            scorer,
            limits,
            allow_origins: self.allow_origin.clone(),
            hosts: self.host.clone(),
            sites: self.site.clone(),
        })
    }
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
