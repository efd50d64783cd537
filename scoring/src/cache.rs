//! Answers that have been paid for, in a file.
//!
//! The file has a line of JSON per answer and is only ever appended to. A run that ends in the middle of a line loses that
//! answer alone. It holds hashes of requests and what models answered, but no text and no key.
//!
//! ```json
//! {"format":"leaning-answers-of-models/1"}
//! {"key":"92ba…","rows":[[4.25]],"tokens":{"prompt":181,"completion":1}}
//! {"key":"17fe…","unrated":"expected a digit from 1 to 5, found \"I cannot\"","tokens":{"prompt":181,"completion":6}}
//! {"key":"c04d…","vector":"…","tokens":{"prompt":12,"completion":0}}
//! ```

use crate::answer::{Answer, Reply};
use crate::lists::{from_base64, to_base64};
use crate::request::Fingerprint;
use crate::tokens::Tokens;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::Path;
use thiserror::Error;

const FORMAT: &str = "leaning-answers-of-models/1";
/// Rows of at least as many numbers are written as base64.
const LONG: usize = 16;

/// Answers by the fingerprint of their requests.
#[derive(Debug, Default)]
pub struct Cache {
    /// `None` if they are kept in memory only.
    file: Option<File>,
    answers: HashMap<Fingerprint, Reply>,
    broken: usize,
}

/// Why a file cannot be used as a cache.
#[derive(Debug, Error)]
pub enum CacheError {
    /// The system has not let it be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("expected a cache of answers, found something else; it is left as it is")]
    NotACache,
    /// Another process has it open.
    #[error("another run is using it")]
    InUse,
}

#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
}

#[derive(Serialize, Deserialize)]
struct Line {
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<Vec<f64>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vector: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unrated: Option<String>,
    #[serde(default)]
    tokens: Tokens,
}

impl Cache {
    /// A cache that is gone with the process.
    pub fn in_memory() -> Self {
        Cache::default()
    }

    /// Opens a cache, or makes one. Until it is dropped no other process can open it.
    ///
    /// # Errors
    /// If the file cannot be read or written, or is something else.
    pub fn open(path: &Path) -> Result<Self, CacheError> {
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(CacheError::InUse),
            // Some file systems have no locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let mut lines = bytes.split(|&byte| byte == b'\n');
        let header = lines.next().unwrap_or_default();
        if bytes.is_empty() || is_beginning_of_header(&bytes) {
            // New, or the run that made it ended at once.
            file.set_len(0)?;
            file.write_all(format!("{}\n", self::header()).as_bytes())?;
        } else if serde_json::from_slice(header).is_ok_and(|Header { format }| format == FORMAT) {
            if bytes.last() != Some(&b'\n') {
                // The half line stays, and ends here.
                file.write_all(b"\n")?;
            }
        } else {
            return Err(CacheError::NotACache);
        }
        let mut cache = Cache {
            file: Some(file),
            ..Cache::default()
        };
        for line in lines.filter(|line| !line.is_empty()) {
            match read(line) {
                Some((key, reply)) => {
                    cache.answers.insert(key, reply);
                }
                None => cache.broken += 1,
            }
        }
        Ok(cache)
    }

    /// The answer to the request of this fingerprint.
    pub fn get(&self, key: &Fingerprint) -> Option<&Reply> {
        self.answers.get(key)
    }

    /// Number of answers.
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// Whether it has no answers.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// Lines that could not be read. An interruption leaves one at most.
    pub fn broken_lines(&self) -> usize {
        self.broken
    }

    /// Keeps an answer. When this returns, the system has it.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn keep(&mut self, key: Fingerprint, reply: Reply) -> Result<(), CacheError> {
        if let Some(file) = &mut self.file {
            file.write_all(line(&key, &reply).as_bytes())?;
        }
        self.answers.insert(key, reply);
        Ok(())
    }
}

fn header() -> String {
    format!("{{\"format\":\"{FORMAT}\"}}")
}

fn is_beginning_of_header(bytes: &[u8]) -> bool {
    header().as_bytes().starts_with(bytes)
}

fn line(key: &Fingerprint, reply: &Reply) -> String {
    let mut line = Line {
        key: key.to_string(),
        rows: None,
        vector: None,
        names: Vec::new(),
        unrated: None,
        tokens: reply.tokens,
    };
    match &reply.answer {
        Answer::Unrated { because } => line.unrated = Some(because.clone()),
        Answer::Numbers { rows, names } => {
            line.names.clone_from(names);
            match &rows[..] {
                [row] if row.len() >= LONG => line.vector = to_base64(row),
                _ => {}
            }
            if line.vector.is_none() {
                line.rows = Some(rows.clone());
            }
        }
    }
    // Only maps with odd keys and failing writers make it fail.
    let json = serde_json::to_string(&line).unwrap_or_default();
    format!("{json}\n")
}

fn read(line: &[u8]) -> Option<(Fingerprint, Reply)> {
    let line: Line = serde_json::from_slice(line).ok()?;
    let answer = match (line.rows, line.vector, line.unrated) {
        (Some(rows), None, None) => Answer::Numbers {
            rows,
            names: line.names,
        },
        (None, Some(vector), None) => Answer::Numbers {
            rows: vec![from_base64(&vector)?],
            names: line.names,
        },
        (None, None, Some(because)) => Answer::Unrated { because },
        _ => return None,
    };
    let reply = Reply {
        answer,
        tokens: line.tokens,
    };
    Some((Fingerprint::from_hex(&line.key)?, reply))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Protocol;
    use crate::request::Request;
    use serde_json::Map;
    use std::fs;
    use tempfile::tempdir;

    fn key(number: u64) -> Fingerprint {
        let mut body = Map::new();
        body.insert("n".to_owned(), number.into());
        Request {
            protocol: Protocol::Chat,
            body,
            texts: 1,
        }
        .fingerprint()
    }

    fn replies() -> Vec<Reply> {
        let tokens = Tokens {
            prompt: 12,
            completion: 1,
        };
        let numbers = |rows, names: &[&str]| Answer::Numbers {
            rows,
            names: names.iter().map(|&name| name.to_owned()).collect(),
        };
        let long: Vec<f64> = (0..20).map(|n| f64::from(n) / 8.0).collect();
        let long_and_exact = vec![0.1; 20];
        [
            numbers(vec![vec![4.25], vec![0.1]], &[]),
            numbers(vec![vec![1.0, -2.0]], &["a", "b"]),
            numbers(vec![long], &[]),
            numbers(vec![long_and_exact], &[]),
            Answer::Unrated {
                because: "a \"quote\"\n".to_owned(),
            },
        ]
        .map(|answer| Reply { answer, tokens })
        .to_vec()
    }

    #[test]
    fn answers_are_read_as_they_were_kept() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("c");
        let mut cache = Cache::open(&path).unwrap();
        for (number, reply) in replies().into_iter().enumerate() {
            cache.keep(key(number as u64), reply).unwrap();
        }
        drop(cache);
        let cache = Cache::open(&path).unwrap();
        assert_eq!((cache.len(), cache.broken_lines()), (5, 0));
        for (number, reply) in replies().iter().enumerate() {
            assert_eq!(cache.get(&key(number as u64)), Some(reply));
        }
        assert_eq!(cache.get(&key(99)), None);
    }

    #[test]
    fn wherever_a_run_ends_only_the_last_answer_is_lost() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("c");
        let mut cache = Cache::open(&path).unwrap();
        for (number, reply) in replies().into_iter().enumerate() {
            cache.keep(key(number as u64), reply).unwrap();
        }
        drop(cache);
        let whole = fs::read(&path).unwrap();
        for end in 0..=whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            let lines = whole[..end].iter().filter(|&&byte| byte == b'\n').count();
            let mut cache = Cache::open(&path).unwrap();
            // A line is whole without its break, too.
            let kept = lines.saturating_sub(1);
            assert!((kept..=kept + 1).contains(&cache.len()), "{end}");
            assert!(cache.broken_lines() <= 1, "{end}");
            cache.keep(key(77), replies().remove(0)).unwrap();
            drop(cache);
            let cache = Cache::open(&path).unwrap();
            assert!(cache.get(&key(77)).is_some(), "{end}");
            assert!(cache.len() > kept, "{end}");
        }
    }

    #[test]
    fn another_file_is_left_as_it_is() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("responses.csv");
        for content in [
            "id,prompt,text\na,p,x\n",
            "{\"format\":\"leaning-deck/1\"}",
            "\n",
            "{",
        ] {
            fs::write(&path, content).unwrap();
            match Cache::open(&path) {
                // The beginning of a cache.
                Ok(_) => assert_eq!(content, "{"),
                Err(error) => {
                    assert!(matches!(error, CacheError::NotACache), "{error}");
                    assert_eq!(fs::read_to_string(&path).unwrap(), content);
                }
            }
        }
    }

    #[test]
    fn two_runs_cannot_use_it_at_once() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("c");
        let first = Cache::open(&path).unwrap();
        assert!(matches!(Cache::open(&path), Err(CacheError::InUse)));
        drop(first);
        Cache::open(&path).unwrap();
    }
}
