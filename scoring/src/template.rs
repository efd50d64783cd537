//! How a prompt and a text become one text, for servers that take no messages.

/// A text with the places `{prompt}` and `{text}`.
///
/// Reward models are trained on their own form of a conversation: take it from the model's chat template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(String);

impl Template {
    /// # Errors
    /// A message, if it has no place for the text.
    pub fn new(template: &str) -> Result<Self, String> {
        if template.contains("{text}") {
            Ok(Template(template.to_owned()))
        } else {
            Err("expected a text with {text}, and {prompt} where the prompt belongs".to_owned())
        }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The whole text. What stands in the prompt is not taken for a place.
    pub fn fill(&self, prompt: &str, text: &str) -> String {
        let parts = self.0.split("{text}");
        let parts: Vec<String> = parts.map(|part| part.replace("{prompt}", prompt)).collect();
        parts.join(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn places_in_a_prompt_or_text_stay_as_they_are() {
        let template = Template::new("<u>{prompt}</u><a>{text}</a>").unwrap();
        assert_eq!(
            template.fill("{text}?", "{prompt}!"),
            "<u>{text}?</u><a>{prompt}!</a>"
        );
        assert!(Template::new("{prompt}").is_err());
    }
}
