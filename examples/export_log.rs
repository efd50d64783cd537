//! Exports the log of an interview as JSON and goes on from it, as another device would.
//!
//! Run it with `cargo run --example export_log`.

// JSON text is read and written natively only: browsers have a parser of their own.
#[cfg(not(target_family = "wasm"))]
fn main() -> Result<(), leaning::Error> {
    use leaning::{Answer, Deck, Interview, Log, Options};

    let deck = Deck::from_json(
        r#"{
            "format": "leaning-deck/1",
            "id": "replies",
            "dimensions": [
                { "id": "brevity", "low": "thorough", "high": "brief" },
                { "id": "warmth", "low": "matter-of-fact", "high": "warm" }
            ],
            "prompts": [
                { "id": "p1", "candidates": [{ "id": "a", "scores": [1.0, 0.2] },
                                             { "id": "b", "scores": [-1.0, 0.1] }] },
                { "id": "p2", "candidates": [{ "id": "a", "scores": [0.1, 1.0] },
                                             { "id": "b", "scores": [0.3, -1.0] }] }
            ]
        }"#,
    )?;
    let mut here = Interview::start(deck.clone(), Options::default())?;
    here.question()?;
    here.answer(Answer::Chose(0))?;
    here.question()?;
    here.answer(Answer::Tie)?;
    here.undo();

    // Nothing is ever removed from a log: the undo is an entry of its own.
    let text = here.log().to_json();
    println!("{text}");
    let log = Log::from_json(&text, &deck)?;
    assert_eq!((log.entries().len(), log.live().count()), (3, 1));

    // The same log gives the same posterior, bit for bit.
    let mut there = Interview::open(deck, log, Options::default())?;
    let (a, b) = (
        here.laplace_approximation()?,
        there.laplace_approximation()?,
    );
    assert_eq!((a.mean(), a.covariance()), (b.mean(), b.covariance()));

    // Answers on either device can be merged in any order.
    there.question()?;
    there.answer(Answer::Chose(1))?;
    here.merge(there.log().clone())?;
    assert_eq!(here.counts(), (2, 2));
    Ok(())
}

#[cfg(target_family = "wasm")]
fn main() {}
