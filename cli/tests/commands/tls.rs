//! Servers behind TLS: one HTTP client serves `leaning score` and `leaning gateway`.

use crate::Folder;
use crate::gateway::{Gateway, message};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A server with a certificate of its own for `localhost`. It ends with the process.
struct Tls {
    url: String,
    /// Its certificate, in PEM.
    certificate: String,
}

impl Tls {
    fn start() -> Self {
        let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let CertifiedKey { cert, signing_key } = made;
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth();
        let config = config
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (send, receive) = channel();
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                send.send(listener.local_addr().unwrap().port()).unwrap();
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    tokio::spawn(answer(acceptor.clone(), stream));
                }
            });
        });
        Tls {
            url: format!("https://localhost:{}/v1", receive.recv().unwrap()),
            certificate: cert.pem(),
        }
    }
}

/// Answers one request, as a language model or one of embeddings.
async fn answer(acceptor: TlsAcceptor, stream: TcpStream) {
    // A client that does not accept the certificate goes.
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.unwrap();
        assert_ne!(count, 0);
        request.extend_from_slice(&buffer[..count]);
    }
    let body = json!({
        "choices": [{ "message": { "content": "truffle" } }],
        "data": [{ "index": 0, "embedding": [0.5] }]
    });
    let body = body.to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
    let answer = format!("{head}{body}");
    stream.write_all(answer.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
}

#[test]
fn a_certificate_is_accepted_from_those_that_are_known_and_else_told_in_one_error() {
    let (server, other) = (Tls::start(), Tls::start());
    let folder = Folder::new()
        .with_bytes("known.pem", &server.certificate)
        .with_bytes("other.pem", &other.certificate)
        .with_bytes("t.jsonl", r#"{"id":"a","prompt":"p","text":"x"}"#);
    let score = |certificates: &str| {
        let url = &server.url;
        let score = "score --responses t.jsonl --model m --out m.safetensors --retries 0";
        let mut command = folder.command(&format!("{score} --embed {url}"));
        let command = command.env("SSL_CERT_FILE", certificates);
        let output = command.output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let ask = |certificates: &str| {
        let arguments = format!("--upstream {} --drafts 1", server.url);
        let variables = [("SSL_CERT_FILE", certificates)];
        let gateway = Gateway::start_with(&folder, &arguments, &variables);
        let answer = gateway.ask("/v1/chat/completions", &message("Tea?"));
        serde_json::from_str::<Value>(&answer).unwrap()
    };
    let (code, errors) = score("other.pem");
    assert!(errors.contains("certificate is not accepted: "), "{errors}");
    assert_eq!((code, errors.lines().count()), (Some(1), 1), "{errors}");
    let error = &ask("other.pem")["error"];
    assert_eq!(error["code"], "upstream_unreachable");
    let words = error["message"].as_str().unwrap();
    assert!(words.contains("certificate is not accepted: "), "{words}");

    assert_eq!(score("known.pem"), (Some(0), String::new()));
    assert_eq!(
        ask("known.pem")["choices"][0]["message"]["content"],
        "truffle"
    );
}
