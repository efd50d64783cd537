//! The documentation of the features: docs/style.md and js/style-features.ts.
//!
//! `cargo run -p leaning-style --example document` writes both.

use crate::language::entries;
use crate::{DimensionNames, ENGLISH, FEATURES, Feature, Language};

const INTRODUCTION: &str = "\
<!-- Generated from style/src by `cargo run -p leaning-style --example document`. -->
# Style measured in the text
English texts only: every feature is made of English words, endings or habits ([Languages](#languages)).

`leaning build --style` and `scoreStyle` measure these features in the text alone, with the same bits natively and in
browsers. They are a start for people who have texts but no scores. They are not a finding about taste: Leaning infers
which of them matter to a person, and `leaning evaluate` tells whether they matter at all.

## How a text is read
- **Words** are runs of letters and digits. Apostrophes, hyphens and full stops between two of these belong to the word
  (*don't*, *well-known*, *e.g*), and so do commas between digits. Web addresses and the targets of links are not words.
  Scripts without spaces between words are not supported: a run of their letters counts as one word.
- **Blocks** are paragraphs, list items and table rows. A blank line ends a block. A bullet (`-`, `*`, `+`, `•`, `–`) or
  a number with `.` or `)` begins one. A line after `#` to `######`, or a line in bold as a whole, is a **heading**.
  Markers are not words. Lines between fences (three or more backticks or tildes) are **code**: their lines are counted,
  their words are not.
- **Sentences** end at `.`, `!`, `?` or `…` before white space, and with their block. The full stop of an abbreviation or
  initial does not end one. Headings are not sentences.
- **Emphases** are spans between runs of `*` or `_`, of any length, within a block. **Emoji** are pictures and dingbats.
- A **phrase** counts at its last word. A word counts once in each class that it belongs to, in upper or lower case. A
  contraction counts as the word before the apostrophe and as one verb. Words with letters outside ASCII, or with more
  than 32 characters, belong to no class.
- *Body words* are the words outside headings; *item words* are those in list items and table rows. A sentence is a
  *directive* if it expresses an obligation, or if it begins with an imperative (perhaps after *please*) and is not a
  question. *Nominal* and *abstract* words are recognised by their endings, and every abstract word is nominal too.
  *Adverbs* are recognised by list or ending. *Concrete* words are things, numerals, and capitalised words within a
  sentence.
- rate(x) = √(100 · x / (words + 20)). The square root stabilises the variance of counts (Bartlett 1936), so that one
  text full of hedges does not take up the whole scale. The 20 does the same for a single hedge in a text of three
  words. Wherever a divisor is 0, 1 is used instead, so that an empty text has features too.

## The features
A deck's dimension is the feature standardised: score = (x − mean) / scale. The scale is such that two candidates of a
prompt differ by 1 in root mean square. The deck keeps mean and scale in `basis`. Where *sign* is −, the dimension is
the feature with its sign reversed.

";

const LANGUAGES_SECTION: &str = "
## Languages
Everything that depends on the language stands in one table: lists of words and endings, and the names above. English
is the only one so far (`style/src/language/english.rs`). A deck in another language needs another table; `--labels`
only renames dimensions. `leaning build --style` warns about texts of 20 words and more of which fewer than 20% are
articles, prepositions, pronouns or everyday verbs of the lists below: it is 43% in the demo deck, and 4 to 6% in German,
French and Spanish prose. The lists are short and this project's own. The works named above gave the ideas, not the
words.

### English
";

/// The text of docs/style.md.
pub fn markdown() -> String {
    let sections: Vec<String> = documented_features().map(section).collect();
    let lists: String = lists(&ENGLISH).into_iter().map(list_item).collect();
    [
        INTRODUCTION,
        &sections.join("\n"),
        LANGUAGES_SECTION,
        &lists,
    ]
    .concat()
}

/// The text of js/style-features.ts.
pub fn javascript() -> String {
    let items: String = documented_features().map(item).collect();
    format!(
        "// Generated from style/src by `cargo run -p leaning-style --example document`.\n\n\
         export const STYLE = [\n{items}];\n"
    )
}

fn documented_features() -> impl Iterator<Item = (Feature, DimensionNames)> {
    FEATURES.into_iter().zip(ENGLISH.dimensions)
}

fn section((feature, names): (Feature, DimensionNames)) -> String {
    let Feature {
        name,
        dimension,
        sign,
        formula,
        source,
    } = feature;
    let DimensionNames {
        label,
        low,
        high,
        description,
    } = names;
    let sign = if sign < 0.0 { "−" } else { "+" };
    format!(
        "### `{name}`\n\
         {name} = {formula}\n\n\
         {source}\n\n\
         | dimension | sign | label | low | high | description |\n\
         |---|---|---|---|---|---|\n\
         | `{dimension}` | {sign} | {label} | {low} | {high} | {description} |\n"
    )
}

fn item((feature, names): (Feature, DimensionNames)) -> String {
    let Feature {
        name,
        dimension,
        sign,
        ..
    } = feature;
    let DimensionNames {
        label,
        low,
        high,
        description,
    } = names;
    format!(
        "  {{ name: {name:?}, dimension: {dimension:?}, sign: {sign}, label: {label:?}, low: {low:?}, \
         high: {high:?}, description: {description:?} }},\n"
    )
}

fn list_item((name, list): (&str, &'static str)) -> String {
    let items: Vec<String> = entries(list).map(|entry| entry.replace('_', " ")).collect();
    format!("- **{name}**: {}\n", items.join(", "))
}

/// The lists of a language, under the names that the formulas and rules use.
fn lists(language: &Language) -> [(&'static str, &'static str); 23] {
    [
        ("address", language.address),
        ("self", language.self_mention),
        ("hedges", language.hedges),
        ("boosters", language.boosters),
        ("warm", language.warm),
        ("articles", language.articles),
        ("prepositions", language.prepositions),
        ("pronouns, besides address and self", language.pronouns),
        ("verbs", language.verbs),
        ("adverbs", language.adverbs),
        ("interjections", language.interjections),
        (
            "endings of adverbs of at least five letters",
            language.adverb_endings,
        ),
        (
            "endings of abstract words of at least seven letters",
            language.abstract_endings,
        ),
        (
            "endings of other nominal words of at least seven letters",
            language.noun_endings,
        ),
        ("endings of contracted words", language.contraction_endings),
        (
            "words after which 's is a contraction",
            language.before_contracted_s,
        ),
        ("spelled out", language.spelled_out),
        ("imperatives", language.imperatives),
        ("obligations", language.obligations),
        ("things", language.things),
        ("examples", language.examples),
        ("reasons", language.reasons),
        ("abbreviations", language.abbreviations),
    ]
}
