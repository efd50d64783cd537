//! The files that a run writes.

use super::arguments::Arguments;
use crate::atomic_write;
use crate::failure::Failure;
use crate::input::Source;
use crate::models::Kind;
use std::path::{Path, PathBuf};

/// The form of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Csv,
    Lines,
    Matrix,
}

/// The files that a run writes.
pub struct Outputs {
    pub out: PathBuf,
    pub form: Form,
    pub cache: PathBuf,
    pub metadata: PathBuf,
}

impl Outputs {
    /// The files that are asked for.
    ///
    /// # Errors
    /// If a name does not say the form, or is that of another file.
    pub fn of(arguments: &Arguments, kind: Kind) -> Result<Self, Failure> {
        // The command line has it where anything is written.
        let out = arguments.out.clone().unwrap_or_default();
        let ending = out.extension().and_then(|ending| ending.to_str());
        let (form, expected) = match (kind, ending) {
            (Kind::Embed, Some("safetensors")) => (Some(Form::Matrix), ""),
            (Kind::Embed, _) => (None, "a name in .safetensors"),
            (_, Some("csv")) => (Some(Form::Csv), ""),
            (_, Some("jsonl" | "ndjson")) => (Some(Form::Lines), ""),
            _ => (None, "a name in .csv or .jsonl"),
        };
        let form = form.ok_or_else(|| {
            let found = out.display();
            Failure::of_option("--out", format!("expected {expected}, found {found}"))
        })?;
        let beside = |given: &Option<PathBuf>, ending: &str| {
            given.clone().unwrap_or_else(|| out.with_extension(ending))
        };
        let outputs = Outputs {
            form,
            cache: beside(&arguments.cache, "cache.jsonl"),
            metadata: beside(&arguments.metadata, "meta.json"),
            out,
        };
        outputs.check_names(&arguments.sources())?;
        Ok(outputs)
    }

    fn named(&self) -> [(&'static str, &Path); 3] {
        [
            ("--out", &self.out),
            ("--cache", &self.cache),
            ("--metadata", &self.metadata),
        ]
    }

    /// Fails if two of the files are one, or one of them is read.
    fn check_names(&self, sources: &[&Source]) -> Result<(), Failure> {
        let named = self.named();
        for (place, (option, path)) in named.iter().enumerate() {
            if let Some((other, _)) = named[..place]
                .iter()
                .find(|(_, other)| is_same(path, other))
            {
                let message = format!("expected another file than that of {other}, found it again");
                return Err(Failure::of_option(option, message));
            }
            let is_read =
                |source: &&&Source| matches!(source, Source::File(file) if is_same(path, file));
            if let Some(source) = sources.iter().find(is_read) {
                let message = format!("{source} is read, so this needs another file");
                return Err(Failure::of_option(option, message));
            }
        }
        Ok(())
    }

    /// Checks that the files can be written, as far as that can be known before.
    pub fn check(&self) -> Result<(), Failure> {
        let all = self.named().into_iter();
        all.map(|(_, path)| path).try_for_each(atomic_write::check)
    }
}

/// The path without links and dots. The file need not exist.
fn real(path: &Path) -> PathBuf {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    let new = || Some(folder.ok()?.join(path.file_name()?));
    path.canonicalize()
        .ok()
        .or_else(new)
        .unwrap_or_else(|| path.to_owned())
}

fn is_same(a: &Path, b: &Path) -> bool {
    real(a) == real(b)
}
