//! The key that a server knows its users by.

use reqwest::header::HeaderValue;
use std::fmt;

/// A key. It comes from an environment variable and goes into the header of requests, and nowhere else.
#[derive(Clone)]
pub struct Key(String);

impl Key {
    /// The key in an environment variable; `None` if it is not set or empty.
    ///
    /// # Errors
    /// A message without the key, if that cannot be in a header.
    pub fn from_environment(variable: &str) -> Result<Option<Self>, String> {
        match std::env::var(variable) {
            Ok(key) => Key::new(&key),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => Err(NOT_A_KEY.to_owned()),
        }
    }

    /// A key; `None` for an empty text.
    ///
    /// # Errors
    /// As [`Key::from_environment`].
    pub fn new(key: &str) -> Result<Option<Self>, String> {
        // A file that is read into a variable ends in a line break.
        let key = key.trim();
        if key.is_empty() {
            return Ok(None);
        }
        if key.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Some(Key(key.to_owned())))
        } else {
            Err(NOT_A_KEY.to_owned())
        }
    }

    /// The value of the header `Authorization`, marked so that nothing prints it.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.0)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// A text without the key, which some servers repeat when they refuse it.
    pub(crate) fn hidden_in(&self, text: &str) -> String {
        text.replace(&self.0, "…")
    }
}

const NOT_A_KEY: &str = "expected a key without blanks, line breaks or accents";

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn a_key_is_never_shown() {
        let key = Key::new(" sk-123\n").unwrap().unwrap();
        assert_eq!(format!("{key:?}"), "Key(…)");
        assert!(!format!("{:?}", key.header()).contains("sk-123"));
        assert_eq!(key.hidden_in("wrong key sk-123."), "wrong key ….");
        let broken = Key::new("sk-1 23").unwrap_err();
        assert!(!broken.contains("sk"), "{broken}");
        assert!(Key::new("  ").unwrap().is_none());
    }
}
