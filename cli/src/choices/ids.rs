//! Ids that one table has of another.

use std::collections::HashMap;

/// Places in a list by the ids of its items. Ids that are whole numbers are found in either dress,
/// `23` or `23.0`: tools write the latter where a column has missing values.
pub struct Places<'a>(HashMap<&'a str, usize>);

impl<'a> Places<'a> {
    /// The places of these ids, each of which is there once.
    pub fn of(ids: impl Iterator<Item = &'a str> + Clone) -> Self {
        let mut places: HashMap<_, _> = ids.clone().zip(0..).collect();
        for (id, place) in ids.zip(0..) {
            // An id as it stands counts before another in the other dress.
            places.entry(without_fraction(id)).or_insert(place);
        }
        Places(places)
    }

    pub fn get(&self, id: &str) -> Option<usize> {
        let Places(places) = self;
        let place = places.get(id).or_else(|| places.get(without_fraction(id)));
        place.copied()
    }
}

/// `23` for `23.0`, and every other id as it is.
fn without_fraction(id: &str) -> &str {
    let is_whole =
        |whole: &str| !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    match id.split_once('.') {
        Some((whole, zeros))
            if is_whole(whole) && !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') =>
        {
            whole
        }
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn whole_numbers_are_found_as_floats_and_the_other_way_round() {
        let places = Places::of(["23", "7.0", "7", "v1.0"].into_iter());
        let found = |id| places.get(id);
        assert_eq!(
            (found("23"), found("23.0"), found("23.00")),
            (Some(0), Some(0), Some(0))
        );
        assert_eq!((found("7.0"), found("7")), (Some(1), Some(2)));
        assert_eq!(
            (found("v1.0"), found("v1"), found("23.5"), found(".0")),
            (Some(3), None, None, None)
        );
    }
}
