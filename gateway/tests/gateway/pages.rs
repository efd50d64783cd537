//! Pages in a browser need more: permission across origins, files, and a word that all is well.

use crate::common::{Running, message, settings};
use leaning_gateway::{Origin, Settings, Site};
use std::fs;
use std::path::PathBuf;

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
