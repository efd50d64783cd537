//! The arguments of `leaning score`.

use super::asking::Asking;
use super::{embed, judge, rewards};
use crate::choices::Texts;
use crate::failure::Failure;
use crate::input::Source;
use crate::models::{Kind, ModelArguments};
use leaning_scoring::Address;
use serde_json::{Map, Value};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// Have a model score texts
///
/// The texts are a table with the columns id, prompt and text. Their rows come out again with a column of numbers
/// for each dimension, ready for `leaning build --scores`. A model is asked in one of three ways:
///   --judge     a language model rates each text from 1 to 5 on each dimension of a deck or rubric
///   --rewards   a reward model gives each text a number per head
///   --embed     a model of embeddings gives each text many numbers, for `leaning fit --features`
///
/// Answers are kept in a cache as they come. After Ctrl-C, or any failure, the same command goes on from there, and
/// nothing is paid for twice. A text that could not be rated is left out of the table and named in the report:
///   texts, scored    numbers of texts, and of those with all of their numbers
///   dimensions       with mean and sd; withinPrompts, the share of the variance that questions can tell something
///                    about; agreement, the mean correlation of two phrasings within prompts; and reliability, that of
///                    the phrasings' mean
///   correlations     of the differences within prompts, a row per dimension
///   correlated       pairs of dimensions beyond .7 either way
///   unrated          texts without a number, and why
///   requests         those that were needed, in the cache, answered, failed, and sent again
///   tokens           that were paid for now; cachedTokens, those that were not
///
/// docs/scoring.md has a run from the texts to the quiz.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    group(clap::ArgGroup::new("kind").required(true).args(["judge", "rewards", "embed"])),
    after_help = "\
Example:
  leaning score --responses replies.csv --judge http://127.0.0.1:8000/v1 --model my-model \\
    --rubric rubric.json --dry-run
  leaning score --responses replies.csv --judge http://127.0.0.1:8000/v1 --model my-model \\
    --rubric rubric.json --phrasings 2 --out scores.csv
  leaning score --responses replies.csv --rewards http://127.0.0.1:8000 --names help,style \\
    --out scores.jsonl
  leaning score --responses replies.csv --embed http://127.0.0.1:8000/v1 --model my-model \\
    --out features.safetensors"
)]
pub struct Arguments {
    /// The texts: id, prompt, text (CSV, JSON Lines or Parquet)
    #[arg(long, value_name = "FILE")]
    pub responses: Source,

    /// The texts of the prompts: id, text. Without it the column prompt is the prompt itself
    #[arg(long, value_name = "FILE")]
    pub prompts: Option<Source>,

    #[command(flatten)]
    pub asked: ModelArguments,

    /// The model, as the server calls it
    #[arg(long, value_name = "NAME", required_unless_present = "rewards")]
    pub model: Option<String>,

    /// With --judge, a deck whose dimensions are rated; both of their ends need words
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rubric", "rewards", "embed"])]
    pub deck: Option<Source>,

    /// The environment variable that has the server's key; LEANING_API_KEY by default
    #[arg(long, value_name = "VARIABLE")]
    pub key_from: Option<String>,

    /// Requests under way at once
    #[arg(long, value_name = "NUMBER", default_value = "8")]
    pub concurrency: NonZeroUsize,

    /// Seconds after which a request is given up
    #[arg(long, value_name = "SECONDS", default_value_t = 120.0, value_parser = seconds)]
    pub time_limit: f64,

    /// How often a request is sent again that was refused for the moment, or got no answer
    #[arg(long, value_name = "NUMBER", default_value_t = 6)]
    pub retries: u32,

    /// With --embed, texts that are sent at once
    #[arg(long, value_name = "NUMBER", default_value = "32", conflicts_with_all = ["judge", "rewards"])]
    pub batch: NonZeroUsize,

    /// Only the first texts, to see what comes out
    #[arg(long, value_name = "NUMBER")]
    pub limit: Option<NonZeroUsize>,

    /// Ask again about texts that the model would not rate
    #[arg(long)]
    pub again: bool,

    /// Print the first request, and send nothing
    #[arg(long)]
    pub dry_run: bool,

    /// The table to write, in .csv or .jsonl; with --embed, a matrix in .safetensors
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    pub out: Option<PathBuf>,

    /// The file for answers; by default beside the table, with the ending .cache.jsonl
    #[arg(long, value_name = "FILE")]
    pub cache: Option<PathBuf>,

    /// The file for model, instruction and report, JSON; by default beside the table, with the
    /// ending .meta.json
    #[arg(long, value_name = "FILE")]
    pub metadata: Option<PathBuf>,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse::<f64>().ok();
    seconds
        .filter(|seconds| Duration::try_from_secs_f64(*seconds).is_ok() && *seconds > 0.0)
        .ok_or_else(|| "expected a number above 0".to_owned())
}

impl Arguments {
    /// Every file that is read.
    pub fn sources(&self) -> Vec<&Source> {
        let others = [&self.prompts, &self.deck];
        [&self.responses]
            .into_iter()
            .chain(others.into_iter().flatten())
            .chain(self.asked.sources())
            .collect()
    }

    /// The kind of model, and the address of its server.
    pub fn server(&self) -> Result<(Kind, Address), Failure> {
        // The command line has one.
        let missing = || Failure::of_option("--judge", "expected an address, found none");
        self.asked.server()?.ok_or_else(missing)
    }

    /// The requests about these texts.
    pub fn source(
        &self,
        kind: Kind,
        texts: &Texts,
        fields: Map<String, Value>,
    ) -> Result<Box<dyn Asking>, Failure> {
        Ok(match kind {
            Kind::Judge => Box::new(judge::Judging::new(self, texts, fields)?),
            Kind::Rewards => Box::new(rewards::Rewarding::new(self, texts, fields)?),
            Kind::Embed => Box::new(embed::Embedding::new(self, texts, fields)?),
        })
    }
}
