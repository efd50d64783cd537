//! Ranks drafts for a person, and says why each stands where it does.
//!
//! Run it with `cargo run --example rank_drafts`.

use leaning::{
    Answer, Candidate, Deck, DeckCandidate, Dimension, Error, Interview, Options, RankOptions,
};

fn main() -> Result<(), Error> {
    // Drafts come from outside the deck, so the deck needs little more than its dimensions.
    let deck = Deck::builder("replies")
        .dimension(Dimension::new("brevity").ends("thorough", "brief"))
        .dimension(Dimension::new("warmth").ends("matter-of-fact", "warm"))
        .prompt(
            "p",
            [
                DeckCandidate::new("a", [1.2, 0.7]),
                DeckCandidate::new("b", [-1.0, -0.9]),
            ],
        )
        .build()?;
    let mut interview = Interview::start(deck, Options::default())?;

    // The person chose one of two drafts in earlier chats, and says that they like some warmth.
    let choice = |long: f64, short: f64| {
        [
            Candidate::new(format!("{long}/long"), [long, 0.4]),
            Candidate::new(format!("{short}/short"), [short, 0.1]),
        ]
    };
    interview.observe(&choice(-1.1, 0.9), Answer::Chose(1))?;
    interview.observe(&choice(-0.7, 1.3), Answer::Chose(1))?;
    interview.observe(&choice(-0.2, 0.2), Answer::Tie)?;
    interview.set_weight("warmth", 0.4)?;

    // The same scorer that scored the deck has scored these drafts.
    let drafts = [
        Candidate::new("an essay", [-1.4, 0.2]),
        Candidate::new("a paragraph", [0.1, 0.9]),
        Candidate::new("one line", [1.5, -0.3]),
    ];
    let ranked = interview.rank(&drafts, RankOptions::default())?;
    for candidate in &ranked {
        println!(
            "{}: the best with a probability of {:.0}%",
            drafts[candidate.index].name,
            100.0 * candidate.probability_best
        );
        for reason in candidate.reasons() {
            let dimension = &interview.deck().dimensions()[reason.dimension];
            let end = if reason.towards_high {
                &dimension.high
            } else {
                &dimension.low
            };
            let middle = match (reason.middle, reason.contribution > 0.0) {
                (true, true) => " (nearer the middle)",
                (true, false) => " (far from the middle)",
                (false, _) => "",
            };
            println!("  {:+.2} for being {end}{middle}", reason.contribution);
        }
    }
    assert_eq!(drafts[ranked[0].index].name, "one line");

    // A comparison of these drafts would still tell something, unless the best one is clear.
    match interview.compare(&drafts)? {
        Some(question) => println!(
            "Worth asking: {} or {}? The answer tells {:.2} bits.",
            question.candidates[0].name, question.candidates[1].name, question.score
        ),
        None => println!("Not worth asking."),
    }
    Ok(())
}
