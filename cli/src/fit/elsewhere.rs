//! People on other machines: partitions of them, and a fit that asks these in rounds.
//!
//! The request of a round is all that a partition needs to know: the map from features to inputs, and a
//! step. It is the length of the map's JSON in eight bytes, the lowest first, the JSON, and the bytes of
//! the step. So a partition can be lost and made again at any time.

use super::many_people::Everybody;
use super::{Elsewhere, Totals};
use crate::choices::{self, Comparison, People, ResponseTables, Responses};
use crate::deck::basis::Basis;
use crate::failure::Failure;
use crate::input::Source;
use crate::memory;
use leaning::{Error, Flaw};
use leaning_population::{Partition, Sample, Step, Sums, TreeSum};
use nalgebra::DMatrix;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes that a comparison of two takes in tables and in the sample, and a feature of a response in the
/// table, as measured and as an input.
const BYTES_PER_COMPARISON: u64 = 16 + 12;
const BYTES_PER_FEATURE: u64 = 8 + 8 + 4;

/// Some of the people of a fit, with the features of the responses that they were shown.
#[derive(Debug)]
pub struct PeoplePartition {
    features: Vec<String>,
    /// As measured, n × f.
    measured: DMatrix<f64>,
    totals: Totals,
    digest: u64,
    ready: Mutex<Ready>,
}

/// The people, ready for steps with the inputs of this map.
#[derive(Debug)]
struct Ready {
    map: Vec<u8>,
    people: Partition<'static>,
}

impl PeoplePartition {
    /// Reads the people of `comparisons`, who follow `first` others. Each person's comparisons are in one
    /// of the tables. The columns `wanted` are features, or all of numbers if there are none. `most` is
    /// the memory that may be used, in bytes, if less than what is free.
    ///
    /// # Errors
    /// The failure names the table and the row, or the memory that is missing.
    pub fn read(
        responses: &ResponseTables,
        wanted: &[String],
        comparisons: &[Source],
        first: usize,
        most: Option<u64>,
    ) -> Result<Self, Failure> {
        let file = responses.responses.to_string();
        let responses = Responses::open(responses, wanted)?;
        let rows = comparisons.iter().map(choices::count_rows);
        let rows: u64 = rows.collect::<Result<Vec<_>, _>>()?.into_iter().sum();
        let numbers = (responses.responses.len() * responses.features.len()) as u64;
        let needed =
            rows.saturating_mul(BYTES_PER_COMPARISON) + numbers.saturating_mul(BYTES_PER_FEATURE);
        let task = format!("a partition of {rows} comparisons");
        memory::check_within(needed, most, &task)
            .map_err(|message| Failure::new("comparisons", message))?;

        let read = |table| choices::read_people(table, &responses.responses, &file);
        let tables: Vec<People> = comparisons.iter().map(read).collect::<Result<_, _>>()?;
        let everybody: Vec<(&People, usize)> = tables
            .iter()
            .flat_map(|table| (0..table.len()).map(move |person| (table, person)))
            .collect();
        let mut places = Places::default();
        let mut digest = 0_u64;
        for (place, &(table, person)) in everybody.iter().enumerate() {
            let mut hasher = DefaultHasher::new();
            (first + place).hash(&mut hasher);
            for of in table.of(person) {
                for &response in of.shown {
                    places.add(response);
                    responses.responses[response as usize].id.hash(&mut hasher);
                }
                format!("{:?}", of.answer).hash(&mut hasher);
            }
            digest = digest.wrapping_add(hasher.finish());
        }
        let mut sample = Sample::new(places.global.len());
        for (table, person) in everybody {
            let local = |of: Comparison| (places.of(of.shown), of.answer);
            sample.push(table.of(person).map(local));
        }
        let measured = DMatrix::from_fn(places.global.len(), responses.features.len(), |row, k| {
            responses.responses[places.global[row] as usize].scores[k]
        });
        let inputs = DMatrix::zeros(0, measured.nrows());
        let people = Partition::new(Cow::Owned(sample), inputs, first)
            .map_err(|error| Failure::found_in(&file, error))?;
        let totals = Totals {
            people: tables.iter().map(People::len).sum(),
            comparisons: tables.iter().map(People::comparisons).sum(),
            most_shown: tables.iter().map(People::most_shown).max().unwrap_or(2),
        };
        Ok(PeoplePartition {
            features: responses.features,
            measured,
            totals,
            digest,
            ready: Mutex::new(Ready {
                map: Vec::new(),
                people,
            }),
        })
    }

    /// The numbers of people and comparisons.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// The number of comparisons that tell something.
    pub fn telling(&self) -> usize {
        self.ready().people.sample().comparisons()
    }

    /// A number that changes with any comparison. Those of partitions add up, with overflow, to that of
    /// everybody.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// Answers the request of a round with the bytes of a [`TreeSum`].
    ///
    /// # Errors
    /// As [`Partition::step`], and [`Error::Options`] for features that are not here.
    pub fn step(&self, request: &[u8]) -> Result<Vec<u8>, Error> {
        let (map, step) = parts(request).ok_or_else(|| flaw("expected the bytes of a round"))?;
        let mut ready = self.ready();
        if ready.map != map {
            let basis: Basis =
                serde_json::from_slice(map).map_err(|error| flaw(error.to_string()))?;
            let column = |name: &String| self.features.iter().position(|other| other == name);
            let columns: Option<Vec<usize>> = basis.features().iter().map(column).collect();
            let columns = columns.ok_or_else(|| flaw("expected the features of the responses"))?;
            let inputs = basis.scores_one_by_one(&self.measured.select_columns(&columns));
            ready.people.set_inputs(inputs)?;
            ready.map = map.to_vec();
        }
        ready.people.step(step)
    }

    fn ready(&self) -> MutexGuard<'_, Ready> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn flaw(message: impl Into<String>) -> Error {
    Error::Options(Flaw::new("round", message.into()))
}

/// The responses that the people of a partition were shown, by places of their own.
#[derive(Default)]
struct Places {
    local: HashMap<u32, u32>,
    global: Vec<u32>,
}

impl Places {
    fn add(&mut self, response: u32) {
        self.local.entry(response).or_insert_with(|| {
            self.global.push(response);
            (self.global.len() - 1) as u32
        });
    }

    /// The places of responses that have been added.
    fn of(&self, shown: &[u32]) -> Vec<u32> {
        let local = shown.iter().filter_map(|response| self.local.get(response));
        local.copied().collect()
    }
}

/// The map and the step in the request of a round.
fn parts(request: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = request.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    rest.split_at_checked(length)
}

/// Sends a request to every partition, and returns their sums one after the other.
pub type Round<'a> = &'a (dyn Fn(&[u8]) -> Result<Vec<u8>, Error> + Sync);

/// Everybody, asked in rounds.
pub struct Rounds<'a> {
    /// The numbers of people and comparisons.
    pub totals: Totals,
    /// The number of comparisons that tell something.
    pub telling: usize,
    /// Asks everybody.
    pub round: Round<'a>,
}

impl fmt::Debug for Rounds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rounds({:?})", self.totals)
    }
}

impl Rounds<'_> {
    /// The people of a fit whose tables have some of them.
    pub(crate) fn elsewhere(&self) -> Elsewhere<'_> {
        Elsewhere {
            everybody: self,
            totals: self.totals,
        }
    }
}

impl Everybody for Rounds<'_> {
    fn comparisons(&self) -> usize {
        self.telling
    }

    fn sums(&self, inputs: &Basis) -> Result<Box<dyn Sums + '_>, Error> {
        let map = serde_json::to_vec(inputs).map_err(|error| flaw(error.to_string()))?;
        Ok(Box::new(RoundSums { rounds: self, map }))
    }
}

struct RoundSums<'a> {
    rounds: &'a Rounds<'a>,
    map: Vec<u8>,
}

impl Sums for RoundSums<'_> {
    fn people(&self) -> usize {
        self.rounds.totals.people
    }

    fn sum(&self, step: &Step) -> Result<Vec<f64>, Error> {
        let length = (self.map.len() as u64).to_le_bytes();
        let request = [&length[..], &self.map, &step.to_bytes()].concat();
        let sums = TreeSum::from_bytes(&(self.rounds.round)(&request)?);
        let sums = sums.filter(|sums| sums.covers(self.people()));
        let sums =
            sums.ok_or_else(|| flaw("expected the sums of every partition, in their order"))?;
        Ok(sums.total())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bytes_are_no_request() {
        for bytes in [
            &[][..],
            &[1, 0, 0],
            &[9, 0, 0, 0, 0, 0, 0, 0, 1],
            &[0xff; 16],
        ] {
            assert_eq!(parts(bytes), None);
        }
        let request = [&2_u64.to_le_bytes()[..], b"mapstep"].concat();
        assert_eq!(parts(&request), Some((&b"ma"[..], &b"pstep"[..])));
    }
}
