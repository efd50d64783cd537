//! Requests to models.

use crate::protocol::Protocol;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::fmt;

/// One request. Its body decides the answer, so the body's hash is what an answer is kept under.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// How it is sent.
    pub protocol: Protocol,
    /// The JSON of its body: model, instruction, texts and settings.
    pub body: Map<String, Value>,
    /// Texts that the answer has a row for.
    pub texts: usize,
}

impl Request {
    /// The name that its answer is kept under.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hash = Sha256::new();
        hash.update(self.protocol.name());
        // Names have no zero byte, so nothing else has the same beginning.
        hash.update([0]);
        hash.update(Value::Object(self.body.clone()).to_string());
        Fingerprint(hash.finalize().into())
    }

    /// With more fields in its body. Null takes one out.
    #[must_use]
    pub fn with_fields(mut self, fields: &Map<String, Value>) -> Self {
        for (name, value) in fields {
            if value.is_null() {
                self.body.shift_remove(name);
            } else {
                self.body.insert(name.clone(), value.clone());
            }
        }
        self
    }
}

/// The hash of a request: SHA-256 of the protocol's name and the body.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * place..][..2], 16).ok()?;
        }
        Some(Fingerprint(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn request(protocol: Protocol, body: Value) -> Request {
        let Value::Object(body) = body else { panic!() };
        Request {
            protocol,
            body,
            texts: 1,
        }
    }

    #[test]
    fn a_fingerprint_is_the_hash_of_protocol_and_body() {
        let request = request(Protocol::Chat, json!({ "model": "m" }));
        // printf 'chat\0{"model":"m"}' | sha256sum
        let expected = "92baf150825714c2a6d3312c4e0cfa2e4310d79473a50bb9f73f7fa372171a5b";
        assert_eq!(request.fingerprint().to_string(), expected);
        assert_eq!(Fingerprint::from_hex(expected), Some(request.fingerprint()));
        assert_eq!(Fingerprint::from_hex("é"), None);
    }

    #[test]
    fn another_protocol_or_field_has_another_fingerprint() {
        let body = json!({ "model": "m" });
        let chat = request(Protocol::Chat, body.clone());
        assert_ne!(
            chat.fingerprint(),
            request(Protocol::Nim, body).fingerprint()
        );
        let fields = json!({ "seed": 1 });
        let other = chat.clone().with_fields(fields.as_object().unwrap());
        assert_ne!(chat.fingerprint(), other.fingerprint());
        let back = json!({ "seed": null });
        assert_eq!(other.with_fields(back.as_object().unwrap()), chat);
    }
}
