//! The joint likelihood of old answers, which a long log keeps in their place.

use super::deck::Deck;
use super::evidence::Evidence;
use super::folded::FoldedIds;
use super::log::Timestamp;
use super::quadratic::{QuadraticLikelihood, add_multiple};
use fnv::FnvHasher;
use nalgebra::DVector;
use std::collections::HashSet;
use std::hash::Hasher;

/// Stands for the oldest answers of a log.
///
/// Their log-likelihood is kept as a quadratic function of the weights, apart from the prior. It is
/// one of plain scores and squares of scores, so that it means the same to a later version of the deck
/// whose squares are centred elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Its id in the log: a hash of what it says.
    pub(crate) id: String,
    pub(crate) counts: SummaryCounts,
    /// The time of the oldest answer that it stands for, if that had one.
    pub(crate) at: Option<Timestamp>,
    /// The half-life by which the answers had faded when they were summed up.
    pub(crate) half_life: Option<f64>,
    /// Places of the dimensions whose squares follow the scores among the weights.
    pub(crate) squares: Vec<usize>,
    pub(crate) likelihood: QuadraticLikelihood,
    pub(crate) folded: FoldedIds,
    pub(crate) questions: AskedQuestions,
}

/// How much a summary stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct SummaryCounts {
    /// Entries of the log: answers, what was taken back, and what took it back.
    pub entries: usize,
    /// Questions that the person has dealt with, skips included.
    pub asked: usize,
    /// Those of them that were skipped.
    pub skips: usize,
}

impl SummaryCounts {
    /// Questions answered.
    pub fn answered(self) -> usize {
        self.asked.saturating_sub(self.skips)
    }
}

/// The deck's questions among those that a summary stands for: prompt and candidates, separated by
/// slashes.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct AskedQuestions {
    pub answered: Vec<String>,
    /// Each as often as it was skipped.
    pub skipped: Vec<String>,
}

impl AskedQuestions {
    /// Takes over what only the other has.
    fn merge(&mut self, other: AskedQuestions) {
        self.answered.extend(other.answered);
        self.keep_once();
        if other.skipped.len() > self.skipped.len() {
            self.skipped = other.skipped;
        }
    }

    /// Removes answered questions that are there twice.
    pub fn keep_once(&mut self) {
        let mut known = HashSet::new();
        self.answered
            .retain(|question| known.insert(question.clone()));
    }

    /// Notes a question about candidates with these full names.
    pub fn add(&mut self, names: &[String], skipped: bool) {
        let mut question = String::new();
        for name in names {
            match name.split_once('/') {
                Some((_, id)) if !question.is_empty() => {
                    question.push('/');
                    question.push_str(id);
                }
                _ => question.push_str(name),
            }
        }
        if skipped {
            self.skipped.push(question);
        } else {
            self.answered.push(question);
        }
    }

    /// The full names of the candidates of each question, and whether it was skipped.
    pub fn iter(&self) -> impl Iterator<Item = (Vec<String>, bool)> {
        let names = |question: &String| -> Vec<String> {
            let mut parts = question.split('/');
            let prompt = parts.next().unwrap_or_default();
            parts.map(|id| format!("{prompt}/{id}")).collect()
        };
        let skipped = self
            .skipped
            .iter()
            .map(move |question| (names(question), true));
        let answered = self.answered.iter();
        skipped.chain(answered.map(move |question| (names(question), false)))
    }
}

impl Summary {
    /// How much it stands for.
    pub fn counts(&self) -> SummaryCounts {
        self.counts
    }

    /// The evidence in it about the weights of `deck`; `None` if nothing was answered.
    pub fn evidence(&self, deck: &Deck) -> Option<Evidence> {
        let map = deck.features().to_plain(&self.squares);
        let map = self.likelihood.with_leniency(map);
        let origin = DVector::zeros(map.nrows());
        self.as_evidence(self.likelihood.in_coordinates(&map, &origin).0)
    }

    /// The evidence about the weights of plain scores and of these squares.
    pub(crate) fn plain_evidence(&self, squares: &[usize]) -> Option<Evidence> {
        self.as_evidence(self.aligned(squares, self.likelihood.lenient))
    }

    fn as_evidence(&self, likelihood: QuadraticLikelihood) -> Option<Evidence> {
        let answers = self.counts.answered();
        (answers > 0).then_some(Evidence::Summary {
            likelihood,
            answers,
            half_life: self.half_life,
        })
    }

    /// The likelihood as a function of these squares' weights instead. It says nothing about those that
    /// it does not know.
    fn aligned(&self, squares: &[usize], lenient: bool) -> QuadraticLikelihood {
        let d = self.dimensions();
        let place = |square: &usize| self.squares.iter().position(|one| one == square);
        let mut places: Vec<Option<usize>> = (0..d).map(Some).collect();
        places.extend(squares.iter().map(|square| Some(d + place(square)?)));
        if lenient {
            let last = self.likelihood.shift.len() - 1;
            places.push(self.likelihood.lenient.then_some(last));
        }
        self.likelihood.with_places(&places, lenient)
    }

    /// Number of scores of a candidate.
    fn dimensions(&self) -> usize {
        self.likelihood.dimensions() - self.squares.len()
    }

    /// The id of a summary that says this: a hash.
    pub(crate) fn id_of(likelihood: &QuadraticLikelihood, folded: &FoldedIds) -> String {
        let mut hasher = FnvHasher::default();
        for number in likelihood.numbers() {
            hasher.write_u64(number.to_bits());
        }
        for key in folded.keys() {
            hasher.write_u64(*key);
        }
        format!("{:x}", hasher.finish())
    }

    /// The one that stands for more is greater.
    pub(super) fn rank(&self) -> (usize, &str) {
        (self.counts.entries, &self.id)
    }

    /// The same after summing up with `other`, in which answers that both stand for count once. The
    /// one that stands for more counts in full; of the other one, the share of answers that it alone
    /// stands for.
    pub(super) fn merged(self, other: Summary) -> Summary {
        let mut merged = self;
        let share = merged.folded.merge(&other.folded);
        if share == 0.0 {
            return merged;
        }
        let of_share = |count: usize| (share * count as f64).round() as usize;
        merged.counts.entries += of_share(other.counts.entries);
        merged.counts.asked += of_share(other.counts.asked);
        merged.counts.skips += of_share(other.counts.skips);
        merged.at = earlier(merged.at, other.at.clone());
        let mut squares = merged.squares.clone();
        squares.extend(
            other
                .squares
                .iter()
                .filter(|one| !merged.squares.contains(one)),
        );
        let lenient = merged.likelihood.lenient || other.likelihood.lenient;
        let QuadraticLikelihood {
            precision, shift, ..
        } = other.aligned(&squares, lenient);
        merged.likelihood = merged.aligned(&squares, lenient);
        add_multiple(&mut merged.likelihood.precision, share, &precision);
        merged.likelihood.shift.axpy(share, &shift, 1.0);
        merged.squares = squares;
        merged.questions.merge(other.questions);
        merged.id = Summary::id_of(&merged.likelihood, &merged.folded);
        merged
    }
}

/// The earlier of two times, if they can be compared.
pub(crate) fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (&one, &other) {
        (Some(Timestamp::Number(a)), Some(Timestamp::Number(b))) if b < a => other,
        (Some(Timestamp::Text(a)), Some(Timestamp::Text(b))) if b < a => other,
        (None, _) => other,
        _ => one,
    }
}
