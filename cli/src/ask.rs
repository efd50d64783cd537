//! `leaning ask`: the next question for a person.

use crate::failure::Failure;
use crate::per::Per;
use crate::person::Person;
use crate::strategy;
use leaning::question::acquisition::DEFAULT;
use leaning::{AnswerKind, Interview, Options, StopRule, Strategy};
use serde::Serialize;

/// Choose the next question for a person
///
/// Prints the candidates to show, in the order in which to show them, what to ask about them, the
/// question's score under the strategy, and the runners-up, best first. The kind is `choice`,
/// `grades`, `rating`, `best-worst` or `order`; with a rating comes `of`, its number of levels.
/// When the interview is over it prints {"done":true} and the reason: `questions` if there are
/// enough answers, `exhausted` if nothing is left to ask about, `regret` or `gain` if one of these
/// rules ends it.
///
/// An answer is an entry of the log's list `answers`: the names in `shown`, a list of `scores` for each,
/// and one of these (docs/deck-format.md has the rest):
///   "chose": NAME                                        to the kind choice
///   "chose": NAME, "grade": "much" or "slightly"       grades
///   "kind": "rating", "rating": 4, "of": 5              rating
///   "kind": "best-worst", "best": NAME, "worst": NAME  best-worst
///   "kind": "order", "order": [NAME, [NAME, NAME]]     order; equals stand in a list
///   "verdict": "tie", "neither" or "skip"             any, as far as the deck offers them
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "\
Example:
  leaning ask --deck deck.json --answers answers.json
  leaning ask --deck deck.json --answers answers.json --alternatives 1 --json
  {\"shown\":[\"p2/b\",\"p2/a\"],\"kind\":\"choice\",\"strategy\":\
\"information-gain\",\"score\":0.214,\"alternatives\":[{\"shown\":[\"p2/a\",\"p2/c\"],\"score\":0.172}]}"
)]
pub struct Arguments {
    #[command(flatten)]
    pub person: Person,

    /// How questions are chosen
    #[arg(long, value_parser = strategy::parser(), default_value = DEFAULT.name())]
    strategy: Strategy,

    /// Choose by the score of a question, or by its score per word read. A picture counts as 5 words
    #[arg(long, value_name = "UNIT", default_value = "question")]
    per: Per,

    /// Choose sides, and `random` questions, the same way each time; otherwise runs differ
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,

    /// End the interview after this many answers; skips do not count
    #[arg(long, value_name = "NUMBER", default_value_t = StopRule::default().questions)]
    questions: usize,

    /// End the interview when the expected regret over the deck's prompts is below this share
    #[arg(long, value_name = "SHARE")]
    regret: Option<f64>,

    /// End the interview when the best remaining question would tell less than this many bits
    #[arg(long, value_name = "BITS")]
    gain: Option<f64>,

    /// Number of candidates to show, 2 to 4; the deck's number by default
    #[arg(long, value_name = "NUMBER")]
    candidates_per_question: Option<usize>,

    /// An answer counts half after this many further answers
    #[arg(long, value_name = "ANSWERS")]
    half_life: Option<f64>,

    /// Number of runners-up to print, at most
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    alternatives: u16,
}

/// The next question, or the end of the interview.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Report {
    Question {
        shown: Vec<String>,
        kind: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        of: Option<usize>,
        strategy: &'static str,
        score: f64,
        alternatives: Vec<Alternative>,
    },
    Over {
        done: bool,
        reason: Option<&'static str>,
    },
}

/// A runner-up.
#[derive(Debug, Serialize)]
pub struct Alternative {
    pub shown: Vec<String>,
    pub score: f64,
}

/// The next question, and the interview in which it is asked.
#[derive(Debug)]
pub struct Asked {
    pub interview: Interview,
    pub report: Report,
}

pub fn run(arguments: &Arguments) -> Result<Asked, Failure> {
    let failure = |error| arguments.person.failure(error);
    let (deck, reading, log) = arguments.person.read_with_reading()?;
    let options = Options {
        strategy: arguments.strategy,
        stop: StopRule {
            questions: arguments.questions,
            regret: arguments.regret,
            gain: arguments.gain,
        },
        seed: arguments.seed,
        candidates_per_question: arguments.candidates_per_question,
        half_life: arguments.half_life,
        words: (arguments.per == Per::Word).then(|| reading.word_counts()),
        ..Options::default()
    };
    let mut interview = Interview::open(deck, log, options).map_err(failure)?;
    let Some(question) = interview.question().map_err(failure)?.cloned() else {
        let reason = interview
            .stop_reason()
            .map_err(failure)?
            .map(leaning::StopReason::name);
        let report = Report::Over { done: true, reason };
        return Ok(Asked { interview, report });
    };
    let alternatives = interview
        .alternatives(arguments.alternatives.into())
        .map_err(failure)?;
    let kind = question.offered.kind;
    let of = match kind {
        AnswerKind::Rating { of } => Some(of),
        _ => None,
    };
    let report = Report::Question {
        shown: question.names(),
        kind: kind.name(),
        of,
        strategy: question.strategy,
        score: question.score,
        alternatives: alternatives
            .into_iter()
            .map(|(shown, score)| Alternative { shown, score })
            .collect(),
    };
    Ok(Asked { interview, report })
}
