//! Origins of pages.

use reqwest::Url;
use reqwest::header::HeaderValue;

/// The origin of a page: `https://example.org`, perhaps with a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(HeaderValue);

impl Origin {
    /// Reads an origin, with or without a slash at its end.
    ///
    /// # Errors
    /// A message about anything else. A `*` is refused: whoever may use the gateway spends its
    /// publisher's money.
    pub fn read(text: &str) -> Result<Self, String> {
        let expected = || format!("expected an origin such as https://example.org, found {text:?}");
        let url = Url::parse(text).map_err(|_| expected())?;
        let origin = url.origin().ascii_serialization();
        let is_web = matches!(url.scheme(), "http" | "https");
        let header = HeaderValue::from_str(&origin).map_err(|_| expected())?;
        // Anything after the origin would be lost.
        if is_web && url.as_str().strip_suffix('/') == Some(&origin) {
            Ok(Origin(header))
        } else {
            Err(expected())
        }
    }

    /// The value of the header `Origin` that browsers send.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn an_origin_is_a_scheme_a_host_and_a_port() {
        for (text, origin) in [
            ("https://example.org", "https://example.org"),
            ("http://LOCALHOST:8080/", "http://localhost:8080"),
            ("https://example.org:443", "https://example.org"),
        ] {
            assert_eq!(Origin::read(text).unwrap().header(), origin);
        }
        for text in [
            "*",
            "example.org",
            "file:///x",
            "null",
            "https://example.org/chat",
            "https://a@example.org",
        ] {
            assert!(Origin::read(text).is_err(), "{text}");
        }
    }
}
