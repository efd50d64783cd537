//! The responses that people chose between.

use super::numbers::Numbers;
use super::table::{Cell, Place, Table};
use super::wanted::Wanted;
use crate::failure::Failure;
use std::collections::HashMap;

/// A response that people can be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Unique.
    pub id: String,
    /// The id of its prompt.
    pub prompt: String,
    /// One number per feature, each finite and of at most 1e100 either way.
    pub scores: Vec<f64>,
    /// The response itself, if the table has it.
    pub text: Option<String>,
}

/// The content of a table of responses.
pub(super) struct Read {
    pub features: Vec<String>,
    /// In the order of the table.
    pub responses: Vec<Response>,
    /// The place of each response.
    pub places: Vec<Place>,
    /// The content of each column that is no feature, as in `"red" on line 2`.
    pub others: HashMap<String, String>,
    /// Notes about the table.
    pub notes: Vec<String>,
}

/// Reads responses with these columns as features. With `may_be_bare` they may have neither features
/// nor text.
pub(super) fn read(table: &Table, wanted: &Wanted, may_be_bare: bool) -> Result<Read, Failure> {
    let (id_column, prompt_column) = (table.column("id")?, table.column("prompt")?);
    let text_column = table.optional_column("text")?;
    let named = [Some(id_column), Some(prompt_column), text_column];
    let others: Vec<usize> = (0..table.header().len())
        .filter(|place| {
            !named.contains(&Some(*place)) && wanted.has_column(&table.header()[*place])
        })
        .collect();
    let may_be_bare = may_be_bare || !wanted.is_everything();
    if others.is_empty() && text_column.is_none() && !may_be_bare {
        return Err(neither_numbers_nor_text(table));
    }
    let mut numbers = Numbers::of(table, &others)?;
    let wanted: Vec<usize> = named.into_iter().flatten().chain(others).collect();
    let first_number = named.into_iter().flatten().count();
    let (mut responses, mut places) = (Vec::new(), Vec::new());
    let skipped = table.each(&wanted, |place, cells| {
        let mut scores = Vec::with_capacity(numbers.count());
        let named = (id(&cells[0]), prompt(&cells[1]));
        numbers.read(place, &cells[first_number..], &mut scores)?;
        let text = text_column
            .and_then(|_| cells[2].text())
            .map(std::borrow::Cow::into_owned);
        let (id, prompt) = (
            named.0.map_err(|message| (place, message))?,
            named.1.map_err(|message| (place, message))?,
        );
        responses.push(Response {
            id,
            prompt,
            scores,
            text,
        });
        places.push(place);
        Ok(())
    })?;
    check_ids(
        table,
        responses
            .iter()
            .map(|response: &Response| response.id.as_str()),
        &places,
    )?;
    let features = numbers.names();
    if text_column.is_none() && features.is_empty() && !may_be_bare && !responses.is_empty() {
        return Err(neither_numbers_nor_text(table));
    }
    let others = numbers.others().map(|(name, place, found)| {
        let place = table.describe(place);
        (name.to_owned(), format!("{found} on {place}"))
    });
    Ok(Read {
        features,
        responses,
        places,
        others: others.collect(),
        notes: numbers.notes().into_iter().chain(skipped).collect(),
    })
}

fn neither_numbers_nor_text(table: &Table) -> Failure {
    table.header_flaw("expected a column of numbers or a column text, found neither")
}

/// Fails if an id is there twice.
pub(super) fn check_ids<'a>(
    table: &Table,
    ids: impl Iterator<Item = &'a str>,
    places: &[Place],
) -> Result<(), Failure> {
    let mut firsts = HashMap::new();
    for (id, &place) in ids.zip(places) {
        if let Some(first) = firsts.insert(id, place) {
            let first = table.describe(first);
            return Err(table.flaw(
                place,
                format!("id: expected a new one, found {id:?} as on {first}"),
            ));
        }
    }
    Ok(())
}

/// The id in a cell.
pub(super) fn id(cell: &Cell) -> Result<String, String> {
    // A bar separates ids in the column `shown`.
    let id = cell.text().filter(|id| !id.is_empty() && !id.contains('|'));
    id.map(std::borrow::Cow::into_owned)
        .ok_or_else(|| format!("id: expected a name without |, found {cell}"))
}

fn prompt(cell: &Cell) -> Result<String, String> {
    cell.text()
        .map(std::borrow::Cow::into_owned)
        .ok_or_else(|| format!("prompt: expected a name, found {cell}"))
}

#[cfg(test)]
mod tests {
    use super::Response;
    use crate::choices::tests::{COMPARISONS, Folder, RESPONSES, responses};

    /// The flaw of a table of responses.
    fn flaw(text: &str) -> String {
        let failure = responses(text).failure();
        failure
            .strip_prefix("responses.csv: ")
            .unwrap_or(&failure)
            .to_owned()
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
        let expected = [
            response("a", "p", [1.0, 0.0]),
            response("b", "p", [-0.5, 2.0]),
            response("c", "q", [0.0, 1e-3]),
        ];
        assert_eq!(choices.responses, expected);
    }

    #[test]
    fn columns_come_in_any_order() {
        let choices = responses("short,prompt,kind,id\n1,p,0,a\n-0.5,p,2,b\n0,q,1e-3,c\n").read();
        assert_eq!(choices, responses(RESPONSES).read());
    }

    #[test]
    fn text_is_kept_verbatim_and_is_not_a_feature() {
        let choices = responses("id,prompt,text\na,p,\"one, \"\"two\"\"\n three \"\nb,p,\n").read();
        assert!(choices.features.is_empty());
        assert_eq!(
            choices.responses[0].text.as_deref(),
            Some("one, \"two\"\n three ")
        );
        assert_eq!(choices.responses[1].text.as_deref(), Some(""));
        let both = responses("id,prompt,text,x\na,p,one,1\nb,p,two,2\n").read();
        assert_eq!(
            (both.features, &both.responses[1].scores),
            (vec!["x".to_owned()], &vec![2.0])
        );
    }

    #[test]
    fn a_missing_column_is_named() {
        assert_eq!(flaw(""), "line 1: expected a column id, found none");
        assert_eq!(
            flaw("name,prompt,x\n"),
            "line 1: expected a column id, found none"
        );
        assert_eq!(
            flaw("ID,Prompt,x\n"),
            "line 1: expected a column id, found none; did you mean ID?"
        );
        assert_eq!(
            flaw("id,x\na,1\n"),
            "line 1: expected a column prompt, found none"
        );
        assert_eq!(
            flaw("id,prompt\na,p\n"),
            "line 1: expected a column of numbers or a column text, found neither"
        );
    }

    #[test]
    fn every_column_has_a_name_of_its_own() {
        assert_eq!(
            flaw("id,prompt,x,id\n"),
            "line 1: expected one column id, found several"
        );
        assert_eq!(
            flaw("id,prompt,x,x\n"),
            "line 1: expected one column x, found several"
        );
        assert_eq!(
            flaw("id,,prompt,x\n"),
            "line 1: column 2: expected the name of a feature, found nothing"
        );
    }

    #[test]
    fn an_id_is_unique() {
        let flaw = flaw("id,prompt,text\na,p,\"1\n2\"\nb,p,3\na,q,4\n");
        assert_eq!(
            flaw,
            "line 5: id: expected a new one, found \"a\" as on line 2"
        );
    }

    #[test]
    fn an_id_has_no_bar() {
        assert_eq!(
            flaw("id,prompt,x\na|b,p,1\n"),
            "line 2: id: expected a name without |, found \"a|b\""
        );
        assert_eq!(
            flaw("id,prompt,x\n,p,1\n"),
            "line 2: id: expected a name without |, found \"\""
        );
    }

    #[test]
    fn scores_are_numbers_of_sensible_size() {
        let check = |wrong: &str, expected: &str| {
            assert_eq!(
                flaw(&format!("id,prompt,x\na,p,1\nb,p,{wrong}\n")),
                format!("line 3: x: expected {expected}, found {wrong:?}")
            );
        };
        for wrong in ["", "x", "NA", "1 1", "0x1"] {
            check(wrong, "a number");
        }
        for wrong in ["nan", "inf", "-inf", "1e999", "1.1e100", "-2e100"] {
            check(wrong, "a finite number of at most 1e100 either way");
        }
        assert_eq!(
            responses("id,prompt,x\na,p,1e100\nb,p,-1e100\n")
                .read()
                .responses[1]
                .scores,
            [-1e100]
        );
    }

    #[test]
    fn a_column_without_any_number_is_not_a_feature_and_is_named() {
        let choices = responses("id,prompt,x,model\na,p,1,big\nb,p,2,\n").read();
        assert_eq!(choices.features, ["x"]);
        assert_eq!(choices.notes.len(), 1);
        assert!(
            choices.notes[0].ends_with("responses.csv: ignored the column model"),
            "{:?}",
            choices.notes
        );
        // A single number makes it a column of numbers, whose first row is wrong.
        let expected = "line 2: model: expected a number, found \"big\"";
        assert_eq!(flaw("id,prompt,x,model\na,p,1,big\nb,p,2,3\n"), expected);
    }

    #[test]
    fn a_feature_that_never_varies_is_named() {
        let notes = responses("id,prompt,x,y\na,p,1,5\nb,p,2,5\n").read().notes;
        assert_eq!(notes.len(), 1);
        assert!(
            notes[0]
                .ends_with("responses.csv: column y: the same in every row, so it says nothing"),
            "{notes:?}"
        );
    }

    #[test]
    fn a_message_that_quotes_the_table_stays_on_one_line() {
        let folder = Folder::new().with(
            "responses.csv",
            "id,prompt,\"x\ny\"\na,p,1\nb,p,\"1\n\u{1b}[2J\"\n",
        );
        let failure = folder.with("comparisons.csv", COMPARISONS).failure();
        assert_eq!(failure.lines().count(), 1);
        assert!(
            failure.starts_with("responses.csv: line 4: x\\ny: expected")
                && !failure.contains('\u{1b}'),
            "{failure}"
        );
    }
}
