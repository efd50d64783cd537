//! The way of a new deck to its file, as JSON or safetensors.

use super::safetensors;
use super::write::Made;
use crate::atomic_write::save;
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::Page;
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

impl<R: Serialize> Made<R> {
    /// Writes the deck to its file, as safetensors if its name ends so, and prints the report.
    /// Without a file, prints the deck to a program, and only the report to a person. Notes go to
    /// standard error.
    pub fn deliver(
        self,
        output: Output,
        draw: impl FnOnce(&mut Page, &R, Option<&Path>),
    ) -> Result<(), Failure> {
        let draw = |page: &mut Page| {
            draw(page, &self.report, self.out.as_deref());
            Ok(())
        };
        let Some(path) = &self.out else {
            output.note(&self.notes);
            return output.print(&self.deck, draw);
        };
        let bytes = if path
            .extension()
            .is_some_and(|extension| extension == "safetensors")
        {
            safetensors::write(self.deck)
                .map_err(|message| Failure::new(path.display(), message))?
        } else {
            format!("{}\n", Value::Object(self.deck)).into_bytes()
        };
        save(path, &bytes)?;
        output.note(&self.notes);
        output.print(&self.report, draw)
    }
}
