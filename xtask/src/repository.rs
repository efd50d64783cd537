//! Tests of the repository as a whole.

use crate::process::command;

/// One letter of each name is in brackets, so that this file does not match.
const MACHINES_AND_REGISTRIES: &str = "/[w]ork/|/[t]mp/|/[r]oot/|/[h]ome/[a-z]|/[U]sers/[a-z]\
    |registry\\.[n]pmjs|[c]rates\\.io|[p]ypi\\.org|[p]ythonhosted|deb\\.[d]ebian|static\\.[r]ust-lang";

#[test]
fn no_tracked_file_names_a_folder_of_one_machine_or_the_host_of_a_registry() {
    let mut search = command("git");
    // Cargo.lock names the registry of each crate.
    search.args([
        "grep",
        "-nIE",
        MACHINES_AND_REGISTRIES,
        "--",
        ".",
        ":!Cargo.lock",
    ]);
    let Ok(found) = search.output() else { return };
    // With nothing found git ends with 1, and outside a repository with 128.
    assert!(
        !found.status.success(),
        "{}",
        String::from_utf8_lossy(&found.stdout)
    );
}
