//! The arguments of `leaning score`.

use super::asking::Asking;
use super::{embed, judge, rewards};
use crate::choices::{Texts, column_name};
use crate::failure::Failure;
use crate::input::Source;
use clap::ValueEnum;
use leaning_scoring::instruction::PHRASINGS;
use leaning_scoring::{Address, Key, Template};
use serde_json::{Map, Value};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// The environment variable that has the key, unless another is named.
const KEY: &str = "LEANING_API_KEY";

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

    /// A server of language models with OpenAI's chat completions
    #[arg(long, value_name = "URL", requires = "model")]
    judge: Option<String>,

    /// A server of reward models
    #[arg(long, value_name = "URL")]
    rewards: Option<String>,

    /// A server of models of embeddings
    #[arg(long, value_name = "URL", requires = "model")]
    embed: Option<String>,

    /// The model, as the server calls it
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,

    /// With --judge, a deck whose dimensions are rated; both of their ends need words
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rubric", "rewards", "embed"])]
    pub deck: Option<Source>,

    /// With --judge, the dimensions, JSON: {"ID": {"low", "high", "label", "description", "anchors": {"1", …, "5"}}}
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rewards", "embed"])]
    pub rubric: Option<Source>,

    /// With --judge, ways to ask, from 1 to 4, whose ratings are averaged. They tell how far the
    /// model agrees with itself, and cost as many times as much
    #[arg(long, value_name = "NUMBER", default_value_t = 1, conflicts_with_all = ["rewards", "embed"],
          value_parser = clap::value_parser!(u8).range(1..=PHRASINGS as i64))]
    pub phrasings: u8,

    /// With --judge, ask about all texts of a prompt at once, up to 12. It costs less; the texts are
    /// compared, but one that the model will not rate takes the others with it
    #[arg(long, conflicts_with_all = ["rewards", "embed"])]
    pub together: bool,

    /// With --rewards: classify or pooling (vLLM), sglang, or nim. With --embed: openai or pooling
    /// (vLLM). By default classify or openai
    #[arg(
        long,
        value_enum,
        conflicts_with = "judge",
        hide_possible_values = true,
        value_name = "NAME"
    )]
    pub protocol: Option<ProtocolName>,

    /// How prompt and text become one text, for --rewards and --embed: a file with {prompt} and
    /// {text}, such as the model's chat template has them. By default vLLM gets messages, and
    /// embeddings are of the text alone
    #[arg(long, value_name = "FILE", conflicts_with = "judge")]
    template: Option<Source>,

    /// With --rewards, names for the heads, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = column_name,
          conflicts_with_all = ["judge", "embed"])]
    pub names: Vec<String>,

    /// More fields of each request, JSON, such as {"seed": 1}; null takes one out
    #[arg(long, value_name = "FILE")]
    fields: Option<Source>,

    /// The environment variable that has the server's key; LEANING_API_KEY by default
    #[arg(long, value_name = "VARIABLE")]
    key_from: Option<String>,

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

/// A protocol on a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProtocolName {
    Classify,
    Pooling,
    Sglang,
    Nim,
    Openai,
}

/// The kind of model that is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Judge,
    Rewards,
    Embed,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse::<f64>().ok();
    seconds
        .filter(|seconds| Duration::try_from_secs_f64(*seconds).is_ok() && *seconds > 0.0)
        .ok_or_else(|| "expected a number above 0".to_owned())
}

impl Kind {
    /// The requests about these texts.
    pub fn source(
        self,
        arguments: &Arguments,
        texts: &Texts,
        fields: Map<String, Value>,
    ) -> Result<Box<dyn Asking>, Failure> {
        Ok(match self {
            Kind::Judge => Box::new(judge::Judging::new(arguments, texts, fields)?),
            Kind::Rewards => Box::new(rewards::Rewarding::new(arguments, texts, fields)?),
            Kind::Embed => Box::new(embed::Embedding::new(arguments, texts, fields)?),
        })
    }
}

impl Arguments {
    /// Every file that is read.
    pub fn sources(&self) -> Vec<&Source> {
        let others = [
            &self.prompts,
            &self.deck,
            &self.rubric,
            &self.template,
            &self.fields,
        ];
        [&self.responses]
            .into_iter()
            .chain(others.into_iter().flatten())
            .collect()
    }

    pub fn kind(&self) -> Kind {
        match (&self.judge, &self.rewards) {
            (Some(_), _) => Kind::Judge,
            (_, Some(_)) => Kind::Rewards,
            _ => Kind::Embed,
        }
    }

    /// The address of the server.
    pub fn address(&self) -> Result<Address, Failure> {
        let options = [
            ("--judge", &self.judge),
            ("--rewards", &self.rewards),
            ("--embed", &self.embed),
        ];
        let given = options
            .into_iter()
            .find_map(|(option, url)| Some((option, url.as_deref()?)));
        // The command line has one of them.
        let (option, url) = given.unwrap_or(("--judge", ""));
        Address::parse(url).map_err(|message| Failure::of_option(option, message))
    }

    /// The environment variable that has the key.
    pub fn key_variable(&self) -> &str {
        self.key_from.as_deref().unwrap_or(KEY)
    }

    /// The key, if the environment has one.
    pub fn key(&self) -> Result<Option<Key>, Failure> {
        let variable = self.key_variable();
        let failure = |message: String| Failure::of_option("--key-from", message);
        let key = Key::from_environment(variable)
            .map_err(|message| failure(format!("{variable}: {message}")))?;
        if key.is_none() && self.key_from.is_some() {
            let message = format!("the environment variable {variable} is not set");
            return Err(failure(message));
        }
        Ok(key)
    }

    /// More fields of each request.
    pub fn read_fields(&self) -> Result<Map<String, Value>, Failure> {
        match &self.fields {
            Some(source) => source.read_json(),
            None => Ok(Map::new()),
        }
    }

    /// How prompt and text become one text.
    pub fn read_template(&self) -> Result<Option<Template>, Failure> {
        let Some(source) = &self.template else {
            return Ok(None);
        };
        let text = source.read_text()?;
        // Editors end a file with a line break, which no template means.
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        let template = Template::new(text).map_err(|message| Failure::new(source, message))?;
        Ok(Some(template))
    }
}
