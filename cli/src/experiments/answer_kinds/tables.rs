//! The tables and charts about kinds of answers.

use super::measuring::{MEASURED, Measured};
use super::{FEW, REGRET};
use crate::report::{Cell, Chart, Estimate, Point, Series, Table};
use crate::simulate::regret::{Curves, NamedCurve};

/// Times after which regret is compared.
const SECONDS: [f64; 2] = [60.0, 120.0];
/// The end of the chart by time, in seconds.
const CHART_SECONDS: f64 = 300.0;

/// The kinds in the charts, which have no room for more.
const CHARTED: [&str; 7] = [
    "one of 2",
    "one of 2, or a tie",
    "5 grades",
    "rating, 5 levels",
    "best of 4",
    "best and worst of 4",
    "order of 4",
];

/// Regrets to subtract from each other, person by person.
const COMPARED: [(&str, &str); 14] = [
    ("one of 2, or a tie", "one of 2"),
    ("4 grades", "one of 2"),
    ("5 grades", "one of 2"),
    ("5 grades", "one of 2, or a tie"),
    ("5 grades", "4 grades"),
    ("order of 4", "5 grades"),
    ("one of 2, twice the contrast", "one of 2"),
    ("one of 2, or a tie, lines elsewhere", "one of 2, or a tie"),
    ("4 grades, lines elsewhere", "4 grades"),
    ("5 grades, lines elsewhere", "5 grades"),
    ("5 grades, lines elsewhere", "4 grades, lines elsewhere"),
    (
        "one of 2, or a tie, told their lines",
        "one of 2, or a tie, lines elsewhere",
    ),
    ("4 grades, told their lines", "4 grades, lines elsewhere"),
    ("5 grades, told their lines", "5 grades, lines elsewhere"),
];

/// Regret by number of answers.
pub fn curves(measured: &[Measured], after: &[usize]) -> Curves {
    let curve = |of: &Measured| NamedCurve {
        name: of.variant.name.clone(),
        estimates: after
            .iter()
            .map(|&answers| Estimate::of(of.regret_after(answers)))
            .collect(),
    };
    Curves {
        after: after.to_vec(),
        curves: measured.iter().map(curve).collect(),
    }
}

/// The curves that the charts have room for.
pub fn charted(curves: &Curves) -> Curves {
    let mut curves = curves.clone();
    curves
        .curves
        .retain(|curve| CHARTED.contains(&&curve.name[..]));
    curves
}

/// Regret under one variant minus that under another.
pub fn differences(measured: &[Measured]) -> Table {
    let of = |name: &str| measured.iter().find(|of| of.variant.name == name);
    let after = &FEW[1..];
    let row = |(one, other): (&str, &str)| {
        let difference = |&answers: &usize| {
            let regrets = |name| of(name).map_or(Vec::new(), |of| of.regret_after(answers));
            let pairs = regrets(one).into_iter().zip(regrets(other));
            Cell::from(Estimate::of(pairs.map(|(one, other)| one - other)))
        };
        [Cell::Text(format!("{one} − {other}"))]
            .into_iter()
            .chain(after.iter().map(difference))
            .collect()
    };
    Table {
        columns: ["difference".to_owned()]
            .into_iter()
            .chain(after.iter().map(usize::to_string))
            .collect(),
        rows: COMPARED.into_iter().map(row).collect(),
        ..Table::default()
    }
}

pub fn by_time(measured: &[Measured]) -> Chart {
    let charted = measured
        .iter()
        .filter(|of| CHARTED.contains(&of.variant.kind.name));
    let series = charted.map(|of| {
        let times = MEASURED.map(|answers| answers as f64 * of.variant.kind.seconds());
        let point = |(answers, x): (usize, f64)| {
            let Estimate { mean, error } = Estimate::of(of.regret_after(answers));
            Point { x, mean, error }
        };
        Series {
            name: of.variant.name.clone(),
            points: MEASURED
                .into_iter()
                .zip(times)
                .filter(|(_, time)| *time <= CHART_SECONDS)
                .map(point)
                .collect(),
            ..Series::default()
        }
    });
    Chart {
        title: "Kinds of answers, by time".to_owned(),
        x_label: "seconds".to_owned(),
        y_label: REGRET.to_owned(),
        series: series.collect(),
        ..Chart::default()
    }
}

pub fn effort(measured: &[Measured]) -> Table {
    let columns = [
        "kind",
        "bits per question",
        "taps",
        "bits per tap",
        "words",
        "bits per hundred words",
        "seconds",
        "bits per minute",
        "regret after 60 s",
        "regret after 120 s",
    ];
    let row = |of: &Measured| {
        let kind = of.variant.kind;
        let taps = f64::from(kind.taps);
        let fact = |value| Cell::Figure { value, error: None };
        let mut row = vec![
            Cell::Text(kind.name.to_owned()),
            of.bits_by(1.0).into(),
            Cell::Count(kind.taps.into()),
            of.bits_by(taps).into(),
            Cell::Count(kind.words() as u64),
            of.bits_by(kind.words() / 100.0).into(),
            fact(kind.seconds()),
            of.bits_by(kind.seconds() / 60.0).into(),
        ];
        row.extend(SECONDS.map(|seconds| Cell::from(of.regret_at(seconds))));
        row
    };
    Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows: measured.iter().map(row).collect(),
        decimals: 2,
    }
}
