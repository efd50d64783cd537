//! Keys in environment variables. No message quotes one.

use crate::failure::Failure;
use leaning_scoring::{Address, Key};

/// The environment variable that has the key of a model that scores, unless another is named.
const VARIABLE: &str = "LEANING_API_KEY";

/// The key in the environment variable that an option names, which has to be set.
pub fn key(option: &str, variable: &str) -> Result<Key, Failure> {
    read(option, variable)?.ok_or_else(|| {
        let message = format!("the environment variable {variable} is not set");
        Failure::of_option(option, message)
    })
}

/// The key of a model that scores, in the environment variable that an option names. If it names
/// none, there need be no key.
pub fn key_or_default(option: &str, named: Option<&str>) -> Result<Option<Key>, Failure> {
    match named {
        Some(variable) => key(option, variable).map(Some),
        None => read(option, VARIABLE),
    }
}

/// The environment variable that has the key of a model that scores.
pub fn variable(named: Option<&str>) -> &str {
    named.unwrap_or(VARIABLE)
}

/// A note if a key can be read on its way.
pub fn note_about_key(key: Option<&Key>, address: &Address) -> Option<String> {
    let is_open = key.is_some() && !address.is_encrypted() && !address.is_local();
    is_open
        .then(|| format!("{address}: the key is sent without encryption, as the address has http"))
}

fn read(option: &str, variable: &str) -> Result<Option<Key>, Failure> {
    Key::from_environment(variable)
        .map_err(|message| Failure::of_option(option, format!("{variable}: {message}")))
}
