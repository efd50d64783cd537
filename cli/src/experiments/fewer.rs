//! Regret by strategy, with and without a prior: how many answers of the published method one of
//! ours is worth.

use super::size::Size;
use crate::report::{Section, Target};
use crate::simulate::interviews::endless;
use crate::simulate::regret::{Curves, PickCurves, Variant, all_strategies};
use crate::simulate::setting::{PriorFrom, Setting};
use leaning::question::acquisition::DEFAULT;
use leaning::{AnswerModel, Error};
use leaning_simulate::Tastes;

pub fn run(size: Size) -> Result<Section, Error> {
    let mut section = Section::new("fewer", "Fewer questions");
    section.text(
        "Decks have 1,000 pairs, and rewards have a standard deviation of 2. Regret is that of \
         picking the best of 16 on prompts that were never asked about. The prior is fitted to the \
         answers of 500 other people to 30 random questions each; \"true prior\" is the \
         distribution that people are drawn from. `pref` is the published method as its authors \
         coded it: its question rule, its weights, no prior.",
    );
    let mut targets = Vec::new();
    for (d, aims) in [(8, [(5, 10), (10, 20)]), (16, [(5, 15), (10, 25)])] {
        let mut alike = measure(
            size,
            pairs(d, Tastes::Alike),
            &format!("alike, {d} dimensions"),
        )?;
        let truth = size.of(Setting {
            prior: PriorFrom::Truth,
            ..pairs(d, Tastes::Alike)
        });
        let name = format!("{}, true prior", DEFAULT.name());
        let variant = Variant {
            name,
            options: endless(DEFAULT),
        };
        alike.extend(truth.picks("true prior", &[variant])?);
        let title = format!("People with something in common, d = {d}");
        add(&mut section, &alike, &format!("alike-{d}"), &title);
        targets.extend(aims.map(|(ours, theirs)| against_pref(&alike.regret, d, ours, theirs)));
    }
    section.targets(targets);
    section.text(
        "People with nothing in common (m = 0, S ∝ I): the prior then says how much people care, \
         but not about what.",
    );
    for d in [8, 16] {
        let setting = pairs(d, Tastes::NothingInCommon);
        let nothing = measure(size, setting, &format!("nothing in common, {d}"))?;
        let title = format!("People with nothing in common, d = {d}");
        add(&mut section, &nothing, &format!("nothing-{d}"), &title);
    }
    section.text("People with something in common again, with a deck that has no prior.");
    let setting = Setting {
        prior: PriorFrom::Nothing,
        ..pairs(8, Tastes::Alike)
    };
    let without = measure(size, setting, "no prior")?;
    add(
        &mut section,
        &without,
        "no-prior-8",
        "No prior in the deck, d = 8",
    );
    let (ours, theirs) = (
        without.regret.at(DEFAULT.name(), 10).mean,
        without.regret.at("pref", 10).mean,
    );
    let what = "without a prior, after 10 answers: at most 0.8 of `pref`";
    section.targets(vec![
        Target::at_most(what, ours, 0.8 * theirs, NO_PRIOR),
        Target::at_most("the same, at most 0.7", ours, 0.7 * theirs, NO_PRIOR),
    ]);
    lapses(size, &mut section)?;
    Ok(section)
}

/// In other worlds than those of the other experiments.
fn pairs(dimensions: usize, tastes: Tastes) -> Setting {
    Setting {
        seed: 1,
        ..Setting::pairs(dimensions, tastes)
    }
}

fn measure(size: Size, setting: Setting, message: &str) -> Result<PickCurves, Error> {
    size.of(setting).picks(message, &all_strategies())
}

fn add(section: &mut Section, curves: &PickCurves, name: &str, title: &str) {
    section.chart(name, curves.regret.chart(title, "best-of-16 regret"));
    let caption = format!("{title}: regret by number of answers.");
    curves.add_tables(section, name, caption, "strategy");
}

fn against_pref(curves: &Curves, d: usize, ours: usize, theirs: usize) -> Target {
    let what = format!("d = {d}: after {ours} answers no worse than `pref` after {theirs}");
    let regret = curves.at(DEFAULT.name(), ours).mean;
    Target::at_most(&what, regret, curves.at("pref", theirs).mean, FEW_BITS)
}

const FEW_BITS: &str = "Ten answers carry too few bits, and neither a better prior nor a \
    better rule would help. The true prior changes the figure by less than its standard error, \
    and so does the choice among the rules that use the covariance (D-, A- and V-optimal, \
    information gain). `pref` needs 20 answers for this regret, and ours about 12.";
const NO_PRIOR: &str = "All rules that use the covariance agree within the standard error. \
    With no prior to tell directions apart, ten answers in eight dimensions say little more \
    than one sign for each dimension.";

/// One answer in ten is a lapse.
fn lapses(size: Size, section: &mut Section) -> Result<(), Error> {
    let plain = pairs(8, Tastes::Alike);
    let mut lapsing = plain.clone();
    let model = AnswerModel::new(0.1, 0.0)?;
    lapsing.world.model = model;
    lapsing.habits.model = model;
    let mut variants = all_strategies();
    variants.retain(|variant| KEPT.contains(&variant.name.as_str()));
    let with = size.of(lapsing).picks("lapses", &variants)?;
    let without = size.of(plain).picks("no lapses", &variants)?;
    section.text(
        "One answer in ten is a lapse, and the answer model knows the rate (d = 8, people alike).",
    );
    with.add_tables(section, "lapses", "Regret with lapses.", "strategy");
    let bound = 1.25 * without.regret.at(DEFAULT.name(), 10).mean;
    let what = "a lapse rate of 0.1 costs at most a quarter more regret at 10 answers";
    section.targets(vec![Target::at_most(
        what,
        with.regret.at(DEFAULT.name(), 10).mean,
        bound,
        "",
    )]);
    Ok(())
}

const KEPT: [&str; 4] = ["random", "pref", "d-optimal", "information-gain"];
