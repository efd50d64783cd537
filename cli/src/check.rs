//! `leaning check`: whether a deck is valid, and its content in numbers.

use crate::deck::contrast::Contrast;
use crate::deck::differences::{self, Correlated, Differences};
use crate::deck::notes;
use crate::deck::read::read_deck_and_fields;
use crate::deck::reading::Reading;
use crate::failure::Failure;
use crate::input::Source;
use leaning::{Deck, question};
use serde::Serialize;
use serde_json::{Map, Value};

/// A deck whose best ten questions tell less than this on average is warned about.
const FEW_BITS: f64 = 0.3;
/// So is one whose candidates have more words than this on average: people then choose by the first
/// lines.
const MANY_WORDS: f64 = 60.0;
/// So is one of whose variance of a dimension a smaller share lies within prompts.
const LITTLE_WITHIN: f64 = 0.2;

/// Check whether a deck is valid
///
/// For a broken deck, one line on standard error names the place. Prints what the deck holds:
///   pairs           how many questions there are: two candidates of one prompt that differ in scores
///   bits            what an answer tells before any other under the deck's prior: the best question,
///                   and the average of the best ten of different prompts
///   spread          the standard deviation over people of the reward difference, for the typical
///                   (median) and the most contrasting pair
///   withinPrompts   for each dimension, the share of its variance over candidates that lies within
///                   prompts, where questions can tell something; null if it does not vary
///   reading         the mean number of words of a candidate, and of a question as it is shown; and the
///                   minutes that its questions, at most ten, take to read at 238 words a minute. A
///                   picture counts as 5 words
///   correlated      pairs of dimensions whose score differences correlate beyond .7 either way
///   warnings        what makes the questions tell little, ends without names, and unknown fields;
///                   also on standard error
///
/// Without a prior in the deck, its pairs themselves say how large a difference is: the typical
/// spread is then near 2 whatever the candidates are.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning check deck.json
  leaning check deck.json --json
  {\"valid\":true,\"id\":\"replies\",\"version\":\"1\",\"dimensions\":[\"brevity\"],\"prompts\":8,\
\"candidates\":32,\"pairs\":48,…}"
)]
pub struct Arguments {
    /// The deck, a leaning-deck/1 file
    #[arg(value_name = "DECK")]
    pub deck: Source,
}

/// The content of a valid deck.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub valid: bool,
    pub id: String,
    pub version: String,
    pub dimensions: Vec<String>,
    pub prompts: usize,
    pub candidates: usize,
    pub pairs: usize,
    pub bits: Bits,
    pub spread: Spread,
    /// A number for each dimension.
    pub within_prompts: Vec<Option<f64>>,
    pub reading: ReadingReport,
    pub correlated: Vec<Correlated>,
    pub warnings: Vec<String>,
}

/// How much there is to read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadingReport {
    pub words_per_candidate: f64,
    pub words_per_question: f64,
    pub minutes: f64,
}

impl From<&Reading> for ReadingReport {
    fn from(reading: &Reading) -> Self {
        ReadingReport {
            words_per_candidate: reading.words_per_candidate(),
            words_per_question: reading.words_per_question(),
            minutes: reading.minutes(),
        }
    }
}

/// A warning about texts that take long to read.
fn long_texts(reading: &Reading) -> Option<String> {
    let words = reading.words_per_candidate();
    (words > MANY_WORDS).then(|| {
        format!(
            "candidates have {words:.0} words on average, more than {MANY_WORDS}: people then \
             choose by the first lines"
        )
    })
}

/// The information that an answer is expected to give before any other.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bits {
    pub best: f64,
    pub best_ten: f64,
}

/// Standard deviations over people of the reward difference of a pair.
#[derive(Debug, Serialize)]
pub struct Spread {
    pub typical: f64,
    pub largest: f64,
}

/// A valid deck, and its content in numbers.
#[derive(Debug)]
pub struct Checked {
    pub deck: Deck,
    pub report: Report,
    /// Number of questions whose reading time is told.
    pub questions: usize,
    /// Whether no warning is about what its questions tell.
    pub tells_enough: bool,
}

/// The measures of a deck that its report is made of.
#[derive(Debug)]
pub struct Measures {
    pub contrast: Contrast,
    pub differences: Differences,
    pub reading: Reading,
}

impl Measures {
    /// Measures a deck with these fields.
    ///
    /// # Errors
    /// As [`Contrast::of`].
    pub fn of(deck: &Deck, fields: &Map<String, Value>) -> Result<Self, leaning::Error> {
        Ok(Measures {
            contrast: Contrast::of(deck)?,
            differences: Differences::of_deck(deck),
            reading: Reading::of(deck, fields),
        })
    }

    /// The report on the deck, and whether no warning is about what its questions tell.
    pub fn report(&self, deck: &Deck, fields: &Map<String, Value>) -> (Report, bool) {
        let (contrast, reading) = (&self.contrast, &self.reading);
        let correlated = self.differences.correlated(deck);
        let mut warnings = warnings(deck, contrast);
        warnings.extend(differences::note_about(&correlated));
        let tells_enough = warnings.is_empty();
        warnings.extend(long_texts(reading));
        warnings.extend(notes::about(fields));
        let ids = deck.dimensions().iter();
        let candidates = deck.prompts().iter();
        let report = Report {
            valid: true,
            id: deck.id().to_owned(),
            version: deck.version().to_owned(),
            dimensions: ids.map(|dimension| dimension.id.clone()).collect(),
            prompts: deck.prompts().len(),
            candidates: candidates.map(|prompt| prompt.candidates.len()).sum(),
            pairs: question::pairs(deck).len(),
            bits: Bits {
                best: contrast.best_bits(),
                best_ten: contrast.mean_bits(),
            },
            spread: Spread {
                typical: contrast.typical_spread,
                largest: contrast.largest_spread,
            },
            within_prompts: contrast.within_prompts.clone(),
            reading: ReadingReport::from(reading),
            correlated,
            warnings,
        };
        (report, tells_enough)
    }
}

pub fn run(arguments: &Arguments) -> Result<Checked, Failure> {
    let (deck, fields) = read_deck_and_fields(&arguments.deck)?;
    let measures =
        Measures::of(&deck, &fields).map_err(|error| Failure::found_in(&arguments.deck, error))?;
    let (report, tells_enough) = measures.report(&deck, &fields);
    Ok(Checked {
        deck,
        report,
        questions: measures.reading.questions(),
        tells_enough,
    })
}

/// Whatever makes the questions of the deck tell little.
fn warnings(deck: &Deck, contrast: &Contrast) -> Vec<String> {
    let mut warnings = Vec::new();
    let bits = contrast.mean_bits();
    if bits < FEW_BITS {
        warnings.push(format!(
            "the best questions tell {bits:.2} bits each, less than {FEW_BITS}: people hardly \
             differ about the candidates of a prompt, so make them less alike"
        ));
    }
    for (dimension, within) in deck.dimensions().iter().zip(&contrast.within_prompts) {
        let id = &dimension.id;
        match within {
            None | Some(0.0) => warnings.push(format!(
                "{id} does not vary within any prompt: no answer says anything about it"
            )),
            Some(share) if *share < LITTLE_WITHIN => warnings.push(format!(
                "{:.0}% of the variance of {id} lies within prompts, less than {:.0}%: questions \
                 compare candidates of one prompt, so they tell little about it",
                100.0 * share,
                100.0 * LITTLE_WITHIN
            )),
            Some(_) => {}
        }
    }
    warnings
}
