//! Texts that are to be scored, with everything else in their rows.

use super::ids::Places;
use super::prompts;
use super::responses::{check_ids, id};
use super::table::{Cell, Table};
use super::wanted::NO_FEATURES;
use crate::failure::Failure;
use crate::input::Source;
use serde_json::{Number, Value};
use std::collections::HashSet;

/// A table of texts: `id`, `prompt`, `text`, and other columns that are kept as they are.
pub struct Texts {
    /// The name of the file.
    pub file: String,
    /// The names of the columns, each once.
    pub columns: Vec<String>,
    /// At least one, in the order of the table.
    pub rows: Vec<TextRow>,
    /// Notes about the table.
    pub notes: Vec<String>,
}

/// A text, and the row that it is from.
pub struct TextRow {
    /// Unique.
    pub id: String,
    /// The id of its prompt.
    pub prompt: String,
    /// The prompt itself.
    pub prompt_text: String,
    pub text: String,
    /// A value per column.
    pub cells: Vec<Value>,
}

impl Texts {
    /// Reads a table of texts. Without a table of prompts the column `prompt` is the prompt itself.
    ///
    /// # Errors
    /// The failure names the file, and the line or row.
    pub fn open(source: &Source, prompts: Option<&Source>) -> Result<Self, Failure> {
        let table = Table::open(source)?;
        let [id_column, prompt_column, text_column] = [
            table.column(NO_FEATURES[0])?,
            table.column(NO_FEATURES[1])?,
            table.column(NO_FEATURES[2])?,
        ];
        let mut known = HashSet::new();
        if let Some(again) = table.header().iter().find(|&name| !known.insert(name)) {
            return Err(table.header_flaw(format!("expected one column {again}, found several")));
        }
        let all: Vec<usize> = (0..table.header().len()).collect();
        let (mut rows, mut places) = (Vec::new(), Vec::new());
        let mut lost = HashSet::new();
        let skipped = table.each(&all, |place, cells| {
            let name = |column: usize, what: &str| {
                let text = cells[column].text();
                let text = text.filter(|text| !text.trim().is_empty());
                text.map(std::borrow::Cow::into_owned).ok_or_else(|| {
                    (
                        place,
                        format!("{what}: expected a text, found {}", cells[column]),
                    )
                })
            };
            let prompt = name(prompt_column, "prompt")?;
            rows.push(TextRow {
                id: id(&cells[id_column]).map_err(|message| (place, message))?,
                prompt_text: prompt.clone(),
                prompt,
                text: name(text_column, "text")?,
                cells: cells.iter().map(value).collect(),
            });
            places.push(place);
            let has_no_value = |column: &usize| matches!(cells[*column], Cell::Other(_));
            lost.extend((0..cells.len()).filter(has_no_value));
            Ok(())
        })?;
        check_ids(
            &table,
            rows.iter().map(|row: &TextRow| row.id.as_str()),
            &places,
        )?;
        if rows.is_empty() {
            return Err(Failure::new(source, "expected a text, found none"));
        }
        let mut notes: Vec<String> = skipped.into_iter().collect();
        if let Some(prompts) = prompts {
            let (found, note) = prompts::read(prompts)?;
            notes.extend(note.map(|note| format!("{prompts}: {note}")));
            let known = Places::of(found.iter().map(|prompt| prompt.id.as_str()));
            for (row, &place) in rows.iter_mut().zip(&places) {
                let Some(prompt) = known.get(&row.prompt) else {
                    let found = &row.prompt;
                    let message = format!(
                        "prompt: expected the id of a prompt in {prompts}, found {found:?}"
                    );
                    return Err(table.flaw(place, message));
                };
                row.prompt_text.clone_from(&found[prompt].text);
            }
        }
        let mut lost: Vec<usize> = lost.into_iter().collect();
        lost.sort_unstable();
        for column in lost {
            let name = &table.header()[column];
            notes.push(format!(
                "{source}: column {name}: objects and times are not kept"
            ));
        }
        Ok(Texts {
            file: source.to_string(),
            columns: table.header().to_vec(),
            rows,
            notes,
        })
    }

    /// Each text with the prompt that it answers: prompts and texts.
    pub fn with_prompts(&self) -> Vec<(String, String)> {
        let pair = |row: &TextRow| (row.prompt_text.clone(), row.text.clone());
        self.rows.iter().map(pair).collect()
    }
}

/// A cell as JSON.
fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Nothing | Cell::Other(_) => Value::Null,
        Cell::Text(text) => text.as_ref().into(),
        Cell::Integer(number) => match Number::from_i128(*number) {
            Some(number) => number.into(),
            None => number.to_string().into(),
        },
        Cell::Number(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
        Cell::Truth(truth) => (*truth).into(),
        Cell::List(cells) => cells.iter().map(value).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::fs;

    fn texts(table: &str, prompts: Option<&str>) -> Result<Texts, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, content: &str| {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            Source::File(path)
        };
        let prompts = prompts.map(|prompts| file("prompts.csv", prompts));
        Texts::open(&file("t.csv", table), prompts.as_ref()).map_err(|failure| {
            let failure = failure.to_string();
            let folder = format!("{}/", folder.path().display());
            failure.replace(&folder, "")
        })
    }

    #[test]
    fn a_row_keeps_all_of_its_columns() {
        let line = r#"{"id":7,"prompt":"p","text":"Yes.","n":1.5,"ok":true,"tags":["a"],"none":null,"o":{"x":1}}"#;
        let read = texts(line, None).unwrap();
        assert_eq!(
            read.columns,
            ["id", "prompt", "text", "n", "ok", "tags", "none", "o"]
        );
        let row = &read.rows[0];
        assert_eq!(
            (&*row.id, &*row.prompt_text, &*row.text),
            ("7", "p", "Yes.")
        );
        let expected = json!([7, "p", "Yes.", 1.5, true, ["a"], null, null]);
        assert_eq!(Value::from(row.cells.clone()), expected);
        assert!(read.notes[0].ends_with("t.csv: column o: objects and times are not kept"));
    }

    #[test]
    fn prompts_have_their_texts_in_a_table_of_their_own() {
        let table = "id,prompt,text\na,p1,Yes.\n";
        let read = texts(table, Some("id,text\np1,Tea?\n")).unwrap();
        assert_eq!(
            (&*read.rows[0].prompt, &*read.rows[0].prompt_text),
            ("p1", "Tea?")
        );
        let missing = texts(table, Some("id,text\np2,Tea?\n")).err();
        let expected =
            "t.csv: line 2: prompt: expected the id of a prompt in prompts.csv, found \"p1\"";
        assert_eq!(missing.as_deref(), Some(expected));
    }

    #[test]
    fn a_row_without_a_text_is_named() {
        let flaw = |table: &str| texts(table, None).err().unwrap_or_default();
        assert_eq!(
            flaw("id,prompt,text\na,p,x\nb,p, \n"),
            "t.csv: line 3: text: expected a text, found \" \""
        );
        assert_eq!(
            flaw("id,prompt,text\n"),
            "t.csv: expected a text, found none"
        );
        assert!(flaw("id,prompt,text\na,p,x\na,p,y\n").contains("found \"a\" as on line 2"));
        assert!(flaw("id,prompt,txet\na,p,x\n").ends_with("did you mean txet?"));
        assert!(
            flaw("id,prompt,text,x,x\na,p,x,1,2\n")
                .ends_with("expected one column x, found several")
        );
    }
}
