//! The model that scores texts, on the command lines of `leaning score` and `leaning gateway`.

use crate::choices::column_name;
use crate::failure::Failure;
use crate::input::Source;
use clap::ValueEnum;
use leaning_scoring::instruction::PHRASINGS;
use leaning_scoring::{Address, Template};
use serde_json::{Map, Value};

/// Which model is asked, and how. Each command says itself, by a group `kind`, whether one of the
/// three addresses has to be given.
#[derive(Debug, clap::Args)]
pub struct ModelArguments {
    /// A server of language models with OpenAI's chat completions
    #[arg(long, value_name = "URL")]
    judge: Option<String>,

    /// A server of reward models
    #[arg(long, value_name = "URL")]
    rewards: Option<String>,

    /// A server of models of embeddings
    #[arg(long, value_name = "URL")]
    embed: Option<String>,

    /// With --judge, the dimensions, JSON: {"ID": {"low", "high", "label", "description", "anchors": {"1", …, "5"}}}
    #[arg(long, value_name = "FILE", requires = "kind", conflicts_with_all = ["rewards", "embed"])]
    pub rubric: Option<Source>,

    /// With --judge, ways to ask, from 1 to 4, whose ratings are averaged. They tell how far the
    /// model agrees with itself, and cost as many times as much
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "kind",
          conflicts_with_all = ["rewards", "embed"],
          value_parser = clap::value_parser!(u8).range(1..=PHRASINGS as i64))]
    pub phrasings: u8,

    /// With --judge, ask about all texts of a prompt at once, up to 12. It costs less; the texts are
    /// compared, but one that the model will not rate takes the others with it
    #[arg(long, requires = "kind", conflicts_with_all = ["rewards", "embed"])]
    pub together: bool,

    /// With --rewards: classify or pooling (vLLM), sglang, or nim. With --embed: openai or pooling
    /// (vLLM). By default classify or openai
    #[arg(
        long,
        value_enum,
        requires = "kind",
        conflicts_with = "judge",
        hide_possible_values = true,
        value_name = "NAME"
    )]
    pub protocol: Option<ProtocolName>,

    /// How prompt and text become one text, for --rewards and --embed: a file with {prompt} and
    /// {text}, such as the model's chat template has them. By default vLLM gets messages, and
    /// embeddings are of the text alone
    #[arg(long, value_name = "FILE", requires = "kind", conflicts_with = "judge")]
    template: Option<Source>,

    /// With --rewards, names for the heads, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = column_name,
          requires = "kind", conflicts_with_all = ["judge", "embed"])]
    pub names: Vec<String>,

    /// More fields of each request to that server, JSON, such as {"seed": 1}; null takes one out
    #[arg(long, value_name = "FILE", requires = "kind")]
    fields: Option<Source>,
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

impl Kind {
    /// The option with the server's address.
    pub fn option(self) -> &'static str {
        match self {
            Kind::Judge => "--judge",
            Kind::Rewards => "--rewards",
            Kind::Embed => "--embed",
        }
    }
}

impl ModelArguments {
    /// Every file that is read.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        let sources = [&self.rubric, &self.template, &self.fields];
        sources.into_iter().flatten()
    }

    /// The kind of model, and the address of its server; `None` if none is given.
    ///
    /// # Errors
    /// If the address is none.
    pub fn server(&self) -> Result<Option<(Kind, Address)>, Failure> {
        let given = [
            (Kind::Judge, &self.judge),
            (Kind::Rewards, &self.rewards),
            (Kind::Embed, &self.embed),
        ];
        let given = given
            .into_iter()
            .find_map(|(kind, url)| Some((kind, url.as_deref()?)));
        let Some((kind, url)) = given else {
            return Ok(None);
        };
        match Address::parse(url) {
            Ok(address) => Ok(Some((kind, address))),
            Err(message) => Err(Failure::of_option(kind.option(), message)),
        }
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
