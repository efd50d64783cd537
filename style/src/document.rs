//! The documentation of the features as files: docs/style.md, and the list `STYLE` of the npm package.
//! `cargo run -p leaning-style --example document` writes both.

use crate::{ENGLISH, FEATURES, Language};
use alloc::string::String;
use core::fmt::Write;

const BEFORE: &str = "\
<!-- Generated from style/src by `cargo run -p leaning-style --example document`. -->
# Style measured in the text
`leaning build --style` and `scoreStyle` measure these features in the text alone, natively and in browsers to the same
bits. They are a start for somebody who has texts and no scores, not a finding about taste: which of them matter to a
person is what Leaning infers, and whether they matter at all is for `leaning evaluate` to say.

## How a text is read
- **Words** are runs of letters and digits, with apostrophes, hyphens and full stops between two of them (*don't*,
  *well-known*, *e.g*), and commas between digits. Web addresses and where links lead are no words. A script without
  spaces between words needs another reader.
- **Blocks** are paragraphs, list items and rows of tables; a blank line ends one, a bullet (`-`, `*`, `+`, `•`, `–`) or
  a number with `.` or `)` begins one. A line after `#` to `######`, or a whole line in bold, is a **heading**. Markers
  are no words. Lines between fences (three or more backticks or tildes) are **code**: counted, not read.
- **Sentences** end at `.`, `!`, `?` or `…` before white space, and with their block; not at the full stop of an
  abbreviation or initial. Headings are none.
- **Emphases** are spans between `*` or `_`, whatever their number, within a block; **emoji** are pictures and dingbats.
- A **phrase** counts at its last word, and a word once in each class that has it. Looking up ignores case. A contraction
  counts as what stands before the apostrophe, and as one verb.
- *Running* words are those outside of headings, *item words* those in list items and rows of tables. A sentence is
  *directing* if it begins with an imperative (after *please* and the like) and is no question, or holds an obligation.
  *Nominal* words and, among them, *abstract* ones go by their endings, *adverbs* by list or ending. *Concrete* are
  things, numerals and capitalised words within a sentence.
- rate(x) = √(100 · x / (words + 20)): the root evens out the variance of counts (Bartlett 1936), so that one text full
  of something does not take the whole scale, nor, by the 20, a single word in a text of three. A divisor of 0 counts as
  1, so an empty text has features too.

## The features
A deck's dimension is the feature standardised: score = (x − mean) / scale, with the scale such that two candidates of
a prompt differ by 1 in root mean square; the deck keeps both in `basis`. Where *sign* is −, the dimension is the
feature turned round.

";

const AFTER: &str = "
## Languages
Everything that depends on the language stands in one table, `style/src/language.rs`: lists of words and endings, and
the names above. English is there. The lists are short, this project's own, and not taken from the works named, from
which come the ideas. For a deck in another language a table has to be added; `--labels` only renames dimensions.

### English
";

/// docs/style.md
pub fn markdown() -> String {
    let mut page = String::from(BEFORE);
    for (feature, words) in FEATURES.iter().zip(&ENGLISH.words) {
        // Writing to a string cannot fail.
        let _ = write!(
            page,
            "### `{}`\n{} = {}\n\n{}\n\n| dimension | sign | label | low | high | |\n|---|---|---|---|---|---|\n\
             | `{}` | {} | {} | {} | {} | {} |\n\n",
            feature.name,
            feature.name,
            feature.formula,
            feature.source,
            feature.dimension,
            if feature.sign < 0.0 { "−" } else { "+" },
            words.label,
            words.low,
            words.high,
            words.description,
        );
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page.push_str(AFTER);
    for (name, list) in lists(&ENGLISH) {
        let items = list.split(' ').filter(|item| !item.is_empty());
        let _ = write!(page, "- **{name}**:");
        for (place, item) in items.enumerate() {
            let _ = write!(page, "{} {}", if place == 0 { "" } else { "," }, item.replace('_', " "));
        }
        page.push('\n');
    }
    page
}

/// The lists of a language, as the formulas call what is in them.
fn lists(language: &Language) -> [(&'static str, &'static str); 23] {
    [
        ("address", language.address),
        ("self", language.self_mention),
        ("hedges", language.hedges),
        ("boosters", language.boosters),
        ("warm", language.warm),
        ("articles", language.articles),
        ("prepositions", language.prepositions),
        ("pronouns, with those of address and self", language.pronouns),
        ("verbs", language.verbs),
        ("adverbs", language.adverbs),
        ("interjections", language.interjections),
        ("endings of adverbs, of at least five letters", language.adverb_endings),
        ("endings of abstract words, of at least seven letters", language.notion_endings),
        ("other nominal endings, likewise", language.noun_endings),
        ("contracted", language.contractions),
        ("'s is a contraction after", language.before_s),
        ("spelled out", language.spelled_out),
        ("imperatives", language.imperatives),
        ("obligations", language.obligations),
        ("things", language.things),
        ("examples", language.examples),
        ("reasons", language.reasons),
        ("abbreviations", language.abbreviations),
    ]
}

/// js/style-features.js
pub fn javascript() -> String {
    let mut module = String::from(
        "// Generated from style/src by `cargo run -p leaning-style --example document`.\n\n\
         export const STYLE = [\n",
    );
    for (feature, words) in FEATURES.iter().zip(&ENGLISH.words) {
        let _ = writeln!(
            module,
            "  {{ name: {:?}, dimension: {:?}, sign: {}, label: {:?}, low: {:?}, high: {:?}, description: {:?} }},",
            feature.name, feature.dimension, feature.sign, words.label, words.low, words.high, words.description,
        );
    }
    module.push_str("];\n");
    module
}
