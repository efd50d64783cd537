//! Sums over people that do not depend on who adds them up.
//!
//! Floating-point sums depend on their order. Here it is fixed: people are summed in blocks, one after
//! the other, and blocks along a binary tree over all of them. A partition of the people holds the sums
//! of the largest subtrees that are wholly its own. So neither the number of threads nor that of
//! partitions changes a bit.

use leaning::Error;
use std::ops::Range;

/// Number of people of a block. Every partition but the last holds whole blocks.
pub const BLOCK: usize = 64;

/// Numbers, summed over a range of blocks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TreeSum {
    /// The sums of subtrees, from left to right.
    nodes: Vec<Node>,
}

/// A subtree with all of its 2^level blocks, from the block place·2^level on, and its sum.
#[derive(Debug, Clone, PartialEq)]
struct Node {
    level: u32,
    place: u64,
    sum: Vec<f64>,
}

impl Node {
    fn start(&self) -> u64 {
        self.place << self.level
    }

    fn end(&self) -> u64 {
        (self.place + 1) << self.level
    }
}

impl TreeSum {
    /// Sums what `block` makes of each block in the range, on all processors.
    ///
    /// # Errors
    /// That of the first block that has one.
    pub fn over(
        blocks: Range<u64>,
        block: &(impl Fn(u64) -> Result<Vec<f64>, Error> + Sync),
    ) -> Result<Self, Error> {
        let mut nodes = Vec::new();
        let mut start = blocks.start;
        while start < blocks.end {
            // The largest subtree that begins here and does not reach beyond the end.
            let fits = (blocks.end - start).ilog2();
            let level = start.trailing_zeros().min(fits);
            let place = start >> level;
            let sum = subtree(level, place, block)?;
            nodes.push(Node { level, place, sum });
            start += 1 << level;
        }
        Ok(TreeSum { nodes })
    }

    /// Takes in the sums of the blocks that follow. `false`, without a change, if there is a gap or an
    /// overlap, or if the sums are of other lengths.
    #[must_use]
    pub fn append(&mut self, next: TreeSum) -> bool {
        if let (Some(last), Some(first)) = (self.nodes.last(), next.nodes.first())
            && (last.end() != first.start() || last.sum.len() != first.sum.len())
        {
            return false;
        }
        for node in next.nodes {
            self.nodes.push(node);
            self.merge();
        }
        true
    }

    /// Merges subtrees at the end that are the two halves of a larger one.
    fn merge(&mut self) {
        while let [.., left, right] = &self.nodes[..]
            && left.level == right.level
            && left.place.is_multiple_of(2)
        {
            let (level, place) = (left.level + 1, left.place / 2);
            let sum = add(left.sum.clone(), &right.sum);
            self.nodes.truncate(self.nodes.len() - 2);
            self.nodes.push(Node { level, place, sum });
        }
    }

    /// Whether these are the sums over exactly this many people.
    pub fn covers(&self, people: usize) -> bool {
        let start = self.nodes.first().map_or(0, Node::start);
        let end = self.nodes.last().map_or(0, Node::end);
        (start, end) == (0, people.div_ceil(BLOCK) as u64)
    }

    /// The sum over all blocks; empty if there are none.
    pub fn total(self) -> Vec<f64> {
        let sums = self.nodes.into_iter().map(|node| node.sum);
        sums.reduce(|sum, next| add(sum, &next)).unwrap_or_default()
    }

    /// The sums as bytes: for each subtree its level, its place, the number of its numbers and these,
    /// each in eight bytes, the lowest first. Bytes of partitions one after the other are the bytes of
    /// their sum.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for Node { level, place, sum } in &self.nodes {
            for number in [u64::from(*level), *place, sum.len() as u64] {
                bytes.extend(number.to_le_bytes());
            }
            sum.iter()
                .for_each(|number| bytes.extend(number.to_le_bytes()));
        }
        bytes
    }

    /// The sums that [`TreeSum::to_bytes`] wrote; `None` for other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (words, rest) = bytes.as_chunks::<8>();
        if !rest.is_empty() {
            return None;
        }
        let mut words = words.iter().copied();
        let mut sums = TreeSum::default();
        while let Some(level) = words.next() {
            let level = u32::try_from(u64::from_le_bytes(level)).ok()?;
            let place = u64::from_le_bytes(words.next()?);
            let length = u64::from_le_bytes(words.next()?);
            let length = usize::try_from(length).ok().filter(|&n| n <= words.len())?;
            place
                .checked_add(1)?
                .checked_mul(1_u64.checked_shl(level)?)?;
            let sum: Vec<f64> = words
                .by_ref()
                .take(length)
                .map(f64::from_le_bytes)
                .collect();
            let node = Node { level, place, sum };
            let follows = sums.append(TreeSum { nodes: vec![node] });
            if !follows {
                return None;
            }
        }
        Some(sums)
    }
}

/// Sums what `block` makes of the people of each block, for a range of people that begins with a block.
///
/// # Errors
/// That of the first block that has one.
pub(crate) fn of_blocks(
    people: Range<usize>,
    block: &(impl Fn(Range<usize>) -> Result<Vec<f64>, Error> + Sync),
) -> Result<TreeSum, Error> {
    let blocks = (people.start / BLOCK) as u64..people.end.div_ceil(BLOCK) as u64;
    TreeSum::over(blocks, &|place| {
        let start = place as usize * BLOCK;
        block(start..people.end.min(start + BLOCK))
    })
}

/// The sum of a subtree: that of its left half plus that of its right.
fn subtree(
    level: u32,
    place: u64,
    block: &(impl Fn(u64) -> Result<Vec<f64>, Error> + Sync),
) -> Result<Vec<f64>, Error> {
    let Some(below) = level.checked_sub(1) else {
        return block(place);
    };
    let (left, right) = rayon::join(
        || subtree(below, 2 * place, block),
        || subtree(below, 2 * place + 1, block),
    );
    Ok(add(left?, &right?))
}

fn add(mut sum: Vec<f64>, other: &[f64]) -> Vec<f64> {
    sum.iter_mut().zip(other).for_each(|(a, b)| *a += b);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use leaning::Flaw;
    use leaning::numeric::Random;

    /// Numbers whose sum depends on the order.
    fn block(place: u64) -> Result<Vec<f64>, Error> {
        let mut random = Random::new(7, place);
        Ok((0..3).map(|_| libm::exp(20.0 * random.normal())).collect())
    }

    fn of(range: Range<u64>) -> TreeSum {
        TreeSum::over(range, &block).unwrap()
    }

    #[test]
    fn any_partition_gives_the_same_bits() {
        for end in [1, 2, 7, 64, 100] {
            let whole = of(0..end).total();
            for cuts in [
                vec![1],
                vec![3, 5],
                vec![31, 32, 33, 90],
                (0..100).collect(),
            ] {
                let cuts = cuts.into_iter().filter(|&cut| cut > 0 && cut < end);
                let ends: Vec<u64> = cuts.chain([end]).collect();
                let mut sum = TreeSum::default();
                let mut start = 0;
                for end in ends {
                    assert!(sum.append(of(start..end)));
                    start = end;
                }
                assert_eq!(sum.total(), whole);
            }
        }
    }

    #[test]
    fn the_order_of_a_plain_sum_would_show() {
        let whole = of(0..100).total();
        let plain = (1..100).fold(block(0).unwrap(), |sum, place| {
            add(sum, &block(place).unwrap())
        });
        assert_ne!(whole, plain);
        for (a, b) in whole.iter().zip(plain) {
            assert!((a / b - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_gap_or_an_overlap_is_refused() {
        let mut sum = of(0..5);
        assert!(!sum.append(of(6..8)));
        assert!(!sum.append(of(4..8)));
        assert_eq!(sum, of(0..5));
    }

    #[test]
    fn a_sum_knows_whom_it_covers() {
        assert!(of(0..5).covers(5 * BLOCK) && of(0..5).covers(4 * BLOCK + 1));
        assert!(!of(0..5).covers(5 * BLOCK + 1) && !of(1..5).covers(5 * BLOCK));
        assert!(TreeSum::default().covers(0));
    }

    #[test]
    fn bytes_keep_every_bit_and_others_are_refused() {
        let sum = of(3..12);
        let bytes = sum.to_bytes();
        assert_eq!(TreeSum::from_bytes(&bytes), Some(sum));
        for end in 1..bytes.len() {
            // A subtree that is whole may be missing at the end.
            let cut = TreeSum::from_bytes(&bytes[..end]);
            assert!(cut.is_none_or(|sum| sum.nodes.len() < 4), "{end}");
        }
        assert_eq!(TreeSum::from_bytes(&[0xff; 64]), None);
    }

    #[test]
    fn bytes_one_after_the_other_are_those_of_the_sum() {
        let bytes = [of(0..3), of(3..9), of(9..12)].map(|sum| sum.to_bytes());
        assert_eq!(TreeSum::from_bytes(&bytes.concat()), Some(of(0..12)));
        let [first, _, last] = bytes;
        assert_eq!(TreeSum::from_bytes(&[first, last].concat()), None);
    }

    #[test]
    fn the_error_is_that_of_the_first_block() {
        let flaw = |place: u64| -> Result<Vec<f64>, Error> {
            if place < 5 {
                block(place)
            } else {
                Err(Error::Answer(Flaw::new(
                    format!("people[{place}]"),
                    "wrong",
                )))
            }
        };
        let error = TreeSum::over(0..64, &flaw).unwrap_err();
        assert!(error.to_string().contains("people[5]"), "{error}");
    }
}
