//! The kinds of questions, and what they cost the person who answers.

use crate::simulate::setting::Instance;
use leaning::{AnswerKind, AnswerModel, Error};
use leaning_simulate::{World, WorldOptions};

/// Words of a prompt and of a candidate.
pub const PROMPT_WORDS: f64 = 10.0;
pub const CANDIDATE_WORDS: f64 = 50.0;
/// Silent reading of non-fiction (Brysbaert 2019).
pub const WORDS_PER_MINUTE: f64 = 238.0;
/// Deciding, pointing and pressing, in seconds (Card, Moran & Newell 1983).
pub const TAP_SECONDS: f64 = 1.35 + 1.1 + 0.1;

/// A kind of question, under the name that it has in the tables.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    pub kind: AnswerKind,
    pub shown: usize,
    /// Whether two can be about the same.
    pub tie: bool,
    pub taps: u8,
}

const fn kind(name: &'static str, kind: AnswerKind, shown: usize, taps: u8) -> Kind {
    Kind {
        name,
        kind,
        shown,
        tie: false,
        taps,
    }
}

pub const PLAIN: Kind = kind("one of 2", AnswerKind::Choice, 2, 1);
pub const TIE: Kind = Kind {
    name: "one of 2, or a tie",
    tie: true,
    ..PLAIN
};
pub const FOUR_GRADES: Kind = kind("4 grades", AnswerKind::Graded, 2, 1);
pub const FIVE_GRADES: Kind = Kind {
    name: "5 grades",
    tie: true,
    ..FOUR_GRADES
};
pub const STARS: Kind = kind("rating, 5 levels", AnswerKind::Rating { of: 5 }, 1, 1);
pub const ORDER_OF_FOUR: Kind = kind("order of 4", AnswerKind::Order, 4, 3);

pub const KINDS: [Kind; 12] = [
    PLAIN,
    TIE,
    FOUR_GRADES,
    FIVE_GRADES,
    STARS,
    kind("rating, 2 levels", AnswerKind::Rating { of: 2 }, 1, 1),
    kind("best of 3", AnswerKind::Choice, 3, 1),
    kind("best of 4", AnswerKind::Choice, 4, 1),
    kind("best and worst of 3", AnswerKind::BestWorst, 3, 2),
    kind("best and worst of 4", AnswerKind::BestWorst, 4, 2),
    kind("order of 3", AnswerKind::Order, 3, 2),
    ORDER_OF_FOUR,
];
/// The kinds about two, which differ only in what people say of them.
pub const OF_TWO: [Kind; 4] = [PLAIN, TIE, FOUR_GRADES, FIVE_GRADES];
impl Kind {
    pub fn words(self) -> f64 {
        PROMPT_WORDS + CANDIDATE_WORDS * self.shown as f64
    }

    pub fn seconds(self) -> f64 {
        self.words() * 60.0 / WORDS_PER_MINUTE + TAP_SECONDS * f64::from(self.taps)
    }

    /// The same world with this kind of question, and this model.
    pub fn world(self, instance: &Instance, model: AnswerModel) -> Result<World, Error> {
        let options = WorldOptions {
            model,
            kind: self.kind,
            candidates_per_question: Some(self.shown),
            ..*instance.world.options()
        };
        World::new(&options, instance.seed)
    }

    /// How people answer, with this lapse rate.
    pub fn model(self, lapse: f64) -> Result<AnswerModel, Error> {
        let usual = AnswerModel::default();
        AnswerModel::new(lapse, if self.tie { usual.indifference() } else { 0.0 })
    }
}
