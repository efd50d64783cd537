//! The object `leaning` of an answer: scores, and what was left out.

use crate::error::{ApiError, Code};
use crate::gateway::Gateway;
use crate::scorer::{Conversation, Scorer, Scores};
use serde_json::{Map, Value, json};
use tokio::time::timeout;

/// The outcome of a draft: its text, if it has one, or why it is left out.
pub type Outcome = Result<Option<String>, ApiError>;

/// The object, with an entry in each of its lists for each draft.
#[derive(Debug)]
pub struct Extension {
    pub object: Value,
    /// The outcome of the request for the metrics.
    pub outcome: &'static str,
}

/// Scores the drafts that there are. A scorer that fails costs the scores, and no draft.
pub async fn extension(gateway: &Gateway, messages: Vec<Value>, drafts: &[Outcome]) -> Extension {
    let mut object = Map::new();
    if let Some(scorer) = &gateway.settings.scorer {
        let description = scorer.description();
        object.insert(
            "deck".to_owned(),
            json!({ "id": description.deck, "version": description.version }),
        );
        object.insert("dimensions".to_owned(), json!(description.dimensions));
        let scored = scores(gateway, scorer.as_ref(), messages, drafts).await;
        let outcome = if scored.is_ok() {
            "ok"
        } else {
            Code::ScoringFailed.name()
        };
        gateway.metrics.scoring(outcome);
        match scored {
            Ok(scores) => object.insert("scores".to_owned(), json!(scores)),
            Err(error) => {
                tracing::warn!(code = error.code.name(), "drafts have no scores");
                object.insert("scores".to_owned(), json!(vec![Value::Null; drafts.len()]));
                object.insert("error".to_owned(), error.to_json())
            }
        };
    }
    let mut left_out = Vec::new();
    for (draft, outcome) in drafts.iter().enumerate() {
        if let Err(error) = outcome {
            left_out.push(json!({ "index": draft, "error": error.to_json() }));
            gateway.metrics.draft(error.code.name());
        } else {
            gateway.metrics.draft("ok");
        }
    }
    let outcome = if left_out.is_empty() { "ok" } else { "partial" };
    if !left_out.is_empty() {
        object.insert("leftOut".to_owned(), Value::Array(left_out));
    }
    Extension {
        object: Value::Object(object),
        outcome,
    }
}

/// The scores of each draft; `None` where there is no text, or the scorer has none for it.
async fn scores(
    gateway: &Gateway,
    scorer: &dyn Scorer,
    messages: Vec<Value>,
    drafts: &[Outcome],
) -> Result<Scores, ApiError> {
    let failed = |message: String| ApiError::new(Code::ScoringFailed, message);
    let text = |draft: &Outcome| draft.as_ref().ok().cloned().flatten();
    let texts: Vec<Option<String>> = drafts.iter().map(text).collect();
    let present: Vec<String> = texts.iter().flatten().cloned().collect();
    if present.is_empty() {
        return Ok(vec![None; drafts.len()]);
    }
    let expected = present.len();
    let scoring = scorer.score(Conversation { messages }, present);
    let in_time = timeout(gateway.settings.limits.timeout, scoring).await;
    let rows = in_time
        .map_err(|_| failed("the scores did not come in time".to_owned()))?
        .map_err(failed)?;
    check(&rows, expected, scorer.description().dimensions.len()).map_err(failed)?;
    let mut rows = rows.into_iter();
    let row = |text: Option<String>| text.and_then(|_| rows.next().flatten());
    Ok(texts.into_iter().map(row).collect())
}

/// Checks the form of scores, which JSON could not hold otherwise.
fn check(rows: &Scores, drafts: usize, dimensions: usize) -> Result<(), String> {
    if rows.len() != drafts {
        let found = rows.len();
        return Err(format!("expected scores of {drafts} drafts, found {found}"));
    }
    for (draft, row) in rows.iter().enumerate() {
        let Some(row) = row else { continue };
        if row.len() != dimensions || row.iter().any(|score| !score.is_finite()) {
            return Err(format!(
                "scores[{draft}]: expected {dimensions} finite numbers"
            ));
        }
    }
    Ok(())
}
