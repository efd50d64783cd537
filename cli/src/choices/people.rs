//! People's comparisons, compactly: twelve bytes for a comparison of two.

use leaning::Answer;

/// People and their comparisons. Those of a person lie together, in the order of the table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct People {
    /// Unique; at least one comparison each.
    ids: Vec<String>,
    /// For each person, the ends of their comparisons in `answers` and in `shown`.
    ends: Vec<Place>,
    answers: Vec<RecordedAnswer>,
    /// Places of the responses that were shown, one comparison after the other.
    shown: Vec<u32>,
}

/// One question, and the answer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison<'a> {
    /// Two or more different responses, by their places in the list of responses.
    pub shown: &'a [u32],
    /// A choice is a place in `shown`.
    pub answer: Answer,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct RecordedAnswer {
    /// Number of responses shown.
    shown: u16,
    /// A place among them, or one of the codes below.
    answer: u16,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Place {
    answer: usize,
    shown: usize,
}

const TIE: u16 = u16::MAX;
const NEITHER: u16 = u16::MAX - 1;
const SKIP: u16 = u16::MAX - 2;
/// The most responses that a comparison may show.
pub const MAX_SHOWN: usize = SKIP as usize;

impl RecordedAnswer {
    /// `None` for an answer of another kind, or with too many responses.
    fn new(shown: usize, answer: Answer) -> Option<Self> {
        let answer = match answer {
            Answer::Chose(place) => u16::try_from(place).ok()?,
            Answer::Tie => TIE,
            Answer::Neither => NEITHER,
            Answer::Skip => SKIP,
            _ => return None,
        };
        let shown = u16::try_from(shown).ok()?;
        Some(RecordedAnswer { shown, answer })
    }

    fn answer(self) -> Answer {
        match self.answer {
            TIE => Answer::Tie,
            NEITHER => Answer::Neither,
            SKIP => Answer::Skip,
            place => Answer::Chose(place.into()),
        }
    }
}

impl People {
    /// Number of people.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    #[cfg(test)]
    pub fn id(&self, person: usize) -> &str {
        &self.ids[person]
    }

    /// Number of comparisons of everybody.
    pub fn comparisons(&self) -> usize {
        self.answers.len()
    }

    /// The most responses that anybody was shown at once; 2 if nobody was.
    pub fn most_shown(&self) -> usize {
        let shown = self.answers.iter().map(|answer| answer.shown.into());
        shown.max().unwrap_or(2)
    }

    /// The comparisons of a person, at least one.
    pub fn of(&self, person: usize) -> impl Iterator<Item = Comparison<'_>> {
        let start = person
            .checked_sub(1)
            .map_or_else(Place::default, |before| self.ends[before]);
        let end = self.ends[person];
        self.between(start, end.answer)
    }

    /// Everybody's comparisons.
    pub fn all(&self) -> impl Iterator<Item = Comparison<'_>> {
        self.between(Place::default(), self.answers.len())
    }

    fn between(&self, start: Place, end: usize) -> impl Iterator<Item = Comparison<'_>> {
        let mut place = start.shown;
        self.answers[start.answer..end].iter().map(move |answer| {
            let shown = &self.shown[place..place + usize::from(answer.shown)];
            place += shown.len();
            Comparison {
                shown,
                answer: answer.answer(),
            }
        })
    }

    /// Keeps the first `count` people.
    pub fn truncate(&mut self, count: usize) {
        if let Some(end) = count.checked_sub(1).and_then(|last| self.ends.get(last)) {
            self.answers.truncate(end.answer);
            self.shown.truncate(end.shown);
        }
        self.ids.truncate(count);
        self.ends.truncate(count);
    }
}

/// Comparisons in the order of a table, in which those of a person may lie apart.
#[derive(Debug, Default)]
pub struct Rows {
    ids: Vec<String>,
    /// The person of each comparison.
    people: Vec<u32>,
    answers: Vec<RecordedAnswer>,
    shown: Vec<u32>,
}

impl Rows {
    /// The place of a person who has not been there before.
    pub fn add_person(&mut self, id: String) -> u32 {
        self.ids.push(id);
        (self.ids.len() - 1) as u32
    }

    /// Adds a comparison. `false`, without a change, for an answer that is no choice, tie or skip.
    #[must_use]
    pub fn add(&mut self, person: u32, shown: &[u32], answer: Answer) -> bool {
        let Some(answer) = RecordedAnswer::new(shown.len(), answer) else {
            return false;
        };
        self.people.push(person);
        self.answers.push(answer);
        self.shown.extend_from_slice(shown);
        true
    }

    /// The same comparisons by person.
    pub fn by_person(self) -> People {
        let Rows {
            ids,
            people,
            answers,
            shown,
        } = self;
        let mut ends = vec![Place::default(); ids.len()];
        for (&person, answer) in people.iter().zip(&answers) {
            let end = &mut ends[person as usize];
            end.answer += 1;
            end.shown += usize::from(answer.shown);
        }
        let mut sum = Place::default();
        for end in &mut ends {
            sum.answer += end.answer;
            sum.shown += end.shown;
            *end = sum;
        }
        // Most tables have everybody's comparisons together already.
        if people.is_sorted() {
            return People {
                ids,
                ends,
                answers,
                shown,
            };
        }
        let mut next: Vec<Place> = [Place::default()].into_iter().chain(ends.clone()).collect();
        let mut sorted = People {
            ids,
            ends,
            answers: answers.clone(),
            shown: shown.clone(),
        };
        let mut from = 0;
        for (&person, answer) in people.iter().zip(answers) {
            let to = &mut next[person as usize];
            let count = usize::from(answer.shown);
            sorted.answers[to.answer] = answer;
            sorted.shown[to.shown..to.shown + count].copy_from_slice(&shown[from..from + count]);
            to.answer += 1;
            to.shown += count;
            from += count;
        }
        sorted
    }
}
