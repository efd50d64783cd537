//! People's choices.

use super::ids::Places;
use super::numbers::ignored;
use super::responses::Response;
use super::table::{Cell, Table};
use crate::failure::Failure;
use leaning::Answer;
use std::collections::HashMap;

/// A person, and their answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Unique.
    pub id: String,
    /// At least one, in the order of the table.
    pub comparisons: Vec<Comparison>,
}

/// One question, and the answer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Two or more different responses, by their places in the list of responses.
    pub shown: Vec<usize>,
    /// A choice is a place in `shown`.
    pub answer: Answer,
}

/// The people in a table of comparisons between the responses of `file`, in the order of their first rows,
/// and notes about columns that are ignored and rows that are empty.
pub(super) fn read(
    table: &Table,
    responses: &[Response],
    file: &str,
) -> Result<(Vec<Person>, Vec<String>), Failure> {
    let verdict = table.optional_column("verdict")?;
    // If rows may leave out columns, a table of verdicts alone has no column `chose`.
    let chose = if verdict.is_some() && table.rows_vary() {
        table.optional_column("chose")?
    } else {
        Some(table.column("chose")?)
    };
    let columns = [
        Some(table.column("user")?),
        Some(table.column("shown")?),
        chose,
        verdict,
    ];
    let wanted: Vec<usize> = columns.into_iter().flatten().collect();
    let slot = |column: Option<usize>| {
        column.and_then(|column| wanted.iter().position(|&other| other == column))
    };
    let (chose, verdict) = (slot(chose), slot(verdict));
    let known_responses = KnownResponses {
        places: Places::of(responses.iter().map(|of| of.id.as_str())),
        file,
    };
    let mut people: Vec<Person> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let skipped = table.each(&wanted, |place, cells| {
        let cell = |slot: Option<usize>| slot.map_or(&Cell::Nothing, |slot| &cells[slot]);
        let comparison = comparison(&cells[1], cell(chose), cell(verdict), &known_responses);
        let user = user(&cells[0]).map_err(|message| (place, message))?;
        let comparison = comparison.map_err(|message| (place, message))?;
        let person = known.get(&*user).copied().unwrap_or_else(|| {
            known.insert(user.clone().into_owned(), people.len());
            people.push(Person {
                id: user.into_owned(),
                comparisons: Vec::new(),
            });
            people.len() - 1
        });
        people[person].comparisons.push(comparison);
        Ok(())
    })?;
    let others = table
        .header()
        .iter()
        .enumerate()
        .filter(|(column, _)| !wanted.contains(column));
    let ignored = ignored(others.map(|(_, name)| name.as_str()));
    Ok((people, ignored.into_iter().chain(skipped).collect()))
}

/// The places of the responses by id, and the file that has them.
struct KnownResponses<'a> {
    places: Places<'a>,
    file: &'a str,
}

fn user<'a>(cell: &'a Cell) -> Result<std::borrow::Cow<'a, str>, String> {
    match cell.text() {
        Some(user) if !user.is_empty() => Ok(user),
        _ if cell.is_empty() => Err("user: expected a name, found nothing".to_owned()),
        _ => Err(format!("user: expected a name, found {cell}")),
    }
}

/// The comparison of a row.
fn comparison(
    shown_cell: &Cell,
    chose: &Cell,
    verdict: &Cell,
    responses: &KnownResponses,
) -> Result<Comparison, String> {
    let shown = shown(shown_cell, responses)?;
    let answer = match (chose.is_empty(), verdict.is_empty()) {
        (true, true) => Err("expected either chose or verdict, found neither".to_owned()),
        (false, true) => chosen(chose, &shown, responses),
        (true, false) => self::verdict(verdict),
        (false, false) => Err(format!(
            "expected either chose or verdict, found {chose} and {verdict}"
        )),
    };
    Ok(Comparison {
        answer: answer?,
        shown,
    })
}

/// The places of the responses in a list, or in a text such as `a|b`.
fn shown(cell: &Cell, responses: &KnownResponses) -> Result<Vec<usize>, String> {
    let mut shown = Vec::new();
    match cell {
        Cell::List(ids) if ids.len() >= 2 => {
            shown.reserve_exact(ids.len());
            for id in ids {
                let text = id
                    .text()
                    .ok_or_else(|| format!("shown: expected ids of responses, found {id}"))?;
                push_shown(&text, responses, &mut shown)?;
            }
        }
        Cell::Text(text) if text.contains('|') => {
            shown.reserve_exact(1 + text.matches('|').count());
            text.split('|')
                .try_for_each(|id| push_shown(id, responses, &mut shown))?;
        }
        Cell::List(_) => return Err(format!("shown: expected two or more ids, found {cell}")),
        _ => {
            return Err(format!(
                "shown: expected two or more ids with | between them, found {cell}"
            ));
        }
    }
    Ok(shown)
}

fn push_shown(id: &str, responses: &KnownResponses, shown: &mut Vec<usize>) -> Result<(), String> {
    let KnownResponses { places, file } = responses;
    let place = places
        .get(id)
        .ok_or_else(|| format!("shown: expected ids of responses in {file}, found {id:?}"))?;
    if shown.contains(&place) {
        return Err(format!("shown: expected every id once, found {id:?} again"));
    }
    shown.push(place);
    Ok(())
}

fn chosen(cell: &Cell, shown: &[usize], responses: &KnownResponses) -> Result<Answer, String> {
    let place = cell.text().and_then(|id| responses.places.get(&id));
    let place = place.and_then(|response| shown.iter().position(|&other| other == response));
    place
        .map(Answer::Chose)
        .ok_or_else(|| format!("chose: expected one of the ids shown, found {cell}"))
}

/// An answer that is not a choice.
fn verdict(verdict: &Cell) -> Result<Answer, String> {
    match verdict.text().as_deref() {
        Some("tie") => Ok(Answer::Tie),
        Some("neither") => Ok(Answer::Neither),
        Some("skip") => Ok(Answer::Skip),
        _ => Err(format!(
            "verdict: expected tie, neither or skip, found {verdict}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Person};
    use crate::choices::tests::comparisons;
    use leaning::Answer;

    const HEADER: &str = "user,shown,chose,verdict\n";

    /// The flaw of a table of comparisons.
    fn flaw(text: &str) -> String {
        let failure = comparisons(text).failure();
        failure
            .strip_prefix("comparisons.csv: ")
            .unwrap_or(&failure)
            .to_owned()
    }

    /// The flaw of a row, on line 2.
    fn row_flaw(row: &str) -> String {
        let flaw = flaw(&format!("{HEADER}{row}\n"));
        flaw.strip_prefix("line 2: ").unwrap_or(&flaw).to_owned()
    }

    fn people(rows: &str) -> Vec<Person> {
        comparisons(format!("{HEADER}{rows}")).read().people
    }

    fn person(id: &str, comparisons: Vec<Comparison>) -> Person {
        Person {
            id: id.to_owned(),
            comparisons,
        }
    }

    fn comparison(shown: &[usize], answer: Answer) -> Comparison {
        Comparison {
            shown: shown.to_vec(),
            answer,
        }
    }

    #[test]
    fn people_keep_the_order_of_their_first_rows_and_comparisons_that_of_the_table() {
        let zoe = vec![
            comparison(&[0, 1], Answer::Chose(1)),
            comparison(&[2, 0, 1], Answer::Chose(0)),
        ];
        let ann = vec![comparison(&[1, 0], Answer::Chose(0))];
        assert_eq!(
            people("zoe,a|b,b,\nann,b|a,b,\nzoe,c|a|b,c,\n"),
            [person("zoe", zoe), person("ann", ann)]
        );
    }

    #[test]
    fn a_verdict_stands_for_every_answer_but_a_choice() {
        let answers =
            [Answer::Tie, Answer::Neither, Answer::Skip].map(|answer| comparison(&[0, 1], answer));
        let people = people("ann,a|b,,tie\nann,a|b,,neither\nann,a|b,,skip\n");
        assert_eq!(people, [person("ann", answers.to_vec())]);
    }

    #[test]
    fn columns_come_in_any_order_and_others_are_ignored() {
        let expected = people("ann,a|b,b,\nann,b|c,,tie\n");
        let text = "when,verdict,chose,,user,shown,\n1,,b,x,ann,a|b,y\n2,tie,,x,ann,b|c,y\n";
        assert_eq!(comparisons(text).read().people, expected);
    }

    #[test]
    fn ignored_columns_are_named() {
        let notes = comparisons("when,user,shown,chose,where\n1,ann,a|b,b,here\n")
            .read()
            .notes;
        assert_eq!(notes.len(), 1);
        assert!(
            notes[0].ends_with("comparisons.csv: ignored the columns when, where"),
            "{notes:?}"
        );
    }

    #[test]
    fn a_table_of_choices_needs_no_verdict() {
        let text = "user,shown,chose\nann,a|b,b\n";
        assert_eq!(comparisons(text).read().people, people("ann,a|b,b,\n"));
        assert_eq!(
            flaw("user,shown,chose\nann,a|b,\n"),
            "line 2: expected either chose or verdict, found neither"
        );
    }

    #[test]
    fn a_table_without_rows_has_no_people() {
        assert!(people("").is_empty());
    }

    #[test]
    fn a_missing_column_is_named() {
        for (header, missing) in [
            ("shown,chose", "user"),
            ("user,chose", "shown"),
            ("user,shown,verdict", "chose"),
        ] {
            assert_eq!(
                flaw(header),
                format!("line 1: expected a column {missing}, found none")
            );
        }
        let twice = "line 1: expected one column verdict, found several";
        assert_eq!(flaw("user,shown,chose,verdict,verdict\n"), twice);
    }

    #[test]
    fn a_row_has_a_user() {
        assert_eq!(row_flaw(",a|b,a,"), "user: expected a name, found nothing");
    }

    #[test]
    fn two_or_more_known_responses_are_shown_each_once() {
        let few = "shown: expected two or more ids with | between them, found";
        assert_eq!(row_flaw("ann,a,a,"), format!("{few} \"a\""));
        assert_eq!(row_flaw("ann,,a,"), format!("{few} \"\""));
        assert_eq!(
            row_flaw("ann,a|z,a,"),
            "shown: expected ids of responses in responses.csv, found \"z\""
        );
        assert_eq!(
            row_flaw("ann,a|,a,"),
            "shown: expected ids of responses in responses.csv, found \"\""
        );
        assert_eq!(
            row_flaw("ann,a|b|a,a,"),
            "shown: expected every id once, found \"a\" again"
        );
    }

    #[test]
    fn the_choice_is_one_of_those_shown() {
        assert_eq!(
            row_flaw("ann,a|b,c,"),
            "chose: expected one of the ids shown, found \"c\""
        );
        assert_eq!(
            row_flaw("ann,a|b,z,"),
            "chose: expected one of the ids shown, found \"z\""
        );
    }

    #[test]
    fn a_row_has_a_choice_or_a_verdict() {
        assert_eq!(
            row_flaw("ann,a|b,a,tie"),
            "expected either chose or verdict, found \"a\" and \"tie\""
        );
        assert_eq!(
            row_flaw("ann,a|b,,"),
            "expected either chose or verdict, found neither"
        );
        assert_eq!(
            row_flaw("ann,a|b,,draw"),
            "verdict: expected tie, neither or skip, found \"draw\""
        );
    }

    #[test]
    fn a_flaw_is_found_on_its_line() {
        let text = format!("{HEADER}\"an\nn\",a|b,a,\n\nann,a|b,,tie\nann,a|z,a,\n");
        assert_eq!(
            flaw(&text),
            "line 6: shown: expected ids of responses in responses.csv, found \"z\""
        );
    }
}
