//! `leaning evaluate` at a terminal.

use super::counted;
use super::curves::{Best, Curves, NOBODY};
use crate::evaluate::{CurveReport, Report};
use crate::report::Estimate;
use crate::terminal::Page;
use crate::terminal::colour::{PLAIN, QUIET};

pub fn draw(page: &mut Page, report: &Report) {
    let deck = format!("{}, version {}", report.deck.id, report.deck.version);
    page.heading("Held-out choices", &deck);
    let mut about = format!(
        "{} with {}, of which {} each are held out.",
        counted(report.people, "person").replace("persons", "people"),
        counted(report.comparisons, "answer"),
        report.test
    );
    if report.left_out > 0 {
        about.push_str(&format!(" {} have too few answers.", report.left_out));
    }
    page.paragraph(PLAIN, &about);
    let three = |value: f64| format!("{value:.3}").replace('-', "−");
    let tenths = |value: f64| format!("{:.1}%", 100.0 * value);
    section(
        page,
        report,
        "Accuracy",
        "predicted rightly",
        |of| &of.accuracy,
        Best::Largest,
        tenths,
    );
    let what = "predicted rightly by the population's weights alone";
    section(
        page,
        report,
        "Worse",
        what,
        |of| &of.worse,
        Best::Smallest,
        tenths,
    );
    let what = "predicted rightly by the person's weights alone";
    section(
        page,
        report,
        "Better",
        what,
        |of| &of.better,
        Best::Largest,
        tenths,
    );
    let what = "mean log-probability of an answer";
    section(
        page,
        report,
        "Log-likelihood",
        what,
        |of| &of.log_likelihood,
        Best::Largest,
        three,
    );
    let has_choices = |of: &CurveReport| of.accuracy.iter().any(|of| !of.mean.is_nan());
    if !report.curves.iter().any(has_choices) {
        page.space();
        page.paragraph(
            QUIET,
            &format!("{NOBODY}: none of the answers that are held out is a choice."),
        );
    }
    if let (Some(most), 1..) = (report.after.last(), report.short) {
        page.space();
        let text = format!(
            "{} have fewer than {most} answers to learn from.",
            report.short
        );
        page.paragraph(QUIET, &text);
    }
}

fn section(
    page: &mut Page,
    report: &Report,
    title: &str,
    about: &str,
    of: fn(&CurveReport) -> &Vec<Estimate>,
    best: Best,
    write: fn(f64) -> String,
) {
    page.space();
    page.heading(title, about);
    let curves = report.curves.iter();
    Curves {
        first_column: "Method",
        after: &report.after,
        curves: curves.map(|curve| (&*curve.name, &of(curve)[..])).collect(),
        best,
        write,
    }
    .draw(page);
}
