//! `leaning-deck/1`.

use super::look::{ImageFile, Words, check_image, check_words};
#[cfg(feature = "schema")]
use super::schema;
use super::{Number, Object, STAYS_ON_PAGE, doubles, numbers, whole};
use crate::error::{Error, Flaw};
use crate::model::answer::{DEFAULT_LEVELS, RATING_LEVELS};
use crate::model::deck::check_components;
use crate::model::ranking::MAX_SHOWN;
use crate::model::{
    AnswerKind, AnswerModel, Archetype, Deck, DeckCandidate, Dimension, MixtureComponent, Prior,
    Prompt,
};
#[cfg(feature = "schema")]
use crate::model::{
    answer_model::{MAX_LENIENCY, MAX_MAGNITUDE},
    deck::{MAX_CANDIDATES, MAX_COMPONENTS, MAX_DIMENSIONS, MAX_PROMPTS},
};
use nalgebra::{DMatrix, DVector};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
#[cfg(target_family = "wasm")]
use tsify::Tsify;

/// Name and version of the format.
pub const FORMAT: &str = "leaning-deck/1";

/// A deck as it is written. Optional fields may be absent or null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Deck", transform = schema::question_sizes)
)]
#[cfg_attr(target_family = "wasm", derive(Tsify), tsify(rename = "Deck"))]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct DeckFile {
    /// `leaning-deck/1`.
    #[serde(deserialize_with = "format_name")]
    #[cfg_attr(target_family = "wasm", tsify(type = "\"leaning-deck/1\""))]
    #[cfg_attr(feature = "schema", schemars(extend("const" = FORMAT)))]
    pub format: String,
    /// A log belongs to one deck id. Not empty, without "/".
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::ID)))]
    pub id: String,
    /// "1" by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// BCP 47 tag of the language of the texts.
    #[serde(
        default,
        deserialize_with = "super::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub language: Option<String>,
    /// A heading for people.
    #[serde(
        default,
        deserialize_with = "super::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub title: Option<String>,
    /// The base rewards, 1 to 64.
    #[cfg_attr(target_family = "wasm", tsify(type = "Dimension[]"))]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = MAX_DIMENSIONS)))]
    pub dimensions: Vec<Object<DimensionFile>>,
    /// The population prior.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "Prior | null"))]
    pub prior: Option<Object<PriorFile>>,
    /// How people answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "AnswerModel | null"))]
    pub answers: Option<Object<AnswerModelFile>>,
    /// Number of candidates that a question shows, 2 (the default) to 4. `choose` in older decks.
    #[serde(
        alias = "choose",
        default,
        deserialize_with = "candidates_per_question",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(target_family = "wasm", tsify(type = "2 | 3 | 4 | null"))]
    #[cfg_attr(
        feature = "schema",
        schemars(
            with = "Option<Number>",
            range(min = 2, max = MAX_SHOWN),
            extend("type" = ["integer", "null"])
        )
    )]
    pub candidates_per_question: Option<usize>,
    /// Words of the elements that the deck replaces, by BCP 47 tag and key.
    #[serde(
        default,
        deserialize_with = "super::look::on_page",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(
        target_family = "wasm",
        tsify(type = "Record<string, Partial<Record<DeckWord, string>>> | null")
    )]
    #[cfg_attr(feature = "schema", schemars(transform = schema::words))]
    pub words: Option<Words>,
    /// Kinds of people, one of which the result may name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "Archetype[] | null"))]
    pub archetypes: Option<Vec<Object<ArchetypeFile>>>,
    /// The questions or requests, with the candidates that respond to them.
    #[cfg_attr(target_family = "wasm", tsify(type = "Prompt[]"))]
    #[cfg_attr(
        feature = "schema",
        schemars(
            length(min = 1, max = MAX_PROMPTS),
            extend("contains" = {"properties": {"candidates": {"minItems": 2}}})
        )
    )]
    pub prompts: Vec<Object<PromptFile>>,
}

/// One base reward.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Dimension")
)]
#[cfg_attr(target_family = "wasm", derive(Tsify), tsify(rename = "Dimension"))]
#[serde(expecting = "an object")]
pub struct DimensionFile {
    /// Unique within the deck. Not empty, without "/".
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::ID)))]
    pub id: String,
    /// A heading; the id by default.
    #[serde(
        default,
        deserialize_with = "super::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub label: Option<String>,
    /// A name for the end of low scores; "low" by default.
    #[serde(
        default,
        deserialize_with = "super::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub low: Option<String>,
    /// A name for the end of high scores; "high" by default.
    #[serde(
        default,
        deserialize_with = "super::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub high: Option<String>,
    /// A sentence about it.
    #[serde(
        default,
        deserialize_with = "super::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub description: Option<String>,
    /// Whether somebody may like its middle, or both of its ends; false by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "boolean | null"))]
    pub curved: Option<bool>,
}

/// A prompt with its candidates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Prompt")
)]
#[cfg_attr(target_family = "wasm", derive(Tsify), tsify(rename = "Prompt"))]
#[serde(expecting = "an object")]
pub struct PromptFile {
    /// Unique within the deck. Not empty, without "/".
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::ID)))]
    pub id: String,
    /// The question or request itself.
    #[serde(
        default,
        deserialize_with = "super::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub text: Option<String>,
    /// A picture that belongs to it.
    #[serde(
        default,
        deserialize_with = "super::look::on_page",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(target_family = "wasm", tsify(type = "DeckImage | null"))]
    pub image: Option<Object<ImageFile>>,
    /// The responses.
    #[cfg_attr(target_family = "wasm", tsify(type = "DeckCandidate[]"))]
    #[cfg_attr(feature = "schema", schemars(length(max = MAX_CANDIDATES)))]
    pub candidates: Vec<Object<CandidateFile>>,
}

/// One response to a prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Candidate")
)]
#[cfg_attr(target_family = "wasm", derive(Tsify), tsify(rename = "DeckCandidate"))]
#[serde(expecting = "an object")]
pub struct CandidateFile {
    /// Unique within the prompt. Not empty, without "/".
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::ID)))]
    pub id: String,
    /// The response itself.
    #[serde(
        default,
        deserialize_with = "super::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub text: Option<String>,
    /// A picture of it.
    #[serde(
        default,
        deserialize_with = "super::look::on_page",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(target_family = "wasm", tsify(type = "DeckImage | null"))]
    #[cfg_attr(feature = "schema", schemars(extend("properties" = {"alt": {"pattern": schema::NOT_BLANK}})))]
    pub image: Option<Object<ImageFile>>,
    /// φ(x, y), one number per dimension.
    #[cfg_attr(target_family = "wasm", tsify(type = "number[]"))]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = MAX_DIMENSIONS)))]
    pub scores: Vec<Number>,
}

/// A kind of person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Archetype")
)]
#[cfg_attr(target_family = "wasm", derive(Tsify), tsify(rename = "Archetype"))]
#[serde(expecting = "an object")]
pub struct ArchetypeFile {
    /// Unique within the deck. Not empty, without "/".
    #[cfg_attr(feature = "schema", schemars(regex(pattern = schema::ID)))]
    pub id: String,
    /// Its name for people, in the deck's language.
    #[serde(deserialize_with = "super::text")]
    #[cfg_attr(target_family = "wasm", tsify(type = "string"))]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub name: Option<String>,
    /// A sentence or two about it.
    #[serde(
        default,
        deserialize_with = "super::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub text: Option<String>,
    /// Its taste: a number for the ids of some dimensions, above 0 for the `high` end. Only their
    /// ratios matter; the others are 0.
    #[cfg_attr(target_family = "wasm", tsify(type = "Record<string, number>"))]
    #[cfg_attr(
        feature = "schema",
        schemars(extend("not" = {"additionalProperties": {"const": 0}}))
    )]
    pub weights: BTreeMap<String, Number>,
}

/// A Gaussian (mean and covariance), or a mixture (components).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Prior", transform = schema::gaussian_or_mixture)
)]
#[cfg_attr(target_family = "wasm", derive(Tsify), tsify(rename = "Prior"))]
#[serde(expecting = "an object")]
pub struct PriorFile {
    /// μ₀, d numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "number[] | null"))]
    pub mean: Option<Vec<Number>>,
    /// Σ₀, d rows of d numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "number[][] | null"))]
    pub covariance: Option<Vec<Vec<Number>>>,
    /// Several Gaussians with their shares of the population, instead of mean and covariance.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "MixtureComponent[] | null"))]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = MAX_COMPONENTS)))]
    pub components: Option<Vec<Object<ComponentFile>>>,
}

/// One Gaussian of a mixture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "MixtureComponent")
)]
#[cfg_attr(
    target_family = "wasm",
    derive(Tsify),
    tsify(rename = "MixtureComponent")
)]
#[serde(expecting = "an object")]
pub struct ComponentFile {
    /// Its share of the population, above 0, relative to the others'.
    #[cfg_attr(target_family = "wasm", tsify(type = "number"))]
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 0, max = MAX_MAGNITUDE), extend("exclusiveMinimum" = 0))
    )]
    pub weight: Number,
    /// d numbers.
    #[cfg_attr(target_family = "wasm", tsify(type = "number[]"))]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = MAX_DIMENSIONS)))]
    pub mean: Vec<Number>,
    /// d rows of d numbers.
    #[cfg_attr(target_family = "wasm", tsify(type = "number[][]"))]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = MAX_DIMENSIONS)))]
    pub covariance: Vec<Vec<Number>>,
}

/// How people answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "AnswerModel", transform = schema::grades_of_choices)
)]
#[cfg_attr(target_family = "wasm", derive(Tsify), tsify(rename = "AnswerModel"))]
#[serde(expecting = "an object")]
pub struct AnswerModelFile {
    /// ε, the probability of a slip of the finger; 0.02 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "number | null"))]
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 0, max = 1), extend("exclusiveMaximum" = 1))
    )]
    pub lapse: Option<Number>,
    /// δ, the band of indifference in units of reward; 0.5 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "number | null"))]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = MAX_MAGNITUDE)))]
    pub indifference: Option<Number>,
    /// The kind of answer that questions ask for; `choice` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        target_family = "wasm",
        tsify(type = "\"choice\" | \"rating\" | \"best-worst\" | \"order\" | null")
    )]
    #[cfg_attr(
        feature = "schema",
        schemars(extend("enum" = ["choice", "rating", "best-worst", "order", null]))
    )]
    pub kind: Option<String>,
    /// Of two candidates, 2 (the default) asks which is better, and 4 also whether it is much or
    /// slightly better. A tie is on offer besides if there is a band of indifference.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "2 | 4 | null"))]
    #[cfg_attr(feature = "schema", schemars(extend("enum" = [2, 4, null])))]
    pub grades: Option<Number>,
    /// γ, the reward difference from which "much better" is likelier than "slightly better"; 2 by
    /// default, or twice the band of indifference if that is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "number | null"))]
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 0, max = MAX_MAGNITUDE), extend("exclusiveMinimum" = 0))
    )]
    pub much: Option<Number>,
    /// Number of levels of a rating, 2 to 11; 5 by default. In a deck that has it, "neither" rejects
    /// each candidate shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "number | null"))]
    #[cfg_attr(
        feature = "schema",
        schemars(
            range(min = RATING_LEVELS.0, max = RATING_LEVELS.1),
            extend("type" = ["integer", "null"])
        )
    )]
    pub ratings: Option<Number>,
    /// s, the spread of the cuts between the levels of a rating in units of reward; 1.4 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "number | null"))]
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 0, max = MAX_MAGNITUDE), extend("exclusiveMinimum" = 0))
    )]
    pub spread: Option<Number>,
    /// τ, the standard deviation of people's leniency in units of reward; 1 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(type = "number | null"))]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = MAX_LENIENCY)))]
    pub leniency: Option<Number>,
}

impl Deck {
    /// Reads a deck from the text of a `leaning-deck/1` file.
    ///
    /// # Errors
    /// [`Error::Json`] if the text is not JSON, [`Error::Deck`] if a rule of the format is broken.
    #[cfg(any(not(target_family = "wasm"), feature = "json"))]
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Deck::read(super::parse_json(text)?)
    }

    /// Reads a deck from a deserializer, such as a `serde_json::Value`.
    ///
    /// # Errors
    /// [`Error::Deck`] with the first place at which a rule of the format is broken.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, Error> {
        Deck::read_with(deserializer, Vec::new())
    }

    /// The same with further prompts, which come in another form.
    pub(crate) fn read_with<'de, D: Deserializer<'de>>(
        deserializer: D,
        further: Vec<Prompt>,
    ) -> Result<Self, Error> {
        let Object(file): Object<DeckFile> =
            super::read_file(deserializer, FORMAT).map_err(Error::Deck)?;
        file.into_deck(further)
    }
}

impl DeckFile {
    fn into_deck(self, further: Vec<Prompt>) -> Result<Deck, Error> {
        let d = self.dimensions.len();
        // In browsers the page checks what stays there.
        if !STAYS_ON_PAGE {
            if let Some(words) = &self.words {
                check_words(words).map_err(Error::Deck)?;
            }
            check_images(&self.prompts).map_err(Error::Deck)?;
        }
        let mut builder = Deck::builder(self.id)
            .version(self.version.unwrap_or_else(|| "1".to_owned()))
            .prompts(self.prompts.into_iter().map(|Object(prompt)| prompt.into()))
            .prompts(further);
        for Object(dimension) in self.dimensions {
            builder = builder.dimension(dimension.into());
        }
        if let Some(language) = self.language {
            builder = builder.language(language);
        }
        if let Some(title) = self.title {
            builder = builder.title(title);
        }
        for (place, Object(archetype)) in self.archetypes.into_iter().flatten().enumerate() {
            builder = builder.archetype(archetype.read(place)?);
        }
        if let Some(Object(prior)) = self.prior {
            builder = builder.prior(read_prior(prior, d)?);
        }
        if let Some(Object(answers)) = self.answers {
            builder = builder
                .answer_kind(answers.kind()?)
                .answer_model(answers.try_into()?);
        }
        if let Some(count) = self.candidates_per_question {
            builder = builder.candidates_per_question(count);
        }
        builder.build()
    }
}

fn check_images(prompts: &[Object<PromptFile>]) -> Result<(), Flaw> {
    for (place, Object(prompt)) in prompts.iter().enumerate() {
        let path = format!("prompts[{place}]");
        check_image(prompt.image.as_ref(), false, &format!("{path}.image"))?;
        for (place, Object(candidate)) in prompt.candidates.iter().enumerate() {
            let path = format!("{path}.candidates[{place}].image");
            check_image(candidate.image.as_ref(), true, &path)?;
        }
    }
    Ok(())
}

impl ArchetypeFile {
    fn read(self, place: usize) -> Result<Archetype, Error> {
        // In browsers the page has its name, and checks it.
        if self.name.is_none() && !STAYS_ON_PAGE {
            return Err(flaw(format!("archetypes[{place}].name"), "missing"));
        }
        let weights = self.weights.into_iter();
        Ok(Archetype {
            id: self.id,
            name: self.name.unwrap_or_default(),
            text: self.text,
            weights: weights.map(|(id, Number(weight))| (id, weight)).collect(),
        })
    }
}

fn format_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    super::format_name(deserializer, FORMAT)
}

fn candidates_per_question<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<usize>, D::Error> {
    let Some(number) = Option::deserialize(deserializer)? else {
        return Ok(None);
    };
    let count = whole(number, 2, MAX_SHOWN as u64).map_err(D::Error::custom)?;
    Ok(Some(count as usize))
}

impl From<DimensionFile> for Dimension {
    fn from(file: DimensionFile) -> Self {
        Dimension {
            label: file.label.unwrap_or_else(|| file.id.clone()),
            id: file.id,
            low: file.low.unwrap_or_else(|| "low".to_owned()),
            high: file.high.unwrap_or_else(|| "high".to_owned()),
            description: file.description,
            curved: file.curved.unwrap_or(false),
        }
    }
}

impl From<PromptFile> for Prompt {
    fn from(file: PromptFile) -> Self {
        let candidate = |Object(candidate): Object<CandidateFile>| DeckCandidate {
            id: candidate.id,
            text: candidate.text.unwrap_or_default(),
            scores: doubles(candidate.scores),
        };
        Prompt {
            id: file.id,
            text: file.text.unwrap_or_default(),
            candidates: file.candidates.into_iter().map(candidate).collect(),
        }
    }
}

impl AnswerModelFile {
    fn levels(&self) -> Result<usize, Error> {
        let Some(ratings) = self.ratings else {
            return Ok(DEFAULT_LEVELS);
        };
        let (fewest, most) = RATING_LEVELS;
        match whole(ratings, fewest as u64, most as u64) {
            Ok(levels) => Ok(levels as usize),
            Err(wrong) => Err(Error::Deck(wrong.within("answers.ratings"))),
        }
    }

    fn kind(&self) -> Result<AnswerKind, Error> {
        let grades = match self.grades {
            None => 2.0,
            Some(Number(grades)) if grades == 2.0 || grades == 4.0 => grades,
            Some(_) => return Err(flaw("answers.grades", "expected 2 or 4")),
        };
        match self.kind.as_deref().unwrap_or("choice") {
            "choice" if grades == 4.0 => Ok(AnswerKind::Graded),
            "choice" => Ok(AnswerKind::Choice),
            _ if grades == 4.0 => Err(flaw(
                "answers.grades",
                "expected 2, since only a choice has grades",
            )),
            "rating" => Ok(AnswerKind::Rating { of: self.levels()? }),
            "best-worst" => Ok(AnswerKind::BestWorst),
            "order" => Ok(AnswerKind::Order),
            other => {
                let message =
                    format!("expected choice, rating, best-worst or order, found \"{other}\"");
                Err(flaw("answers.kind", message))
            }
        }
    }
}

impl TryFrom<AnswerModelFile> for AnswerModel {
    type Error = Error;

    fn try_from(file: AnswerModelFile) -> Result<Self, Error> {
        file.levels()?;
        let default = AnswerModel::default();
        let or = |number: Option<Number>, default| number.map_or(default, |Number(number)| number);
        let read = || {
            let mut model = AnswerModel::new(
                or(file.lapse, default.lapse()),
                or(file.indifference, default.indifference()),
            )?;
            if let Some(Number(much)) = file.much {
                model = model.with_much(much)?;
            }
            if file.ratings.is_some() {
                model = model.with_rejection();
            }
            model.with_ratings(
                or(file.spread, default.spread()),
                or(file.leniency, default.leniency()),
            )
        };
        read().map_err(|error: Error| within("answers", &error))
    }
}

fn read_prior(file: PriorFile, d: usize) -> Result<Prior, Error> {
    let Some(components) = file.components else {
        let mean = file.mean.ok_or_else(|| flaw("prior.mean", "missing"))?;
        let covariance = file
            .covariance
            .ok_or_else(|| flaw("prior.covariance", "missing"))?;
        let component = read_component(1.0, mean, covariance, d, "prior")?;
        return Prior::mixture(vec![component]).map_err(|error| within("prior", &error));
    };
    check_components(components.len(), d)?;
    let read = |(place, Object(component)): (usize, Object<ComponentFile>)| {
        let path = format!("prior.components[{place}]");
        let ComponentFile {
            weight: Number(weight),
            mean,
            covariance,
        } = component;
        if weight > 0.0 {
            read_component(weight, mean, covariance, d, &path)
        } else {
            Err(flaw(format!("{path}.weight"), "expected a number above 0"))
        }
    };
    let components = components
        .into_iter()
        .enumerate()
        .map(read)
        .collect::<Result<_, _>>()?;
    Prior::mixture(components).map_err(|error| within("prior", &error))
}

fn read_component(
    weight: f64,
    mean: Vec<Number>,
    covariance: Vec<Vec<Number>>,
    d: usize,
    path: &str,
) -> Result<MixtureComponent, Error> {
    let check = |numbers: &[Number], place: String| {
        if numbers.len() == d {
            return Ok(());
        }
        let noun = if d == 1 { "number" } else { "numbers" };
        Err(flaw(
            place,
            format!("expected {d} {noun}, found {}", numbers.len()),
        ))
    };
    check(&mean, format!("{path}.mean"))?;
    if covariance.len() != d {
        let message = format!("expected {d} rows, found {}", covariance.len());
        return Err(flaw(format!("{path}.covariance"), message));
    }
    for (row, numbers) in covariance.iter().enumerate() {
        check(numbers, format!("{path}.covariance[{row}]"))?;
    }
    let covariance = DMatrix::from_row_iterator(d, d, covariance.into_iter().flat_map(doubles));
    MixtureComponent::new(weight, DVector::from_vec(doubles(mean)), covariance)
        .map_err(|error| within(path, &error))
}

/// An error of the model, at its place in the deck.
fn within(path: &str, error: &Error) -> Error {
    match error.flaw() {
        Some(inner) => Error::Deck(inner.clone().within(path)),
        None => flaw(path, error.to_string()),
    }
}

fn flaw(path: impl Into<String>, message: impl Into<String>) -> Error {
    Error::Deck(Flaw::new(path, message))
}

impl From<&Prior> for PriorFile {
    fn from(prior: &Prior) -> Self {
        let rows = |matrix: DMatrix<f64>| -> Vec<Vec<Number>> {
            matrix
                .row_iter()
                .map(|row| row.iter().copied().map(Number).collect())
                .collect()
        };
        let component = |component: &MixtureComponent| {
            Object(ComponentFile {
                weight: Number(component.weight()),
                mean: numbers(component.mean().as_slice()),
                covariance: rows(component.covariance()),
            })
        };
        match prior.components() {
            [only] => PriorFile {
                mean: Some(numbers(only.mean().as_slice())),
                covariance: Some(rows(only.covariance())),
                components: None,
            },
            several => PriorFile {
                mean: None,
                covariance: None,
                components: Some(several.iter().map(component).collect()),
            },
        }
    }
}
