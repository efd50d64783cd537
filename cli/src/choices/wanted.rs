//! The choice of columns that are features.

use crate::failure::Failure;
use crate::guess::did_you_mean;
use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt::Display;

/// The name of a column in a list such as `price, size`, without the blanks around it.
pub fn column_name(text: &str) -> Result<String, Infallible> {
    Ok(text.trim().to_owned())
}

/// Columns that are wanted as features: all of numbers, or those of these names.
pub struct Wanted<'a>(pub &'a [String]);

impl Wanted<'_> {
    pub fn is_everything(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a column may be a feature.
    pub fn has_column(&self, name: &str) -> bool {
        let Wanted(names) = self;
        self.is_everything() || names.iter().any(|wanted| wanted == name)
    }

    /// Whether a feature is wanted. Those of a column of lists have its name and a number.
    pub fn has_feature(&self, feature: &str) -> bool {
        let Wanted(names) = self;
        self.is_everything() || names.iter().any(|wanted| is_of(feature, wanted))
    }

    /// Fails if a wanted column is not among the features that were found in this file, which has
    /// these columns, and this in the first row of those that are none.
    pub fn check(
        &self,
        file: impl Display,
        features: &[String],
        columns: &[String],
        others: &HashMap<String, String>,
    ) -> Result<(), Failure> {
        let Wanted(names) = self;
        for (place, name) in names.iter().enumerate() {
            if !features.iter().any(|feature| is_of(feature, name)) {
                let message = format!("{file}: {}", absent(name, columns, others));
                return Err(Failure::of_option("--scores", message));
            }
            if names[..place].contains(name) {
                let message = format!("{file}: column {name} is asked for twice");
                return Err(Failure::of_option("--scores", message));
            }
        }
        Ok(())
    }
}

/// The columns of a table of responses that are no features, whatever they hold.
pub const NO_FEATURES: [&str; 3] = ["id", "prompt", "text"];

/// Why there is no feature of this name in a table with these columns.
fn absent(name: &str, columns: &[String], others: &HashMap<String, String>) -> String {
    if NO_FEATURES.contains(&name) {
        return format!(
            "column {name}: expected a column of numbers, and this one is never a feature"
        );
    }
    if columns.iter().any(|column| column == name) {
        let found = others.get(name).map_or("no row", String::as_str);
        return format!("column {name}: expected numbers, found {found}");
    }
    let others = columns.iter().map(String::as_str);
    let guess = did_you_mean(name, others.filter(|name| !NO_FEATURES.contains(name)));
    format!("expected a column {name} of numbers, found none{guess}")
}

/// Whether a feature comes from this column: it has its name, or of a list its name and a number.
pub fn is_of(feature: &str, column: &str) -> bool {
    let place = feature.strip_prefix(column);
    place.is_some_and(|place| place.bytes().all(|byte| byte.is_ascii_digit()))
}
