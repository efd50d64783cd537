//! Asks at the terminal which replies are better, and sums up the person's taste.
//!
//! Run it with `cargo run --example interview`.

use leaning::profile::{Confidence, Direction};
use leaning::{
    Answer, Deck, DeckCandidate, Dimension, Error, Interview, Options, Prompt, StopRule,
};
use std::io::{BufRead, stdin};

/// A deck about two base rewards. In practice a publisher scores hundreds of candidates beforehand.
fn deck() -> Result<Deck, Error> {
    let candidate = |id: &str, text: &str, scores: [f64; 2]| DeckCandidate {
        text: text.to_owned(),
        ..DeckCandidate::new(id, scores)
    };
    let prompt = |id: &str, text: &str, candidates: Vec<DeckCandidate>| Prompt {
        id: id.to_owned(),
        text: text.to_owned(),
        candidates,
    };
    Deck::builder("replies")
        .dimension(Dimension::new("brevity").ends("thorough", "brief"))
        .dimension(Dimension::new("warmth").ends("matter-of-fact", "warm"))
        .prompts([
            prompt(
                "egg",
                "How long does an egg take to boil?",
                vec![
                    candidate("a", "Eight minutes.", [1.6, -0.8]),
                    candidate("b", "Eight minutes. Enjoy your breakfast!", [0.9, 1.2]),
                    candidate(
                        "c",
                        "Six minutes for a soft yolk, eight for a firm one, ten for egg salad. \
                         Start in boiling water, and cool the egg at once.",
                        [-1.3, -0.4],
                    ),
                ],
            ),
            prompt(
                "train",
                "I missed my train. What now?",
                vec![
                    candidate("a", "Take the next one, at 9:40.", [1.2, -0.5]),
                    candidate("b", "Oh no! The next one leaves at 9:40.", [0.8, 0.9]),
                    candidate(
                        "c",
                        "That is annoying, I am sorry. The next one leaves at 9:40 from \
                         platform 3, and your ticket is still valid. There is a café on the way.",
                        [-1.1, 1.3],
                    ),
                ],
            ),
            prompt(
                "word",
                "What does “ephemeral” mean?",
                vec![
                    candidate("a", "Short-lived.", [1.8, -0.6]),
                    candidate("b", "Good question! It means short-lived.", [0.7, 1.1]),
                    candidate(
                        "c",
                        "Lasting for a very short time. From the Greek “ephemeros”, lasting a day.",
                        [-0.9, -0.7],
                    ),
                ],
            ),
        ])
        .build()
}

fn main() -> Result<(), Error> {
    let options = Options {
        stop: StopRule {
            questions: 6,
            ..StopRule::default()
        },
        ..Options::default()
    };
    let mut interview = Interview::start(deck()?, options)?;
    let mut lines = stdin().lock().lines();
    while let Some(question) = interview.question()? {
        let candidates = question.candidates.clone();
        let prompt = question.prompt.expect("the question is about the deck");
        let prompt = &interview.deck().prompts()[prompt];
        println!("\n{}", prompt.text);
        for (place, shown) in candidates.iter().enumerate() {
            println!("  {}: {}", place + 1, prompt.candidates[shown.index].text);
        }
        println!("Which is better? 1, 2, = (about the same), s (skip) or u (undo)");
        let Some(Ok(line)) = lines.next() else { break };
        match line.trim() {
            "1" => interview.answer(Answer::Chose(0))?,
            "2" => interview.answer(Answer::Chose(1))?,
            "=" => interview.answer(Answer::Tie)?,
            "s" => interview.answer(Answer::Skip)?,
            "u" if interview.undo() => println!("Undone."),
            _ => println!("That is none of the answers."),
        }
    }

    println!();
    let profile = interview.profile()?;
    for (dimension, estimate) in interview
        .deck()
        .dimensions()
        .iter()
        .zip(&profile.dimensions)
    {
        let end = match estimate.direction {
            Direction::Low => &dimension.low,
            Direction::High => &dimension.high,
        };
        let percent = 100.0 * estimate.probability_of_direction;
        match estimate.confidence {
            Confidence::High => println!("You like replies {end} ({percent:.0}%)."),
            Confidence::Moderate => println!("You probably like replies {end} ({percent:.0}%)."),
            Confidence::Low => println!("Nothing can be said about {} yet.", dimension.label),
        }
    }
    Ok(())
}
