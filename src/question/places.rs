//! Some of the places in a long list.

use std::ops::Range;

/// Places in ascending order. Most are next to each other, so the ranges that they form are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    ranges: Vec<Range<usize>>,
}

impl Places {
    /// The ranges that they form, in ascending order, none empty.
    pub fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.ranges.iter().cloned().flatten()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.ranges.iter().map(ExactSizeIterator::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether this place is among them.
    pub fn contains(&self, place: usize) -> bool {
        let after = self.ranges.partition_point(|range| range.end <= place);
        self.ranges
            .get(after)
            .is_some_and(|range| range.contains(&place))
    }

    /// The parts of `range` that are among them.
    pub(crate) fn within(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let first = self.ranges.partition_point(|one| one.end <= range.start);
        let ranges = self.ranges[first..].iter();
        ranges
            .take_while(move |one| one.start < range.end)
            .map(move |one| one.start.max(range.start)..one.end.min(range.end))
    }

    /// Those of the first `count` that are not among `others`, which ascend.
    pub fn all_but(count: usize, others: impl IntoIterator<Item = usize>) -> Self {
        let (mut places, mut start) = (Places::default(), 0);
        for other in others {
            places = places.with(start..other);
            start = other + 1;
        }
        places.with(start..count)
    }

    /// Those outside `range`.
    #[must_use]
    pub fn without(&self, range: &Range<usize>) -> Self {
        let parts = |one: &Range<usize>| {
            let before = one.start..one.end.min(range.start);
            let after = one.start.max(range.end)..one.end;
            [before, after]
        };
        Places {
            ranges: (self.ranges.iter().flat_map(parts))
                .filter(|range| !range.is_empty())
                .collect(),
        }
    }
}

impl From<Range<usize>> for Places {
    fn from(range: Range<usize>) -> Self {
        Places::default().with(range)
    }
}

impl Places {
    #[must_use]
    fn with(mut self, range: Range<usize>) -> Self {
        match self.ranges.last_mut() {
            _ if range.is_empty() => {}
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.ranges.push(range),
        }
        self
    }
}

/// From places in ascending order.
impl FromIterator<usize> for Places {
    fn from_iter<I: IntoIterator<Item = usize>>(places: I) -> Self {
        places.into_iter().fold(Places::default(), |places, place| {
            places.with(place..place + 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_form_one_range() {
        let places: Places = [1, 2, 3, 7, 8, 10].into_iter().collect();
        assert_eq!(places.ranges(), [1..4, 7..9, 10..11]);
        assert_eq!(places.iter().collect::<Vec<_>>(), [1, 2, 3, 7, 8, 10]);
        assert_eq!(places.count(), 6);
        let held: Vec<usize> = (0..12).filter(|&place| places.contains(place)).collect();
        assert_eq!(held, [1, 2, 3, 7, 8, 10]);
    }

    #[test]
    fn parts_of_a_range_are_those_that_it_shares() {
        let places: Places = [1, 2, 3, 7, 8, 10].into_iter().collect();
        for (range, expected) in [
            (0..1, vec![]),
            (0..12, vec![1..4, 7..9, 10..11]),
            (2..8, vec![2..4, 7..8]),
            (4..7, vec![]),
        ] {
            assert_eq!(places.within(range).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn all_but_some_are_the_gaps_between_them() {
        assert_eq!(Places::all_but(5, [0, 2, 3]).ranges(), [1..2, 4..5]);
        assert_eq!(Places::all_but(2, []), Places::from(0..2));
        assert!(Places::all_but(2, [0, 1]).is_empty());
    }

    #[test]
    fn a_range_is_taken_away_from_its_middle_and_its_ends() {
        let all = Places::from(0..10);
        for range in [0..0, 0..3, 4..6, 8..10, 0..10, 9..20] {
            let expected: Places = (0..10).filter(|place| !range.contains(place)).collect();
            assert_eq!(all.without(&range), expected, "{range:?}");
        }
        assert!(Places::from(3..3).is_empty());
    }
}
