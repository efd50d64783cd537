//! People's choices.

use super::ids::Places;
use super::numbers::ignored;
use super::people::{MAX_SHOWN, People, Rows};
use super::responses::Response;
use super::table::{Cell, Table};
use crate::failure::Failure;
use leaning::Answer;
use std::collections::HashMap;

/// The people in a table of comparisons between the responses of `file`, in the order of their first rows,
/// and notes about columns that are ignored and rows that are empty.
pub(super) fn read(
    table: &Table,
    responses: &[Response],
    file: &str,
) -> Result<(People, Vec<String>), Failure> {
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
    let mut rows = Rows::default();
    let mut known: HashMap<String, u32> = HashMap::new();
    let mut shown = Vec::new();
    let skipped = table.each(&wanted, |place, cells| {
        let cell = |slot: Option<usize>| slot.map_or(&Cell::Nothing, |slot| &cells[slot]);
        let flaw = |message| (place, message);
        let user = user(&cells[0]).map_err(flaw)?;
        self::shown(&cells[1], &known_responses, &mut shown).map_err(flaw)?;
        let answer = answer(cell(chose), cell(verdict), &shown, &known_responses);
        let answer = answer.map_err(flaw)?;
        let person = known.get(&*user).copied().unwrap_or_else(|| {
            let person = rows.add_person(user.clone().into_owned());
            known.insert(user.into_owned(), person);
            person
        });
        if !rows.add(person, &shown, answer) {
            let count = shown.len();
            let message = format!("shown: expected at most {MAX_SHOWN} ids, found {count}");
            return Err(flaw(message));
        }
        Ok(())
    })?;
    let others = table
        .header()
        .iter()
        .enumerate()
        .filter(|(column, _)| !wanted.contains(column));
    let ignored = ignored(others.map(|(_, name)| name.as_str()));
    let notes = ignored.into_iter().chain(skipped).collect();
    Ok((rows.by_person(), notes))
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

/// The answer of a row.
fn answer(
    chose: &Cell,
    verdict: &Cell,
    shown: &[u32],
    responses: &KnownResponses,
) -> Result<Answer, String> {
    match (chose.is_empty(), verdict.is_empty()) {
        (true, true) => Err("expected either chose or verdict, found neither".to_owned()),
        (false, true) => chosen(chose, shown, responses),
        (true, false) => self::verdict(verdict),
        (false, false) => Err(format!(
            "expected either chose or verdict, found {chose} and {verdict}"
        )),
    }
}

/// Replaces `shown` by the places of the responses in a list, or in a text such as `a|b`.
fn shown(cell: &Cell, responses: &KnownResponses, shown: &mut Vec<u32>) -> Result<(), String> {
    shown.clear();
    match cell {
        Cell::List(ids) if ids.len() >= 2 => {
            for id in ids {
                let text = id
                    .text()
                    .ok_or_else(|| format!("shown: expected ids of responses, found {id}"))?;
                push_shown(&text, responses, shown)?;
            }
        }
        Cell::Text(text) if text.contains('|') => {
            text.split('|')
                .try_for_each(|id| push_shown(id, responses, shown))?;
        }
        Cell::List(_) => return Err(format!("shown: expected two or more ids, found {cell}")),
        _ => {
            return Err(format!(
                "shown: expected two or more ids with | between them, found {cell}"
            ));
        }
    }
    Ok(())
}

fn push_shown(id: &str, responses: &KnownResponses, shown: &mut Vec<u32>) -> Result<(), String> {
    let KnownResponses { places, file } = responses;
    let place = places
        .get(id)
        .ok_or_else(|| format!("shown: expected ids of responses in {file}, found {id:?}"))?;
    let place = place as u32;
    if shown.contains(&place) {
        return Err(format!("shown: expected every id once, found {id:?} again"));
    }
    shown.push(place);
    Ok(())
}

fn chosen(cell: &Cell, shown: &[u32], responses: &KnownResponses) -> Result<Answer, String> {
    let place = cell.text().and_then(|id| responses.places.get(&id));
    let place =
        place.and_then(|response| shown.iter().position(|&other| other as usize == response));
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
    use crate::choices::People;
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

    fn people(rows: &str) -> People {
        comparisons(format!("{HEADER}{rows}")).read().people
    }

    type Comparisons = Vec<(Vec<u32>, Answer)>;

    /// Each person's id and comparisons.
    fn listed(people: &People) -> Vec<(String, Comparisons)> {
        let comparisons = |person| {
            let of = people.of(person);
            of.map(|of| (of.shown.to_vec(), of.answer)).collect()
        };
        (0..people.len())
            .map(|person| (people.id(person).to_owned(), comparisons(person)))
            .collect()
    }

    fn person(id: &str, comparisons: Comparisons) -> (String, Comparisons) {
        (id.to_owned(), comparisons)
    }

    fn comparison(shown: &[u32], answer: Answer) -> (Vec<u32>, Answer) {
        (shown.to_vec(), answer)
    }

    #[test]
    fn people_keep_the_order_of_their_first_rows_and_comparisons_that_of_the_table() {
        let zoe = vec![
            comparison(&[0, 1], Answer::Chose(1)),
            comparison(&[2, 0, 1], Answer::Chose(0)),
        ];
        let ann = vec![comparison(&[1, 0], Answer::Chose(0))];
        assert_eq!(
            listed(&people("zoe,a|b,b,\nann,b|a,b,\nzoe,c|a|b,c,\n")),
            [person("zoe", zoe), person("ann", ann)]
        );
    }

    #[test]
    fn a_verdict_stands_for_every_answer_but_a_choice() {
        let answers =
            [Answer::Tie, Answer::Neither, Answer::Skip].map(|answer| comparison(&[0, 1], answer));
        let people = people("ann,a|b,,tie\nann,a|b,,neither\nann,a|b,,skip\n");
        assert_eq!(listed(&people), [person("ann", answers.to_vec())]);
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
        assert!(people("").len() == 0);
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
