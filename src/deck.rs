//! Decks: what a publisher delivers.

use crate::answer::AnswerModel;
use crate::error::Error;
use crate::json::{self, Node, Value};
use crate::linear::plus;
use crate::list::List;
use crate::math;
use crate::order::Texts;
use crate::prior::{Prior, Segment};
use crate::question::MOST_SHOWN;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// The name and version of the format read here.
pub const FORMAT: &str = "leaning-deck/1";

/// The largest number of dimensions of a deck.
pub const MAX_DIMENSIONS: usize = 64;

/// The largest number of segments of a deck's prior.
pub const MAX_SEGMENTS: usize = 100;

/// A valid deck: dimensions, prompts with scored candidates, the population's prior and the answer model.
#[derive(Debug, Clone)]
pub struct Deck {
    id: String,
    version: String,
    language: Option<String>,
    title: Option<String>,
    dimensions: Vec<Dimension>,
    prompts: Vec<Prompt>,
    prior: Prior,
    answer_model: AnswerModel,
    choose: usize,
    spread: Vec<f64>,
}

/// One base reward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Unique within the deck.
    pub id: String,
    /// What it is about: "Length".
    pub label: String,
    /// A name for the end of low scores: "thorough".
    pub low: String,
    /// A name for the end of high scores: "brief".
    pub high: String,
    /// A sentence about it.
    pub description: Option<String>,
}

/// Something that was asked, with the candidates that answer it.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// Unique within the deck.
    pub id: String,
    /// What was asked.
    pub text: String,
    /// The responses on offer.
    pub candidates: Vec<Candidate>,
}

impl Prompt {
    /// The scores of its candidates.
    pub(crate) fn scores(&self) -> Vec<Vec<f64>> {
        self.candidates.iter().map(|candidate| candidate.scores.clone()).list()
    }
}

/// One response.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Unique within its prompt.
    pub id: String,
    /// The response itself.
    pub text: String,
    /// φ(x, y), one number a dimension.
    pub scores: Vec<f64>,
}

impl Deck {
    /// Reads a deck from the text of a `leaning-deck/1` file.
    ///
    /// # Errors
    /// [`Error::Json`] where the text is not JSON, [`Error::Deck`] where a rule of the format is broken.
    #[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Deck::from_value(&text.parse()?)
    }

    /// Reads a deck from a JSON value.
    ///
    /// # Errors
    /// [`Error::Deck`] names the first place at which a rule of the format is broken.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        json::read(value, read_deck).map_err(Error::Deck)
    }

    /// The deck's identity; a log belongs to one deck id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The publisher's version; logs survive a new one as long as the dimensions stay.
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

    /// The prompts in the publisher's order.
    pub fn prompts(&self) -> &[Prompt] {
        &self.prompts
    }

    /// What is believed of a person who has said nothing: the deck's own prior, or [`Prior::by_spread`].
    pub fn prior(&self) -> &Prior {
        &self.prior
    }

    /// How people answer.
    pub fn answer_model(&self) -> AnswerModel {
        self.answer_model
    }

    /// How many candidates a question shows side by side, 2 to 4; 2 unless the deck says otherwise.
    pub fn choose(&self) -> usize {
        self.choose
    }

    /// Root mean square of each dimension's score differences over the unordered pairs within prompts: what a typical
    /// difference is, in the units of the scores. 0 for a dimension that never varies.
    pub fn spread(&self) -> &[f64] {
        &self.spread
    }
}

fn read_deck(root: &Node) -> Deck {
    root.expect_format(FORMAT);
    let dimensions = read_dimensions(&root.field("dimensions"));
    let d = dimensions.len();
    let prompts_node = root.field("prompts");
    let prompts = read_prompts(&prompts_node, d);
    let spread = read_spread(&prompts_node, &prompts, &dimensions);
    let prior = root.field("prior").present().and_then(|node| read_prior(node, d));
    let answer_model = root.field("answers").present().and_then(read_answer_model);
    Deck {
        id: root.field("id").identifier().to_owned(),
        version: root.field("version").text_or("1").to_owned(),
        language: root.field("language").optional_text(),
        title: root.field("title").optional_text(),
        dimensions,
        prompts,
        prior: prior.unwrap_or_else(|| Prior::by_spread(&spread)),
        answer_model: answer_model.unwrap_or_default(),
        choose: root.field("choose").present().map_or(2, |node| node.whole(2, MOST_SHOWN as u64) as usize),
        spread,
    }
}

/// A set of ids that refuses the second of two alike.
#[derive(Default)]
struct Ids<'v>(Texts<'v>);

impl<'v> Ids<'v> {
    fn read(&mut self, node: &Node<'v, '_>) -> String {
        let id = node.identifier();
        if !self.0.insert(id) {
            node.flaw(text!["\"", id, "\" is there twice"]);
        }
        id.to_owned()
    }
}

fn read_dimensions(node: &Node) -> Vec<Dimension> {
    let count = node.items().len();
    if !(1..=MAX_DIMENSIONS).contains(&count) {
        node.flaw(text!["expected 1 to ", MAX_DIMENSIONS, " dimensions, found ", count]);
    }
    let mut ids = Ids::default();
    let mut dimensions = node.list(|item| {
        item.expect_object();
        let id = ids.read(&item.field("id"));
        Dimension {
            label: item.field("label").text_or(&id).to_owned(),
            low: item.field("low").text_or("low").to_owned(),
            high: item.field("high").text_or("high").to_owned(),
            description: item.field("description").optional_text(),
            id,
        }
    });
    // Never more, since matrices of them will be made.
    dimensions.truncate(MAX_DIMENSIONS);
    dimensions
}

fn read_prompts(node: &Node, d: usize) -> Vec<Prompt> {
    let mut ids = Ids::default();
    let prompts = node.list(|item| {
        item.expect_object();
        Prompt {
            id: ids.read(&item.field("id")),
            text: item.field("text").text_or("").to_owned(),
            candidates: read_candidates(&item.field("candidates"), d),
        }
    });
    let differ = |prompt: &Prompt| prompt.candidates.windows(2).any(|pair| pair[0].scores != pair[1].scores);
    if !prompts.iter().any(differ) {
        node.flaw("no prompt has two candidates of different scores, so there is nothing to ask");
    }
    prompts
}

fn read_candidates(node: &Node, d: usize) -> Vec<Candidate> {
    let mut ids = Ids::default();
    node.list(|item| {
        item.expect_object();
        Candidate {
            id: ids.read(&item.field("id")),
            text: item.field("text").text_or("").to_owned(),
            scores: item.field("scores").numbers(d),
        }
    })
}

fn read_spread(node: &Node, prompts: &[Prompt], dimensions: &[Dimension]) -> Vec<f64> {
    let mut sums = vec![0.0; dimensions.len()];
    let mut pairs = 0_u32;
    for prompt in prompts {
        for (i, a) in prompt.candidates.iter().enumerate() {
            for b in &prompt.candidates[..i] {
                pairs += 1;
                for (sum, z) in sums.iter_mut().zip(plus(&a.scores, -1.0, &b.scores)) {
                    *sum += z * z;
                }
            }
        }
    }
    let spread: Vec<f64> = sums.iter().map(|sum| math::sqrt(sum / f64::from(pairs))).list();
    for (spread, dimension) in spread.iter().zip(dimensions) {
        // Beyond this the default prior's variance, 4 / (d·spread²), leaves the range of a double.
        if *spread != 0.0 && !(1e-100..=1e100).contains(spread) {
            let how = if *spread < 1.0 { "close" } else { "far apart" };
            node.flaw(text!["the scores of dimension \"", dimension.id, "\" are too ", how, " for double precision"]);
        }
    }
    spread
}

fn read_prior(node: &Node, d: usize) -> Option<Prior> {
    node.expect_object();
    let components = node.field("components");
    let Some(components) = components.present() else {
        return Prior::mixture(vec![read_segment(node, 1.0, d)?]).ok();
    };
    let count = components.items().len();
    if count > MAX_SEGMENTS {
        components.flaw(text!["expected at most ", MAX_SEGMENTS, " components, found ", count]);
        return None;
    }
    let mut segments = Vec::new();
    components.each(&mut |item| {
        item.expect_object();
        let weight = item.field("weight");
        let share = weight.number();
        if !(share > 0.0) {
            weight.flaw("expected a number above 0");
        }
        segments.extend(read_segment(item, share, d));
    });
    Prior::mixture(segments).map_err(|message| components.flaw(message)).ok()
}

fn read_segment(node: &Node, weight: f64, d: usize) -> Option<Segment> {
    let mean = node.field("mean").numbers(d);
    let field = node.field("covariance");
    let covariance = field.list(|row| row.numbers(d));
    if covariance.len() != d {
        field.flaw(text!["expected ", d, " rows, found ", covariance.len()]);
    }
    Segment::new(weight, &mean, &covariance).map_err(|message| field.flaw(message)).ok()
}

fn read_answer_model(node: &Node) -> Option<AnswerModel> {
    node.expect_object();
    let default = AnswerModel::default();
    let lapse_node = node.field("lapse");
    let lapse = lapse_node.optional_number().unwrap_or(default.lapse());
    if !(0.0..1.0).contains(&lapse) {
        lapse_node.flaw("expected a probability of at least 0 and below 1");
    }
    let indifference_node = node.field("indifference");
    let indifference = indifference_node.optional_number().unwrap_or(default.indifference());
    if indifference < 0.0 {
        indifference_node.flaw("expected a number of at least 0");
    }
    AnswerModel::new(lapse, indifference)
}
