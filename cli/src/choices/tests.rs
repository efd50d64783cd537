//! Tables of every format, as it should be and broken.

use super::people::Comparison;
use super::table::unpacked;
use super::{Choices, ResponseTables, Responses, Tables, Texts};
use crate::input::Source;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use leaning::Answer;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, FloatType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use safetensors::tensor::{Dtype, TensorView, serialize};
use std::collections::HashMap;
use std::env;
use std::fs;
use std::io::Write;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Three responses on lines 2 to 4.
pub const RESPONSES: &str = "id,prompt,short,kind\na,p,1,0\nb,p,-0.5,2\nc,q,0,1e-3\n";

/// One comparison on line 2.
pub const COMPARISONS: &str = "user,shown,chose,verdict\nann,a|b,b,\n";

/// A temporary folder, removed when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "leaning-choices-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let path = env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Folder(path)
    }

    pub fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.join(name), bytes).unwrap();
        self
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn read(&self) -> Choices {
        Choices::read_folder(&self.0).unwrap()
    }

    /// The failure of reading it, without the name of the folder.
    pub fn failure(&self) -> String {
        let failure = Choices::read_folder(&self.0).unwrap_err().to_string();
        failure
            .replace(&format!("{}{MAIN_SEPARATOR}", self.0.display()), "")
            .replace(&self.0.display().to_string(), "folder")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn responses(text: impl AsRef<[u8]>) -> Folder {
    Folder::new()
        .with("responses.csv", text)
        .with("comparisons.csv", COMPARISONS)
}

pub fn comparisons(text: impl AsRef<[u8]>) -> Folder {
    Folder::new()
        .with("responses.csv", RESPONSES)
        .with("comparisons.csv", text)
}

const JSON_RESPONSES: &str = r#"{"id":"a","prompt":"p","short":1,"kind":0}
{"kind":2,"short":-0.5,"prompt":"p","id":"b"}

{"id":"c","prompt":"q","short":0.0,"kind":1e-3}
"#;

fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}

/// A column to write: a value per row, `None` for null.
enum Column {
    Text(Vec<Option<&'static str>>),
    Long(Vec<i64>),
    Double(Vec<f64>),
    Truth(Vec<bool>),
    /// Decimals with two digits after the point: the numbers times 100.
    Decimal(Vec<i64>),
    /// A list of floats per row.
    Floats(Vec<Vec<f32>>),
}

/// A Parquet file of these columns.
fn parquet(columns: &[(&str, Column)], compression: parquet::basic::Compression) -> Vec<u8> {
    let kind = |(name, column): &(&str, Column)| match column {
        Column::Text(_) => format!("optional binary {name} (UTF8);"),
        Column::Long(_) => format!("required int64 {name};"),
        Column::Double(_) => format!("required double {name};"),
        Column::Truth(_) => format!("required boolean {name};"),
        Column::Decimal(_) => format!("required int64 {name} (DECIMAL(9,2));"),
        Column::Floats(_) => {
            format!(
                "required group {name} (LIST) {{ repeated group list {{ required float element; }} }}"
            )
        }
    };
    let schema = format!(
        "message schema {{ {} }}",
        columns.iter().map(kind).collect::<String>()
    );
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .build();
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for (_, column) in columns {
        let mut to = group.next_column().unwrap().unwrap();
        match column {
            Column::Text(cells) => {
                let values: Vec<ByteArray> = cells
                    .iter()
                    .flatten()
                    .map(|text| ByteArray::from(*text))
                    .collect();
                let levels: Vec<i16> = cells.iter().map(|cell| cell.is_some().into()).collect();
                to.typed::<ByteArrayType>()
                    .write_batch(&values, Some(&levels), None)
                    .unwrap();
            }
            Column::Truth(cells) => drop(
                to.typed::<BoolType>()
                    .write_batch(cells, None, None)
                    .unwrap(),
            ),
            Column::Long(cells) | Column::Decimal(cells) => drop(
                to.typed::<Int64Type>()
                    .write_batch(cells, None, None)
                    .unwrap(),
            ),
            Column::Double(cells) => drop(
                to.typed::<DoubleType>()
                    .write_batch(cells, None, None)
                    .unwrap(),
            ),
            Column::Floats(rows) => {
                let values: Vec<f32> = rows.concat();
                let repeated = |row: &Vec<f32>| {
                    (0..row.len())
                        .map(|place| i16::from(place > 0))
                        .collect::<Vec<_>>()
                };
                let repetition: Vec<i16> = rows.iter().flat_map(repeated).collect();
                let definition = vec![1; values.len()];
                to.typed::<FloatType>()
                    .write_batch(&values, Some(&definition), Some(&repetition))
                    .unwrap();
            }
        }
        to.close().unwrap();
    }
    group.close().unwrap();
    writer.into_inner().unwrap()
}

const SNAPPY: parquet::basic::Compression = parquet::basic::Compression::SNAPPY;

fn text(cells: &[&'static str]) -> Column {
    Column::Text(cells.iter().map(|cell| Some(*cell)).collect())
}

fn parquet_responses() -> Vec<u8> {
    let (short, kind) = (
        Column::Double(vec![1.0, -0.5, 0.0]),
        Column::Double(vec![0.0, 2.0, 1e-3]),
    );
    let columns = [
        ("kind", kind),
        ("id", text(&["a", "b", "c"])),
        ("short", short),
        ("prompt", text(&["p", "p", "q"])),
    ];
    parquet(&columns, SNAPPY)
}

#[test]
fn texts_to_be_scored_may_be_in_parquet() {
    let columns = [
        ("id", text(&["a", "b"])),
        ("prompt", text(&["Tea?", "Tea?"])),
        ("likes", Column::Long(vec![3, 4])),
        ("text", text(&["Yes.", "No."])),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t");
    fs::write(&path, parquet(&columns, SNAPPY)).unwrap();
    let texts = Texts::open(&Source::File(path), None).unwrap();
    assert_eq!(texts.columns, ["id", "prompt", "likes", "text"]);
    let row = &texts.rows[1];
    assert_eq!((&*row.prompt_text, &*row.text), ("Tea?", "No."));
    assert_eq!(row.cells[2], 4);
}

#[test]
fn json_lines_read_as_csv_of_the_same_content_compressed_or_not() {
    let expected = responses(RESPONSES).read();
    assert_eq!(responses(JSON_RESPONSES).read(), expected);
    assert_eq!(responses(gzip(JSON_RESPONSES)).read(), expected);
    assert_eq!(
        responses(JSON_RESPONSES.replace('\n', "\r\n")).read(),
        expected
    );
}

#[test]
fn json_comparisons_have_a_list_or_a_text_and_may_leave_out_columns() {
    let text = r#"{"user":"ann","shown":["a","b"],"chose":"b"}
        {"user":"ann","shown":"c|a|b","chose":null,"verdict":"tie"}
        {"user":"zoe","shown":["b","a"],"verdict":"neither"}"#;
    let csv = "user,shown,chose,verdict\nann,a|b,b,\nann,c|a|b,,tie\nzoe,b|a,,neither\n";
    assert_eq!(comparisons(text).read(), comparisons(csv).read());
    let ties = r#"{"user":"ann","shown":["a","b"],"verdict":"tie"}"#;
    assert_eq!(
        comparisons(ties).read().people.all().next().unwrap().answer,
        Answer::Tie
    );
}

#[test]
fn json_ids_may_be_whole_numbers_of_any_size() {
    // As doubles the two are the same.
    let ids = [9_007_199_254_740_992_u64, 9_007_199_254_740_993];
    let rows = ids
        .map(|id| format!("{{\"id\":{id},\"prompt\":1,\"x\":{id}}}\n"))
        .concat();
    let chose = format!(
        "{{\"user\":7,\"shown\":[{},{}],\"chose\":{}}}\n",
        ids[0], ids[1], ids[1]
    );
    let choices = Folder::new()
        .with("responses.jsonl", rows)
        .with("comparisons.jsonl", chose)
        .read();
    assert_eq!(choices.people.id(0), "7");
    assert_eq!(
        choices.people.all().next().unwrap().answer,
        Answer::Chose(1)
    );
}

#[test]
fn flaws_in_json_lines_are_found_on_their_line() {
    let flaw = |line: &str| responses(format!("{JSON_RESPONSES}{line}\n")).failure();
    let number = "expected a number, found";
    let row = |x: &str| format!(r#"{{"id":"d","prompt":"p","short":1{x}}}"#);
    assert_eq!(
        flaw(&row("")),
        format!("responses.csv: line 5: kind: {number} nothing")
    );
    assert_eq!(
        flaw(&row(r#","kind":null"#)),
        format!("responses.csv: line 5: kind: {number} nothing")
    );
    assert_eq!(
        flaw(&row(r#","kind":[1]"#)),
        format!("responses.csv: line 5: kind: {number} a list of 1")
    );
    let twice = flaw(&row(r#","kind":1,"kind":2"#));
    assert!(
        twice.starts_with("responses.csv: line 5: ") && twice.contains("\"kind\" is there twice"),
        "{twice}"
    );
    let nan = flaw(&row(r#","kind":NaN"#));
    assert!(
        nan.starts_with("responses.csv: line 5: expected a JSON object, found it broken"),
        "{nan}"
    );
    for cut in ["{", r#"{"id":"d","prom"#] {
        assert_eq!(
            flaw(cut),
            "responses.csv: line 5: expected a whole JSON object on a line, found the beginning of one"
        );
    }
    let again = flaw(r#"{"id":"a","prompt":"p","short":1,"kind":2}"#);
    assert_eq!(
        again,
        "responses.csv: line 5: id: expected a new one, found \"a\" as on line 1"
    );
    assert!(flaw("[1]").contains("line 5: expected a JSON object"));
    assert_eq!(
        responses(r#"{"id":"a","x":1}"#).failure(),
        "responses.csv: expected a column prompt, found none"
    );
    let few = comparisons(r#"{"user":"ann","shown":["a"],"chose":"a"}"#).failure();
    assert_eq!(
        few,
        "comparisons.csv: line 1: shown: expected two or more ids, found a list of 1"
    );
}

#[test]
fn parquet_reads_as_csv_of_the_same_content_whatever_its_compression() {
    assert_eq!(
        responses(parquet_responses()).read().responses,
        responses(RESPONSES)
            .read()
            .responses
            .iter()
            .map(|response| {
                let mut response = response.clone();
                response.scores.reverse();
                response
            })
            .collect::<Vec<_>>()
    );
    assert_eq!(
        responses(parquet_responses()).read().features,
        ["kind", "short"]
    );
    let columns = || {
        let chose = Column::Text(vec![Some("b"), None]);
        let verdict = Column::Text(vec![None, Some("tie")]);
        [
            ("user", Column::Long(vec![1, 2])),
            ("verdict", verdict),
            ("shown", text(&["a|b", "c|b"])),
            ("chose", chose),
        ]
    };
    let expected = comparisons("user,shown,chose,verdict\n1,a|b,b,\n2,c|b,,tie\n").read();
    for compression in [
        parquet::basic::Compression::UNCOMPRESSED,
        SNAPPY,
        parquet::basic::Compression::ZSTD(parquet::basic::ZstdLevel::default()),
        parquet::basic::Compression::GZIP(parquet::basic::GzipLevel::default()),
        parquet::basic::Compression::BROTLI(parquet::basic::BrotliLevel::default()),
        parquet::basic::Compression::LZ4,
        parquet::basic::Compression::LZ4_RAW,
    ] {
        assert_eq!(
            comparisons(parquet(&columns(), compression)).read(),
            expected
        );
    }
}

/// A Parquet file whose last page claims to be 2 GiB when it is decompressed. Its header takes the bytes for that from the
/// end of the page, so that the file stays as long.
fn parquet_with_a_page_of_two_gigabytes(compression: parquet::basic::Compression) -> Vec<u8> {
    let [id, prompt] = ids();
    let mut bytes = parquet(
        &[id, prompt, ("x", Column::Double(vec![1.5, 2.5]))],
        compression,
    );
    let reader = SerializedFileReader::new(Bytes::from(bytes.clone())).unwrap();
    let chunk = reader.metadata().row_group(0).column(2).clone();
    let (start, length) = chunk.byte_range();
    let (start, end) = (chunk.data_page_offset() as usize, (start + length) as usize);
    // Type 0, then the two sizes in a byte or two each: twice the number, seven bits in a byte.
    assert_eq!(bytes[start..start + 3], [0x15, 0x00, 0x15]);
    let size = start + 3;
    let size_end = size + 1 + usize::from(bytes[size] > 0x7f);
    let taken = 5 - (size_end - size);
    assert_eq!(bytes[size_end], 0x15);
    assert!(bytes[size_end + 1] <= 0x7f, "a size below 64");
    bytes[size_end + 1] -= 2 * taken as u8;
    bytes.drain(end - taken..end);
    bytes.splice(size..size_end, [0xfe, 0xff, 0xff, 0xff, 0x0f]);
    bytes
}

#[test]
fn a_parquet_page_that_claims_two_gigabytes_is_refused_before_room_is_made() {
    for compression in [
        SNAPPY,
        parquet::basic::Compression::ZSTD(parquet::basic::ZstdLevel::default()),
        parquet::basic::Compression::LZ4_RAW,
    ] {
        let bytes = parquet_with_a_page_of_two_gigabytes(compression);
        let failure = responses_alone(bytes, &[]).unwrap_err();
        assert!(
            failure.ends_with("a page claims more bytes than its column can have"),
            "{failure}"
        );
    }
}

/// The scores of responses `a` and `b` with one feature.
fn only_feature(bytes: impl AsRef<[u8]>) -> [f64; 2] {
    let read = responses_alone(bytes, &[]).unwrap();
    assert_eq!(read.features.len(), 1, "{:?}", read.features);
    [read.responses[0].scores[0], read.responses[1].scores[0]]
}

/// Reads responses without choices.
fn responses_alone(bytes: impl AsRef<[u8]>, wanted: &[&str]) -> Result<Responses, String> {
    let folder = Folder::new().with("responses", bytes);
    let tables = ResponseTables {
        responses: Source::File(folder.path().join("responses")),
        prompts: None,
        features: None,
    };
    let wanted: Vec<String> = wanted.iter().map(|&name| name.to_owned()).collect();
    let name = format!("{}{MAIN_SEPARATOR}", folder.path().display());
    let without_folder = |text: &str| text.replace(&name, "");
    let mut read = Responses::open(&tables, &wanted)
        .map_err(|failure| without_folder(&failure.to_string()))?;
    for note in &mut read.notes {
        *note = without_folder(note);
    }
    Ok(read)
}

fn ids() -> [(&'static str, Column); 2] {
    [("id", text(&["a", "b"])), ("prompt", text(&["p", "p"]))]
}

#[test]
fn truth_values_are_features_of_1_and_0() {
    assert_eq!(
        only_feature("id,prompt,x\na,p,True\nb,p,False\n"),
        [1.0, 0.0]
    );
    assert_eq!(
        only_feature("id,prompt,x\na,p,false\nb,p,TRUE\n"),
        [0.0, 1.0]
    );
    let lines = "{\"id\":\"a\",\"prompt\":1,\"x\":true}\n{\"id\":\"b\",\"prompt\":1,\"x\":false}";
    assert_eq!(only_feature(lines), [1.0, 0.0]);
    let [id, prompt] = ids();
    let truths = ("x", Column::Truth(vec![false, true]));
    assert_eq!(
        only_feature(parquet(&[id, prompt, truths], SNAPPY)),
        [0.0, 1.0]
    );
}

#[test]
fn decimals_are_the_nearest_numbers() {
    let [id, prompt] = ids();
    let prices = ("x", Column::Decimal(vec![1_999, -5]));
    let bytes = parquet(&[id, prompt, prices], SNAPPY);
    assert_eq!(only_feature(bytes), [19.99, -0.05]);
}

#[test]
fn fields_may_be_separated_by_semicolons_or_tabs_as_spreadsheets_do() {
    let commas = responses(RESPONSES).read();
    let with = |separator: &str| RESPONSES.replace(',', separator);
    assert_eq!(responses(with("\t")).read(), commas);
    assert_eq!(responses(with(";").replace('.', ",")).read(), commas);
    let declared = format!("sep=;\r\n{}", with(";"));
    assert_eq!(responses(&declared).read(), commas);
    let flaw = responses(format!("{declared}d;p;1\n")).failure();
    assert_eq!(
        flaw,
        "responses.csv: line 6: expected 4 fields as in the header, found 3"
    );
    // The index of a data frame has no name, so a tab comes first.
    let index = "\tid\tprompt\tx\n0\ta\tp\t1\n1\tb\tp\t2\n";
    assert_eq!(only_feature(index), [1.0, 2.0]);
    // A header with commas in quotes.
    assert_eq!(
        only_feature("\"id\";prompt;\"x, y, or z\"\na;p;1,5\nb;p;2\n"),
        [1.5, 2.0]
    );
}

#[test]
fn a_decimal_comma_between_commas_is_a_flaw_and_not_a_text() {
    let table = "id,prompt,text,x\na,p,one,\"0,3\"\nb,p,two,\"1,5\"\n";
    assert_eq!(
        responses_alone(table, &[]).unwrap_err(),
        "responses: line 2: x: expected a number with a decimal point, found \"0,3\""
    );
    let read = responses_alone("id,prompt,x,y\na,p,1,\"0,3\"\nb,p,2,\"1,5\"\n", &["x"]);
    assert_eq!(read.unwrap().features, ["x"]);
}

#[test]
fn text_in_utf16_is_read() {
    let units: Vec<u16> = format!("\u{feff}{RESPONSES}").encode_utf16().collect();
    let expected = responses(RESPONSES).read();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    assert_eq!(responses(&little).read(), expected);
    assert_eq!(responses(big).read(), expected);
    assert_eq!(
        responses(&little[..little.len() - 1]).failure(),
        "responses.csv: expected UTF-8 text, found UTF-16 text that is broken"
    );
}

#[test]
fn a_json_list_reads_as_json_lines() {
    let list = |text: &str| {
        format!(
            " [{}]\n",
            text.trim().replace("\n\n", "\n").replace("}\n", "},\n")
        )
    };
    let expected = responses(JSON_RESPONSES).read();
    assert_eq!(responses(list(JSON_RESPONSES)).read(), expected);
    let again =
        format!("{JSON_RESPONSES}{{\"id\":\"a\",\n \"prompt\":\"p\",\"short\":1,\"kind\":2}}");
    assert_eq!(
        responses(list(&again)).failure(),
        "responses.csv: line 4: id: expected a new one, found \"a\" as on line 1"
    );
    let cut = responses("[{\"id\":\"a\",").failure();
    assert!(
        cut.starts_with("responses.csv: expected a JSON list of objects, found it broken"),
        "{cut}"
    );
}

#[test]
fn whole_numbers_may_come_as_floats() {
    let rows = "id,prompt,x\n1,1,0.5\n2,1,0.25\n";
    let expected = Folder::new()
        .with("responses.csv", rows)
        .with(
            "comparisons.csv",
            "user,shown,chose,verdict\n7,1|2,2,\n7,2|1,,tie\n",
        )
        .read()
        .people;
    let folder = |comparisons: Vec<u8>| {
        Folder::new()
            .with("responses.csv", rows)
            .with("comparisons.csv", comparisons)
            .read()
            .people
    };
    let csv = "user,shown,chose,verdict\n7,1|2,2.0,\n7,2.0|1.0,,tie\n";
    assert_eq!(folder(csv.into()), expected);
    let lines = "{\"user\":7,\"shown\":[1,2],\"chose\":2.0}\n{\"user\":7.0,\"shown\":[2.0,1],\"verdict\":\"tie\"}";
    assert_eq!(folder(lines.into()), expected);
    let columns = [
        ("user", Column::Long(vec![7, 7])),
        ("shown", text(&["1|2", "2|1"])),
        ("chose", Column::Double(vec![2.0, f64::NAN])),
        ("verdict", Column::Text(vec![None, Some("tie")])),
    ];
    assert_eq!(folder(parquet(&columns, SNAPPY)), expected);
}

#[test]
fn the_index_of_a_data_frame_is_no_feature() {
    let [id, prompt] = ids();
    let columns = [
        id,
        prompt,
        ("x", Column::Double(vec![1.0, 2.0])),
        ("__index_level_0__", Column::Long(vec![0, 1])),
    ];
    let read = responses_alone(parquet(&columns, SNAPPY), &[]).unwrap();
    assert_eq!(read.features, ["x"]);
    assert_eq!(
        read.notes,
        ["responses: ignored the column __index_level_0__"]
    );
    let read = responses_alone(",id,prompt,x\n0,a,p,1\n1,b,p,2\n", &[]).unwrap();
    assert_eq!(read.notes, ["responses: ignored the column without a name"]);
    let read = responses_alone("Unnamed: 0,id,prompt,x\n0,a,p,1\n1,b,p,2\n", &[]).unwrap();
    assert_eq!(read.features, ["x"]);
}

#[test]
fn features_can_be_chosen_and_those_that_grow_row_by_row_are_named() {
    let row = |i: usize| format!("r{i},p,{},{},{}\n", 100 + i, i % 3, i % 2);
    let table = format!(
        "id,prompt,turn,x,y\n{}",
        (0..12).map(row).collect::<String>()
    );
    let all = responses_alone(&table, &[]).unwrap();
    assert_eq!(all.features, ["turn", "x", "y"]);
    assert!(
        all.notes[0].contains("the column turn grows row by row"),
        "{:?}",
        all.notes
    );
    let some = responses_alone(&table, &["y", "x"]).unwrap();
    assert_eq!((some.features.len(), some.notes.len()), (2, 0));
    assert_eq!(
        responses_alone(&table, &["trun"]).unwrap_err(),
        "--scores: responses: expected a column trun of numbers, found none; did you mean turn?"
    );
}

#[test]
fn a_column_that_is_no_feature_is_not_guessed_for_itself() {
    let table = "id,prompt,text,kind,x\na,p,One,k,1\nb,p,Two,l,2\n";
    let wrong = |column: &str| responses_alone(table, &[column]).unwrap_err();
    for column in ["id", "prompt", "text"] {
        assert_eq!(
            wrong(column),
            format!(
                "--scores: responses: column {column}: expected a column of numbers, and this one \
                 is never a feature"
            )
        );
    }
    assert_eq!(
        wrong("kind"),
        "--scores: responses: column kind: expected numbers, found \"k\" on line 2"
    );
    assert_eq!(
        responses_alone("id,prompt,x\n", &["x"]).unwrap_err(),
        "--scores: responses: column x: expected numbers, found no row"
    );
    assert_eq!(
        wrong("texts"),
        "--scores: responses: expected a column texts of numbers, found none"
    );
}

#[test]
fn flaws_in_parquet_are_found_in_their_row() {
    let columns = [
        ("user", text(&["ann", "zoe"])),
        ("shown", text(&["a|b", "a|z"])),
        ("chose", text(&["a", "a"])),
    ];
    let flaw = comparisons(parquet(&columns, SNAPPY)).failure();
    assert_eq!(
        flaw,
        "comparisons.csv: row 2: shown: expected ids of responses in responses.csv, found \"z\""
    );
    let columns = [
        ("id", text(&["a", "b"])),
        ("prompt", text(&["p", "p"])),
        ("x", Column::Double(vec![0.0, f64::NAN])),
    ];
    let flaw = responses(parquet(&columns, SNAPPY)).failure();
    assert_eq!(
        flaw,
        "responses.csv: row 2: x: expected a finite number of at most 1e100 either way, found NaN"
    );
}

#[test]
fn a_parquet_file_that_is_cut_or_damaged_anywhere_is_a_flaw_or_reads_and_never_a_panic() {
    let whole = parquet_responses();
    for length in 4..whole.len() {
        let flaw = responses(&whole[..length]).failure();
        assert!(
            flaw.contains("expected valid Parquet data, found it broken"),
            "{length}: {flaw}"
        );
    }
    let folder = Folder::new().with("comparisons.csv", COMPARISONS);
    for place in 4..whole.len() {
        let mut damaged = whole.clone();
        damaged[place] ^= 0x55;
        fs::write(folder.path().join("responses.csv"), damaged).unwrap();
        // The damage may turn a number into another valid one.
        if let Err(failure) = Choices::read_folder(folder.path()) {
            assert_eq!(failure.to_string().lines().count(), 1);
        }
    }
}

/// Reads bare responses a, b and c with these features.
fn with_features(features: impl AsRef<[u8]>) -> Result<Responses, String> {
    let folder = Folder::new()
        .with("responses.csv", "id,prompt\na,p\nb,p\nc,q\n")
        .with("features", features);
    let file = |name: &str| Source::File(folder.path().join(name));
    let tables = ResponseTables {
        responses: file("responses.csv"),
        prompts: None,
        features: Some(file("features")),
    };
    Responses::open(&tables, &[]).map_err(|failure| {
        let path = format!("{}{MAIN_SEPARATOR}", folder.path().display());
        failure.to_string().replace(&path, "")
    })
}

fn scores(responses: &Responses) -> Vec<Vec<f64>> {
    responses
        .responses
        .iter()
        .map(|response| response.scores.clone())
        .collect()
}

/// A safetensors file of this matrix.
fn tensors(ids: &str, shape: [usize; 2], dtype: Dtype, bytes: &[u8]) -> Vec<u8> {
    let view = TensorView::new(dtype, shape.to_vec(), bytes).unwrap();
    let metadata = HashMap::from([("ids".to_owned(), ids.to_owned())]);
    serialize([("features", view)], Some(metadata)).unwrap()
}

#[test]
fn features_come_from_safetensors_by_id() {
    let bytes: Vec<u8> = [0.5_f32, 1.0, -2.0, 3.0, 0.25, 9.0]
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    let read = with_features(tensors(r#"["c","a","b"]"#, [3, 2], Dtype::F32, &bytes)).unwrap();
    assert_eq!(read.features, ["features0", "features1"]);
    assert_eq!(
        scores(&read),
        [vec![-2.0, 3.0], vec![0.25, 9.0], vec![0.5, 1.0]]
    );
    // bfloat16 1.0, −2.0 and 0.5: the upper halves of those floats.
    let bytes = [0x80, 0x3f, 0x00, 0xc0, 0x00, 0x3f];
    let read = with_features(tensors(r#"["a","b","c"]"#, [3, 1], Dtype::BF16, &bytes)).unwrap();
    assert_eq!(scores(&read), [[1.0], [-2.0], [0.5]]);
}

#[test]
fn flaws_in_safetensors_are_named() {
    let bytes: Vec<u8> = [0.5_f64, 1.0, f64::NAN]
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    let failure =
        |ids: &str, shape| with_features(tensors(ids, shape, Dtype::F64, &bytes)).unwrap_err();
    let nan = "features: row 3: features0: expected a finite number of at most 1e100 either way, found NaN";
    assert_eq!(failure(r#"["a","b","c"]"#, [3, 1]), nan);
    let count = "features: metadata: ids: expected a JSON list of 3 texts, found 2";
    assert_eq!(failure(r#"["a","b"]"#, [3, 1]), count);
    let missing =
        "features: expected a row for every response of responses.csv, found none for \"c\"";
    let sound = &bytes[..16];
    assert_eq!(
        with_features(tensors(r#"["a","b"]"#, [2, 1], Dtype::F64, sound)).unwrap_err(),
        missing
    );
    let again = "features: row 2: ids: expected a new one, found \"a\" again";
    assert_eq!(
        with_features(tensors(r#"["a","a"]"#, [2, 1], Dtype::F64, sound)).unwrap_err(),
        again
    );
    let none = "features: features: expected a column for each feature, found none";
    let empty = tensors(r#"["a","b","c"]"#, [3, 0], Dtype::F64, &[]);
    assert_eq!(with_features(empty).unwrap_err(), none);
    let named = |names: &str| {
        let view = TensorView::new(Dtype::F64, vec![2, 1], sound).unwrap();
        let metadata = [("ids", r#"["a","b"]"#), ("names", names)]
            .map(|(key, text)| (key.to_owned(), text.to_owned()));
        let file = serialize([("features", view)], Some(HashMap::from(metadata)));
        with_features(file.unwrap()).unwrap_err()
    };
    let nameless = "features: metadata: names: expected no empty one";
    assert_eq!(named(r#"[""]"#), nameless);
    let whole = tensors(r#"["a","b"]"#, [2, 1], Dtype::F64, sound);
    for length in 9..whole.len() {
        let cut = with_features(&whole[..length]).unwrap_err();
        assert!(
            cut.starts_with("features: expected valid safetensors data, found it broken"),
            "{cut}"
        );
    }
}

#[test]
fn features_come_from_a_table_with_numbers_or_lists_by_id() {
    let lists = Column::Floats(vec![vec![1.0, 2.0], vec![3.0, 4.0], vec![5.0, 6.5]]);
    let columns = [
        ("e", lists),
        ("id", text(&["b", "a", "c"])),
        ("x", Column::Long(vec![7, 8, 9])),
    ];
    let read = with_features(parquet(&columns, SNAPPY)).unwrap();
    assert_eq!(read.features, ["e0", "e1", "x"]);
    assert_eq!(
        scores(&read),
        [[3.0, 4.0, 8.0], [1.0, 2.0, 7.0], [5.0, 6.5, 9.0]]
    );
    let read = with_features("id,x\na,1\nb,2\nc,3\nd,4\n").unwrap();
    assert_eq!(scores(&read), [[1.0], [2.0], [3.0]]);
    let uneven = r#"{"id":"a","e":[1,2]}
        {"id":"b","e":[1,2,3]}"#;
    let flaw = "features: line 2: e: expected a list of 2 numbers, found a list of 3";
    assert_eq!(with_features(uneven).unwrap_err(), flaw);
}

#[test]
fn empty_rows_are_skipped_and_counted() {
    let plain = responses(RESPONSES).read();
    for (table, count) in [
        (format!("{RESPONSES},,,\n"), "1 empty row"),
        (
            format!("{RESPONSES},,,\n , ,,\n,,,,,\n").replace(',', ";"),
            "3 empty rows",
        ),
    ] {
        let found = responses(table).read();
        assert_eq!(found.responses, plain.responses);
        let [note] = &found.notes[..] else {
            panic!("{:?}", found.notes)
        };
        assert!(
            note.ends_with(&format!("responses.csv: skipped {count}")),
            "{note}"
        );
    }
    let choices = comparisons(format!("{COMPARISONS},,,\n")).read();
    assert_eq!(choices.people.len(), 1);
    assert!(choices.notes[0].ends_with("comparisons.csv: skipped 1 empty row"));
    // A row with anything in it counts.
    let flaw = responses(format!("{RESPONSES},,5,\n")).failure();
    assert!(flaw.starts_with("responses.csv: line 5: "), "{flaw}");
}

#[test]
fn numbers_in_another_dress_are_an_error_with_their_line_not_a_column_that_is_passed_over() {
    let dresses = [
        "12%",
        "1,234.50",
        "1.234,5",
        "1 234",
        "1\u{a0}234,5",
        "1'234",
        "\u{2212}0.5",
        "$3.20",
        "3 €",
        "=\"0.5\"",
        "'0.5",
        "(0.5)",
        "１２",
        "1_000",
    ];
    for dress in dresses {
        let quoted = dress.replace('"', "\"\"");
        let failure = responses(format!(
            "id,prompt,x,y\na,p,1,\"{quoted}\"\nb,p,2,\"{quoted}\"\n"
        ));
        let failure = failure.failure();
        let expected = format!("responses.csv: line 2: y: expected a number, found {dress:?}");
        assert_eq!(failure, expected.replace("\u{a0}", "\\u{a0}"));
    }
    // Texts with digits.
    for text in [
        "01.02.2024",
        "2024-01-02",
        "1.2.3",
        "192.168.0.1",
        "12:30",
        "p 5",
        "3rd",
        "-",
        "",
        "v2",
        "٪",
    ] {
        let choices = responses(format!("id,prompt,x,y\na,p,1,{text}\nb,p,2,{text}\n")).read();
        assert_eq!(choices.features, ["x"], "{text}");
    }
}

#[test]
fn a_decimal_comma_may_have_an_exponent_and_no_table_has_points_beside_it() {
    let read = responses("id;prompt;x\na;p;1,5e-3\nb;p;-2,0E+1\n").read();
    assert_eq!(
        (&read.responses[0].scores, &read.responses[1].scores),
        (&vec![1.5e-3], &vec![-20.0])
    );
    let both = "expected every number with a decimal comma, or every one with a point, found";
    for (text, line, found) in [
        ("id;prompt;x\na;p;1,5\nb;p;1.234\n", 3, "1.234"),
        ("id;prompt;x\na;p;1.234\nb;p;7\nc;p;1,5\n", 4, "1,5"),
    ] {
        let expected = format!("responses.csv: line {line}: x: {both} {found:?}");
        assert_eq!(responses(text).failure(), expected);
    }
    let points = responses("id;prompt;x;made\na;p;1.5;01.02.2024\nb;p;2;02.02.2024\n").read();
    assert_eq!(points.features, ["x"]);
}

#[test]
fn a_file_of_another_format_is_called_by_its_name() {
    let named = |bytes: &[u8], name: &str| {
        let failure = responses(bytes).failure();
        assert!(
            failure.starts_with(&format!("responses.csv: this is {name}")),
            "{failure}"
        );
    };
    named(b"\x28\xb5\x2f\xfd\x04", "a zstd file");
    named(b"BZh91AY&SY", "a bzip2 file");
    named(b"\xfd7zXZ\0\0", "an xz file");
    named(b"ARROW1\0\0", "an Arrow file");
    named(b"\x93NUMPY\x01", "a NumPy array");
    named(b"SQLite format 3\0", "an SQLite database");
    named(
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        "a pointer of Git LFS",
    );
    named(b"\n<!DOCTYPE html><title>Log in</title>", "a web page");
    let text =
        |unit: fn(u16) -> [u8; 2]| RESPONSES.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        named(&text(unit), "UTF-16 or UTF-32 text");
    }
    let wide: Vec<u8> = RESPONSES
        .chars()
        .flat_map(|c| u32::from(c).to_le_bytes())
        .collect();
    named(&wide, "UTF-16 or UTF-32 text");
    named(
        &[&[0xff, 0xfe, 0, 0], &wide[..]].concat(),
        "UTF-16 or UTF-32 text",
    );
}

#[test]
fn a_table_of_one_column_says_how_columns_are_separated() {
    let failure = responses("sep=|\nid|prompt|x\na|p|1\n").failure();
    assert_eq!(
        failure,
        "responses.csv: line 1: expected a column id, found only the column \"sep=|\"; fields are \
         separated by commas, semicolons or tabs"
    );
}

#[test]
fn a_workbook_is_not_taken_for_text() {
    let excel = "responses.csv: this is an Excel workbook: save it as CSV UTF-8 first";
    assert_eq!(responses(b"PK\x03\x04..xl/workbook.xml..").failure(), excel);
    assert_eq!(
        responses(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..").failure(),
        excel
    );
    assert_eq!(
        responses(b"PK\x03\x04mimetype").failure(),
        "responses.csv: this is a zip file, such as a workbook: save it as CSV UTF-8 first"
    );
}

#[test]
fn prompts_have_texts_and_every_response_has_one_of_them() {
    let folder = Folder::new()
        .with("responses.csv", RESPONSES)
        .with("comparisons.csv", COMPARISONS);
    let open = |prompts: &str| {
        fs::write(folder.path().join("prompts.csv"), prompts).unwrap();
        let file = |name: &str| Source::File(folder.path().join(name));
        let prompts = Some(file("prompts.csv"));
        let responses = ResponseTables {
            responses: file("responses.csv"),
            prompts,
            features: None,
        };
        Choices::open(&Tables {
            responses,
            comparisons: file("comparisons.csv"),
        })
    };
    let prompts = open("id,text\np,Why?\nq,How?\n").unwrap().prompts;
    assert_eq!(
        prompts
            .iter()
            .map(|prompt| prompt.text.as_str())
            .collect::<Vec<_>>(),
        ["Why?", "How?"]
    );
    let failure = open("id,text\np,Why?\n").unwrap_err().to_string();
    let (place, found) = failure.split_once(" in ").unwrap();
    assert!(
        place.ends_with("responses.csv: line 4: prompt: expected the id of a prompt"),
        "{failure}"
    );
    assert!(found.ends_with("prompts.csv, found \"q\""), "{failure}");
    let failure = open("id,text\np,Why?\np,Why?\n").unwrap_err().to_string();
    assert!(
        failure.ends_with("prompts.csv: line 3: id: expected a new one, found \"p\" as on line 2"),
        "{failure}"
    );
}

#[test]
fn compressed_tables_read_as_plain_ones_whatever_their_names() {
    let plain = responses(RESPONSES).read();
    let named = Folder::new()
        .with("responses.csv.gz", gzip(RESPONSES))
        .with("comparisons.csv.gz", gzip(COMPARISONS));
    assert_eq!(named.read(), plain);
    let misnamed = Folder::new()
        .with("responses.csv", gzip(RESPONSES))
        .with("comparisons.csv.gz", COMPARISONS);
    assert_eq!(misnamed.read(), plain);
}

#[test]
fn gzip_files_one_after_the_other_are_one() {
    let (start, end) = RESPONSES.split_at(30);
    assert_eq!(
        responses([gzip(start), gzip(end)].concat()).read(),
        responses(RESPONSES).read()
    );
}

#[test]
fn a_byte_order_mark_and_carriage_returns_and_blank_lines_and_a_missing_last_break_change_nothing()
{
    let text = format!("\u{feff}{}", RESPONSES.trim_end().replace('\n', "\r\n\r\n"));
    assert_eq!(responses(text).read(), responses(RESPONSES).read());
}

#[test]
fn a_plain_table_counts_before_a_compressed_one() {
    let both = comparisons(COMPARISONS).with("comparisons.csv.gz", gzip("not,a,table"));
    assert_eq!(both.read(), comparisons(COMPARISONS).read());
}

#[test]
fn a_missing_table_is_named_with_its_folder() {
    let extensions = "csv, csv.gz, jsonl, jsonl.gz, parquet";
    let expected =
        |name| format!("folder: expected a folder with a table {name} ({extensions}), found none");
    assert_eq!(Folder::new().failure(), expected("responses"));
    assert_eq!(
        Folder::new().with("responses.csv", RESPONSES).failure(),
        expected("comparisons")
    );
}

#[test]
fn a_path_that_is_not_a_file_is_explained() {
    let folder = comparisons(COMPARISONS);
    let failure = |path: &Path| {
        let file = || Source::File(path.to_owned());
        let responses = ResponseTables {
            responses: file(),
            prompts: None,
            features: None,
        };
        Choices::open(&Tables {
            responses,
            comparisons: file(),
        })
        .unwrap_err()
        .to_string()
    };
    assert!(failure(&folder.path().join("else.csv")).ends_with("else.csv: there is no such file"));
    assert!(failure(folder.path()).ends_with(": is a directory, not a file"));
}

#[test]
fn cut_and_damaged_gzip_are_flaws() {
    let whole = gzip(RESPONSES);
    let cut = responses(&whole[..whole.len() - 9]).failure();
    assert!(cut.starts_with("responses.csv: line "), "{cut}");
    assert!(
        cut.contains("expected valid gzip data, found it broken: "),
        "{cut}"
    );
    let mut damaged = whole.clone();
    let checksum = whole.len() - 8;
    damaged[checksum] ^= 1;
    assert!(
        responses(damaged)
            .failure()
            .starts_with("responses.csv: line 5: expected valid gzip data")
    );
    assert!(
        responses(&whole[..2])
            .failure()
            .starts_with("responses.csv: line 1: expected valid gzip data")
    );
    let trailing = [whole, b"more".to_vec()].concat();
    assert!(
        responses(trailing)
            .failure()
            .contains("expected valid gzip data")
    );
}

#[test]
fn a_gzip_file_holds_at_most_as_many_bytes_as_the_limit() {
    let zeros = gzip(vec![0; 1000]);
    let twice = [zeros.clone(), zeros.clone()].concat();
    assert_eq!(unpacked("f", zeros.clone(), 1000).unwrap().len(), 1000);
    assert_eq!(unpacked("f", twice.clone(), 2000).unwrap().len(), 2000);
    for (bytes, limit) in [(zeros, 999), (twice, 1999)] {
        let failure = unpacked("f", bytes, limit).unwrap_err().to_string();
        let expected = format!("f: holds more than {limit} bytes when decompressed");
        assert!(failure.starts_with(&expected), "{failure}");
    }
    // Only the file's own bytes count if it is not compressed.
    assert_eq!(unpacked("f", vec![0; 10], 1).unwrap().len(), 10);
}

#[test]
fn bytes_that_are_not_utf8_are_found_on_their_line() {
    let flaw = "responses.csv: line 3: expected UTF-8 text, found the byte 0xe9";
    assert_eq!(
        responses(b"id,prompt,x\na,p,1\ncaf\xe9,p,1\n").failure(),
        flaw
    );
}

#[test]
fn rows_have_as_many_fields_as_the_header() {
    let flaw = |line, found| {
        format!("responses.csv: line {line}: expected 3 fields as in the header, found {found}")
    };
    assert_eq!(responses("id,prompt,x\na,p,1\nb,p\n").failure(), flaw(3, 2));
    assert_eq!(responses("id,prompt,x\na,p,1,2\n").failure(), flaw(2, 4));
}

#[test]
fn a_quote_that_never_closes_is_found_where_its_row_begins() {
    let flaw = "responses.csv: line 3: expected a closing quote, found the end of the file";
    for end in ["", "\n", "\r\n", "\n\n", "\"\""] {
        assert_eq!(
            responses(format!(
                "id,prompt,text\na,p,fine\nb,p,\"open\nc,p,swallowed{end}"
            ))
            .failure(),
            flaw
        );
    }
}

#[test]
fn a_quote_may_close_at_the_end_of_the_file() {
    for end in ["", "\n", "\r\n", "\n\n", "\r"] {
        let read = responses(format!("id,prompt,text\na,p,one\nb,p,\"two\n\"\"\n\"{end}")).read();
        assert_eq!(read.responses[1].text.as_deref(), Some("two\n\"\n"));
    }
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    let flaw =
        |line| format!("responses.csv: line {line}: expected 3 fields as in the header, found 1");
    assert_eq!(
        responses("\n\nid,prompt,text\n\na,p,\"1\n\n2\"\n\n\nwrong\n").failure(),
        flaw(10)
    );
    assert_eq!(
        responses("id,prompt,text\r\na,p,\"1\r\n2\"\r\nwrong\r\n").failure(),
        flaw(4)
    );
    assert_eq!(
        responses("id,prompt,text\ra,p,1\rwrong\r").failure(),
        flaw(3)
    );
    assert_eq!(
        responses("\u{feff}id,prompt,text\nwrong").failure(),
        flaw(2)
    );
}

/// A data set of `LEANING_DATA`, if it is there.
fn published(name: &str) -> Option<Choices> {
    let folder = env::var_os("LEANING_DATA")
        .map(|data| Path::new(&data).join(name))
        .filter(|path| path.is_dir());
    if folder.is_none() {
        println!("skipped: LEANING_DATA has no {name}");
    }
    folder.map(|folder| Choices::read_folder(&folder).unwrap())
}

fn count(choices: &Choices, holds: impl Fn(&Comparison) -> bool) -> usize {
    choices.people.all().filter(holds).count()
}

/// People, comparisons and features.
fn sizes(choices: &Choices) -> (usize, usize, usize) {
    (
        choices.people.len(),
        count(choices, |_| true),
        choices.features.len(),
    )
}

#[test]
fn credit_cards_have_their_published_size() {
    let Some(choices) = published("bank") else {
        return;
    };
    assert_eq!(sizes(&choices), (700, 10_960, 14));
    assert!(
        choices
            .responses
            .iter()
            .all(|response| response.scores.len() == 14 && response.text.is_none())
    );
}

#[test]
fn electricity_plans_have_their_published_size_and_are_shown_in_fours() {
    let Some(choices) = published("electricity") else {
        return;
    };
    assert_eq!(sizes(&choices), (361, 4_308, 6));
    assert_eq!(
        count(&choices, |comparison| comparison.shown.len() == 4),
        4_308
    );
}

#[test]
fn statements_about_a_town_have_their_published_size_and_text() {
    let Some(choices) = published("bowling_green") else {
        return;
    };
    assert_eq!(sizes(&choices), (1_259, 74_539, 0));
    assert_eq!(choices.responses.len(), 745);
    assert!(
        choices
            .responses
            .iter()
            .all(|response| response.scores.is_empty() && response.text.is_some())
    );
}

#[test]
fn language_model_answers_have_their_published_size_and_ties() {
    let Some(choices) = published("mtbench") else {
        return;
    };
    assert_eq!(sizes(&choices), (65, 3_355, 0));
    assert_eq!(choices.responses.len(), 960);
    assert_eq!(
        count(&choices, |comparison| comparison.answer == Answer::Tie),
        780
    );
}
