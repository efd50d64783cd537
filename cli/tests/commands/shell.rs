//! `leaning completions` and `leaning man`

use crate::Folder;

#[test]
fn every_shell_gets_completions_for_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let outcome = Folder::new().run(&format!("completions {shell}"));
        assert_eq!((outcome.code, &*outcome.stderr), (Some(0), ""));
        for word in ["evaluate", "experiments", "candidates-per-question"] {
            assert!(outcome.stdout.contains(word), "{shell}: {word}");
        }
    }
    let unknown = Folder::new().run("completions bsh");
    assert!(unknown.usage().contains("'bash'"), "{unknown:?}");
}

#[test]
fn the_manual_has_a_page_for_the_whole_and_one_for_each_command() {
    let page = |arguments: &str| {
        let outcome = Folder::new().run(arguments);
        assert_eq!((outcome.code, &*outcome.stderr), (Some(0), ""));
        outcome.stdout
    };
    let whole = page("man");
    assert!(
        whole.contains(".TH leaning 1") && whole.contains("evaluate"),
        "{whole}"
    );
    let fit = page("man fit");
    assert!(
        fit.contains(".TH leaning-fit 1") && fit.contains("comparisons"),
        "{fit}"
    );
    let unknown = Folder::new().run("man chek");
    assert!(
        unknown.wrong_option().ends_with("did you mean check?"),
        "{unknown:?}"
    );
}

#[test]
fn a_person_is_told_what_to_do_with_them() {
    let told = Folder::new().run("man --format text").stdout;
    assert!(told.contains("leaning man | man -l -"), "{told}");
    let told = Folder::new().run("completions fish --format text").stdout;
    assert!(
        told.contains("leaning completions fish >") && told.lines().count() < 5,
        "{told}"
    );
}
