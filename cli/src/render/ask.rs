//! `leaning ask` at a terminal.

use super::{counted, end, label, next};
use crate::ask::{Asked, Report};
use crate::failure::Failure;
use crate::person::Person;
use crate::terminal::colour::{ACCENT, GOOD, PLAIN, QUIET, STRONG};
use crate::terminal::{Page, Text};
use leaning::model::Offered;
use leaning::question::Question;
use leaning::{AnswerKind, Deck, Interview, LaplaceApproximation};
use serde_json::{Value, json};

/// Dimensions that are named as reasons for a question.
const REASONS: usize = 2;

pub fn draw(page: &mut Page, asked: &Asked, person: &Person) -> Result<(), Failure> {
    let interview = &asked.interview;
    match (&asked.report, interview.open_question()) {
        (Report::Question { .. }, Some(question)) => {
            draw_question(page, interview, question, person).map_err(|error| person.failure(error))
        }
        (report, _) => {
            let reason = match report {
                Report::Over { reason, .. } => *reason,
                Report::Question { .. } => None,
            };
            draw_end(page, interview, reason, person);
            Ok(())
        }
    }
}

fn draw_question(
    page: &mut Page,
    interview: &Interview,
    question: &Question,
    person: &Person,
) -> Result<(), leaning::Error> {
    let deck = interview.deck();
    let (asked, _) = interview.counts();
    let remaining = interview.remaining()?;
    let of = format!("about {} to go", remaining.max(1));
    page.heading(&format!("Question {}", asked + 1), &of);
    let prompt = question.prompt.map(|place| &deck.prompts()[place]);
    let text = prompt.map_or("", |prompt| {
        if prompt.text.is_empty() {
            &prompt.id
        } else {
            &prompt.text
        }
    });
    if !text.is_empty() {
        page.space();
        page.paragraph(STRONG, text);
    }
    page.space();
    let cards: Vec<(Text, &str)> = question
        .candidates
        .iter()
        .enumerate()
        .map(|(place, shown)| {
            let text = prompt.map_or("", |prompt| prompt.candidates[shown.index].text.as_str());
            let heading = Text::new(ACCENT.bold(), &(place + 1).to_string());
            (heading.and(PLAIN, " ").and(QUIET, &shown.name), text)
        })
        .collect();
    page.cards(&cards, PLAIN);
    page.space();
    page.paragraph(PLAIN, &wanted(question));
    page.space();
    page.paragraph(
        QUIET,
        &why(deck, interview.laplace_approximation()?, question),
    );
    page.space();
    page.paragraph(
        QUIET,
        &format!("To answer, add a line like this to {}:", place(person)),
    );
    page.words(ACCENT, &json_words(&entry(question)));
    page.paragraph(QUIET, &other_answers(question.offered));
    if person.answers.is_none() {
        let header = json!({
            "format": "leaning-answers/1",
            "deck": {
                "id": deck.id(),
                "version": deck.version(),
                "dimensions": deck.dimensions().iter().map(|of| &of.id).collect::<Vec<_>>(),
            },
            "answers": [],
        });
        page.paragraph(QUIET, "A new file of answers starts with this:");
        page.words(ACCENT, &json_words(&header));
    }
    Ok(())
}

/// The task of the person.
fn wanted(question: &Question) -> String {
    let last = question.candidates.len();
    match question.offered.kind {
        AnswerKind::Choice => format!("Which one do you prefer? 1 to {last}, or none of them."),
        AnswerKind::Graded => {
            "Which one do you prefer, and is it much better or only slightly?".to_owned()
        }
        AnswerKind::Rating { of } => format!("How good is it, from 1 to {of}?"),
        AnswerKind::BestWorst => "Which one is the best, and which the worst?".to_owned(),
        AnswerKind::Order => "In which order do you like them, best first?".to_owned(),
    }
}

/// Why this question is asked: what it tells, and about which dimensions.
fn why(deck: &Deck, laplace: &LaplaceApproximation, question: &Question) -> String {
    // The uncertainty of the reward difference, by dimension: |z| times the weight's sd.
    let covariance = laplace.covariance();
    let scores = |j: usize| question.candidates.iter().map(move |of| of.scores[j]);
    let highest = |j: usize| scores(j).fold(f64::NEG_INFINITY, f64::max);
    let lowest = |j: usize| scores(j).fold(f64::INFINITY, f64::min);
    let mut reasons: Vec<(usize, f64)> = (0..deck.dimensions().len())
        .map(|j| (j, (highest(j) - lowest(j)) * covariance[(j, j)].sqrt()))
        .filter(|(_, uncertain)| *uncertain > 0.0)
        .collect();
    reasons.sort_by(|a, b| b.1.total_cmp(&a.1));
    let reasons = reasons.into_iter().take(REASONS).map(|(j, _)| {
        let dimension = &deck.dimensions()[j];
        match question.candidates.as_slice() {
            [first, second] => {
                let first_is_high = first.scores[j] > second.scores[j];
                let ends = [first_is_high, !first_is_high].map(|high| end(dimension, high));
                format!("{} (1: {}, 2: {})", label(dimension), ends[0], ends[1])
            }
            _ => label(dimension).to_owned(),
        }
    });
    let reasons: Vec<String> = reasons.collect();
    let reasons = reasons.join(" and ");
    let is_bits = question.strategy == leaning::question::acquisition::DEFAULT.name();
    match (is_bits, reasons.is_empty()) {
        (true, true) => format!("The answer is expected to tell {:.2} bits.", question.score),
        (true, false) => format!(
            "The answer is expected to tell {:.2} bits, most about {reasons}.",
            question.score
        ),
        (false, true) => format!("It is chosen by the strategy {}.", question.strategy),
        (false, false) => format!(
            "It is chosen by the strategy {}. The answer tells most about {reasons}.",
            question.strategy
        ),
    }
}

/// The file of the answers, in words.
fn place(person: &Person) -> String {
    person
        .answers
        .as_ref()
        .map_or("answers in a new file".to_owned(), |file| {
            format!("answers in {}", next::name(file))
        })
}

/// An entry of the log that takes the first candidate.
fn entry(question: &Question) -> Value {
    let names = question.names();
    let scores: Vec<&Vec<f64>> = question.candidates.iter().map(|of| &of.scores).collect();
    let mut entry = json!({ "shown": names, "scores": scores });
    let answer = match question.offered.kind {
        AnswerKind::Choice => json!({ "chose": names[0] }),
        AnswerKind::Graded => json!({ "chose": names[0], "grade": "much" }),
        AnswerKind::Rating { of } => json!({ "kind": "rating", "rating": of, "of": of }),
        AnswerKind::BestWorst => {
            json!({ "kind": "best-worst", "best": names[0], "worst": names.last() })
        }
        AnswerKind::Order => json!({ "kind": "order", "order": names }),
    };
    if let (Some(entry), Some(answer)) = (entry.as_object_mut(), answer.as_object()) {
        entry.extend(answer.clone());
    }
    entry
}

/// The other answers that the question takes, by the fields of the entry.
fn other_answers(offered: Offered) -> String {
    let verdicts: Vec<String> = offered.verdicts().map(|name| format!("{name:?}")).collect();
    let fields = match offered.kind {
        AnswerKind::Choice => "\"chose\"",
        AnswerKind::Graded => "\"chose\" and \"grade\", which may also be \"slightly\" or missing,",
        AnswerKind::Rating { .. } => "\"kind\", \"rating\" and \"of\"",
        AnswerKind::BestWorst => "\"kind\", \"best\" and \"worst\"",
        AnswerKind::Order => "\"kind\" and \"order\", where equals may stand in a list,",
    };
    format!(
        "In place of {fields} there may be \"verdict\": {}.",
        verdicts.join(" or ")
    )
}

/// JSON in parts between which a line may break.
fn json_words(value: &Value) -> Vec<String> {
    let (open, close, items) = match value {
        Value::Array(items) => {
            let items = items.iter().map(json_words);
            ("[", "]", items.collect::<Vec<_>>())
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                let mut words = json_words(value);
                words[0].insert_str(0, &format!("{}: ", json!(name)));
                words
            };
            ("{", "}", fields.iter().map(field).collect())
        }
        other => return vec![other.to_string()],
    };
    let count = items.len();
    let mut words: Vec<String> = Vec::new();
    for (place, mut item) in items.into_iter().enumerate() {
        if place + 1 < count {
            item.last_mut().into_iter().for_each(|word| word.push(','));
        }
        words.extend(item);
    }
    if words.is_empty() {
        return vec![format!("{open}{close}")];
    }
    let last = words.len() - 1;
    words[0].insert_str(0, open);
    words[last].push_str(close);
    words
}

fn draw_end(page: &mut Page, interview: &Interview, reason: Option<&str>, person: &Person) {
    let (_, answered) = interview.counts();
    page.heading("The interview is over", &counted(answered, "answer"));
    let because = match reason {
        Some("questions") => "There are as many answers as were asked for.",
        Some("exhausted") => "The deck has nothing left to ask about.",
        Some("regret") => "Picks are as good as was asked for.",
        Some("gain") => "No question left would tell enough.",
        _ => "There is nothing to ask.",
    };
    page.item(GOOD, "✓", because);
    next::suggest_for(page, "See what the answers tell:", "infer", person, &[]);
    let more = (answered + 4).to_string();
    if reason == Some("questions") {
        next::suggest_for(
            page,
            "Ask four more:",
            "ask",
            person,
            &["--questions", &more],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::{Log, Options};

    #[test]
    fn the_entry_for_each_kind_of_question_is_one_of_the_format() {
        let candidate = |id: &str, score: f64| json!({ "id": id, "scores": [score] });
        for answers in [
            json!({}),
            json!({ "grades": 4 }),
            json!({ "kind": "rating", "ratings": 7 }),
            json!({ "kind": "best-worst" }),
            json!({ "kind": "order" }),
        ] {
            let candidates = [
                candidate("a", 0.0),
                candidate("b", 1.0),
                candidate("c", 3.0),
            ];
            let deck = json!({
                "format": "leaning-deck/1", "id": "d", "version": "1", "answers": answers,
                "dimensions": [{ "id": "x" }], "prompts": [{ "id": "p", "candidates": candidates }]
            });
            let deck = Deck::from_json(&deck.to_string()).unwrap();
            let mut interview = Interview::start(deck.clone(), Options::default()).unwrap();
            let question = interview.question().unwrap().unwrap();
            let log = json!({
                "format": "leaning-answers/1",
                "deck": { "id": "d", "version": "1", "dimensions": ["x"] },
                "answers": [entry(question)]
            });
            let log = Log::from_json(&log.to_string(), &deck);
            assert_eq!(log.map(|log| log.entries().len()), Ok(1), "{answers}");
        }
    }

    #[test]
    fn the_parts_of_a_json_text_are_the_text() {
        let value = json!({ "a b": [1.5, []], "c": { "d": "e, f" }, "g": null });
        let words = json_words(&value);
        assert_eq!(
            words,
            [
                "{\"a b\": [1.5,",
                "[]],",
                "\"c\": {\"d\": \"e, f\"},",
                "\"g\": null}"
            ]
        );
        assert_eq!(
            serde_json::from_str::<Value>(&words.join("\n")).unwrap(),
            value
        );
    }
}
