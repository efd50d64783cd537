//! Writes the documentation of the features: docs/style.md and js/style-features.ts.

use leaning_style::document;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::write(root.join("docs/style.md"), document::markdown())?;
    std::fs::write(root.join("js/style-features.ts"), document::javascript())
}
