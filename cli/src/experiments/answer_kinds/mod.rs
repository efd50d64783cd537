//! Kinds of answers side by side: what each tells, and what it costs the person who gives it.

mod kinds;
mod measuring;
mod tables;
mod two_poles;

use super::size::Size;
use crate::report::{Section, Target};
use crate::simulate::regret::Curves;
use crate::simulate::setting::{PriorFrom, Setting};
use crate::simulate::training::TrainingPeople;
use kinds::{
    CANDIDATE_WORDS, FIVE_GRADES, KINDS, Kind, ORDER_OF_FOUR, PROMPT_WORDS, TAP_SECONDS,
    WORDS_PER_MINUTE,
};
use leaning::Error;
use measuring::{Variant, measure};
use tables::{by_time, charted, curves, differences, effort};
use two_poles::two_poles;

/// Number of worlds, with 20 people each.
const WORLDS: usize = 5;
/// Numbers of answers in the tables.
const AFTER: [usize; 7] = [0, 3, 5, 8, 10, 15, 20];
/// The same where only the first answers matter.
const FEW: [usize; 5] = [0, 3, 5, 8, 10];

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("kinds", "Kinds of answers");
    section.text(format!(
        "Questions ask which of 2 is better (perhaps with a tie on offer, or how much better), for \
         a rating of one candidate, for the best of several, for the best and the worst, or for an \
         order. Decks have 250 prompts of 4 candidates, d = 8, and people are alike: {} of them, \
         the same for each kind, who answer as the deck's answer model says (lapse .02, \
         indifference .5 where there is a tie, much better from 2 on, spread 1.4, leniency 1). The \
         prior is fitted to the answers of 500 other people to 30 random pairs each, and is the \
         same for each kind.",
        people(size),
    ));
    let alike = setting(size, PriorFrom::Fit(TrainingPeople::USUAL));
    let variants: Vec<Variant> = KINDS.into_iter().map(Variant::of).collect();
    let robust = Variant::robust();
    let measured = measure(
        &alike,
        "kinds of answers",
        &[&variants[..], &robust].concat(),
    )?;
    let (kinds, robust) = measured.split_at(variants.len());

    let regrets = curves(kinds, &AFTER);
    section.chart(
        "regret",
        charted(&regrets).chart("Kinds of answers", REGRET),
    );
    section.table(
        "regret",
        "Best-of-16 regret by number of answers.",
        regrets.table("kind"),
    );
    section.text(format!(
        "Bits are the information that an answer is expected to give, averaged over the first ten \
         questions; in a rating they are about the weights and the person's leniency together. \
         Effort is an assumption, not a measurement: a prompt has {PROMPT_WORDS} words and a \
         candidate {CANDIDATE_WORDS} (in the demo deck they have 8 and 39), people read \
         {WORDS_PER_MINUTE} words a minute (Brysbaert 2019), and each tap takes {TAP_SECONDS:.2} \
         seconds (deciding 1.35, pointing 1.1, pressing .1: the keystroke-level model of Card, \
         Moran and Newell 1983). An order of K takes K − 1 taps. Regret after a minute or two lies \
         on straight lines between numbers of answers.",
    ));
    section.chart("time", by_time(kinds));
    section.table("effort", "Information and effort.", effort(kinds));
    section.text(
        "Best and worst of 3 and the order of 3 have the same six outcomes. Their bits differ \
         because their models do: the best and the worst are compared with each other (Marley and \
         Louviere 2005), which has less noise than two choices in turn. Whether real people are as \
         consistent as that, these figures cannot say.",
    );
    section.text("The same people with a deck that has no prior.");
    let nothing = measure(
        &setting(size, PriorFrom::Nothing),
        "kinds of answers, no prior",
        &KINDS.map(Variant::of_few),
    )?;
    let nothing = curves(&nothing, &FEW);
    section.table(
        "no-prior",
        "No prior in the deck: regret by number of answers.",
        nothing.table("kind"),
    );
    section.text(
        "People differ in where they draw the lines \"about the same\" and \"much better\". In \
         these rows each person's two lines are e^x times the deck's, x ~ N(0, .4²), which the \
         deck does not know; in the rows \"told their lines\" each person has a deck that knows \
         theirs, which is more than any prior on a person's lines could achieve. For comparison, a \
         plain choice in a deck whose pairs are twice as contrasting: all scores are doubled, but \
         not those of the prompts that regret is measured on.",
    );
    section.table(
        "lines",
        "Regret by number of answers.",
        curves(robust, &FEW).table("kind"),
    );
    section.table(
        "differences",
        "Differences of regret between two kinds, paired over people, by number of answers.",
        differences(&measured),
    );
    section.text(
        "Where people draw their lines hardly matters. Regret moves by no more than two standard \
         errors if the deck does not know them, and knowing everybody's lines wins no more than \
         two either. A prior on a person's own lines would win less than that, so there is none.",
    );
    section.text(
        "Two-pole people as above: the AUC of the inferred reward difference against plain answers \
         about 200 pairs that were never asked, with the mixture prior.",
    );
    let poles = two_poles(size)?;
    section.table("poles", "AUC by number of answers.", poles.table("kind"));
    let at = |curves: &Curves, kind: Kind, answers| curves.at(kind.name, answers).mean;
    section.targets(vec![
        Target::at_most(
            "d = 8: regret after 10 answers with 5 grades",
            at(&regrets, FIVE_GRADES, 10),
            0.173,
            "",
        ),
        Target::at_most(
            "the same without a prior",
            at(&nothing, FIVE_GRADES, 10),
            0.245,
            "",
        ),
        Target::at_most(
            "d = 8: regret after 10 orders of four",
            at(&regrets, ORDER_OF_FOUR, 10),
            0.087,
            ORDERS,
        ),
        Target::at_least(
            "two-pole people: AUC after 5 answers with 5 grades",
            at(&poles, FIVE_GRADES, 5),
            0.76,
            POLES,
        ),
    ]);
    section.text(
        "Per tap no kind tells more than a pair with grades, which is read like any other pair. \
         Ratings tell more per word, but part of that is about the person's leniency, and their \
         regret after the same time is no lower than with grades. Best and worst and orders tell \
         more per question, for more taps and words; after two minutes they are level with grades. \
         Four and five grades differ by no more than about one standard error. The fifth, a tie, \
         spares people a choice between two that are the same to them. So the kind to prefer is a \
         pair with five grades, wherever the screen has room for them.",
    );
    Ok(section)
}

const ORDERS: &str =
    "The aim was measured on other people, with the true prior, and is one standard error away.";
const POLES: &str = "Grades win .031 over a plain choice after five answers. One of 84 types is \
    6.4 bits, more than five answers can tell. On a straight line between the figures after 5 and \
    8 answers, the sixth answer reaches the aim.";

const REGRET: &str = "best-of-16 regret";

/// In other worlds than those of the other experiments.
fn setting(size: Size, prior: PriorFrom) -> Setting {
    let setting = size.of(Setting {
        seed: 2,
        prior,
        ..Setting::default()
    });
    Setting {
        worlds: size.worlds.min(WORLDS),
        ..setting
    }
}

fn people(size: Size) -> usize {
    size.worlds.min(WORLDS) * size.people
}
