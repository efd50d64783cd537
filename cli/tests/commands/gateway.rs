//! `leaning gateway`. The crate `leaning-gateway` has the tests of the protocol.

use crate::{DEMO, Folder, demo, plain_deck};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Child;
use std::thread;

/// A gateway that runs until it is dropped.
pub struct Gateway {
    child: Child,
    pub report: Value,
}

impl Gateway {
    pub fn start(folder: &Folder, arguments: &str) -> Self {
        Gateway::start_with(folder, arguments, &[])
    }

    pub fn start_with(folder: &Folder, arguments: &str, variables: &[(&str, &str)]) -> Self {
        let mut command = folder.command(&format!("gateway --listen 127.0.0.1:0 {arguments}"));
        let mut child = command.envs(variables.iter().copied()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.as_mut().unwrap());
        stdout.read_line(&mut line).unwrap();
        let report = serde_json::from_str(&line);
        let report = report.unwrap_or_else(|_| {
            let mut errors = String::new();
            let _ = child.stderr.as_mut().unwrap().read_to_string(&mut errors);
            panic!("{line}{errors}")
        });
        Gateway { child, report }
    }

    /// The body of the answer to a request.
    pub fn ask(&self, path: &str, body: &Value) -> String {
        self.ask_as("localhost", path, body)
    }

    /// The same for a request that names this host.
    fn ask_as(&self, host: &str, path: &str, body: &Value) -> String {
        let address = self.report["listening"].as_str().unwrap();
        let address = address.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             cookie: nougat\r\nauthorization: Bearer praline\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        body.to_owned()
    }

    /// The object `leaning` of the answer to a message, which is the same whole and streamed, and the
    /// number of drafts.
    pub fn scores(&self, message: &Value) -> (Value, usize) {
        let path = "/v1/chat/completions";
        let answer = self.ask(path, message);
        let mut whole: Value = serde_json::from_str(&answer).expect(&answer);
        let leaning = whole["leaning"].take();
        let drafts = whole["choices"].as_array().expect(&answer).len();
        let mut streaming = message.clone();
        streaming["stream"] = json!(true);
        let answer = self.ask(path, &streaming);
        let events = answer.lines().filter_map(|line| {
            let data = line.strip_prefix("data: ")?;
            serde_json::from_str::<Value>(data).ok()
        });
        let mut streamed = events.filter_map(|event| event.get("leaning").cloned());
        assert_eq!(streamed.next().as_ref(), Some(&leaning), "{answer}");
        (leaning, drafts)
    }

    /// Asks it to end. Returns the exit code and all that it has written.
    #[cfg(unix)]
    pub fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let mut kill = std::process::Command::new("kill");
        let pid = self.child.id().to_string();
        assert!(kill.args([signal, &pid]).status().unwrap().success());
        let code = self.child.wait().unwrap().code();
        let mut written = String::new();
        let (stdout, stderr) = (&mut self.child.stdout, &mut self.child.stderr);
        stdout
            .as_mut()
            .unwrap()
            .read_to_string(&mut written)
            .unwrap();
        stderr
            .as_mut()
            .unwrap()
            .read_to_string(&mut written)
            .unwrap();
        (code, written)
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn message(text: &str) -> Value {
    json!({ "model": "m", "messages": [{ "role": "user", "content": text }] })
}

/// The basis that scores the styles of the demo's deck.
fn style_basis() -> Value {
    let file = DEMO.replace("assistant-style-en", "style-basis");
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// The demo's deck with its basis.
fn styled_deck() -> Value {
    let mut deck = demo();
    deck["basis"] = style_basis()["basis"].clone();
    deck
}

#[test]
fn drafts_of_the_stand_in_have_the_scores_that_build_gives_them() {
    let folder = Folder::new().with("d.json", &styled_deck());
    let gateway = Gateway::start(&folder, "--stand-in --deck d.json --drafts 3");
    assert_eq!(gateway.report["upstream"], "stand-in");
    assert_eq!(gateway.report["deck"]["id"], "assistant-style-en");
    let answer = gateway.ask("/v1/chat/completions", &message("How do I fold a sheet?"));
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let choices = answer["choices"].as_array().unwrap();
    assert_eq!(choices.len(), 3);
    let row = |(place, choice): (usize, &Value)| json!({ "id": place.to_string(), "prompt": "p", "text": choice["message"]["content"] });
    let rows: Vec<String> = choices
        .iter()
        .enumerate()
        .map(|of| row(of).to_string())
        .collect();
    let folder = folder.with_bytes("r.jsonl", rows.join("\n"));
    let built = folder.run("build --responses r.jsonl --basis d.json");
    let built = built.result_and_notes();
    let candidates = built["prompts"][0]["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 3);
    let scores: Vec<&Value> = candidates.iter().map(|of| &of["scores"]).collect();
    assert_eq!(answer["leaning"]["scores"], json!(scores));
}

#[test]
fn a_basis_from_another_file_scores_as_the_decks_own() {
    let folder = Folder::new()
        .with("own.json", &styled_deck())
        .with("plain.json", &demo())
        .with("basis.json", &style_basis());
    let scores = |deck: &str| {
        let gateway = Gateway::start(&folder, &format!("--stand-in --drafts 2 {deck}"));
        let answer = gateway.ask("/v1/chat/completions", &message("How do I fold a sheet?"));
        serde_json::from_str::<Value>(&answer).unwrap()["leaning"].take()
    };
    let own = scores("--deck own.json");
    assert_eq!(own["scores"][0].as_array().unwrap().len(), 6);
    assert_eq!(scores("--deck plain.json --basis basis.json"), own);
    assert_eq!(scores("--deck plain.json --basis own.json"), own);
}

#[test]
fn it_answers_for_this_machine_and_the_hosts_that_are_named() {
    let path = "/v1/chat/completions";
    let gateway = Gateway::start(&Folder::new(), "--stand-in --drafts 1 --host chat.example");
    for host in ["localhost:8787", "chat.example"] {
        let answer = gateway.ask_as(host, path, &message("hi"));
        assert!(answer.contains("choices"), "{answer}");
    }
    let answer = gateway.ask_as("evil.example", path, &message("hi"));
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["error"]["code"], "host_not_allowed");
    let words = answer["error"]["message"].as_str().unwrap();
    assert!(words.contains("--host"), "{words}");
}

/// An upstream server that answers one request, and returns it.
fn one_answer() -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let served = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"}") {
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer).unwrap();
            request.extend_from_slice(&buffer[..count]);
        }
        let body = json!({ "choices": [{ "message": { "content": "truffle" } }] }).to_string();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
        stream
            .write_all(format!("{head}{body}").as_bytes())
            .unwrap();
        String::from_utf8(request).unwrap()
    });
    (url, served)
}

#[cfg(unix)]
#[test]
fn the_most_verbose_log_has_no_message_no_draft_no_key_and_no_query() {
    let (url, served) = one_answer();
    let variables = [("MY_KEY", "fondant")];
    let arguments = format!("--upstream {url} --key-from MY_KEY --drafts 1 --log trace");
    let gateway = Gateway::start_with(&Folder::new(), &arguments, &variables);
    let report = gateway.report.to_string();
    let path = "/v1/chat/completions?token=caramel";
    assert!(gateway.ask(path, &message("marzipan")).contains("truffle"));
    // Paths that there are not, a wrong request, and an upstream server that has gone.
    gateway.ask("/toffee", &message("marzipan"));
    gateway.ask(path, &json!({ "messages": "marzipan" }));
    gateway.ask(path, &message("marzipan"));
    let request = served.join().unwrap();
    assert!(
        request
            .to_lowercase()
            .contains("authorization: bearer fondant"),
        "{request}"
    );
    assert!(
        request.contains("marzipan") && !request.contains("praline"),
        "{request}"
    );
    let (code, written) = gateway.end("-TERM");
    assert_eq!(code, Some(0), "{written}");
    let lines = written
        .lines()
        .filter(|line| line.contains(" request method=\"POST\""));
    assert_eq!(lines.count(), 4, "{written}");
    assert!(
        written.contains("path=\"/v1/chat/completions\" status=200"),
        "{written}"
    );
    assert!(written.contains("path=\"other\" status=404"), "{written}");
    for secret in [
        "marzipan", "truffle", "fondant", "praline", "caramel", "nougat", "toffee",
    ] {
        let found = written.contains(secret) || report.contains(secret);
        assert!(!found, "{secret}: {report}{written}");
    }
}

#[cfg(unix)]
#[test]
fn both_signals_end_it_and_the_log_can_be_off() {
    for signal in ["-INT", "-TERM"] {
        let gateway = Gateway::start(&Folder::new(), "--stand-in --log off");
        gateway.ask("/v1/chat/completions", &message("hi"));
        assert_eq!(gateway.end(signal), (Some(0), String::new()));
    }
}

#[cfg(unix)]
#[test]
fn a_second_signal_does_not_wait_for_what_is_in_work() {
    // It takes the connection and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let arguments = format!("--upstream {url} --grace 3600 --timeout 3600");
    let mut gateway = Gateway::start(&Folder::new(), &arguments);
    let address = gateway.report["listening"]
        .as_str()
        .unwrap()
        .replace("http://", "");
    let body = message("hi").to_string();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    let length = body.len();
    let request = format!("{head}content-length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).unwrap();
    let upstream = listener.accept().unwrap();
    let pid = gateway.child.id().to_string();
    let signal = || {
        std::process::Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
    };
    signal();
    let mut line = String::new();
    let mut log = BufReader::new(gateway.child.stderr.take().unwrap());
    while !line.contains("no more connections") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0);
    }
    assert!(gateway.child.try_wait().unwrap().is_none());
    signal();
    assert_eq!(gateway.child.wait().unwrap().code(), Some(0));
    drop(upstream);
}

#[test]
fn wrong_options_and_files_are_told_before_anything_is_served() {
    let mut columns = plain_deck();
    let names = json!(["style:words", "price"]);
    columns["basis"] =
        json!({ "features": names, "mean": [0, 0], "scale": [1, 1], "head": [[1, 1]] });
    let mut foreign = styled_deck();
    foreign["language"] = json!("de");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut other = styled_deck();
    other["dimensions"][0]["id"] = json!("haste");
    let mut short = style_basis();
    short["deck"] = json!("plain");
    let folder = Folder::new()
        .with("demo.json", &demo())
        .with("other.json", &other)
        .with("style.json", &style_basis())
        .with("short.json", &short)
        .with("plain.json", &plain_deck())
        .with("columns.json", &columns)
        .with("foreign.json", &foreign)
        .with("list.json", &json!([{}, { "temperature": "hot" }]))
        .with("typo.json", &json!([{ "instructions": "Be brief." }]))
        .with("fine.json", &json!([{}, { "instruction": "Be brief." }]));
    for (arguments, expected) in [
        (
            "--upstream ftp://x",
            "--upstream: expected an address that begins with http",
        ),
        (
            "--upstream http://a:hush@x",
            "--upstream: expected no name or password",
        ),
        (
            "--upstream http://x --key-from NO_SUCH",
            "--key-from: the environment variable NO_SUCH is not set",
        ),
        (
            "--stand-in --drafts 9",
            "--drafts: expected a number from 1 to 8, found 9",
        ),
        (
            "--stand-in --drafts 0",
            "--drafts: expected a number from 1 to 8, found 0",
        ),
        (
            "--stand-in --unlike fine.json --ask once",
            "--unlike: drafts of one upstream",
        ),
        (
            "--stand-in --site . --site /=..",
            "--site: / is given to two folders",
        ),
    ] {
        let outcome = folder.run(&format!("gateway {arguments}"));
        let message = outcome.wrong_option();
        assert!(
            message.starts_with(&format!("leaning: {expected}")),
            "{message}"
        );
        assert!(!message.contains("hush"), "{message}");
    }
    let in_use = format!("--stand-in --listen {}", taken.local_addr().unwrap());
    for (arguments, expected) in [
        (
            "--stand-in --deck plain.json",
            "plain.json: basis: expected one",
        ),
        (
            "--stand-in --deck plain.json --basis style.json",
            "style.json: deck: expected \"plain\", found \"assistant-style-en\"",
        ),
        (
            "--stand-in --deck plain.json --basis short.json",
            "short.json: basis.head: expected 1 rows as dimensions, found 6",
        ),
        (
            "--stand-in --deck demo.json --basis other.json",
            "other.json: dimensions: expected brevity, ",
        ),
        (
            "--stand-in --deck demo.json --basis plain.json",
            "plain.json: dimensions: expected brevity, ",
        ),
        (
            "--stand-in --deck demo.json --basis fine.json",
            "fine.json: expected an object with a basis",
        ),
        (
            "--stand-in --deck columns.json",
            "columns.json: basis.features[1]: expected a feature of style",
        ),
        (
            "--stand-in --deck foreign.json",
            "foreign.json: language: style cannot be measured",
        ),
        (
            "--stand-in --unlike list.json",
            "list.json: [1].temperature: invalid type",
        ),
        (
            "--stand-in --unlike typo.json",
            "typo.json: [0].instructions: unknown field",
        ),
        (&in_use, "127.0.0.1:"),
    ] {
        let outcome = folder.run(&format!("gateway {arguments}"));
        let message = outcome.failure();
        assert!(
            message.starts_with(&format!("leaning: {expected}")),
            "{message}"
        );
    }
    for arguments in [
        "",
        "--stand-in --upstream http://x",
        "--stand-in --key-from KEY",
        "--stand-in --basis basis.json",
        "--stand-in --allow-origin *",
        "--stand-in --site nowhere",
        "--stand-in --site /pkg=nowhere",
        "--stand-in --site /{x}=.",
        "--stand-in --host *",
        "--stand-in --host chat.example:8787",
        "--stand-in --timeout 0",
        "--stand-in --log loud",
    ] {
        folder.run(&format!("gateway {arguments}")).usage();
    }
}

#[test]
fn at_a_terminal_it_says_where_it_listens() {
    let folder = Folder::new().with("d.json", &styled_deck());
    let arguments = "gateway --listen 127.0.0.1:0 --stand-in --deck d.json --format text";
    let mut child = folder
        .command(arguments)
        .env("COLUMNS", "40")
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut page = Vec::new();
    while !page
        .last()
        .is_some_and(|line: &String| line.contains("Ctrl-C"))
    {
        page.push(lines.next().unwrap().unwrap());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let page = page.join("\n");
    assert!(page.contains("Listening at http://127.0.0.1:"), "{page}");
    assert!(
        page.contains("4 drafts for each message") && page.contains("brevity"),
        "{page}"
    );
    assert!(
        page.lines().all(|line| line.chars().count() <= 40),
        "{page}"
    );
}
