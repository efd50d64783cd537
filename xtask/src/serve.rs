//! `cargo xtask demo`: serves the site to this machine only.

use std::fs;
use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::{WrongUsage, package, paths, site};

const DEFAULT_PORT: u16 = 8080;
/// Number of ports tried, from the default one on.
const PORTS_TRIED: u16 = 100;
/// Number of requests answered at a time.
const WORKERS: usize = 8;

/// `cargo xtask demo [--port N]`: builds the site, prints its address, and serves it until stopped.
pub fn demo(arguments: &[String]) -> Result<()> {
    let port = parse_port(arguments)?;
    // Before the build, so that a port that is taken is told at once.
    let listener = listen(port)?;
    package::build()?;
    let address = listener.local_addr()?;
    let server = Server::from_listener(listener, None)
        .map_err(|error| anyhow!("could not serve: {error}"))?;
    println!("Leaning demo: http://{address}/");
    std::io::stdout().flush()?;
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| work(&server));
        }
    });
    Ok(())
}

fn parse_port(arguments: &[String]) -> Result<Option<u16>> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = match words.as_slice() {
        [] => return Ok(None),
        ["--port", number] => number,
        [option] => option.strip_prefix("--port=").unwrap_or_default(),
        _ => "",
    };
    match number.parse() {
        Ok(port) => Ok(Some(port)),
        Err(_) => {
            Err(WrongUsage("demo takes nothing but --port N, with N from 0 to 65535".into()).into())
        }
    }
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
    ensure!(
        false,
        "no port from {DEFAULT_PORT} on is free; choose one with --port"
    );
    unreachable!()
}

fn work(server: &Server) {
    let root = paths::root();
    while let Ok(request) = server.recv() {
        let reply = reply_to(&root, request.method(), request.url());
        // This fails if the visitor has gone away, and then there is nobody to tell.
        let _ = send(request, reply);
    }
}

/// A response to a visitor.
#[derive(Debug, PartialEq)]
struct Reply {
    status: u16,
    content_type: &'static str,
    body: Vec<u8>,
    /// A header that goes with this status.
    extra: Option<(&'static str, String)>,
}

impl Reply {
    fn page(status: u16, text: &str) -> Self {
        let body = format!(
            "<!doctype html><html lang=\"en\"><title>{text}</title><p>{text} <a href=\"/\">To the start</a>\n"
        );
        Reply {
            status,
            content_type: "text/html; charset=utf-8",
            body: body.into_bytes(),
            extra: None,
        }
    }
}

fn reply_to(root: &Path, method: &Method, url: &str) -> Reply {
    if !matches!(method, Method::Get | Method::Head) {
        let extra = Some(("Allow", "GET, HEAD".to_owned()));
        return Reply {
            extra,
            ..Reply::page(405, "This site can only be read.")
        };
    }
    let path = url.split(['?', '#']).next().unwrap_or_default();
    file_reply(root, path).unwrap_or_else(|| Reply::page(404, "There is no such page."))
}

fn file_reply(root: &Path, path: &str) -> Option<Reply> {
    let mut file = site::file_behind(root, path)?;
    if file.is_dir() {
        if !path.ends_with('/') {
            // Without the slash the page's relative links would miss the folder.
            let extra = Some(("Location", format!("{path}/")));
            return Some(Reply {
                extra,
                ..Reply::page(308, "This page ends with a slash.")
            });
        }
        file.push("index.html");
    } else if path.ends_with('/') {
        return None;
    }
    // A symbolic link may lead anywhere, but only files inside the two folders are served.
    let real = file.canonicalize().ok()?;
    let inside = ["www", "pkg"].iter().any(|folder| {
        root.join(folder)
            .canonicalize()
            .is_ok_and(|folder| real.starts_with(folder))
    });
    let body = fs::read(real).ok().filter(|_| inside)?;
    Some(Reply {
        status: 200,
        content_type: site::content_type(&file),
        body,
        extra: None,
    })
}

fn send(request: Request, reply: Reply) -> std::io::Result<()> {
    let headers = [
        ("Content-Type", reply.content_type.to_owned()),
        ("Cache-Control", "no-store".to_owned()),
        ("X-Content-Type-Options", "nosniff".to_owned()),
    ];
    // Never in chunks: browsers show a download's progress only if they know its length.
    let mut response = Response::from_data(reply.body)
        .with_status_code(reply.status)
        .with_chunked_threshold(usize::MAX);
    for (name, value) in headers.into_iter().chain(reply.extra) {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    request.respond(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_port_is_a_number_or_wrong_usage() {
        assert_eq!(parse_port(&[]).unwrap(), None);
        assert_eq!(parse_port(&words("--port 9000")).unwrap(), Some(9000));
        assert_eq!(parse_port(&words("--port=9000")).unwrap(), Some(9000));
        for wrong in [
            "--port",
            "--port x",
            "--port 65536",
            "--port -1",
            "9000",
            "--port 1 2",
            "--open",
        ] {
            assert!(
                parse_port(&words(wrong)).unwrap_err().is::<WrongUsage>(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_port_that_is_taken_is_skipped_unless_it_was_asked_for() {
        let taken = listen(Some(0)).unwrap();
        assert!(listen(Some(taken.local_addr().unwrap().port())).is_err());
        let (first, second) = (listen(None).unwrap(), listen(None).unwrap());
        assert_ne!(first.local_addr().unwrap(), second.local_addr().unwrap());
    }

    #[test]
    fn only_files_of_the_site_are_served_and_only_for_reading() {
        let root = paths::target_dir().join("site-test");
        fs::create_dir_all(root.join("www/decks")).unwrap();
        fs::create_dir_all(root.join("pkg")).unwrap();
        fs::write(root.join("www/index.html"), "start").unwrap();
        fs::write(root.join("pkg/leaning.wasm"), "\0asm").unwrap();
        fs::write(root.join("secret.json"), "{}").unwrap();
        let link = root.join("www/link.json");
        // A failed run leaves it behind.
        let _ = fs::remove_file(&link);
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret.json", link).unwrap();

        let get = |url: &str| reply_to(&root, &Method::Get, url);
        assert_eq!((get("/").status, get("/").body), (200, b"start".to_vec()));
        assert_eq!(
            get("/index.html?deck=x").content_type,
            "text/html; charset=utf-8"
        );
        assert_eq!(get("/pkg/leaning.wasm").content_type, "application/wasm");
        assert_eq!(get("/decks").extra, Some(("Location", "/decks/".into())));
        for nothing in [
            "/decks/",
            "/index.html/",
            "/secret.json",
            "/../secret.json",
            "/%2e%2e/secret.json",
            "/link.json",
        ] {
            assert_eq!(get(nothing).status, 404, "{nothing}");
        }
        assert_eq!(reply_to(&root, &Method::Post, "/").status, 405);
        fs::remove_dir_all(root).unwrap();
    }
}
