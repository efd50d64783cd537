//! Replies to messages that nothing was prepared for: six for each kind of message, in unlike styles.
//! They quote the message and claim to know nothing about it.

use super::taste::{Draft, Leanings};

/// The style of each of the six replies of a kind, whatever the kind.
const STYLES: [Leanings; 6] = [
    [1.0, 0.0, -0.5, 1.0, -0.5, -1.0],
    [-0.5, 0.5, 1.0, -1.0, 0.0, -0.5],
    [-1.0, -1.0, -1.0, 0.5, 0.5, -1.0],
    [0.0, 1.0, 0.5, 0.0, -1.0, 1.0],
    [0.5, 0.0, -1.0, 1.0, 1.0, -1.0],
    [0.0, 0.5, 0.5, -1.0, -1.0, -0.5],
];

/// Characters of a message that are quoted.
const QUOTED: usize = 60;

/// A kind of message, with its six replies. `{}` is the quotation.
struct Kind {
    /// Beginnings by which a message is known.
    begins: &'static [&'static str],
    replies: [&'static str; 6],
}

/// The first kind whose beginning a message has is its own.
const KINDS: [Kind; 6] = [
    Kind {
        begins: &[
            "hi",
            "hello",
            "hey",
            "good morning",
            "good evening",
            "good afternoon",
        ],
        replies: [
            "Hello. What can I do for you?",
            "Hi there, how nice to meet you! I'd be glad to help, whether it's a plan, a text or just an idea you'd like to turn over. What's on your mind today?",
            "Good day. I can assist in several ways:\n\n- planning and decisions;\n- letters and other texts;\n- questions about everyday matters.\n\nPlease state your request.",
            "Hey! Reporting for duty, coffee in hand. Bring me a question, a mess or a half-baked plan, and we'll see what can be done before it gets cold.",
            "Hello. Ask me something, the more specific the better: what you have, what you want, and by when.",
            "Hi! You could perhaps begin with something small, like what to cook tonight, or maybe something that's been bothering you. Either might be a good start.",
        ],
    },
    Kind {
        begins: &["thank", "thanks", "cheers", "great, thank", "perfect"],
        replies: [
            "You're welcome.",
            "You're very welcome, I'm so glad that helped! If anything else comes up, big or small, don't hesitate to ask.",
            "You are welcome. Should a further question arise, the following help me to answer it: the circumstances, the aim, and the time available.",
            "Any time! I'd bow, but I've nothing to bow with. Same place tomorrow?",
            "Glad it was of use. Try it, then tell me what didn't work; that's usually where the next good question is.",
            "No problem! It might be worth writing down what you'd like to try first, while it's perhaps still fresh.",
        ],
    },
    Kind {
        begins: &[
            "how do",
            "how can",
            "how to",
            "how should",
            "how would",
            "how",
        ],
        replies: [
            "Start with the smallest part of “{}” that you can finish today. Do it, look at what came of it, and change one thing before you go on. That beats any plan made in advance.",
            "What a good thing to take on! I'd maybe go gently:\n\n- Look at how somebody you trust does it.\n- Try one small piece, perhaps twenty minutes.\n- Be kind to yourself if the first go is clumsy; it usually is.\n\nYou'll probably find the second much easier.",
            "The question “{}” is best approached in three stages. First, establish the result that is required and the means at your disposal. Secondly, divide the work into steps, none of which exceeds an hour. Thirdly, complete the most uncertain step before all others, since it determines whether the remainder is worthwhile.",
            "Ah, “{}”: a classic, right up there with folding fitted sheets. Step one is to make a magnificent mess of it where nobody's watching. Step two, find out which bit went wrong first. Step three, pretend step one never happened.",
            "1. Write down the result you want.\n2. List what you already have.\n3. Name the one step you don't understand.\n4. Find out about that step only.\n5. Do the rest in order.\n6. Stop when it's good enough.",
            "It could depend on a few things. Have you done something like it before? And is it more about time, money or nerve? If you're not sure, I'd probably ask somebody who did it last year; they tend to remember what was hard.",
        ],
    },
    Kind {
        begins: &["why"],
        replies: [
            "There's usually one main cause and several excuses. Change one thing at a time and watch what happens: the change that makes a difference is your answer to “{}”.",
            "That's a lovely question, and you're surely not the only one who wonders. It might be a bit of several things: habit, circumstances, perhaps plain chance. If you tell me where you noticed it, we could look at it together.",
            "To answer “{}” properly, one has to distinguish between cause and occasion:\n\n- The occasion is what happened immediately before.\n- The cause is what would have produced it in any case.\n\nMost explanations name the former. The latter is found by comparing cases in which it did not occur.",
            "Somewhere there's a committee that decides such things, and it meets on Fridays after lunch. Failing that: look for what changed last, who benefits, and whether a cable is loose. It's a loose cable more often than philosophers admit.",
            "Ask it three times. “{}” gets a first answer; ask why of that, and then once more. The third answer is the one you can do something about. Write each in a single sentence.",
            "I can't be sure from here. It may be that it's always been so and only now stands out, or perhaps something else changed at the same time. When did you first notice? That would probably tell us most.",
        ],
    },
    Kind {
        begins: &[
            "should",
            "which",
            "is it worth",
            "is it better",
            "would you",
            "do you think",
        ],
        replies: [
            "Take the one that's easier to undo. If both are, take the cheaper one. Decide today; another week of thinking about “{}” won't add anything.",
            "That's not an easy one, so it's good that you're taking your time. Perhaps imagine it's next spring and you chose one: how does that feel? And the other? Your first reaction is often kinder and wiser than a list. Either will probably be fine.",
            "For a decision such as “{}”, the following procedure is recommended:\n\n1. State the criteria, at most four, and rank them.\n2. Exclude every option that fails the first.\n3. Compare the remainder on the second.\n4. Consult one person who has no interest in the outcome.",
            "Toss a coin. Not to obey it, heavens no, but to notice which side you're rooting for while it's in the air. If you then ask for best of three, you have your answer, and the coin has earned its retirement.",
            "- For: what do you gain in a year?\n- Against: what does it cost this month?\n- Instead: what else would that money or time do?\n\nIf “for” doesn't win clearly, leave it.",
            "It might depend on what you'd regret more. Some people would rather have tried, others would rather have kept what they had. Which are you, usually? If you can't tell, I'd maybe wait until you know one fact more.",
        ],
    },
    Kind {
        begins: &["write", "draft", "compose", "reply to", "email", "letter"],
        replies: [
            "“I'm writing about one thing, and I'll be brief. It matters to me because of last week. Could we settle it by Friday? Thank you.” Put in the names, and send it before you polish it.",
            "Here's a warm way to begin, and you can change whatever doesn't sound like you:\n\n“I hope this finds you well. I've been thinking of you, and there's something I'd love to ask. Please don't feel any pressure at all; I'd simply be grateful for your thoughts.”",
            "“Dear Sir or Madam,\n\nI refer to our recent correspondence. I should be obliged if you would consider the matter set out below and inform me of your decision at your earliest convenience.\n\nYours faithfully”\n\nInsert the facts in order of time, with dates.",
            "“Greetings from the far side of my to-do list! I come with a small request, which fits in one line and takes less time than finding your glasses. In return I offer gratitude, and possibly cake.” Serve with facts, to taste.",
            "Use four lines:\n\n1. Why you write.\n2. What happened.\n3. What you'd like.\n4. By when.\n\nOne sentence each. Leave out every “just” and “sorry” that you wouldn't say aloud.",
            "I could try, though it might help to know who reads it, and whether you're perhaps closer to friends or to strangers. For a start, maybe: “I wasn't sure how to put this, so I'll simply say it.” Does that sound like you?",
        ],
    },
];

/// Replies to anything else, questions of fact included.
const OTHERS: [&str; 6] = [
    "I can't look up “{}” here. Ask somebody who knows, or check two sources that don't quote each other. If they agree, you're done.",
    "Thank you for telling me about “{}”. I'd love to help, though I may not know enough yet:\n\n- What would you like to happen?\n- What have you maybe tried already?\n- Is there somebody who could lend a hand?\n\nWe'll probably find a way from there.",
    "With regard to “{}”, three matters require clarification before an answer of any value can be given: the purpose for which it is needed, the degree of precision expected, and the date by which it must be available. Kindly supply these.",
    "“{}”, you say? I've consulted the tea leaves, the cat and a very old almanac. The leaves were inconclusive and the cat left the room. The almanac suggests asking a smaller question first, and then a slightly larger one.",
    "1. Say it in one sentence.\n2. Cut it in half.\n3. Deal with the half that has a date.\n4. Put the other half on Sunday's list.\n\nMost of it goes away by step three.",
    "I'm not certain what would help most. It could be an explanation, or a next step, or perhaps just somebody who listens. If you'd tell me which, and a little about how it came up, I might be of more use.",
];

/// The six replies to a message of this kind.
pub fn replies(message: &str) -> Vec<Draft> {
    let lower = message.trim().to_lowercase();
    let begins = |beginning: &&str| {
        let rest = lower.strip_prefix(*beginning);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
    };
    let kind = KINDS.iter().find(|kind| kind.begins.iter().any(begins));
    match kind {
        Some(kind) => filled(&kind.replies, message),
        None => about_anything(message),
    }
}

/// The six replies that fit any message.
pub fn about_anything(message: &str) -> Vec<Draft> {
    filled(&OTHERS, message)
}

fn filled(replies: &[&str; 6], message: &str) -> Vec<Draft> {
    let quoted = quoted(message);
    let fill = |(reply, leanings): (&&str, Leanings)| Draft {
        text: reply.replace("{}", &quoted),
        leanings,
    };
    replies.iter().zip(STYLES).map(fill).collect()
}

/// The beginning of a message on one line, without the marks at its end.
fn quoted(message: &str) -> String {
    let words: Vec<&str> = message.split_whitespace().collect();
    let line = words.join(" ").replace(['“', '”', '"', '`'], "'");
    let line = line.trim_end_matches(['?', '!', '.', '…', ' ']);
    if line.is_empty() {
        return "this".to_owned();
    }
    if line.chars().count() <= QUOTED {
        return line.to_owned();
    }
    let cut: String = line.chars().take(QUOTED).collect();
    // A word is not cut, unless it is all there is.
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", &cut[..end])
}

#[cfg(test)]
mod tests {
    use super::{KINDS, OTHERS, quoted, replies};

    #[test]
    fn the_kind_of_a_message_is_known_by_its_beginning() {
        let first = |kind: usize| KINDS[kind].replies[0];
        let text = |message: &str| replies(message).remove(0).text;
        assert_eq!(text("Hi!"), first(0));
        assert_eq!(text("Thanks a lot"), first(1));
        assert!(text("  HOW do I do that?").contains("“HOW do I do that”"));
        assert!(text("History of Rome").starts_with("I can't look up"));
        assert_eq!(text("Write a letter"), first(5));
    }

    #[test]
    fn a_long_message_is_quoted_to_a_whole_word_on_one_line() {
        assert_eq!(quoted("What\nis \"this\"?!"), "What is 'this'");
        let long = quoted(&"many words ".repeat(20));
        assert!(
            long.ends_with("many…") || long.ends_with("words…"),
            "{long}"
        );
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), 61);
        assert_eq!(quoted(" … "), "this");
    }

    #[test]
    fn every_reply_is_a_text_of_its_own() {
        let all = KINDS.iter().flat_map(|kind| kind.replies).chain(OTHERS);
        let mut all: Vec<&str> = all.collect();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
