//! The key that a server knows its users by.

use reqwest::header::HeaderValue;
use std::fmt;

/// A key. It comes from an environment variable and goes into the header of requests, and nowhere else.
#[derive(Clone)]
pub struct Key {
    text: String,
    header: HeaderValue,
}

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
        let header = HeaderValue::from_str(&format!("Bearer {key}"));
        match header {
            Ok(mut header) if key.bytes().all(|byte| byte.is_ascii_graphic()) => {
                header.set_sensitive(true);
                let text = key.to_owned();
                Ok(Some(Key { text, header }))
            }
            _ => Err(NOT_A_KEY.to_owned()),
        }
    }

    /// The value of the header `Authorization`, marked so that nothing prints it.
    pub fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// A text without the key, which some servers repeat when they refuse it.
    pub fn hidden_in(&self, text: &str) -> String {
        text.replace(&self.text, "…")
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
        assert_eq!(key.header(), "Bearer sk-123");
        assert!(!format!("{:?}", key.header()).contains("sk-123"));
        assert_eq!(key.hidden_in("wrong key sk-123."), "wrong key ….");
        for broken in ["sk-1 23", "sk-1\n23", "sk-é"] {
            let message = Key::new(broken).unwrap_err();
            assert!(!message.contains("sk"), "{message}");
        }
        assert!(Key::new("  ").unwrap().is_none());
    }
}
