//! Pages in a browser need more: permission across origins, files, and a word that all is well.

use crate::common::{Running, message, settings};
use leaning_gateway::{Host, Origin, Settings, Site};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn only_pages_of_the_given_origins_may_use_it() {
    let allow_origins = vec![Origin::read("https://chat.example/").unwrap()];
    let gateway = Running::start(Settings {
        allow_origins,
        ..settings()
    })
    .await;
    let url = gateway.url("/v1/chat/completions");
    for (origin, allowed) in [
        ("https://chat.example", true),
        ("https://other.example", false),
    ] {
        let preflight = gateway.client.request(reqwest::Method::OPTIONS, &url);
        let preflight = preflight.header("origin", origin);
        let preflight = preflight.header("access-control-request-method", "POST");
        let asked = "content-type,authorization,x-stainless-os";
        let preflight = preflight.header("access-control-request-headers", asked);
        let response = preflight.send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|of| of.to_str().unwrap());
        assert_eq!(
            header("access-control-allow-origin"),
            allowed.then_some(origin)
        );
        assert_eq!(header("access-control-allow-credentials"), None);
        if allowed {
            assert_eq!(header("access-control-allow-headers"), Some(asked));
        }
        let response = gateway.post(&message("x")).header("origin", origin).send();
        let response = response.await.unwrap();
        let found = response.headers().get("access-control-allow-origin");
        assert_eq!(found.is_some(), allowed);
    }
}

/// The status and the body of the answer to a request with these lines after the first.
async fn raw(gateway: &Running, target: &str, lines: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(gateway.address).await.unwrap();
    let request = format!("GET {target} HTTP/1.1\r\n{lines}connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    (status, body.to_owned())
}

#[tokio::test]
async fn a_page_whose_name_leads_here_is_refused() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hosts");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("index.html"), "<p>chat").unwrap();
    let gateway = Running::start(Settings {
        hosts: vec![Host::read("Chat.example").unwrap()],
        sites: vec![Site::read(&folder.display().to_string()).unwrap()],
        ..settings()
    })
    .await;
    for host in [
        "localhost",
        "LOCALHOST:80",
        "127.0.0.1",
        "127.0.0.1:1",
        "[::1]:8787",
        "chat.example",
        "CHAT.example:443",
    ] {
        for target in ["/healthz", "/metrics", "/", "/v1/models"] {
            let (status, _) = raw(&gateway, target, &format!("host: {host}\r\n")).await;
            assert_eq!(status, 200, "{host} {target}");
        }
    }
    for lines in [
        "host: evil.example\r\n",
        "host: evil.example:8787\r\n",
        "host: 10.0.0.7\r\n",
        "host: localhost.evil.example\r\n",
        "host: chat.example.\r\n",
        "host: evil.example@localhost\r\n",
        "host: localhost\r\nhost: evil.example\r\n",
        "host: \r\n",
        "",
    ] {
        for target in ["/healthz", "/metrics", "/", "/v1/models", "/none"] {
            let (status, body) = raw(&gateway, target, lines).await;
            let body: Value = serde_json::from_str(&body).expect(&body);
            let error = &body["error"];
            assert_eq!(
                (status, error["code"].as_str()),
                (403, Some("host_not_allowed")),
                "{lines} {target}"
            );
            assert_eq!(error["type"], "invalid_request_error");
        }
    }
    let (status, body) = raw(&gateway, "/healthz", "host: evil.example\r\n").await;
    assert!(status == 403 && body.contains("--host"), "{body}");
    let other = "host: localhost\r\n";
    let (status, _) = raw(&gateway, "http://evil.example/healthz", other).await;
    assert_eq!(status, 403);
}

#[tokio::test]
async fn files_of_a_folder_are_served_beside_it_but_for_hidden_ones() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("site");
    fs::create_dir_all(folder.join("sub/.git")).unwrap();
    for (name, text) in [
        ("index.html", "<p>chat"),
        ("module.wasm", "\0asm"),
        (".env", "secret"),
        ("sub/.git/config", "secret"),
        ("../outside.txt", "secret"),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    let package = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("package");
    fs::create_dir_all(package.join("lang")).unwrap();
    fs::write(package.join("lang/en.js"), "export {};").unwrap();
    let read = |text: String| Site::read(&text).unwrap();
    let sites = vec![
        read(folder.display().to_string()),
        read(format!("/vendor/pkg/={}", package.display())),
    ];
    let gateway = Running::start(Settings {
        sites,
        ..settings()
    })
    .await;
    let get = async |path: &str| {
        let response = gateway.get(path).await;
        let kind = response.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        (
            response.status().as_u16(),
            kind,
            response.text().await.unwrap(),
        )
    };
    let (status, kind, text) = get("/").await;
    assert_eq!((status, &*kind, &*text), (200, "text/html", "<p>chat"));
    assert_eq!(get("/module.wasm").await.1, "application/wasm");
    assert_eq!(get("/vendor/pkg/lang/en.js").await.2, "export {};");
    for path in [
        "/.env",
        "/%2eenv",
        "/sub/.git/config",
        "/%2e%2e/outside.txt",
        "/none.html",
        "/lang/en.js",
        "/vendor/pkg/none.js",
        "/vendor/pkg/../outside.txt",
    ] {
        let (status, kind, text) = get(path).await;
        assert_eq!((status, &*kind), (404, "application/json"), "{path}");
        assert!(
            text.contains("not_found") && !text.contains("secret"),
            "{path}: {text}"
        );
    }
    assert_eq!(get("/healthz").await.2, "ok\n");
    assert_eq!(gateway.ask(&message("x")).await.0, 200);
}

#[tokio::test]
async fn metrics_are_counts_and_hold_no_word_of_anybody() {
    let gateway = Running::start(settings()).await;
    assert_eq!(gateway.ask(&message("marzipan")).await.0, 200);
    let metrics = gateway.metrics().await;
    for line in [
        "# TYPE leaning_gateway_requests counter",
        "leaning_gateway_requests_total{outcome=\"ok\"} 1",
        "leaning_gateway_drafts_total{outcome=\"ok\"} 2",
        "leaning_gateway_scorings_total{outcome=\"ok\"} 1",
        "leaning_gateway_in_flight 0",
        "leaning_gateway_request_duration_seconds_count 1",
    ] {
        assert!(
            metrics.lines().any(|found| found == line),
            "{line}\n{metrics}"
        );
    }
    assert!(!metrics.contains("marzipan"));
}
