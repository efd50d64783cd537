//! The address of a server.

use crate::protocol::Protocol;
use std::fmt;
use url::{Host, Url};

/// The address of a server as clients of OpenAI's protocol take it, such as `http://127.0.0.1:8000/v1`.
///
/// It is shown without its query, which may hold a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads `http://…` or `https://…`.
    ///
    /// # Errors
    /// A message for people. It never repeats a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|error| {
            format!("expected an address such as http://127.0.0.1:8000/v1: {error}")
        })?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(
                "expected an address such as http://127.0.0.1:8000/v1, with http or https"
                    .to_owned(),
            );
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "expected an address without a name or password: the key comes from an environment variable"
                    .to_owned(),
            );
        }
        Ok(Address(url))
    }

    /// Where requests of a protocol go. A path that ends in the protocol's own is taken as it is.
    ///
    /// OpenAI's protocols are under `/v1`, or whatever the path is; those of vLLM and SGLang are beside `/v1`.
    pub fn endpoint(&self, protocol: Protocol) -> Url {
        let Address(base) = self;
        let mut url = base.clone();
        let path = base.path().trim_end_matches('/');
        let own = protocol.path();
        if path.ends_with(own) {
            return url;
        }
        let path = match (protocol.is_versioned(), path) {
            (true, "") => format!("/v1{own}"),
            (true, path) => format!("{path}{own}"),
            (false, path) => format!("{}{own}", path.strip_suffix("/v1").unwrap_or(path)),
        };
        url.set_path(&path);
        url
    }

    /// As [`Address::endpoint`], without a query, for people.
    pub fn shown_endpoint(&self, protocol: Protocol) -> String {
        Address(self.endpoint(protocol)).to_string()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }

    /// Whether it is this machine.
    pub fn is_local(&self) -> bool {
        is_local(&self.0)
    }

    /// Whether what is sent can be read on the way.
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }
}

/// Whether a URL's host is this machine.
pub(crate) fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        shown.set_query(None);
        shown.set_fragment(None);
        f.write_str(shown.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(base: &str, protocol: Protocol) -> String {
        Address::parse(base).unwrap().endpoint(protocol).to_string()
    }

    #[test]
    fn the_path_of_a_protocol_is_added_where_its_servers_have_it() {
        use Protocol::{Chat, Classify};
        let rows = [
            ("http://h:1", Chat, "http://h:1/v1/chat/completions"),
            ("http://h:1/v1/", Chat, "http://h:1/v1/chat/completions"),
            (
                "https://h/beta/openai",
                Chat,
                "https://h/beta/openai/chat/completions",
            ),
            (
                "https://h/x/chat/completions?v=2",
                Chat,
                "https://h/x/chat/completions?v=2",
            ),
            ("http://h:1/v1", Classify, "http://h:1/classify"),
            ("http://h:1", Classify, "http://h:1/classify"),
            (
                "http://h:1/behind/v1",
                Classify,
                "http://h:1/behind/classify",
            ),
            ("http://h:1/classify", Classify, "http://h:1/classify"),
        ];
        for (base, protocol, expected) in rows {
            assert_eq!(endpoint(base, protocol), expected);
        }
    }

    #[test]
    fn a_secret_in_an_address_is_refused_or_not_shown() {
        let refused = Address::parse("http://me:hunter2@h").unwrap_err();
        assert!(!refused.contains("hunter2"), "{refused}");
        let shown = Address::parse("https://h/v1?key=hunter2").unwrap();
        assert_eq!(shown.to_string(), "https://h/v1");
        assert!(!format!("{shown:?}").contains("hunter2"));
    }

    #[test]
    fn anything_but_http_is_refused() {
        for text in [
            "",
            "localhost:8000",
            "ftp://h",
            "file:///etc/passwd",
            "127.0.0.1",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        for (text, local) in [
            ("http://localhost:1", true),
            ("http://127.0.0.9", true),
            ("http://[::1]:1", true),
            ("http://10.0.0.1", false),
            ("https://localhost.example", false),
        ] {
            assert_eq!(Address::parse(text).unwrap().is_local(), local, "{text}");
        }
    }
}
