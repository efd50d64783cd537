//! Other methods beside Leaning. `tests/reference/peers.py` measures them; this shows its figures.

use crate::failure::Failure;
use crate::report::{Cell, Estimate, Section, Table};
use std::collections::HashMap;
use std::fmt::Display;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

/// The file that the script writes.
const FILE: &str = "peers.csv";
/// Numbers of answers in the tables. The first has no difference: nobody has asked yet.
const AFTER: [usize; 4] = [0, 5, 10, 20];
/// A difference of fewer standard errors counts as none.
const STANDARD_ERRORS: f64 = 2.0;

/// Whether this folder has the figures.
pub fn has_figures(folder: &Path) -> bool {
    folder.join(FILE).exists()
}

/// Shows the figures in the folder `figures`. Without them, the section says what writes them.
pub fn run(figures: Option<&Path>) -> Result<Section, Failure> {
    let Some(file) = figures
        .filter(|folder| has_figures(folder))
        .map(|folder| folder.join(FILE))
    else {
        let mut section = empty();
        section.text(
            "Skipped: it shows the file `experiments/peers.csv` in the folder `--out`, which \
             `tests/reference/peers.py` writes.",
        );
        return Ok(section);
    };
    let failure = |message| Failure::new(file.display(), message);
    let opened = File::open(&file).map_err(|error| failure(error.to_string()))?;
    read(opened).map(|methods| show(&methods)).map_err(failure)
}

fn empty() -> Section {
    Section::new("peers", "Beside other methods")
}

fn show(methods: &[Method]) -> Section {
    let mut section = empty();
    let people = methods.first().map_or(0, |method| method.people);
    section.text(SETTING);
    section.text(format!(
        "```sh\n\
         OMP_NUM_THREADS=1 python3 tests/reference/peers.py target/release/leaning \
         --people {people} --out docs/experiments/{FILE}\n\
         ```"
    ));
    section.text(METHODS);
    section.text(format!(
        "Best-of-16 regret of {people} people by number of answers, and the median time a question \
         in milliseconds."
    ));
    section.text(regrets(methods).to_markdown().trim_end());
    section.text("Regret minus that of Leaning with the same prior or none, paired over people.");
    section.text(differences(methods).to_markdown().trim_end());
    section.text(verdict(methods));
    section
}

const SETTING: &str = "\
    `tests/reference/peers.py` lets Leaning and other methods interview the same people about the \
    same decks: 300 prompts of two candidates, d = 8, people alike, plain answers, a utility \
    standard deviation of 2, and the same latent noise for the same question number. Leaning runs \
    through its command line. The others are re-implemented in the script, which says what it \
    leaves out of each paper. \"Given the prior\" is the true distribution of people.";
const METHODS: &str = "\
    Mutual information, Thompson and disagreement have the sampled belief of APReL: weights of \
    unit norm, with the scale of the utility told. Given the prior, the length of the weights is \
    free. The linear Gaussian process is BoTorch's `PairwiseGP` with that kernel, with the \
    variance of Leaning's default prior. \"Best arm\" is after UserAlign: the question splits most \
    evenly what is left of many candidate weights. Time is that of updating and choosing. For \
    Leaning it is that of the whole process `leaning ask`, which reads deck and log each time.";

/// One row of the file.
struct Method {
    name: String,
    /// Leaning with the same prior or none, if it is not Leaning itself.
    beside: Option<String>,
    people: usize,
    /// By number of answers.
    regrets: Vec<Estimate>,
    /// Paired with `beside`, from the first answer on; empty without one.
    differences: Vec<Estimate>,
    milliseconds: f64,
}

/// A row of the file, by the names of its columns.
type Row = HashMap<String, String>;

fn read(file: impl Read) -> Result<Vec<Method>, String> {
    csv::Reader::from_reader(file)
        .deserialize::<Row>()
        .map(|row| method(&row.map_err(|error| error.to_string())?))
        .collect()
}

fn method(row: &Row) -> Result<Method, String> {
    let beside = Some(text(row, "beside")?.to_owned()).filter(|beside| !beside.is_empty());
    let figures = |of: &str, after: &[usize]| -> Result<Vec<Estimate>, String> {
        let figure = |count| {
            Ok(Estimate {
                mean: number(row, format!("{of}_{count}"))?,
                error: number(row, format!("{of}_{count}_se"))?,
            })
        };
        after.iter().map(figure).collect()
    };
    Ok(Method {
        name: text(row, "method")?.to_owned(),
        people: number(row, "people")?,
        regrets: figures("regret", &AFTER)?,
        differences: if beside.is_some() {
            figures("beside", &AFTER[1..])?
        } else {
            Vec::new()
        },
        beside,
        milliseconds: number(row, "milliseconds")?,
    })
}

fn text<'a>(row: &'a Row, column: &str) -> Result<&'a str, String> {
    let missing = || format!("no column {column}");
    row.get(column).map(String::as_str).ok_or_else(missing)
}

fn number<T: FromStr>(row: &Row, column: impl Display) -> Result<T, String> {
    let column = column.to_string();
    let found = text(row, &column)?;
    found
        .parse()
        .map_err(|_| format!("{column}: expected a number, found \"{found}\""))
}

fn regrets(methods: &[Method]) -> Table {
    let counts = AFTER.map(|count| count.to_string());
    let row = |method: &Method| {
        let figures = method.regrets.iter().map(|figure| Cell::from(*figure));
        [Cell::Text(method.name.clone())]
            .into_iter()
            .chain(figures)
            .chain([Cell::Text(format!("{:.1}", method.milliseconds))])
            .collect()
    };
    Table {
        columns: ["method".to_owned()]
            .into_iter()
            .chain(counts)
            .chain(["ms".to_owned()])
            .collect(),
        rows: methods.iter().map(row).collect(),
        ..Table::default()
    }
}

fn differences(methods: &[Method]) -> Table {
    let row = |method: &Method| {
        let figures = method.differences.iter().map(|figure| Cell::from(*figure));
        let beside = method.beside.clone()?;
        let names = [method.name.clone(), beside].map(Cell::Text);
        Some(names.into_iter().chain(figures).collect())
    };
    Table {
        columns: ["method".to_owned(), "minus".to_owned()]
            .into_iter()
            .chain(AFTER[1..].iter().map(usize::to_string))
            .collect(),
        rows: methods.iter().filter_map(row).collect(),
        ..Table::default()
    }
}

/// Which methods are ahead of Leaning, and which are level with it.
fn verdict(methods: &[Method]) -> String {
    let ahead = named(methods, |difference| {
        difference.mean < -STANDARD_ERRORS * difference.error
    });
    let level = named(methods, |difference| {
        difference.mean.abs() <= STANDARD_ERRORS * difference.error
    });
    let ahead = if ahead.is_empty() {
        "No method is ahead of Leaning by more than two standard errors.".to_owned()
    } else {
        format!("Ahead of Leaning by more than two standard errors: {ahead}.")
    };
    let level = if level.is_empty() {
        "None is level with it.".to_owned()
    } else {
        format!("Level with it, within two standard errors: {level}.")
    };
    format!("{ahead} {level}")
}

/// The methods for which it holds, and after how many answers.
fn named(methods: &[Method], holds: impl Fn(&Estimate) -> bool) -> String {
    let names = methods.iter().filter_map(|method| {
        let counts: Vec<String> = AFTER[1..]
            .iter()
            .zip(&method.differences)
            .filter(|(_, difference)| holds(difference))
            .map(|(count, _)| count.to_string())
            .collect();
        let (last, others) = counts.split_last()?;
        let counts = if others.is_empty() {
            last.clone()
        } else {
            format!("{} and {last}", others.join(", "))
        };
        Some(format!("{} (after {counts} answers)", method.name))
    });
    names.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "method,beside,people,regret_0,regret_0_se,regret_5,regret_5_se,regret_10,\
        regret_10_se,regret_20,regret_20_se,beside_5,beside_5_se,beside_10,beside_10_se,beside_20,\
        beside_20_se,milliseconds\n";
    const OURS: &str = "ours,,60,1,.01,.5,.01,.3,.01,.2,.01,,,,,,,9.5\n";

    /// The section about a file with these rows.
    fn section(rows: &str) -> Result<String, String> {
        let file = format!("{HEADER}{rows}");
        Ok(show(&read(file.as_bytes())?).to_markdown(""))
    }

    #[test]
    fn methods_ahead_and_level_are_named_with_the_numbers_of_answers() {
        let peers = "quick,ours,60,1,.01,.4,.01,.2,.01,.3,.01,-.1,.04,-.1,.06,.1,.04,0.44\n\
                     slow,ours,60,1,.01,.6,.01,.4,.01,.2,.01,.1,.04,.1,.04,.08,.04,30\n";
        let text = section(&format!("{OURS}{peers}")).unwrap();
        let expected = "Ahead of Leaning by more than two standard errors: quick (after 5 answers). \
            Level with it, within two standard errors: quick (after 10 answers); slow (after 20 \
            answers).";
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("--people 60"), "{text}");
    }

    #[test]
    fn a_table_has_the_figures_of_every_method() {
        let peer = "pref,ours,60,1,.01,.6,.01,.4,.01,.2,.01,.1,.04,.1,.04,-.125,.04,30\n";
        let text = section(&format!("{OURS}{peer}")).unwrap();
        assert!(
            text.contains("| ours   | 1.000 ± .010 | .500 ± .010 |"),
            "{text}"
        );
        assert!(
            text.contains("| pref   | ours  | .100 ± .040 | .100 ± .040 | −.125 ± .040 |"),
            "{text}"
        );
    }

    #[test]
    fn without_the_file_the_section_says_what_writes_it() {
        for figures in [None, Some(Path::new("nowhere"))] {
            let text = run(figures).unwrap().to_markdown("");
            assert!(
                text.contains("Skipped") && text.contains("peers.py"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_cell_that_is_no_number_is_named() {
        let message = section(&OURS.replace(".3,", "many,")).unwrap_err();
        assert_eq!(message, "regret_10: expected a number, found \"many\"");
    }
}
