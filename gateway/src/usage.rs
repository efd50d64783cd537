//! The numbers of tokens of several upstream requests.

use serde_json::Value;

/// Adds up two objects of numbers, and of such objects.
pub fn add(sum: &mut Value, usage: &Value) {
    match (sum, usage) {
        (Value::Object(sum), Value::Object(usage)) => {
            for (name, value) in usage {
                add(sum.entry(name.as_str()).or_insert(Value::Null), value);
            }
        }
        (Value::Number(one), Value::Number(other)) => {
            let whole = one.as_u64().zip(other.as_u64());
            let sum = whole.and_then(|(one, other)| one.checked_add(other));
            if let Some(sum) = sum {
                *one = sum.into();
            }
        }
        (sum, usage) if sum.is_null() => *sum = usage.clone(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::add;
    use serde_json::{Value, json};

    #[test]
    fn numbers_are_added_at_every_level_and_all_else_stays() {
        let mut sum = Value::Null;
        add(&mut sum, &json!({ "a": 1, "b": { "c": 2 }, "d": "x" }));
        add(
            &mut sum,
            &json!({ "a": 10, "b": { "c": 20, "e": 5 }, "d": 1, "f": null }),
        );
        assert_eq!(
            sum,
            json!({ "a": 11, "b": { "c": 22, "e": 5 }, "d": "x", "f": null })
        );
    }
}
