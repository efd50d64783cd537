//! The HTTP client that every server is asked with, and the words for what goes wrong on the way.

use crate::address::is_local;
use crate::message::short;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Url};
use std::error::Error;
use std::io;

/// A builder of clients for one server. TLS is by rustls, with the system's certificates or those of the variable
/// `SSL_CERT_FILE`. Redirects are not followed: the key is for this address only. A server on this machine is asked
/// directly, whatever proxy there is.
pub fn client_builder(url: &Url) -> ClientBuilder {
    // Of two that ask for it, either provider will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("leaning/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none());
    if is_local(url) {
        builder = builder.no_proxy();
    }
    if url.scheme() != "https" {
        // Certificates need not be there.
        builder = builder.tls_certs_only([]);
    }
    builder
}

/// The innermost cause, which says most. The address may hold a secret, so it is left out.
pub fn describe(error: &reqwest::Error) -> String {
    match causes(error).last() {
        Some(cause) => short(&cause.to_string()),
        None => "the request failed".to_owned(),
    }
}

/// Why the server's certificate is not accepted; `None` if the failure is another one.
pub fn refused_certificate(error: &reqwest::Error) -> Option<String> {
    match causes(error).find_map(tls_error)? {
        error @ rustls::Error::InvalidCertificate(_) => Some(short(&error.to_string())),
        _ => None,
    }
}

/// The error of TLS inside those of input and output, which do not call it their source.
fn tls_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    match cause.downcast_ref::<io::Error>() {
        Some(error) => tls_error(error.get_ref()?),
        None => cause.downcast_ref(),
    }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}
