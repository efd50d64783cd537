//! What people chose between.

use super::Table;
use crate::failure::Failure;
use csv::StringRecord;
use std::collections::{HashMap, HashSet};

/// The largest score either way; the library takes none beyond it.
const MOST: f64 = 1e100;

/// Something that people were shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Its name, no two alike.
    pub id: String,
    /// What it responds to.
    pub prompt: String,
    /// One a feature, each finite and at most 1e100 either way.
    pub scores: Vec<f64>,
    /// The response itself, if the table has it.
    pub text: Option<String>,
}

/// The names of the features, and the responses in the order of the table.
pub(super) fn read(table: &Table) -> Result<(Vec<String>, Vec<Response>), Failure> {
    let columns = Columns::find(table)?;
    let mut firsts = HashMap::new();
    let mut responses = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let response = columns.response(row).map_err(|what| table.flaw(row, what))?;
        if let Some(first) = firsts.insert(&row[columns.id], row) {
            let (id, line) = (&response.id, table.line(first));
            return Err(table.flaw(row, format!("id: expected a new one, found {id:?} as on line {line}")));
        }
        responses.push(response);
    }
    Ok((columns.features.into_iter().map(|(_, name)| name).collect(), responses))
}

/// Where in a row everything is.
struct Columns {
    id: usize,
    prompt: usize,
    text: Option<usize>,
    features: Vec<(usize, String)>,
}

impl Columns {
    fn find(table: &Table) -> Result<Self, Failure> {
        let (id, prompt) = (table.column("id")?, table.column("prompt")?);
        let text = table.optional_column("text")?;
        let others = table.header.iter().enumerate();
        let others = others.filter(|&(place, _)| place != id && place != prompt && Some(place) != text);
        let features: Vec<_> = others.map(|(place, name)| (place, name.to_owned())).collect();
        if text.is_none() && features.is_empty() {
            return Err(table.header_flaw("expected a column of numbers or a column text, found neither"));
        }
        let mut names = HashSet::new();
        for (place, name) in &features {
            if name.is_empty() {
                let what = format!("column {}: expected the name of a feature, found nothing", place + 1);
                return Err(table.header_flaw(what));
            }
            if !names.insert(name) {
                return Err(table.header_flaw(format!("expected one column {name}, found several")));
            }
        }
        Ok(Columns { id, prompt, text, features })
    }

    /// The response of a row, or what is wrong with it.
    fn response(&self, row: &StringRecord) -> Result<Response, String> {
        Ok(Response {
            id: id(&row[self.id])?,
            prompt: row[self.prompt].to_owned(),
            scores: self.features.iter().map(|(place, name)| score(name, &row[*place])).collect::<Result<_, _>>()?,
            text: self.text.map(|place| row[place].to_owned()),
        })
    }
}

fn id(cell: &str) -> Result<String, String> {
    // A bar separates ids where they are shown.
    if cell.is_empty() || cell.contains('|') {
        return Err(format!("id: expected a name without |, found {cell:?}"));
    }
    Ok(cell.to_owned())
}

fn score(feature: &str, cell: &str) -> Result<f64, String> {
    let number = cell.parse().ok().filter(|number: &f64| number.abs() <= MOST);
    number.ok_or_else(|| format!("{feature}: expected a finite number of at most 1e100 either way, found {cell:?}"))
}

#[cfg(test)]
mod tests {
    use super::Response;
    use crate::choices::fixtures::{COMPARISONS, Folder, RESPONSES, responses};

    /// What is wrong with a table of responses.
    fn flaw(text: &str) -> String {
        let failure = responses(text).failure();
        failure.strip_prefix("responses.csv: ").unwrap_or(&failure).to_owned()
    }

    #[test]
    fn every_column_of_numbers_is_a_feature() {
        let choices = responses(RESPONSES).read();
        assert_eq!(choices.features, ["short", "kind"]);
        let response = |id: &str, prompt: &str, scores: [f64; 2]| Response {
            id: id.to_owned(),
            prompt: prompt.to_owned(),
            scores: scores.to_vec(),
            text: None,
        };
        let expected =
            [response("a", "p", [1.0, 0.0]), response("b", "p", [-0.5, 2.0]), response("c", "q", [0.0, 1e-3])];
        assert_eq!(choices.responses, expected);
    }

    #[test]
    fn columns_come_in_any_order() {
        let choices = responses("short,prompt,kind,id\n1,p,0,a\n-0.5,p,2,b\n0,q,1e-3,c\n").read();
        assert_eq!(choices, responses(RESPONSES).read());
    }

    #[test]
    fn text_is_kept_as_it_stands_and_is_no_feature() {
        let choices = responses("id,prompt,text\na,p,\"one, \"\"two\"\"\n three \"\nb,p,\n").read();
        assert!(choices.features.is_empty());
        assert_eq!(choices.responses[0].text.as_deref(), Some("one, \"two\"\n three "));
        assert_eq!(choices.responses[1].text.as_deref(), Some(""));
        let both = responses("id,prompt,text,x\na,p,one,1\nb,p,two,2\n").read();
        assert_eq!((both.features, &both.responses[1].scores), (vec!["x".to_owned()], &vec![2.0]));
    }

    #[test]
    fn a_missing_column_is_named() {
        assert_eq!(flaw(""), "line 1: expected a column id, found none");
        assert_eq!(flaw("name,prompt,x\n"), "line 1: expected a column id, found none");
        assert_eq!(flaw("id,x\na,1\n"), "line 1: expected a column prompt, found none");
        assert_eq!(flaw("id,prompt\na,p\n"), "line 1: expected a column of numbers or a column text, found neither");
    }

    #[test]
    fn columns_have_names_of_their_own() {
        assert_eq!(flaw("id,prompt,x,id\n"), "line 1: expected one column id, found several");
        assert_eq!(flaw("id,prompt,x,x\n"), "line 1: expected one column x, found several");
        assert_eq!(flaw(",id,prompt,x\n"), "line 1: column 1: expected the name of a feature, found nothing");
    }

    #[test]
    fn an_id_stands_once() {
        let flaw = flaw("id,prompt,text\na,p,\"1\n2\"\nb,p,3\na,q,4\n");
        assert_eq!(flaw, "line 5: id: expected a new one, found \"a\" as on line 2");
    }

    #[test]
    fn an_id_can_be_listed_with_others() {
        assert_eq!(flaw("id,prompt,x\na|b,p,1\n"), "line 2: id: expected a name without |, found \"a|b\"");
        assert_eq!(flaw("id,prompt,x\n,p,1\n"), "line 2: id: expected a name without |, found \"\"");
    }

    #[test]
    fn scores_are_numbers_of_sensible_size() {
        for wrong in ["", "x", "NA", "1 ", "0x1", "nan", "inf", "-inf", "1e999", "1.1e100", "-2e100"] {
            let expected = "line 3: x: expected a finite number of at most 1e100 either way, found";
            assert_eq!(flaw(&format!("id,prompt,x\na,p,1\nb,p,{wrong}\n")), format!("{expected} {wrong:?}"));
        }
        assert_eq!(responses("id,prompt,x\na,p,1e100\nb,p,-1e100\n").read().responses[1].scores, [-1e100]);
    }

    #[test]
    fn what_stands_in_the_table_stays_on_one_line() {
        let folder = Folder::new().with("responses.csv", "id,prompt,\"x\ny\"\na,p,\"1\n\u{1b}[2J\"\n");
        let failure = folder.with("comparisons.csv", COMPARISONS).failure();
        assert_eq!(failure.lines().count(), 1);
        assert!(
            failure.starts_with("responses.csv: line 3: x\\ny: expected") && !failure.contains('\u{1b}'),
            "{failure}"
        );
    }
}
