//! The hosts that requests may name.
//!
//! A page on the web can have its own name lead to an address of this machine (DNS rebinding). To
//! the browser the gateway is then that page's own server, and what it answers is the page's to
//! read. Such a request still names the page's host, which is how it is told.

use crate::error::{ApiError, Code};
use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// A host without a port: a name, or an address, in brackets if it is one of IPv6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host(String);

impl Host {
    /// Reads a name such as `chat.example`, or an address.
    ///
    /// # Errors
    /// A message about anything else.
    pub fn read(text: &str) -> Result<Self, String> {
        let expected = || format!("expected a name such as chat.example, found {text:?}");
        let host = Host::of_authority(text).ok_or_else(expected)?;
        // Neither a port nor anything else would be compared.
        let Host(name) = &host;
        if name.eq_ignore_ascii_case(text) {
            Ok(host)
        } else {
            Err(expected())
        }
    }

    /// The host of `chat.example:8787`.
    fn of_authority(authority: &str) -> Option<Self> {
        let is_other = |c: char| !c.is_ascii_alphanumeric() && !"-._:[]".contains(c);
        if authority.contains(is_other) {
            return None;
        }
        let url = Url::parse(&format!("http://{authority}/")).ok()?;
        Some(Host(url.host_str()?.to_owned()))
    }

    fn of_address(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Host(address.to_string()),
            IpAddr::V6(address) => Host(format!("[{address}]")),
        }
    }
}

/// The hosts that requests to a gateway at this address may name; `None` if any will do.
///
/// Behind an address that others reach stands whatever name its publisher gave it, so all are taken
/// unless some are given.
pub fn allowed(address: IpAddr, given: &[Host]) -> Option<Arc<[Host]>> {
    if given.is_empty() && !address.to_canonical().is_loopback() {
        return None;
    }
    let own = [
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST),
        address,
    ];
    let own = own.map(Host::of_address).into_iter();
    let local = Host("localhost".to_owned());
    Some(own.chain([local]).chain(given.iter().cloned()).collect())
}

/// Refuses requests that name another host.
pub async fn check(State(allowed): State<Arc<[Host]>>, request: Request, next: Next) -> Response {
    let message = match host_of(&request) {
        Some(host) if allowed.contains(&host) => return next.run(request).await,
        Some(Host(name)) => format!("the host {name:?} is not allowed; --host allows more"),
        None => "expected one header Host with a host, found none or several".to_owned(),
    };
    let error = ApiError::new(Code::HostNotAllowed, message);
    tracing::warn!(code = error.code.name(), "a request was refused");
    error.into_response()
}

/// The host that a request names, in its header and perhaps in its target, too.
fn host_of(request: &Request) -> Option<Host> {
    let mut headers = request.headers().get_all(HOST).iter();
    let header = headers.next().filter(|_| headers.next().is_none())?;
    let host = Host::of_authority(header.to_str().ok()?)?;
    match request.uri().authority() {
        Some(target) if Host::of_authority(target.as_str()).as_ref() != Some(&host) => None,
        _ => Some(host),
    }
}

#[cfg(test)]
mod tests {
    use super::{Host, allowed};
    use std::net::IpAddr;

    #[test]
    fn a_host_is_a_name_or_an_address_alone() {
        for text in ["chat.example", "LOCALHOST", "10.0.0.7", "[::1]"] {
            let Host(name) = Host::read(text).unwrap();
            assert_eq!(name, text.to_lowercase());
        }
        for text in [
            "",
            "*",
            "chat.example:8787",
            "https://chat.example",
            "chat.example/",
            "me@chat.example",
            "::1",
            "a b",
        ] {
            assert!(Host::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn behind_an_address_that_others_reach_hosts_count_only_if_some_are_given() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let given = [Host::read("chat.example").unwrap()];
        for any in ["0.0.0.0", "::", "10.0.0.7"] {
            assert_eq!(allowed(address(any), &[]), None);
            let hosts = allowed(address(any), &given).unwrap();
            assert!(hosts.contains(&given[0]) && hosts.contains(&Host("localhost".to_owned())));
        }
        for own in ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"] {
            let hosts = allowed(address(own), &[]).unwrap();
            assert!(hosts.contains(&Host::of_address(address(own))));
            assert!(!hosts.contains(&given[0]));
        }
    }
}
