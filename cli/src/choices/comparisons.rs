//! Who chose what.

use super::{Response, Table};
use crate::failure::Failure;
use csv::StringRecord;
use leaning::Answer;
use std::collections::HashMap;

/// Somebody who chose.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Their name, no two alike.
    pub id: String,
    /// At least one, in the order of the table.
    pub comparisons: Vec<Comparison>,
}

/// One question to a person, and their answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Places in the list of responses: two or more, all different.
    pub shown: Vec<usize>,
    /// The place it holds, if one was chosen, is a place in `shown`.
    pub answer: Answer,
}

/// The people of a table of comparisons between these responses, in the order of their first rows.
pub(super) fn read(table: &Table, responses: &[Response]) -> Result<Vec<Person>, Failure> {
    let columns = Columns::find(table)?;
    let places = responses.iter().enumerate().map(|(place, response)| (response.id.as_str(), place)).collect();
    let mut people: Vec<Person> = Vec::new();
    let mut known = HashMap::new();
    for row in &table.rows {
        let (user, comparison) = columns.comparison(row, &places).map_err(|what| table.flaw(row, what))?;
        let person = *known.entry(user).or_insert_with(|| {
            people.push(Person { id: user.to_owned(), comparisons: Vec::new() });
            people.len() - 1
        });
        people[person].comparisons.push(comparison);
    }
    Ok(people)
}

/// Where in a row everything is.
struct Columns {
    user: usize,
    shown: usize,
    chose: usize,
    verdict: Option<usize>,
}

impl Columns {
    fn find(table: &Table) -> Result<Self, Failure> {
        Ok(Columns {
            user: table.column("user")?,
            shown: table.column("shown")?,
            chose: table.column("chose")?,
            verdict: table.optional_column("verdict")?,
        })
    }

    /// The user and the comparison of a row, or what is wrong with it.
    fn comparison<'a>(
        &self,
        row: &'a StringRecord,
        places: &HashMap<&str, usize>,
    ) -> Result<(&'a str, Comparison), String> {
        let user = &row[self.user];
        if user.is_empty() {
            return Err("user: expected a name, found nothing".to_owned());
        }
        let shown = shown(&row[self.shown], places)?;
        let (chose, verdict) = (&row[self.chose], self.verdict.map_or("", |place| &row[place]));
        let answer = match (chose, verdict) {
            ("", "") => Err("expected either chose or verdict, found neither".to_owned()),
            (id, "") => chosen(id, &shown, places),
            ("", name) => other(name),
            _ => Err(format!("expected either chose or verdict, found {chose:?} and {verdict:?}")),
        };
        Ok((user, Comparison { answer: answer?, shown }))
    }
}

/// The places of the responses in a list like `a|b`.
fn shown(cell: &str, places: &HashMap<&str, usize>) -> Result<Vec<usize>, String> {
    if !cell.contains('|') {
        return Err(format!("shown: expected two or more ids with | between them, found {cell:?}"));
    }
    let mut shown = Vec::new();
    for id in cell.split('|') {
        let place = places.get(id).ok_or_else(|| format!("shown: expected ids of responses, found {id:?}"))?;
        if shown.contains(place) {
            return Err(format!("shown: expected every id once, found {id:?} again"));
        }
        shown.push(*place);
    }
    Ok(shown)
}

fn chosen(id: &str, shown: &[usize], places: &HashMap<&str, usize>) -> Result<Answer, String> {
    let place = places.get(id).and_then(|response| shown.iter().position(|other| other == response));
    place.map(Answer::Chose).ok_or_else(|| format!("chose: expected one of those shown, found {id:?}"))
}

/// An answer that chooses none of those shown.
fn other(verdict: &str) -> Result<Answer, String> {
    match verdict {
        "tie" => Ok(Answer::Tie),
        "neither" => Ok(Answer::Neither),
        "skip" => Ok(Answer::Skip),
        _ => Err(format!("verdict: expected tie, neither or skip, found {verdict:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Person};
    use crate::choices::fixtures::comparisons;
    use leaning::Answer;

    const HEADER: &str = "user,shown,chose,verdict\n";

    /// What is wrong with a table of comparisons.
    fn flaw(text: &str) -> String {
        let failure = comparisons(text).failure();
        failure.strip_prefix("comparisons.csv: ").unwrap_or(&failure).to_owned()
    }

    /// What is wrong with a row, on line 2.
    fn row_flaw(row: &str) -> String {
        let flaw = flaw(&format!("{HEADER}{row}\n"));
        flaw.strip_prefix("line 2: ").unwrap_or(&flaw).to_owned()
    }

    fn people(rows: &str) -> Vec<Person> {
        comparisons(format!("{HEADER}{rows}")).read().people
    }

    fn person(id: &str, comparisons: Vec<Comparison>) -> Person {
        Person { id: id.to_owned(), comparisons }
    }

    fn comparison(shown: &[usize], answer: Answer) -> Comparison {
        Comparison { shown: shown.to_vec(), answer }
    }

    #[test]
    fn people_keep_the_order_of_their_first_rows_and_comparisons_the_order_of_the_table() {
        let zoe = vec![comparison(&[0, 1], Answer::Chose(1)), comparison(&[2, 0, 1], Answer::Chose(0))];
        let ann = vec![comparison(&[1, 0], Answer::Chose(0))];
        assert_eq!(people("zoe,a|b,b,\nann,b|a,b,\nzoe,c|a|b,c,\n"), [person("zoe", zoe), person("ann", ann)]);
    }

    #[test]
    fn a_verdict_stands_for_every_answer_but_a_choice() {
        let answers = [Answer::Tie, Answer::Neither, Answer::Skip].map(|answer| comparison(&[0, 1], answer));
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
    fn a_table_of_choices_needs_no_verdict() {
        let text = "user,shown,chose\nann,a|b,b\n";
        assert_eq!(comparisons(text).read().people, people("ann,a|b,b,\n"));
        assert_eq!(flaw("user,shown,chose\nann,a|b,\n"), "line 2: expected either chose or verdict, found neither");
    }

    #[test]
    fn a_table_without_rows_has_nobody() {
        assert!(people("").is_empty());
    }

    #[test]
    fn a_missing_column_is_named() {
        for (header, missing) in [("shown,chose", "user"), ("user,chose", "shown"), ("user,shown,verdict", "chose")] {
            assert_eq!(flaw(header), format!("line 1: expected a column {missing}, found none"));
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
        assert_eq!(row_flaw("ann,a|z,a,"), "shown: expected ids of responses, found \"z\"");
        assert_eq!(row_flaw("ann,a|,a,"), "shown: expected ids of responses, found \"\"");
        assert_eq!(row_flaw("ann,a|b|a,a,"), "shown: expected every id once, found \"a\" again");
    }

    #[test]
    fn the_choice_is_one_of_those_shown() {
        assert_eq!(row_flaw("ann,a|b,c,"), "chose: expected one of those shown, found \"c\"");
        assert_eq!(row_flaw("ann,a|b,z,"), "chose: expected one of those shown, found \"z\"");
    }

    #[test]
    fn a_row_has_a_choice_or_a_verdict() {
        assert_eq!(row_flaw("ann,a|b,a,tie"), "expected either chose or verdict, found \"a\" and \"tie\"");
        assert_eq!(row_flaw("ann,a|b,,"), "expected either chose or verdict, found neither");
        assert_eq!(row_flaw("ann,a|b,,draw"), "verdict: expected tie, neither or skip, found \"draw\"");
    }

    #[test]
    fn a_flaw_is_found_on_its_line() {
        let text = format!("{HEADER}\"an\nn\",a|b,a,\n\nann,a|b,,tie\nann,a|z,a,\n");
        assert_eq!(flaw(&text), "line 6: shown: expected ids of responses, found \"z\"");
    }
}
