//! `leaning score` at a terminal.

use super::{counted, next, percent, signed};
use crate::score::{Arguments, DryRun, LITTLE_AGREEMENT, Report, tokens};
use crate::terminal::colour::{BAD, GOOD, PLAIN, QUIET, STRONG, WARNING};
use crate::terminal::{Column, Page, Table, Text, share_bar};
use leaning_scoring::Tokens;
use serde_json::Value;

const BAR: usize = 12;
/// A smaller share of the variance within prompts gets a warning sign, as `leaning check` gives it.
const LITTLE_WITHIN: f64 = 0.2;
/// Texts without a number that are listed.
const LISTED: usize = 10;

/// One request that is not sent.
pub fn draw_request(page: &mut Page, request: &DryRun) {
    let requests = format!(
        "the first of {}; nothing is sent",
        counted(request.requests, "request")
    );
    page.heading(&format!("{} {}", request.method, request.url), &requests);
    for (name, value) in &request.headers {
        page.paragraph(
            QUIET,
            &format!("{name}: {}", value.as_str().unwrap_or_default()),
        );
    }
    for (name, value) in &request.body {
        page.space();
        page.paragraph(STRONG, name);
        let messages = value.as_array().filter(|_| name == "messages");
        match messages {
            Some(messages) => messages
                .iter()
                .for_each(|message| draw_message(page, message)),
            None => page.paragraph(PLAIN, &value.to_string()),
        }
    }
}

fn draw_message(page: &mut Page, message: &Value) {
    page.paragraph(QUIET, message["role"].as_str().unwrap_or_default());
    for line in message["content"].as_str().unwrap_or_default().lines() {
        page.paragraph(PLAIN, line);
    }
}

pub fn draw(page: &mut Page, report: &Report, arguments: &Arguments) {
    let scored = format!("{} of {}", report.scored, counted(report.texts, "text"));
    page.heading("Scores", &scored);
    if let Some(width) = report.width {
        page.paragraph(PLAIN, &format!("{width} numbers for each text."));
    }
    if !report.dimensions.is_empty() {
        page.space();
        page.table(&dimensions(report));
    }
    page.space();
    page.paragraph(QUIET, &cost(report));
    if !report.unrated.is_empty() {
        page.space();
        let left_out = counted(report.texts - report.scored, "text");
        page.item(WARNING, "!", &format!("{left_out} left out:"));
        page.table(&unrated(report));
    }
    page.space();
    let out = report.out.display().to_string();
    page.item(GOOD, "✓", &format!("It is in {out}."));
    let responses = next::name(&arguments.responses);
    if report.width.is_some() {
        let words = [
            "leaning",
            "fit",
            "--responses",
            &responses,
            "--features",
            &out,
            "--comparisons",
            "choices.csv",
        ];
        next::suggest(page, "Learn dimensions from people's choices:", &words);
        return;
    }
    let names: Vec<&str> = report.dimensions.iter().map(|of| of.id.as_str()).collect();
    let names = names.join(",");
    let mut words = vec!["leaning", "build", "--responses", &out, "--scores", &names];
    let prompts = arguments.prompts.as_ref().map(next::name);
    let rubric = arguments.asked.rubric.as_ref().map(next::name);
    for (option, file) in [("--prompts", &prompts), ("--labels", &rubric)] {
        if let Some(file) = file {
            words.extend([option, file]);
        }
    }
    words.extend(["--out", "deck.json"]);
    next::suggest(page, "Make a deck of it:", &words);
}

/// A row for each dimension: how its ratings lie, how much lies within prompts, how far phrasings agree, and the dimension
/// that goes with it most.
fn dimensions(report: &Report) -> Table {
    let has_phrasings = report.dimensions.iter().any(|of| of.agreement.is_some());
    let rows = report.dimensions.iter().enumerate().map(|(j, of)| {
        let style = match of.within_prompts {
            None => BAD,
            Some(share) if share < LITTLE_WITHIN => WARNING,
            Some(_) => GOOD,
        };
        let share = of.within_prompts;
        let mut row = vec![
            Text::new(STRONG, &of.id),
            Text::from(format!("{:.2}", of.mean).replace('-', "−")),
            Text::from(format!("{:.2}", of.sd)),
            Text::new(style, &share_bar(share.unwrap_or(0.0), BAR)),
            Text::from(share.map_or("constant".to_owned(), percent)),
        ];
        if has_phrasings {
            let style = match of.agreement {
                Some(agreement) if agreement >= LITTLE_AGREEMENT => GOOD,
                _ => WARNING,
            };
            let number =
                |number: Option<f64>| number.map_or("–".to_owned(), |number| signed(number, 2));
            row.push(Text::new(style, &number(of.agreement)));
            row.push(Text::from(number(of.reliability)));
        }
        let others = report.correlations[j]
            .iter()
            .enumerate()
            .filter(|(k, of)| *k != j && **of != 0.0);
        if let Some((k, correlation)) = others.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())) {
            let ids = [&of.id, &report.dimensions[k].id];
            let is_notable = report.correlated.iter();
            let is_notable = is_notable
                .into_iter()
                .any(|pair| pair.dimensions.iter().all(|id| ids.contains(&id)));
            let style = if is_notable { WARNING } else { QUIET };
            row.push(Text::new(style, &signed(*correlation, 2)));
            row.push(Text::new(style, ids[1]));
        }
        row
    });
    let mut columns = vec![
        Column::words("Dimension"),
        Column::numbers("mean"),
        Column::numbers("sd"),
        Column::picture("").expendable(4),
        Column::numbers("within prompts"),
    ];
    if has_phrasings {
        columns.push(Column::numbers("agreement"));
        columns.push(Column::numbers("reliability").expendable(3));
    }
    columns.push(Column::numbers("goes with").expendable(1));
    columns.push(Column::words("").expendable(2));
    Table {
        columns,
        rows: rows.collect(),
    }
}

fn unrated(report: &Report) -> Table {
    let mut rows: Vec<Vec<Text>> = report
        .unrated
        .iter()
        .take(LISTED)
        .map(|of| {
            vec![
                Text::new(STRONG, &of.id),
                Text::from(of.dimension.as_deref().unwrap_or_default()),
                Text::new(QUIET, &of.because),
            ]
        })
        .collect();
    if let more @ 1.. = report.unrated.len().saturating_sub(LISTED) {
        rows.push(vec![Text::new(QUIET, &format!("and {more} more"))]);
    }
    Table {
        columns: vec![
            Column::words(""),
            Column::words("").expendable(1),
            Column::words(""),
        ],
        rows,
    }
}

/// The cost in a sentence or two.
fn cost(report: &Report) -> String {
    let sum = |of: Tokens| of.prompt + of.completion;
    let requests = &report.requests;
    let mut cost = format!(
        "{} answered, for {} tokens ({} read, {} written).",
        counted(requests.answered, "request"),
        tokens(sum(report.tokens)),
        tokens(report.tokens.prompt),
        tokens(report.tokens.completion)
    );
    if requests.cached > 0 {
        let from_cache = counted(requests.cached, "answer");
        let saved = tokens(sum(report.cached_tokens));
        cost.push_str(&format!(
            " {from_cache} from the cache, which had cost {saved}."
        ));
    }
    if requests.retried > 0 {
        cost.push_str(&format!(" Sent again: {}.", requests.retried));
    }
    cost
}
