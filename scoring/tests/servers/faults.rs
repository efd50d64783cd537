//! Servers that fail.

use crate::stub::{Stub, about, chat, judge, key, ok, status};
use axum::response::IntoResponse;
use leaning_scoring::{Address, Answer, Client, Error, Retry, Settings};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

/// The rating of the one text of a request, and how the server was asked.
async fn rating(stub: &Stub) -> Result<f64, Error> {
    let reply = stub.client().ask(&[&about(0)]).await?.remove(0);
    Ok(judge().ratings(0, &reply.answer).unwrap()[0])
}

#[tokio::test]
async fn too_many_requests_are_waited_for() {
    let stub = Stub::start(|number, _| match number {
        0 => ([("retry-after", "0")], status(429, "slow down")).into_response(),
        1 => status(429, "still"),
        _ => ok(&chat("4")),
    })
    .await;
    // The header does not change the status.
    assert_eq!(rating(&stub).await, Ok(4.0));
    assert_eq!(stub.arrived().len(), 3);
}

#[tokio::test]
async fn a_wait_of_an_hour_is_not_waited_for() {
    let stub = Stub::start(|_, _| {
        let mut response = status(429, r#"{"error":{"message":"quota"}}"#);
        response
            .headers_mut()
            .insert("retry-after", "3600".parse().unwrap());
        response
    })
    .await;
    let expected = Error::Unanswered {
        attempts: 1,
        last: "429: quota".to_owned(),
    };
    assert_eq!(rating(&stub).await, Err(expected));
}

#[tokio::test]
async fn a_failure_of_the_server_passes_or_ends_the_request_at_the_limit() {
    let stub = Stub::start(|number, _| match number {
        0 => status(500, "oops"),
        1 => status(503, "loading"),
        _ => ok(&chat("2")),
    })
    .await;
    assert_eq!(rating(&stub).await, Ok(2.0));
    let down = Stub::start(|_, _| status(502, "<html>Bad Gateway</html>")).await;
    let expected = Error::Unanswered {
        attempts: 4,
        last: "502: <html>Bad Gateway</html>".to_owned(),
    };
    assert_eq!(rating(&down).await, Err(expected));
    assert_eq!(down.arrived().len(), 4);
}

#[tokio::test]
async fn half_a_reply_is_asked_for_again() {
    let stub = Stub::start(|number, _| match number {
        0 => status(200, r#"{"choices":[{"message":{"cont"#),
        _ => ok(&chat("5")),
    })
    .await;
    assert_eq!(rating(&stub).await, Ok(5.0));
    assert_eq!(stub.arrived().len(), 2);
}

#[tokio::test]
async fn a_connection_that_breaks_off_is_made_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        for reply in [r#"{"choices":[{"mess"#.to_owned(), chat("3").to_string()] {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 1 << 16];
            let _ = stream.read(&mut buffer).unwrap();
            let length = chat("3").to_string().len();
            let head =
                format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            stream
                .write_all(format!("{head}{reply}").as_bytes())
                .unwrap();
        }
    });
    let stub = client(&address);
    let reply = stub.ask(&[&about(0)]).await.unwrap().remove(0);
    assert_eq!(reply.answer, Answer::numbers(vec![vec![3.0]]));
    assert_eq!(stub.retried(), 1);
    server.join().unwrap();
}

fn client(address: &str) -> Client {
    let settings = Settings {
        retry: Retry {
            limit: 9,
            first: Duration::from_millis(1),
            longest: Duration::from_millis(2),
            ..Retry::default()
        },
        ..Settings::new(Address::parse(address).unwrap())
    };
    Client::new(settings).unwrap()
}

#[tokio::test]
async fn a_server_that_is_not_there_is_soon_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let Err(Error::Unanswered { attempts, last }) = client(&address).ask(&[&about(0)]).await else {
        panic!()
    };
    assert_eq!(attempts, 3);
    assert!(last.to_lowercase().contains("refused"), "{last}");
}

#[tokio::test]
async fn a_server_that_never_answers_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = Address::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let settings = Settings {
        time_limit: Duration::from_millis(50),
        retry: Retry {
            limit: 1,
            first: Duration::from_millis(1),
            longest: Duration::from_millis(1),
            ..Retry::default()
        },
        ..Settings::new(address)
    };
    let error = Client::new(settings).unwrap().ask(&[&about(0)]).await;
    let expected = Error::Unanswered {
        attempts: 2,
        last: "no reply within 0.05 s".to_owned(),
    };
    assert_eq!(error, Err(expected));
}

#[tokio::test]
async fn a_refusal_is_final_and_says_what_the_server_says_without_the_key() {
    let stub = Stub::start(|_, arrived| {
        assert_eq!(arrived.headers["authorization"], "Bearer sk-secret");
        let message = format!(
            "Incorrect API key provided: sk-secret.{}",
            " More.".repeat(100)
        );
        status(
            401,
            serde_json::json!({ "error": { "message": message } }).to_string(),
        )
    })
    .await;
    let client = stub.client_with(|settings| Settings {
        key: key(),
        ..settings
    });
    let error = client.ask(&[&about(0)]).await.unwrap_err();
    let Error::Refused { status, message } = &error else {
        panic!("{error}")
    };
    assert_eq!(*status, 401);
    assert!(
        message.starts_with("Incorrect API key provided: …. More."),
        "{message}"
    );
    assert!(message.ends_with('…') && message.len() < 300, "{message}");
    assert!(error.concerns_all());
    assert_eq!(stub.arrived().len(), 1);
    assert!(!format!("{client:?}").contains("sk-secret"));
}

#[tokio::test]
async fn the_key_does_not_follow_to_another_address() {
    let other = Stub::start(|_, _| ok(&chat("1"))).await;
    let target = format!("{}/chat/completions", other.address);
    let stub = Stub::start(move |_, _| {
        let mut response = status(307, "");
        response
            .headers_mut()
            .insert("location", target.parse().unwrap());
        response
    })
    .await;
    let client = stub.client_with(|settings| Settings {
        key: key(),
        ..settings
    });
    let error = client.ask(&[&about(0)]).await.unwrap_err();
    assert!(
        matches!(error, Error::Refused { status: 307, .. }),
        "{error}"
    );
    assert!(other.arrived().is_empty());
}

#[tokio::test]
async fn a_failure_that_is_reported_as_a_success_is_told() {
    let stub =
        Stub::start(|_, _| status(200, r#"{"error":{"message":"No endpoints found"}}"#)).await;
    let expected = Error::Unreadable("the server says: No endpoints found".to_owned());
    assert_eq!(rating(&stub).await, Err(expected));
}

#[tokio::test]
async fn a_reply_of_another_protocol_is_an_error_at_once() {
    let stub = Stub::start(|_, _| status(200, r#"{"hello":"world"}"#)).await;
    let error = rating(&stub).await.unwrap_err();
    assert!(
        matches!(&error, Error::Unreadable(message) if message.contains("choices")),
        "{error}"
    );
    assert_eq!(stub.arrived().len(), 1);
}
