//! Prints the features of a text: `cargo run -p leaning-style --example measure < README.md`.

use leaning_style::{ENGLISH, FEATURES, Lexicon};

fn main() -> std::io::Result<()> {
    let text = std::io::read_to_string(std::io::stdin())?;
    for (feature, value) in FEATURES.iter().zip(Lexicon::new(&ENGLISH).measure(&text)) {
        println!("{:<26}{value:8.3}", feature.name);
    }
    Ok(())
}
