//! JSON Schemas of the formats, made from their types. Rules about one field stand beside it; here are those about
//! several fields of an object.

use super::deck::DeckFile;
use super::log::{KINDS, LogFile, SUMMARY};
use super::look::WORD_KEYS;
use super::{Number, Object};
use crate::model::answer::RATING_LEVELS;
use crate::model::answer_model::MAX_MAGNITUDE;
use crate::model::deck::MAX_DIMENSIONS;
use crate::model::ranking::MAX_SHOWN;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};
use std::borrow::Cow;

/// An id: not empty, without "/".
pub(super) const ID: &str = "^[^/]+$";

/// The source of a picture: a `data:image/…` URL, or a path with no scheme and no host.
pub(super) const SOURCE: &str = concat!(
    r"^([Dd][Aa][Tt][Aa]:[Ii][Mm][Aa][Gg][Ee]/",
    r"|(?! |//|$)[^:/?#\\\u0000-\u001f\u007f-\u009f]*([/?#][^\\\u0000-\u001f\u007f-\u009f]*)?$)",
);

/// A text that is not blank: it has a character without Unicode's property White_Space. `\S` differs by engine.
pub(super) const NOT_BLANK: &str = concat!(
    r"[^\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a",
    r"\u2028\u2029\u202f\u205f\u3000]",
);

/// The names of the answers that a question may offer.
pub(super) const OFFERS: [&str; 8] = [
    "choice",
    "grades",
    "tie",
    "neither",
    "skip",
    "rating",
    "best-worst",
    "order",
];

/// A BCP 47 tag with its language first.
const LANGUAGE_TAG: &str = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$";

/// The JSON Schema of `leaning-deck/1`.
pub fn deck() -> Value {
    root::<DeckFile>()
}

/// The JSON Schema of `leaning-answers/1`.
pub fn answers() -> Value {
    root::<LogFile>()
}

/// The schema of a file. Draft 7 is the one that all editors know.
fn root<T: JsonSchema>() -> Value {
    SchemaSettings::draft07()
        .with_transform(RecursiveTransform(join_lines))
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// Descriptions are comments, whose lines break wherever they are full.
fn join_lines(schema: &mut Schema) {
    if let Some(Value::String(description)) = schema.get_mut("description") {
        *description = description.replace('\n', " ");
    }
}

impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": -MAX_MAGNITUDE, "maximum": MAX_MAGNITUDE })
    }
}

impl<T: JsonSchema> JsonSchema for Object<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// The words of a deck: tags and keys.
pub(super) fn words(schema: &mut Schema) {
    schema.insert(
        "propertyNames".to_owned(),
        json!({ "pattern": LANGUAGE_TAG }),
    );
    if let Some(texts) = schema.get_mut("additionalProperties") {
        texts["propertyNames"] = json!({ "enum": WORD_KEYS });
    }
}

/// The number of candidates of a question: its older name, and how many go with each kind of answer.
pub(super) fn question_sizes(schema: &mut Schema) {
    const NAME: &str = "candidatesPerQuestion";
    const OLDER: &str = "choose";
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    if let Some(fields) = fields
        && let Some(mut older) = fields.get(NAME).cloned()
    {
        older["description"] = json!(format!("Older name of `{NAME}`."));
        fields.insert(OLDER.to_owned(), older);
    }
    let answers = |rules: Value| has(json!({ "answers": rules }));
    let of = |kind: &str| answers(has(json!({ "kind": { "const": kind } })));
    let shown = |rule: Value| json!({ "properties": { NAME: rule, OLDER: rule } });
    add_rules(
        schema,
        [
            json!({ "not": { "required": [NAME, OLDER] } }),
            implies(of("rating"), shown(json!({ "type": "null" }))),
            implies(of("best-worst"), shown(json!({ "minimum": 3 }))),
            implies(
                answers(has(json!({ "grades": { "const": 4 } }))),
                shown(json!({ "maximum": 2 })),
            ),
        ],
    );
}

/// A prior has components, or else a mean and a covariance.
pub(super) fn gaussian_or_mixture(schema: &mut Schema) {
    let list = json!({ "type": "array", "minItems": 1, "maxItems": MAX_DIMENSIONS });
    let gaussian = has(json!({ "mean": list, "covariance": list }));
    let mixture = has(json!({ "components": { "type": "array" } }));
    schema.insert("anyOf".to_owned(), json!([mixture, gaussian]));
}

/// Only a choice has grades.
pub(super) fn grades_of_choices(schema: &mut Schema) {
    let graded = has(json!({ "grades": { "const": 4 } }));
    let choice = json!({ "properties": { "kind": { "enum": ["choice", null] } } });
    add_rules(schema, [implies(graded, choice)]);
}

/// The names of the kinds of entries.
pub(super) fn kind_names(schema: &mut Schema) {
    let mut names: Vec<Value> = KINDS.iter().map(|name| json!(name)).collect();
    names.push(Value::Null);
    schema.insert("enum".to_owned(), json!(names));
}

/// A summary comes before all entries.
pub(super) fn summary_first(schema: &mut Schema) {
    let Some(entry) = schema.remove("items") else {
        return;
    };
    let later = json!({ "properties": { "kind": { "not": { "const": SUMMARY } } } });
    schema.insert("items".to_owned(), json!([entry]));
    schema.insert(
        "additionalItems".to_owned(),
        json!({ "allOf": [entry, later] }),
    );
}

/// The fields that each kind of entry has.
pub(super) fn entry_kinds(schema: &mut Schema) {
    let kind = |name: &str| has(json!({ "kind": { "const": name } }));
    let choice = json!({ "properties": { "kind": { "enum": ["answer", null] } } });
    let answer =
        json!({ "not": has(json!({ "kind": { "enum": ["retract", "statement", SUMMARY] } })) });
    let graded = json!({ "allOf": [choice, present(["grade"])] });
    let offers = |name: &str| json!({ "type": "array", "contains": { "const": name } });
    let shown = |least: usize, most: usize| {
        json!({ "properties": { "shown": { "minItems": least, "maxItems": most },
                                "scores": { "minItems": least, "maxItems": most } } })
    };
    let offered = ["tie", "neither", "skip"].map(|verdict| {
        let given = json!({ "verdict": { "const": verdict }, "offered": { "type": "array" } });
        let rule = json!({ "properties": { "offered": offers(verdict) } });
        implies(json!({ "allOf": [answer, has(given)] }), rule)
    });
    add_rules(
        schema,
        [
            implies(answer, present(["shown", "scores"])),
            implies(choice.clone(), given(["chose"])),
            implies(
                choice.clone(),
                json!({ "properties": { "shown": { "minItems": 2 }, "scores": { "minItems": 2 } } }),
            ),
            implies(graded, shown(2, 2)),
            implies(
                json!({ "allOf": [choice, has(json!({ "offered": offers("grades") }))] }),
                shown(2, 2),
            ),
            implies(kind("rating"), given(["rating"])),
            implies(kind("rating"), shown(1, 1)),
            implies(
                kind("rating"),
                has(
                    json!({ "of": { "type": "integer", "minimum": RATING_LEVELS.0, "maximum": RATING_LEVELS.1 } }),
                ),
            ),
            implies(kind("best-worst"), given(["best", "worst"])),
            implies(kind("best-worst"), shown(3, MAX_SHOWN)),
            implies(kind("order"), given(["order"])),
            implies(kind("order"), shown(2, MAX_SHOWN)),
            implies(
                kind("retract"),
                has(json!({ "of": { "type": "string", "minLength": 1 } })),
            ),
            implies(kind("statement"), present(["dimension", "weight", "sd"])),
            implies(kind(SUMMARY), present(["counts", "likelihood", "folded"])),
        ],
    );
    add_rules(schema, offered);
}

/// An object has either all of these fields or a verdict.
fn given<const N: usize>(fields: [&str; N]) -> Value {
    let none = fields.map(|field| (field.to_owned(), json!({ "type": "null" })));
    let none: Value = json!({ "properties": serde_json::Map::from_iter(none) });
    let no_verdict = json!({ "properties": { "verdict": { "type": "null" } } });
    json!({ "oneOf": [
        { "allOf": [present(fields), no_verdict] },
        { "allOf": [present(["verdict"]), none] },
    ] })
}

/// An object has these fields, and none is null.
fn present<const N: usize>(fields: [&str; N]) -> Value {
    let rules = fields.map(|field| (field.to_owned(), json!({ "not": { "type": "null" } })));
    has(serde_json::Map::from_iter(rules).into())
}

/// An object has fields that keep these rules.
fn has(fields: Value) -> Value {
    let names: Vec<&String> = fields
        .as_object()
        .into_iter()
        .flat_map(|fields| fields.keys())
        .collect();
    json!({ "type": "object", "required": names, "properties": fields })
}

fn implies(condition: Value, rule: Value) -> Value {
    json!({ "if": condition, "then": rule })
}

/// Adds rules that hold besides those of the single fields.
fn add_rules<const N: usize>(schema: &mut Schema, rules: [Value; N]) {
    let all = schema
        .ensure_object()
        .entry("allOf")
        .or_insert_with(|| json!([]));
    if let Some(all) = all.as_array_mut() {
        all.extend(rules);
    }
}
