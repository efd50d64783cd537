//! Guesses at what was meant by a mistyped name.

/// Names are alike from this similarity on, as clap has it for options.
const ALIKE: f64 = 0.7;

/// A question after the known name that is most like `name`, in capitals or not; nothing if none is
/// like it.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let name = name.to_lowercase();
    let similarity = |known: &'a str| (strsim::jaro_winkler(&name, &known.to_lowercase()), known);
    let best = known
        .into_iter()
        .map(similarity)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((similarity, known)) if similarity > ALIKE => format!("; did you mean {known}?"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn only_a_name_that_is_alike_is_guessed() {
        let known = ["brevity", "warmth", "structure"];
        assert_eq!(did_you_mean("brevty", known), "; did you mean brevity?");
        assert_eq!(did_you_mean("id", ["Prompt", "ID"]), "; did you mean ID?");
        assert_eq!(did_you_mean("zzz", known), "");
        assert_eq!(did_you_mean("brevity", []), "");
    }
}
