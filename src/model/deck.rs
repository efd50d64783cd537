//! Decks: what a publisher delivers.

use super::answer::{Answer, AnswerKind, check_levels};
use super::answer_model::{AnswerModel, MAX_MAGNITUDE};
use super::evidence::columns;
use super::features::Features;
use super::prior::Prior;
use crate::error::{Error, Flaw};
use nalgebra::DMatrix;
use std::collections::{HashMap, HashSet};

/// The largest number of dimensions of a deck.
pub const MAX_DIMENSIONS: usize = 64;

/// The largest number of components of a deck's prior.
pub const MAX_COMPONENTS: usize = 100;

/// The largest number of dimensions times components. The first question of 64 dimensions and 100 components takes
/// seconds.
pub const MAX_PRIOR_SIZE: usize = 1600;

/// The largest number of prompts of a deck.
pub const MAX_PROMPTS: usize = 100_000;

/// The largest number of candidates of a prompt.
pub const MAX_CANDIDATES: usize = 10_000;

/// The largest number of pairs that a deck may ask about. All are compared for the first question, which takes a
/// second for these.
pub const MAX_PAIRS: usize = 1_000_000;

/// Beyond this range of RMS differences the default prior's variance, 4 / (d·v), is no double.
const RMS_RANGE: (f64, f64) = (1e-100, 1e100);

/// A valid deck: dimensions, prompts with scored candidates, the population prior and the answer
/// model.
#[derive(Debug, Clone)]
pub struct Deck {
    id: String,
    version: String,
    language: Option<String>,
    title: Option<String>,
    dimensions: Vec<Dimension>,
    archetypes: Vec<Archetype>,
    prompts: Vec<Prompt>,
    prompt_places: HashMap<String, usize>,
    features: Features,
    prior: Prior,
    answer_model: AnswerModel,
    answer_kind: AnswerKind,
    candidates_per_question: usize,
    rms_differences: Vec<f64>,
    mean_scores: Vec<f64>,
}

/// One base reward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Unique within the deck.
    pub id: String,
    /// A heading: "Length".
    pub label: String,
    /// A name for the end of low scores: "thorough".
    pub low: String,
    /// A name for the end of high scores: "brief".
    pub high: String,
    /// A sentence about it.
    pub description: Option<String>,
    /// Whether somebody may like its middle, or both of its ends.
    pub curved: bool,
}

impl Dimension {
    /// A dimension whose label is its id and whose ends are "low" and "high".
    pub fn new(id: impl Into<String>) -> Self {
        let id = id.into();
        Dimension {
            label: id.clone(),
            id,
            low: "low".to_owned(),
            high: "high".to_owned(),
            description: None,
            curved: false,
        }
    }

    /// The same, in which somebody may like the middle, or both of the ends.
    #[must_use]
    pub fn curved(self) -> Self {
        Dimension {
            curved: true,
            ..self
        }
    }

    /// The same with names for the ends of low and high scores.
    #[must_use]
    pub fn ends(self, low: impl Into<String>, high: impl Into<String>) -> Self {
        Dimension {
            low: low.into(),
            high: high.into(),
            ..self
        }
    }
}

/// A kind of person, one of which a result may name.
#[derive(Debug, Clone, PartialEq)]
pub struct Archetype {
    /// Unique within the deck.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// A sentence or two about it.
    pub text: Option<String>,
    /// Its taste: ids of dimensions and a number each, above 0 for the high end. Only their ratios
    /// matter; dimensions that are not there have 0.
    pub weights: Vec<(String, f64)>,
}

/// A question or request, with the candidates that respond to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// Unique within the deck.
    pub id: String,
    /// The question or request itself. May be empty.
    pub text: String,
    /// The responses.
    pub candidates: Vec<DeckCandidate>,
}

impl Prompt {
    /// The scores of its candidates, d × K: a column per candidate.
    pub fn scores(&self) -> DMatrix<f64> {
        columns(&self.candidates)
    }

    /// The mean of its candidates' scores, d numbers. Empty without candidates.
    pub fn mean_scores(&self) -> Vec<f64> {
        mean(
            self.candidates
                .iter()
                .map(|candidate| &candidate.scores[..]),
        )
    }
}

/// One response to a prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct DeckCandidate {
    /// Unique within its prompt.
    pub id: String,
    /// The response itself. May be empty.
    pub text: String,
    /// φ(x, y), one number per dimension.
    pub scores: Vec<f64>,
}

impl DeckCandidate {
    /// A candidate without a text.
    pub fn new(id: impl Into<String>, scores: impl Into<Vec<f64>>) -> Self {
        DeckCandidate {
            id: id.into(),
            text: String::new(),
            scores: scores.into(),
        }
    }
}

impl AsRef<[f64]> for DeckCandidate {
    fn as_ref(&self) -> &[f64] {
        &self.scores
    }
}

impl Deck {
    /// Starts a deck with this id. A log belongs to one deck id.
    pub fn builder(id: impl Into<String>) -> DeckBuilder {
        DeckBuilder {
            id: id.into(),
            version: "1".to_owned(),
            language: None,
            title: None,
            dimensions: Vec::new(),
            archetypes: Vec::new(),
            prompts: Vec::new(),
            prior: None,
            answer_model: AnswerModel::default(),
            answer_kind: AnswerKind::Choice,
            candidates_per_question: None,
        }
    }

    /// The deck's identity. A log belongs to one deck id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The publisher's version. Logs survive a new version if the dimensions stay.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// BCP 47 tag of the language of the texts.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// A heading for people.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The base rewards, 1 to 64.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// The place of the dimension with this id.
    pub fn dimension_place(&self, id: &str) -> Option<usize> {
        self.dimensions
            .iter()
            .position(|dimension| dimension.id == id)
    }

    /// The kinds of people that a result may name.
    pub fn archetypes(&self) -> &[Archetype] {
        &self.archetypes
    }

    /// The weights of an archetype, d numbers.
    pub fn archetype_weights(&self, archetype: usize) -> Vec<f64> {
        let mut weights = vec![0.0; self.dimensions.len()];
        for (id, weight) in &self.archetypes[archetype].weights {
            if let Some(place) = self.dimension_place(id) {
                weights[place] = *weight;
            }
        }
        weights
    }

    /// The prompts in the publisher's order.
    pub fn prompts(&self) -> &[Prompt] {
        &self.prompts
    }

    /// The features that rewards are linear in: the scores, and the squares of those of curved
    /// dimensions.
    pub fn features(&self) -> &Features {
        &self.features
    }

    /// The features of a prompt's candidates, a column each: d × K if no dimension is curved.
    pub fn prompt_features(&self, prompt: usize) -> DMatrix<f64> {
        self.features.columns(&self.prompts[prompt].candidates)
    }

    /// The prior of the features' weights: the deck's own, or else [`Prior::from_rms_differences`],
    /// extended where dimensions are curved.
    pub fn prior(&self) -> &Prior {
        &self.prior
    }

    /// How people answer.
    pub fn answer_model(&self) -> AnswerModel {
        self.answer_model
    }

    /// The kind of answer that its questions ask for.
    pub fn answer_kind(&self) -> AnswerKind {
        self.answer_kind
    }

    /// Number of candidates that a question shows side by side, at most 4. Unless the deck says
    /// otherwise it is 3 for best and worst and for orders, 1 for ratings, and else 2.
    pub fn candidates_per_question(&self) -> usize {
        self.candidates_per_question
    }

    /// Root mean square of each dimension's score differences over the unordered pairs within
    /// prompts, in the units of the scores: a typical difference. 0 for a dimension that never
    /// varies.
    pub fn rms_differences(&self) -> &[f64] {
        &self.rms_differences
    }

    /// Fails at the first candidate whose scores differ from the `reference` by more than `most` standard deviations
    /// of reward under the prior, with its place.
    pub(crate) fn check_scale<'a>(
        &self,
        scores: impl IntoIterator<Item = &'a Vec<f64>>,
        reference: &[f64],
        most: f64,
    ) -> Result<(), Flaw> {
        let reference = self.features.of(reference);
        let sds = self.prior.standard_deviations();
        let is_far = |scores: &Vec<f64>| {
            let differences = self.features.of(scores).into_iter().zip(&reference);
            let mut rewards = differences
                .zip(&sds)
                .map(|((one, other), sd)| (one - other) * sd);
            rewards.any(|reward| !(reward.abs() <= most))
        };
        match scores.into_iter().position(is_far) {
            None => Ok(()),
            Some(place) => {
                let message = "too far apart for the scale of the deck's scores";
                Err(Flaw::new(format!("[{place}].scores"), message))
            }
        }
    }

    /// The mean of all candidates' scores, d numbers: what a rating compares a candidate with that has
    /// no other candidates beside it.
    pub fn mean_scores(&self) -> &[f64] {
        &self.mean_scores
    }

    /// Whether an answer of this kind compares its candidates with a reference, and not only with each
    /// other.
    pub(crate) fn has_reference(&self, kind: AnswerKind, answer: Answer) -> bool {
        let rejects = answer == Answer::Neither && self.answer_model.neither_rejects();
        rejects || kind.levels().is_some()
    }

    /// The full name of a candidate, `prompt/candidate`.
    pub fn candidate_name(&self, prompt: usize, candidate: usize) -> String {
        let prompt = &self.prompts[prompt];
        format!("{}/{}", prompt.id, prompt.candidates[candidate].id)
    }

    /// The one prompt, and the places in it, of the candidates with these full names. `None` unless
    /// the deck has all of them in one prompt.
    pub fn find_candidates(&self, names: &[String]) -> Option<(usize, Vec<usize>)> {
        // No id contains a "/".
        let (prompt_id, _) = names.first()?.split_once('/')?;
        let place = *self.prompt_places.get(prompt_id)?;
        let candidates = &self.prompts[place].candidates;
        let find = |name: &String| {
            let id = name.strip_prefix(prompt_id)?.strip_prefix('/')?;
            candidates.iter().position(|candidate| candidate.id == id)
        };
        Some((place, names.iter().map(find).collect::<Option<_>>()?))
    }

    /// The same deck with another prior.
    ///
    /// # Errors
    /// [`Error::Deck`] for a prior of other dimensions.
    pub fn with_prior(&self, prior: Prior) -> Result<Deck, Error> {
        check_prior(&prior, self.dimensions.len())?;
        Ok(Deck {
            prior: self.features.extend(prior).map_err(in_prior)?,
            ..self.clone()
        })
    }
}

/// A deck that is being put together. [`DeckBuilder::build`] checks it.
#[derive(Debug, Clone)]
#[must_use]
pub struct DeckBuilder {
    id: String,
    version: String,
    language: Option<String>,
    title: Option<String>,
    dimensions: Vec<Dimension>,
    archetypes: Vec<Archetype>,
    prompts: Vec<Prompt>,
    prior: Option<Prior>,
    answer_model: AnswerModel,
    answer_kind: AnswerKind,
    candidates_per_question: Option<usize>,
}

impl DeckBuilder {
    /// Sets the publisher's version; "1" by default.
    pub fn version(self, version: impl Into<String>) -> Self {
        DeckBuilder {
            version: version.into(),
            ..self
        }
    }

    /// Sets the BCP 47 tag of the language of the texts.
    pub fn language(self, language: impl Into<String>) -> Self {
        DeckBuilder {
            language: Some(language.into()),
            ..self
        }
    }

    /// Sets the heading for people.
    pub fn title(self, title: impl Into<String>) -> Self {
        DeckBuilder {
            title: Some(title.into()),
            ..self
        }
    }

    /// Adds a base reward.
    pub fn dimension(mut self, dimension: Dimension) -> Self {
        self.dimensions.push(dimension);
        self
    }

    /// Adds a kind of person.
    pub fn archetype(mut self, archetype: Archetype) -> Self {
        self.archetypes.push(archetype);
        self
    }

    /// Adds a prompt without a text.
    pub fn prompt(
        self,
        id: impl Into<String>,
        candidates: impl IntoIterator<Item = DeckCandidate>,
    ) -> Self {
        let candidates = candidates.into_iter().collect();
        self.prompts([Prompt {
            id: id.into(),
            text: String::new(),
            candidates,
        }])
    }

    /// Adds prompts.
    pub fn prompts(mut self, prompts: impl IntoIterator<Item = Prompt>) -> Self {
        self.prompts.extend(prompts);
        self
    }

    /// Sets the population prior.
    pub fn prior(self, prior: Prior) -> Self {
        DeckBuilder {
            prior: Some(prior),
            ..self
        }
    }

    /// Sets how people answer.
    pub fn answer_model(self, answer_model: AnswerModel) -> Self {
        DeckBuilder {
            answer_model,
            ..self
        }
    }

    /// Sets what questions ask for: by default which of two is best.
    pub fn answer_kind(self, answer_kind: AnswerKind) -> Self {
        DeckBuilder {
            answer_kind,
            ..self
        }
    }

    /// Sets how many candidates a question shows side by side, as far as its kind allows.
    pub fn candidates_per_question(self, candidates_per_question: usize) -> Self {
        DeckBuilder {
            candidates_per_question: Some(candidates_per_question),
            ..self
        }
    }

    /// Checks everything and makes the deck.
    ///
    /// # Errors
    /// [`Error::Deck`] with the first place at which a rule of `leaning-deck/1` is broken.
    pub fn build(self) -> Result<Deck, Error> {
        check_id(&self.id).map_err(in_deck("id"))?;
        let d = self.dimensions.len();
        if !(1..=MAX_DIMENSIONS).contains(&d) {
            let message = format!("expected 1 to {MAX_DIMENSIONS} dimensions, found {d}");
            return Err(flaw("dimensions", message));
        }
        let dimensions = self.dimensions.iter().map(|dimension| &dimension.id);
        check_ids(dimensions, &mut HashSet::new()).map_err(in_deck("dimensions"))?;
        check_size(&self.prompts, self.answer_kind).map_err(in_deck("prompts"))?;
        check_archetypes(&self.archetypes, &self.dimensions)?;
        check_prompts(&self.prompts, d).map_err(in_deck("prompts"))?;
        let varies = |prompt: &Prompt| {
            prompt
                .candidates
                .windows(2)
                .any(|pair| pair[0].scores != pair[1].scores)
        };
        if !self.prompts.iter().any(varies) {
            let message =
                "no prompt has two candidates with different scores, so there is nothing to ask";
            return Err(flaw("prompts", message));
        }
        let rms_differences = rms_differences(&self.prompts, d);
        for (rms, dimension) in rms_differences.iter().zip(&self.dimensions) {
            check_rms(*rms, &dimension.id)?;
        }
        if let Some(prior) = &self.prior {
            check_prior(prior, d)?;
        }
        let candidates_per_question = check_kind(self.answer_kind, self.candidates_per_question)?;
        let mut answer_model = self.answer_model;
        if matches!(self.answer_kind, AnswerKind::Rating { .. }) {
            answer_model = answer_model.with_rejection();
        }
        let curved: Vec<usize> = (0..d).filter(|&j| self.dimensions[j].curved).collect();
        let scores = if curved.is_empty() {
            Vec::new()
        } else {
            scores_by_prompt(&self.prompts)
        };
        let features = Features::new(d, &curved, &scores);
        let prior = self
            .prior
            .unwrap_or_else(|| Prior::from_rms_differences(&rms_differences));
        let places = self.prompts.iter().enumerate();
        Ok(Deck {
            prompt_places: places
                .map(|(place, prompt)| (prompt.id.clone(), place))
                .collect(),
            prior: features.extend(prior).map_err(in_prior)?,
            features,
            id: self.id,
            version: self.version,
            language: self.language,
            title: self.title,
            dimensions: self.dimensions,
            archetypes: self.archetypes,
            mean_scores: mean(
                self.prompts
                    .iter()
                    .flat_map(|prompt| &prompt.candidates)
                    .map(|candidate| &candidate.scores[..]),
            ),
            prompts: self.prompts,
            answer_model,
            answer_kind: self.answer_kind,
            candidates_per_question,
            rms_differences,
        })
    }
}

fn flaw(path: impl Into<String>, message: impl Into<String>) -> Error {
    Error::Deck(Flaw::new(path, message))
}

/// The number of candidates that a question of this kind shows.
fn check_kind(kind: AnswerKind, shown: Option<usize>) -> Result<usize, Error> {
    if let AnswerKind::Rating { of } = kind {
        check_levels(of).map_err(|flaw| Error::Deck(flaw.within("answers.ratings")))?;
    }
    let (fewest, most) = kind.shown();
    let default = match kind {
        AnswerKind::Order => 3,
        _ => fewest,
    };
    match shown {
        None => Ok(default),
        Some(shown) if (fewest..=most).contains(&shown) => Ok(shown),
        Some(_) if fewest == most => {
            let message = match kind {
                AnswerKind::Rating { .. } => "leave it out: a rating is about one candidate",
                _ => "expected 2: much or slightly better is said of two",
            };
            Err(flaw("candidatesPerQuestion", message))
        }
        Some(_) => {
            let message = format!("expected a whole number from {fewest} to {most}");
            Err(flaw("candidatesPerQuestion", message))
        }
    }
}

fn scores_by_prompt(prompts: &[Prompt]) -> Vec<Vec<&[f64]>> {
    let mut all = Vec::with_capacity(prompts.len());
    for prompt in prompts {
        let scores = prompt.candidates.iter().map(|one| &one.scores[..]);
        all.push(scores.collect());
    }
    all
}

/// The mean of several lists of as many numbers.
pub(crate) fn mean<'a>(lists: impl IntoIterator<Item = &'a [f64]>) -> Vec<f64> {
    let mut mean: Vec<f64> = Vec::new();
    for (count, list) in lists.into_iter().enumerate() {
        mean.resize(list.len(), 0.0);
        for (mean, number) in mean.iter_mut().zip(list) {
            // A running mean cannot overflow.
            *mean += (number - *mean) / (count + 1) as f64;
        }
    }
    mean
}

fn check_id(id: &str) -> Result<(), Flaw> {
    if id.is_empty() {
        return Err(Flaw::new("", "must not be empty"));
    }
    if id.contains('/') {
        return Err(Flaw::new("", "must not contain \"/\""));
    }
    Ok(())
}

fn check_ids<'a>(
    ids: impl Iterator<Item = &'a String>,
    known: &mut HashSet<&'a str>,
) -> Result<(), Flaw> {
    known.clear();
    for (place, id) in ids.enumerate() {
        let at_place = |flaw: Flaw| flaw.within(&format!("[{place}].id"));
        check_id(id).map_err(at_place)?;
        if !known.insert(id) {
            return Err(at_place(Flaw::new("", format!("\"{id}\" is there twice"))));
        }
    }
    Ok(())
}

fn check_archetypes(archetypes: &[Archetype], dimensions: &[Dimension]) -> Result<(), Error> {
    let ids = archetypes.iter().map(|archetype| &archetype.id);
    check_ids(ids, &mut HashSet::new()).map_err(in_deck("archetypes"))?;
    for (place, archetype) in archetypes.iter().enumerate() {
        let path = format!("archetypes[{place}].weights");
        for (id, weight) in &archetype.weights {
            if dimensions.iter().all(|dimension| dimension.id != *id) {
                return Err(flaw(
                    format!("{path}.{id}"),
                    "the deck has no such dimension",
                ));
            }
            if !(weight.abs() <= MAX_MAGNITUDE) {
                return Err(flaw(format!("{path}.{id}"), OUT_OF_RANGE));
            }
        }
        if archetype.weights.iter().all(|(_, weight)| *weight == 0.0) {
            return Err(flaw(path, "expected at least one number other than 0"));
        }
    }
    Ok(())
}

fn check_prompts(prompts: &[Prompt], d: usize) -> Result<(), Flaw> {
    let mut known = HashSet::with_capacity(prompts.len());
    check_ids(prompts.iter().map(|prompt| &prompt.id), &mut known)?;
    // One set for all lists: a deck may have many thousands of them.
    let mut known = HashSet::new();
    for (place, prompt) in prompts.iter().enumerate() {
        check_candidates(&prompt.candidates, d, &mut known)
            .map_err(|flaw| flaw.within(&format!("[{place}].candidates")))?;
    }
    Ok(())
}

fn check_candidates<'a>(
    candidates: &'a [DeckCandidate],
    d: usize,
    known: &mut HashSet<&'a str>,
) -> Result<(), Flaw> {
    check_ids(candidates.iter().map(|candidate| &candidate.id), known)?;
    for (place, candidate) in candidates.iter().enumerate() {
        check_scores(&candidate.scores, d)
            .map_err(|flaw| flaw.within(&format!("[{place}].scores")))?;
    }
    Ok(())
}

/// Checks that these are d numbers in range.
pub(crate) fn check_scores(scores: &[f64], d: usize) -> Result<(), Flaw> {
    if scores.len() != d {
        let noun = if d == 1 { "number" } else { "numbers" };
        let message = format!("expected {d} {noun}, found {}", scores.len());
        return Err(Flaw::new("", message));
    }
    match scores
        .iter()
        .position(|score| !(score.abs() <= MAX_MAGNITUDE))
    {
        Some(place) => Err(Flaw::new(format!("[{place}]"), OUT_OF_RANGE)),
        None => Ok(()),
    }
}

/// The message for a number that is not finite or too large.
pub(crate) const OUT_OF_RANGE: &str =
    "out of range: expected a finite number of at most 1e100 either way";

fn in_deck(path: &str) -> impl FnOnce(Flaw) -> Error {
    move |flaw| Error::Deck(flaw.within(path))
}

fn in_prior(error: Error) -> Error {
    match error.flaw() {
        Some(inner) => Error::Deck(inner.clone().within("prior")),
        None => error,
    }
}

/// Fails for more than a page can work with.
fn check_size(prompts: &[Prompt], kind: AnswerKind) -> Result<(), Flaw> {
    check_count(prompts.len(), MAX_PROMPTS, "")?;
    let mut pairs = 0;
    for (place, prompt) in prompts.iter().enumerate() {
        let count = prompt.candidates.len();
        check_count(count, MAX_CANDIDATES, "")
            .map_err(|flaw| flaw.within(&format!("[{place}].candidates")))?;
        // Ratings are about one candidate at a time.
        if !matches!(kind, AnswerKind::Rating { .. }) {
            pairs += count * count.saturating_sub(1) / 2;
        }
    }
    check_count(pairs, MAX_PAIRS, " pairs of candidates")
}

fn check_count(found: usize, most: usize, things: &str) -> Result<(), Flaw> {
    if found <= most {
        return Ok(());
    }
    let message = format!("expected at most {most}{things}, found {found}");
    Err(Flaw::new("", message))
}

fn check_prior(prior: &Prior, d: usize) -> Result<(), Error> {
    if prior.dimensions() != d {
        let message = format!("expected {d} dimensions, found {}", prior.dimensions());
        return Err(flaw("prior", message));
    }
    check_components(prior.components().len(), d)
}

/// Fails for more components than go with `d` dimensions.
///
/// # Errors
/// [`Error::Deck`] with the number.
pub(crate) fn check_components(count: usize, d: usize) -> Result<(), Error> {
    let most = MAX_COMPONENTS.min(MAX_PRIOR_SIZE / d.max(1));
    check_count(count, most, " components").map_err(in_deck("prior.components"))
}

fn check_rms(rms: f64, dimension: &str) -> Result<(), Error> {
    if rms == 0.0 || (RMS_RANGE.0..=RMS_RANGE.1).contains(&rms) {
        return Ok(());
    }
    let how = if rms < 1.0 { "close" } else { "far apart" };
    let message =
        format!("the scores of dimension \"{dimension}\" are too {how} for double precision");
    Err(flaw("prompts", message))
}

fn rms_differences(prompts: &[Prompt], d: usize) -> Vec<f64> {
    let mut squares = vec![0.0; d];
    let mut pairs = 0_u64;
    for prompt in prompts {
        for (i, a) in prompt.candidates.iter().enumerate() {
            for b in &prompt.candidates[..i] {
                pairs += 1;
                for ((sum, a), b) in squares.iter_mut().zip(&a.scores).zip(&b.scores) {
                    *sum += (a - b) * (a - b);
                }
            }
        }
    }
    squares
        .iter()
        .map(|sum| (sum / pairs as f64).sqrt())
        .collect()
}
