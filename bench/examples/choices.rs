//! Makes up a data set of choices of any size, to measure `leaning fit` by.
//!
//! ```sh
//! cargo run --release -p leaning-bench --example choices -- 200000 50 parquet FOLDER
//! ```
//!
//! The numbers are people and answers each; `csv` in place of `parquet` writes comparisons as text.
//! 5,000 responses of 20 features stand 10 to a prompt. People have 6 tastes with mean 0.3 and
//! covariance I, and choose between two responses of a prompt.

use bytes::Bytes;
use leaning::numeric::Random;
use parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

const FEATURES: usize = 20;
const DIMENSIONS: usize = 6;
const RESPONSES: usize = 5000;
const PER_PROMPT: usize = 10;
/// Rows of a row group.
const ROWS: usize = 1_000_000;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [people, answers, format, folder] = &arguments[..] else {
        return Err("expected PEOPLE ANSWERS csv|parquet FOLDER".into());
    };
    let (people, answers): (usize, usize) = (people.parse()?, answers.parse()?);
    let folder = Path::new(folder);
    fs::create_dir_all(folder)?;
    let mut random = Random::new(1, 0);
    let scores = write_responses(&folder.join("responses.csv"), &mut random)?;
    let mut table: Box<dyn Table> = match &format[..] {
        "csv" => Box::new(Csv::create(&folder.join("comparisons.csv"))?),
        "parquet" => Box::new(Parquet::create(&folder.join("comparisons.parquet"))?),
        _ => return Err("expected csv or parquet".into()),
    };
    for person in 0..people {
        let weights: Vec<f64> = (0..DIMENSIONS).map(|_| 0.3 + random.normal()).collect();
        for _ in 0..answers {
            let prompt = PER_PROMPT * random.below(RESPONSES / PER_PROMPT);
            let first = random.below(PER_PROMPT);
            let second = (first + 1 + random.below(PER_PROMPT - 1)) % PER_PROMPT;
            let (first, second) = (prompt + first, prompt + second);
            let reward = |response: usize| -> f64 {
                let scores = &scores[response];
                scores.iter().zip(&weights).map(|(s, w)| s * w).sum()
            };
            let prefers_first = 1.0 / (1.0 + (reward(second) - reward(first)).exp());
            let chose = if random.uniform() < prefers_first {
                first
            } else {
                second
            };
            table.add(person, [first, second], chose)?;
        }
    }
    table.finish()
}

/// Writes the responses, and returns their 6 base rewards.
fn write_responses(path: &Path, random: &mut Random) -> Result<Vec<Vec<f64>>, Box<dyn Error>> {
    let mut file = BufWriter::new(File::create(path)?);
    let scale = 1.0 / (FEATURES as f64).sqrt();
    let head: Vec<Vec<f64>> = (0..DIMENSIONS)
        .map(|_| (0..FEATURES).map(|_| scale * random.normal()).collect())
        .collect();
    let names: Vec<String> = (0..FEATURES).map(|k| format!("x{k}")).collect();
    writeln!(file, "id,prompt,{}", names.join(","))?;
    let mut scores = Vec::new();
    for response in 0..RESPONSES {
        let features: Vec<f64> = (0..FEATURES)
            .map(|_| (1e4 * random.normal()).round() / 1e4)
            .collect();
        let text: Vec<String> = features.iter().map(f64::to_string).collect();
        let prompt = response / PER_PROMPT;
        writeln!(file, "r{response},p{prompt},{}", text.join(","))?;
        let score = |row: &Vec<f64>| row.iter().zip(&features).map(|(w, x)| w * x).sum();
        scores.push(head.iter().map(score).collect());
    }
    file.flush()?;
    Ok(scores)
}

/// A table of comparisons that is being written.
trait Table {
    fn add(&mut self, person: usize, shown: [usize; 2], chose: usize) -> Done;
    fn finish(self: Box<Self>) -> Done;
}

struct Csv(BufWriter<File>);

impl Csv {
    fn create(path: &Path) -> Result<Self, Box<dyn Error>> {
        let mut file = BufWriter::new(File::create(path)?);
        writeln!(file, "user,shown,chose")?;
        Ok(Csv(file))
    }
}

impl Table for Csv {
    fn add(&mut self, person: usize, [first, second]: [usize; 2], chose: usize) -> Done {
        Ok(writeln!(self.0, "u{person},r{first}|r{second},r{chose}")?)
    }

    fn finish(mut self: Box<Self>) -> Done {
        Ok(self.0.flush()?)
    }
}

struct Parquet {
    writer: SerializedFileWriter<File>,
    /// The columns of the row group so far.
    columns: [Vec<ByteArray>; 3],
}

impl Parquet {
    fn create(path: &Path) -> Result<Self, Box<dyn Error>> {
        let column = |name| {
            let column = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                .with_repetition(Repetition::REQUIRED)
                .with_converted_type(ConvertedType::UTF8);
            column.build().map(Arc::new)
        };
        let fields = vec![column("user")?, column("shown")?, column("chose")?];
        let schema = Type::group_type_builder("schema").with_fields(fields);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
        let (schema, properties) = (Arc::new(schema.build()?), Arc::new(properties.build()));
        Ok(Parquet {
            writer: SerializedFileWriter::new(File::create(path)?, schema, properties)?,
            columns: Default::default(),
        })
    }

    fn write_group(&mut self) -> Done {
        let mut group = self.writer.next_row_group()?;
        for values in &mut self.columns {
            if let Some(mut column) = group.next_column()? {
                let writer = column.typed::<ByteArrayType>();
                writer.write_batch(values, None, None)?;
                column.close()?;
            }
            values.clear();
        }
        group.close()?;
        Ok(())
    }
}

impl Table for Parquet {
    fn add(&mut self, person: usize, [first, second]: [usize; 2], chose: usize) -> Done {
        let cells = [
            format!("u{person}"),
            format!("r{first}|r{second}"),
            format!("r{chose}"),
        ];
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(ByteArray::from(Bytes::from(cell)));
        }
        if self.columns[0].len() == ROWS {
            self.write_group()?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Done {
        if !self.columns[0].is_empty() {
            self.write_group()?;
        }
        self.writer.close()?;
        Ok(())
    }
}
