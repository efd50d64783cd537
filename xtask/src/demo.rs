//! `cargo xtask demo`: serves the site to this machine only, with a chat behind it.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result, bail};

use crate::process::{become_program, cargo, run};
use crate::{WrongUsage, site};

const DEFAULT_PORT: u16 = 8080;
/// Number of ports tried, from the default one on.
const PORTS_TRIED: u16 = 100;
/// The deck that drafts are scored by.
const DECK: [&str; 4] = [
    "--deck",
    "www/decks/assistant-style-en.json",
    "--basis",
    "www/decks/style-basis.json",
];
/// The options that leave the choice of a model's server to the person.
const OWN_MODEL: [&str; 2] = ["--upstream", "--stand-in"];

/// `cargo xtask demo [--port N] [OPTION…]`: builds the site and serves it by `leaning gateway` with these
/// options, which prints its address. Without `--upstream URL` a stand-in writes the chat's drafts.
pub fn demo(arguments: &[String]) -> Result<()> {
    let (port, options) = read_arguments(arguments)?;
    // Before the build, so that a port that is taken is told at once.
    let listener = listen(port)?;
    let address = listener.local_addr()?;
    let folder = site::build()?;
    run(cargo().args(["build", "--package", "leaning-cli"]))?;
    drop(listener);
    become_program(
        cargo()
            .args([
                "run",
                "--quiet",
                "--package",
                "leaning-cli",
                "--",
                "gateway",
            ])
            .args(["--listen", &address.to_string()])
            .args(["--format", "text", "--log", "warn"])
            .arg("--site")
            .arg(folder)
            .args(DECK)
            .args(options),
    )
}

/// The port, and the options for the gateway.
fn read_arguments(arguments: &[String]) -> Result<(Option<u16>, Vec<String>)> {
    let mut port = None;
    let mut options = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let number = match argument.strip_prefix("--port") {
            Some("") => rest.next().map(String::as_str),
            Some(after) => after.strip_prefix('='),
            None => {
                options.push(argument.clone());
                continue;
            }
        };
        match number.unwrap_or_default().parse() {
            Ok(number) if port.is_none() => port = Some(number),
            _ => {
                let message = "demo takes --port N once, with N from 0 to 65535";
                return Err(WrongUsage(message.into()).into());
            }
        }
    }
    let names = |option: &String, name: &&str| option.split('=').next() == Some(name);
    let is_own = options
        .iter()
        .any(|option| OWN_MODEL.iter().any(|name| names(option, name)));
    if !is_own {
        options.push("--stand-in".to_owned());
    }
    Ok((port, options))
}

/// Listens on the given port, or without one on the first free port from the default on.
fn listen(port: Option<u16>) -> Result<TcpListener> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    if let Some(port) = port {
        return bind(port).with_context(|| format!("could not listen on port {port}"));
    }
    for port in DEFAULT_PORT..DEFAULT_PORT + PORTS_TRIED {
        match bind(port) {
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::AddrInUse | ErrorKind::PermissionDenied
                ) => {}
            outcome => return outcome.with_context(|| format!("could not listen on port {port}")),
        }
    }
    bail!("no port from {DEFAULT_PORT} on is free; choose one with --port")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_port_is_a_number_or_wrong_usage() {
        let port = |line: &str| read_arguments(&words(line)).map(|(port, _)| port);
        assert_eq!(port("").unwrap(), None);
        assert_eq!(port("--port 9000").unwrap(), Some(9000));
        assert_eq!(port("--drafts 3 --port=9000").unwrap(), Some(9000));
        for wrong in [
            "--port",
            "--port x",
            "--port 65536",
            "--port -1",
            "--ports 1",
            "--port 1 --port 2",
        ] {
            assert!(port(wrong).unwrap_err().is::<WrongUsage>(), "{wrong}");
        }
    }

    #[test]
    fn other_options_are_the_gateways_and_a_stand_in_writes_unless_a_model_is_named() {
        let options = |line: &str| read_arguments(&words(line)).unwrap().1.join(" ");
        assert_eq!(options("--port 1"), "--stand-in");
        assert_eq!(options("--drafts 3"), "--drafts 3 --stand-in");
        for own in ["--upstream http://x", "--upstream=http://x", "--stand-in"] {
            assert_eq!(options(&format!("--port 1 {own}")), own);
        }
    }

    #[test]
    fn a_port_that_is_taken_is_skipped_unless_it_was_asked_for() {
        let taken = listen(Some(0)).unwrap();
        assert!(listen(Some(taken.local_addr().unwrap().port())).is_err());
        let (first, second) = (listen(None).unwrap(), listen(None).unwrap());
        assert_ne!(first.local_addr().unwrap(), second.local_addr().unwrap());
    }
}
