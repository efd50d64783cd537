//! The arguments about scores, and the scorer that they make.

use super::model::{Asked, Model, Wanted, check, scales};
use super::scorer::{BasisScorer, not_of_style};
use crate::deck::basis::Basis;
use crate::deck::features::language;
use crate::deck::read::{read_basis_for, read_deck_and_fields};
use crate::failure::Failure;
use crate::input::Source;
use crate::models::{
    EmbeddingModel, Kind, ModelArguments, RewardModel, key_or_default, note_about_key,
    read_rubric_file, rubric_of_deck,
};
use leaning::Deck;
use leaning_gateway::Scorer;
use leaning_scoring::{Address, Client, Judge, Key, Retry, Settings};
use leaning_style::Lexicon;
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;

/// A person is waiting: few attempts, and no long waits between them.
const RETRY: Retry = Retry {
    limit: 2,
    first: Duration::from_millis(250),
    longest: Duration::from_secs(1),
    longest_asked: Duration::from_secs(5),
};

/// The deck and the basis that drafts are scored by, and the model that is asked for features.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("kind").args(["judge", "rewards", "embed"]).requires("deck")))]
pub struct ScoringArguments {
    /// A deck on whose dimensions drafts are scored, by its `basis`: by features of style, which are
    /// measured here, and by those of the model that one of the options below names
    #[arg(long, value_name = "DECK")]
    deck: Option<Source>,

    /// Score by the `basis` of this file instead: a deck of the same dimensions, or {"basis": …}
    #[arg(long, value_name = "FILE", requires = "deck")]
    basis: Option<Source>,

    #[command(flatten)]
    asked: ModelArguments,

    /// With --judge, the model, as that server calls it
    #[arg(long, value_name = "NAME", requires = "judge")]
    judge_model: Option<String>,

    /// With --rewards, the model, as that server calls it
    #[arg(long, value_name = "NAME", requires = "rewards")]
    rewards_model: Option<String>,

    /// With --embed, the model, as that server calls it
    #[arg(long, value_name = "NAME", requires = "embed")]
    embed_model: Option<String>,

    /// The environment variable that has the key of the server that scores; LEANING_API_KEY by
    /// default
    #[arg(long, value_name = "VARIABLE", requires = "kind")]
    scorer_key_from: Option<String>,

    /// Requests to the server that scores under way at once, for all messages together
    #[arg(long, value_name = "NUMBER", default_value_t = 64, requires = "kind",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    scorer_concurrency: u32,
}

/// The scorer, if there is one, and what is said about it.
#[derive(Debug, Default)]
pub struct Scoring {
    pub scorer: Option<Arc<dyn Scorer>>,
    /// The model that is asked, and its server.
    pub model: Option<String>,
    pub notes: Vec<String>,
}

impl ScoringArguments {
    /// The files that it reads.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        let own = [&self.deck, &self.basis].into_iter().flatten();
        own.chain(self.asked.sources())
    }

    /// Reads the files, and makes the scorer. A request of its takes at most `timeout`.
    pub fn read(&self, timeout: Duration) -> Result<Scoring, Failure> {
        let Some(source) = &self.deck else {
            return Ok(Scoring::default());
        };
        let (deck, fields) = read_deck_and_fields(source)?;
        let (file, basis) = self.read_basis(source, &deck, &fields)?;
        let of_basis = |message: String| Failure::new(file, message);
        let wanted = not_of_style(&basis);
        let mut scoring = Scoring::default();
        let model = match self.asked.server()? {
            None => None,
            Some((kind, _)) if wanted.is_empty() => {
                let message = format!("{file} has features of style alone, which need no model");
                return Err(Failure::of_option(kind.option(), message));
            }
            Some((kind, address)) => {
                let asked = self.asked(kind, (source, &deck, &fields), (file, &wanted))?;
                let option = "--scorer-key-from";
                let key = key_or_default(option, self.scorer_key_from.as_deref())?;
                scoring.notes.extend(note_about_key(key.as_ref(), &address));
                scoring.model = Some(format!("a {} at {address}", asked.name()));
                let client = client(address, key, timeout)?;
                let concurrency = self.scorer_concurrency as usize;
                Some(Model::new(client, concurrency, asked))
            }
        };
        let lexicon = if wanted.len() < basis.features().len() {
            let language = language(deck.language())
                .map_err(|message| Failure::new(source, format!("language: {message}")))?;
            Some(Lexicon::new(language))
        } else {
            None
        };
        let scorer = BasisScorer::new(&deck, basis, lexicon, model).map_err(of_basis)?;
        scoring.scorer = Some(Arc::new(scorer));
        Ok(scoring)
    }

    /// The basis, and the file that it is from.
    fn read_basis<'a>(
        &'a self,
        source: &'a Source,
        deck: &Deck,
        fields: &Map<String, Value>,
    ) -> Result<(&'a Source, Basis), Failure> {
        if let Some(file) = &self.basis {
            return Ok((file, read_basis_for(deck, file)?));
        }
        let basis = Basis::of_deck(fields, deck.dimensions().len())
            .map_err(|message| Failure::new(source, message))?;
        let message = "basis: expected one to score drafts by, found none; `leaning build` and \
                       `leaning fit` make decks with one, and --basis takes one from another file";
        let basis = basis.ok_or_else(|| Failure::new(source, message))?;
        Ok((source, basis))
    }

    /// The model, and how it is asked for the wanted features. Files come with what is in them.
    fn asked(
        &self,
        kind: Kind,
        (source, deck, fields): (&Source, &Deck, &Map<String, Value>),
        (basis, wanted): (&Source, &[Wanted]),
    ) -> Result<Asked, Failure> {
        let of_basis = |message: String| Failure::new(basis, message);
        let more = self.asked.read_fields()?;
        match kind {
            Kind::Judge => {
                let model = named(kind, self.judge_model.as_deref())?;
                let rubric = match &self.asked.rubric {
                    Some(source) => scales(&read_rubric_file(source)?, wanted).map_err(of_basis)?,
                    None => {
                        let ids: Vec<&str> = deck.dimensions().iter().map(|of| &*of.id).collect();
                        check(wanted, &ids, "a dimension of the deck").map_err(of_basis)?;
                        let is_wanted = |id: &str| wanted.iter().any(|(_, name)| name == id);
                        let rubric = rubric_of_deck(fields, is_wanted)
                            .map_err(|message| Failure::new(source, message))?;
                        scales(&rubric, wanted).map_err(of_basis)?
                    }
                };
                let judge = Judge::new(model, rubric, usize::from(self.asked.phrasings));
                Ok(Asked::Judge {
                    judge: judge.with_fields(more),
                    together: self.asked.together,
                })
            }
            Kind::Rewards => {
                let name = ("--rewards-model", self.rewards_model.as_deref());
                let model = RewardModel::new(&self.asked, name, more)?;
                Asked::rewards(model, wanted).map_err(of_basis)
            }
            Kind::Embed => {
                let name = named(kind, self.embed_model.as_deref())?;
                let model = EmbeddingModel::new(&self.asked, name, more)?;
                Asked::embed(model, wanted).map_err(of_basis)
            }
        }
    }
}

/// The name of the model, which servers of this kind need.
fn named(kind: Kind, name: Option<&str>) -> Result<&str, Failure> {
    name.ok_or_else(|| {
        let option = kind.option();
        Failure::of_option(option, format!("expected {option}-model, too"))
    })
}

fn client(address: Address, key: Option<Key>, time_limit: Duration) -> Result<Client, Failure> {
    let shown = address.to_string();
    let settings = Settings {
        key,
        time_limit,
        retry: RETRY,
        ..Settings::new(address)
    };
    Client::new(settings).map_err(|message| Failure::new(shown, message))
}
