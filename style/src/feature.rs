//! The features and their documentation. `measure` computes them.

/// The number of features.
pub const FEATURE_COUNT: usize = 22;

/// One feature: a number measured in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feature {
    /// Its name in decks and tables; it begins with `style:`.
    pub name: &'static str,
    /// The id of the dimension that a deck makes of it.
    pub dimension: &'static str,
    /// 1, or −1 if the dimension points the other way: a text high in `brevity` is low in
    /// `style:words`.
    pub sign: f64,
    /// Its formula, in the terms of `docs/style.md`.
    pub formula: &'static str,
    /// Why it is measured, and the work that the idea comes from.
    pub source: &'static str,
}

/// All features, in the order in which [`Lexicon::measure`](crate::Lexicon::measure) returns them.
pub const FEATURES: [Feature; FEATURE_COUNT] = [
    Feature {
        name: "style:words",
        dimension: "brevity",
        sign: -1.0,
        formula: "ln(1 + words)",
        source: "A difference in length is felt in proportion to the length (Weber & Fechner), \
                 hence the logarithm. Length has a strong influence on people's and models' \
                 judgements (Singhal et al. 2023, arXiv 2310.03716).",
    },
    Feature {
        name: "style:sentence-length",
        dimension: "sentence-length",
        sign: 1.0,
        formula: "ln(1 + body words / sentences)",
        source: "The first of the two terms of Flesch's reading ease (1948, J. Applied Psychology \
                 32).",
    },
    Feature {
        name: "style:word-length",
        dimension: "word-length",
        sign: 1.0,
        formula: "letters / words",
        source: "Letters instead of syllables, after Coleman & Liau (1975, J. Applied Psychology \
                 60).",
    },
    Feature {
        name: "style:paragraph-length",
        dimension: "paragraph-length",
        sign: 1.0,
        formula: "ln(1 + body words / blocks)",
        source: "How densely the text is set. People scan a page and stop at text that stands by \
                 itself (Nielsen 1997, How users read on the web).",
    },
    Feature {
        name: "style:lists",
        dimension: "lists",
        sign: 1.0,
        formula: "item words / words",
        source: "The share of the text that stands in lists. Lists distinguish models' answers \
                 and influence which of them people prefer (style control in Chatbot Arena, Li et \
                 al. 2024).",
    },
    Feature {
        name: "style:headings",
        dimension: "headings",
        sign: 1.0,
        formula: "ln(1 + headings)",
        source: "As for lists (Li et al. 2024).",
    },
    Feature {
        name: "style:emphasis",
        dimension: "emphasis",
        sign: 1.0,
        formula: "rate(emphases)",
        source: "Spans in bold or italics; as for lists (Li et al. 2024).",
    },
    Feature {
        name: "style:code",
        dimension: "code",
        sign: 1.0,
        formula: "code lines / lines",
        source: "The share of the lines that stand in fenced code. Blank lines, rules and fences \
                 do not count.",
    },
    Feature {
        name: "style:questions",
        dimension: "questions",
        sign: 1.0,
        formula: "√(questions / sentences)",
        source: "Questions draw the reader in (Hyland 2005, Discourse Studies 7: engagement \
                 markers).",
    },
    Feature {
        name: "style:exclamations",
        dimension: "exclamations",
        sign: 1.0,
        formula: "√(exclamations / sentences)",
        source: "Exclamation marks make a message friendlier or more excited (Waseleski 2006, J. \
                 Computer-Mediated Communication 11). A sentence with a question mark too is a \
                 question.",
    },
    Feature {
        name: "style:emoji",
        dimension: "emoji",
        sign: 1.0,
        formula: "rate(emoji)",
        source: "Pictures stand for a tone of voice (Dresner & Herring 2010, Communication Theory \
                 20).",
    },
    Feature {
        name: "style:address",
        dimension: "address",
        sign: 1.0,
        formula: "rate(address)",
        source: "Second-person pronouns bring the reader into the text (Hyland 2005: reader \
                 pronouns).",
    },
    Feature {
        name: "style:self-mention",
        dimension: "self-mention",
        sign: 1.0,
        formula: "rate(self)",
        source: "First-person pronouns show the writer in the text (Hyland 2005: self-mention).",
    },
    Feature {
        name: "style:hedging",
        dimension: "hedging",
        sign: 1.0,
        formula: "rate(hedges)",
        source: "Hedges withhold full commitment to a statement (Hyland 1998, Hedging in \
                 scientific research articles; 2005).",
    },
    Feature {
        name: "style:boosting",
        dimension: "boosting",
        sign: 1.0,
        formula: "rate(boosters)",
        source: "Boosters assert certainty and close off doubt (Hyland 2005: boosters).",
    },
    Feature {
        name: "style:warmth",
        dimension: "warmth",
        sign: 1.0,
        formula: "rate(warm)",
        source: "Thanks, greetings, sympathy, praise and wishes are the markers of positive \
                 politeness (Danescu-Niculescu-Mizil et al. 2013, arXiv 1306.6078).",
    },
    Feature {
        name: "style:formality",
        dimension: "formality",
        sign: 1.0,
        formula: "½ · (100 + 100 · (articles + prepositions + nominal − pronouns − verbs − \
                  adverbs − interjections) / words)",
        source: "The F-score of Heylighen & Dewaele (2002, Foundations of Science 7) compares \
                 words that name things with words that point to the situation. Here no word is \
                 parsed: the classes are short lists and endings.",
    },
    Feature {
        name: "style:contractions",
        dimension: "contractions",
        sign: 1.0,
        formula: "(contracted + ½) / (contracted + spelled out + 1)",
        source: "Contractions are among the strongest marks of involved, spoken language (Biber \
                 1988, Variation across speech and writing). The ½ and 1 draw texts with few \
                 occasions for a contraction towards ½.",
    },
    Feature {
        name: "style:directness",
        dimension: "directness",
        sign: 1.0,
        formula: "directives / sentences",
        source: "Directives are imperatives and obligations (Searle 1976, Language in Society 5; \
                 Hyland 2005).",
    },
    Feature {
        name: "style:concreteness",
        dimension: "concreteness",
        sign: 1.0,
        formula: "(concrete − abstract) / (concrete + abstract + 1)",
        source: "People rate words for things that they can sense as concrete and words for ideas \
                 as abstract (Brysbaert, Warriner & Kuperman 2014, Behavior Research Methods 46). \
                 Here no ratings are used: a short list of things, numerals, and names within \
                 sentences count as concrete, endings of nouns as abstract.",
    },
    Feature {
        name: "style:examples",
        dimension: "examples",
        sign: 1.0,
        formula: "rate(examples)",
        source: "Code glosses restate or exemplify (Hyland 2005, Metadiscourse).",
    },
    Feature {
        name: "style:reasoning",
        dimension: "reasoning",
        sign: 1.0,
        formula: "rate(reasons)",
        source: "Connectives of cause, consequence and contrast (Halliday & Hasan 1976, Cohesion \
                 in English).",
    },
];
