//! `leaning schema`

use crate::Folder;

#[test]
fn the_schemas_of_the_package_are_printed() {
    let schemas = [
        ("deck", include_str!("../../../schemas/deck.schema.json")),
        (
            "answers",
            include_str!("../../../schemas/answers.schema.json"),
        ),
    ];
    for (name, schema) in schemas {
        let outcome = Folder::new().run(&format!("schema {name}"));
        assert_eq!((outcome.code, &*outcome.stderr), (Some(0), ""));
        assert_eq!(outcome.stdout, schema, "{name}");
    }
    let unknown = Folder::new().run("schema dekc");
    assert!(unknown.usage().contains("'dekc'"), "{unknown:?}");
}

#[test]
fn a_person_is_told_what_to_do_with_a_schema() {
    let told = Folder::new().run("schema deck --format text").stdout;
    assert!(
        told.contains("leaning schema deck > deck.schema.json"),
        "{told}"
    );
}
