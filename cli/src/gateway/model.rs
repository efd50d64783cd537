//! A model that is asked for features of drafts while a person waits.
//!
//! Nothing that it says or is told is kept, and no message repeats a word of it.

use crate::models::{EmbeddingModel, RewardModel};
use futures_util::future::try_join_all;
use leaning_scoring::judge::MOST_TOGETHER;
use leaning_scoring::{Answer, Client, Error, Judge, Request, Rubric};
use tokio::sync::Semaphore;

/// The beginning of the name of a number of an embedding, as `leaning score --embed` makes them.
const EMBEDDED: &str = "features";
/// Texts whose embeddings are asked for at once.
const BATCH: usize = 32;

/// The features of a text, or why the model has none for it.
pub type Features = Result<Vec<f64>, String>;

/// A feature of a basis: its place there, and its name.
pub type Wanted = (usize, String);

/// A model behind a server.
#[derive(Debug)]
pub struct Model {
    client: Client,
    /// Room for requests, for all messages together.
    room: Semaphore,
    asked: Asked,
}

/// The model's kind, and what is wanted of it.
#[derive(Debug)]
pub enum Asked {
    /// A judge with a scale for each feature.
    Judge { judge: Judge, together: bool },
    /// The heads of these names.
    Rewards {
        model: RewardModel,
        names: Vec<String>,
    },
    /// The numbers at these places.
    Embed {
        model: EmbeddingModel,
        places: Vec<usize>,
    },
}

/// Checks that each feature is one of `known`, which are what `expected` says.
///
/// # Errors
/// A message with the place in the basis.
pub fn check(wanted: &[Wanted], known: &[&str], expected: &str) -> Result<(), String> {
    let is_unknown = |(_, name): &&Wanted| !known.contains(&name.as_str());
    match wanted.iter().find(is_unknown) {
        Some((k, name)) => {
            let known = known.join(", ");
            Err(unknown(*k, name, &format!("{expected} ({known})")))
        }
        None => Ok(()),
    }
}

/// The error of a feature that nobody has.
pub fn unknown(k: usize, name: &str, expected: &str) -> String {
    format!("basis.features[{k}]: expected {expected}, found {name:?}")
}

/// The scales with the names of these features, in their order.
///
/// # Errors
/// A message with the place in the basis.
pub fn scales(rubric: &Rubric, wanted: &[Wanted]) -> Result<Rubric, String> {
    let scales = rubric.scales();
    let known: Vec<&str> = scales.iter().map(|scale| scale.id.as_str()).collect();
    check(wanted, &known, "a dimension of the rubric")?;
    let scale = |(_, name): &Wanted| scales.iter().find(|scale| scale.id == *name);
    Rubric::new(wanted.iter().filter_map(scale).cloned().collect())
}

impl Asked {
    /// The heads with the names of these features. If the command line names none, the server does.
    ///
    /// # Errors
    /// A message with the place in the basis.
    pub fn rewards(model: RewardModel, wanted: &[Wanted]) -> Result<Self, String> {
        let known: Vec<&str> = model.names.iter().map(String::as_str).collect();
        if !known.is_empty() {
            check(wanted, &known, "one of --names")?;
        }
        let names = wanted.iter().map(|(_, name)| name.clone()).collect();
        Ok(Asked::Rewards { model, names })
    }

    /// The numbers that these features name: `features0` and so on.
    ///
    /// # Errors
    /// A message with the place in the basis.
    pub fn embed(model: EmbeddingModel, wanted: &[Wanted]) -> Result<Self, String> {
        let place = |(k, name): &Wanted| {
            let place = name.strip_prefix(EMBEDDED).and_then(|of| of.parse().ok());
            let expected = "a number of an embedding such as features0";
            place.ok_or_else(|| unknown(*k, name, expected))
        };
        let places = wanted.iter().map(place).collect::<Result<_, _>>()?;
        Ok(Asked::Embed { model, places })
    }

    /// The kind of model, for people.
    pub fn name(&self) -> &'static str {
        match self {
            Asked::Judge { .. } => "judge",
            Asked::Rewards { .. } => "reward model",
            Asked::Embed { .. } => "model of embeddings",
        }
    }
}

impl Model {
    /// A model that at most `concurrency` requests are sent to at once.
    pub fn new(client: Client, concurrency: usize, asked: Asked) -> Self {
        Model {
            client,
            room: Semaphore::new(concurrency),
            asked,
        }
    }

    /// The wanted features of texts that answer a prompt. Equal texts are asked about once. Requests
    /// under way end when the future is dropped.
    ///
    /// # Errors
    /// A message if the server fails, or has features for none of the texts.
    pub async fn features(&self, prompt: &str, texts: &[String]) -> Result<Vec<Features>, String> {
        let mut different: Vec<&str> = Vec::new();
        let mut places = Vec::with_capacity(texts.len());
        for text in texts {
            let known = different.iter().position(|other| other == text);
            places.push(known.unwrap_or(different.len()));
            if known.is_none() {
                different.push(text);
            }
        }
        let found = match &self.asked {
            Asked::Judge { judge, together } => {
                let groups = different.chunks(if *together { MOST_TOGETHER } else { 1 });
                let rated = groups.map(|group| self.ratings(judge, prompt, group));
                try_join_all(rated).await?.concat()
            }
            Asked::Rewards { model, names } => {
                let texts = different.iter();
                let heads = texts.map(|text| self.heads(model, names, prompt, text));
                try_join_all(heads).await?
            }
            Asked::Embed { model, places } => {
                let batches = different.chunks(BATCH);
                let embedded = batches.map(|batch| self.numbers(model, places, prompt, batch));
                try_join_all(embedded).await?.concat()
            }
        };
        match found.first() {
            Some(Err(because)) if found.iter().all(Result::is_err) => Err(because.clone()),
            _ => Ok(places.into_iter().map(|k| found[k].clone()).collect()),
        }
    }

    /// The mean ratings of some texts on all scales.
    async fn ratings(
        &self,
        judge: &Judge,
        prompt: &str,
        texts: &[&str],
    ) -> Result<Vec<Features>, String> {
        let (scales, phrasings) = (judge.rubric().scales().len(), judge.phrasings());
        let requests = (0..scales * phrasings).map(|number| async move {
            let (scale, phrasing) = (number / phrasings, number % phrasings);
            let answer = self.ask_one(|| judge.request(scale, phrasing, prompt, texts));
            let ratings = |answer| {
                let ratings = judge.ratings(phrasing, &answer);
                ratings.map_err(|_| self.unrated())
            };
            Ok::<_, String>(answer.await?.and_then(ratings))
        });
        let rated: Vec<Result<Vec<f64>, String>> = try_join_all(requests).await?;
        let mean = |text: usize, of_scale: &[Result<Vec<f64>, String>]| -> Result<f64, String> {
            let ratings = of_scale.iter().map(|ratings| Ok(ratings.as_ref()?[text]));
            // A phrasing that is missing would move the mean, so the mean is missing, too.
            let sum: Result<f64, &String> = ratings.sum();
            Ok(sum? / phrasings as f64)
        };
        let row = |text: usize| {
            let scales = rated.chunks(phrasings);
            scales.map(|of_scale| mean(text, of_scale)).collect()
        };
        Ok((0..texts.len()).map(row).collect())
    }

    /// The heads of these names.
    async fn heads(
        &self,
        model: &RewardModel,
        wanted: &[String],
        prompt: &str,
        text: &str,
    ) -> Result<Features, String> {
        let answer = self.ask_one(|| model.request(prompt, text)).await?;
        let (numbers, names) = match answer {
            Ok(Answer::Numbers { rows, names }) => (rows.concat(), names),
            Ok(Answer::Unrated { .. }) => return Ok(Err(self.unrated())),
            Err(because) => return Ok(Err(because)),
        };
        let names = model.named(&numbers, &names)?;
        let head = |name: &String| {
            let place = names.iter().position(|found| found == name);
            place.map(|place| numbers[place])
        };
        let heads: Option<Vec<f64>> = wanted.iter().map(head).collect();
        heads.map(Ok).ok_or_else(|| {
            let wanted = wanted.join(", ");
            format!("the reward model has other heads than the basis needs, which are {wanted}")
        })
    }

    /// The numbers of embeddings at these places.
    async fn numbers(
        &self,
        model: &EmbeddingModel,
        places: &[usize],
        prompt: &str,
        texts: &[&str],
    ) -> Result<Vec<Features>, String> {
        let request = |text: &&str| model.request(prompt, text);
        let mut answers = self.ask(|| texts.iter().map(request).collect()).await?;
        if texts.len() > 1 && answers.iter().all(Result::is_err) {
            // Perhaps a single text is to blame.
            let alone = texts.iter().map(|text| self.ask_one(move || request(text)));
            answers = try_join_all(alone).await?;
        }
        let width = places.iter().max().map_or(0, |last| last + 1);
        let numbers = |answer: Result<Answer, String>| {
            let numbers = match answer {
                Ok(Answer::Numbers { rows, .. }) => rows.concat(),
                Ok(Answer::Unrated { .. }) => return Ok(Err(self.unrated())),
                Err(because) => return Ok(Err(because)),
            };
            if numbers.len() == width {
                Ok(Ok(places.iter().map(|&place| numbers[place]).collect()))
            } else {
                let found = numbers.len();
                Err(format!(
                    "the basis is of embeddings of {width} numbers, and the model's have {found}"
                ))
            }
        };
        answers.into_iter().map(numbers).collect()
    }

    async fn ask_one(
        &self,
        request: impl FnOnce() -> Request,
    ) -> Result<Result<Answer, String>, String> {
        let mut answers = self.ask(|| vec![request()]).await?;
        Ok(answers.pop().unwrap_or_else(|| Err(self.unrated())))
    }

    /// The answers to requests that are sent as one, or why there is none to one of them. The
    /// requests are made when there is room for them, since thousands may wait.
    ///
    /// # Errors
    /// A message if other requests would fail, too.
    async fn ask(
        &self,
        requests: impl FnOnce() -> Vec<Request>,
    ) -> Result<Vec<Result<Answer, String>>, String> {
        // It is never closed.
        let _permit = self.room.acquire().await;
        let requests = requests();
        let asked: Vec<&Request> = requests.iter().collect();
        match self.client.ask(&asked).await {
            Ok(replies) => Ok(replies.into_iter().map(|reply| Ok(reply.answer)).collect()),
            Err(error @ Error::Refused { .. }) if !error.concerns_all() => {
                Ok(vec![Err(self.failed(&error)); asked.len()])
            }
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn unrated(&self) -> String {
        format!("the {} answered with no number", self.asked.name())
    }

    /// The failure without the server's words, which may repeat the conversation.
    fn failed(&self, error: &Error) -> String {
        let name = self.asked.name();
        match error {
            Error::Refused { status, .. } => format!("the {name} refused a request ({status})"),
            Error::Untrusted { because } => {
                format!("the {name}'s certificate is not accepted: {because}")
            }
            Error::Unanswered { .. } => format!("the {name} gave no answer"),
            Error::Unreadable(_) => format!("the {name} answered in another form"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Model};
    use axum::routing::post;
    use axum::{Json, Router};
    use leaning_scoring::{Address, Client, Judge, Rubric, Settings};
    use serde_json::json;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::net::TcpListener;

    /// The number of requests to a server: under way now, the most at once, and all.
    #[derive(Default)]
    struct Counts {
        now: AtomicUsize,
        most: AtomicUsize,
        all: AtomicUsize,
    }

    #[tokio::test]
    async fn messages_share_the_requests_that_may_be_under_way() {
        let counts = Arc::new(Counts::default());
        let seen = Arc::clone(&counts);
        let answer = move || async move {
            let now = seen.now.fetch_add(1, Ordering::SeqCst) + 1;
            seen.most.fetch_max(now, Ordering::SeqCst);
            seen.all.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(10)).await;
            seen.now.fetch_sub(1, Ordering::SeqCst);
            Json(json!({ "choices": [{ "message": { "content": "4" } }] }))
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/chat/completions", post(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });

        let rubric = json!({ "x": { "low": "a", "high": "b" }, "y": { "low": "c", "high": "d" } });
        let judge = Judge::new("m", Rubric::read(&rubric).unwrap(), 1);
        let asked = Asked::Judge {
            judge,
            together: false,
        };
        let client = Client::new(Settings::new(Address::parse(&url).unwrap())).unwrap();
        let model = Model::new(client, 3, asked);
        let texts = ["one", "two", "three"].map(str::to_owned);
        let (first, second) =
            tokio::join!(model.features("p", &texts), model.features("q", &texts));
        let expected = vec![Ok(vec![4.0, 4.0]); 3];
        assert_eq!((first, second), (Ok(expected.clone()), Ok(expected)));
        assert_eq!(counts.all.load(Ordering::SeqCst), 12);
        let most = counts.most.load(Ordering::SeqCst);
        assert!(most <= 3, "{most}");
    }
}
