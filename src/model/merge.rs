//! Merging the logs of two tabs or devices.

use super::folded::{FoldedIds, key};
use super::log::{EntryKind, Log, LogEntry};
use super::summary::Summary;
use std::collections::HashSet;
use std::mem;

impl Log {
    /// Whether it has an entry of the other log, or either is empty. Logs that share nothing have
    /// different beginnings.
    pub fn shares_beginning(&self, other: &Log) -> bool {
        let keys: HashSet<u64> = self.keys().collect();
        self.is_empty() || other.is_empty() || other.keys().any(|key| keys.contains(&key))
    }

    /// The ids of all entries, and of the summary.
    pub fn ids(&self) -> HashSet<String> {
        self.written_ids().map(str::to_owned).collect()
    }

    /// Takes over the entries that only the other log has, by their ids, in the other's order. A
    /// retraction of something that neither log holds is left out.
    ///
    /// An entry that either log has summed up is gone from both: it counts once, and can no longer be taken back.
    /// If both have summed up different answers, the summary that stands for more counts in full, and of the
    /// other the share of answers that it alone stands for.
    pub fn merge(&mut self, mut other: Log) {
        if self.summary != other.summary {
            let (mut greater, mut lesser) = (self.summary.take(), other.summary.take());
            // The same order on both devices.
            if greater.as_ref().map(Summary::rank) < lesser.as_ref().map(Summary::rank) {
                mem::swap(&mut greater, &mut lesser);
            }
            for summary in [&greater, &lesser].into_iter().flatten() {
                self.drop_summed_up(&summary.folded);
                other.drop_summed_up(&summary.folded);
            }
            self.summary = match (greater, lesser) {
                (Some(greater), Some(lesser)) => Some(greater.merged(lesser)),
                (greater, _) => greater,
            };
        }
        self.entries.append(&mut other.entries);
        self.keep_entries(&|_| true);
    }

    /// Removes the entries with these ids, and the retractions of them; and the summary if its id is one.
    pub fn remove(&mut self, ids: &HashSet<String>) {
        let stays = |summary: &Summary| !ids.contains(&summary.id);
        self.summary = self.summary.take().filter(stays);
        self.keep_entries(&|id| !ids.contains(id));
    }

    /// Removes the entries that a summary with these ids stands for.
    fn drop_summed_up(&mut self, folded: &FoldedIds) {
        let entries = self.entries.iter();
        // Statements that hold are never summed up.
        let of = |entry: &LogEntry| {
            (
                key(&entry.id),
                matches!(entry.kind, EntryKind::Answer { .. }),
            )
        };
        let covered = folded.covers(&entries.map(of).collect::<Vec<_>>());
        let mut covered = covered.into_iter();
        self.entries.retain(|_| covered.next() != Some(true));
    }

    /// Keeps the entries whose hashed ids these are, without retractions of others; and the summary, if
    /// these are all that it stands for, as far as they are known.
    pub fn retain(&mut self, keeps: impl Fn(u64) -> bool) {
        let stays = |summary: &Summary| summary.folded.keys().iter().all(|key| keeps(*key));
        self.summary = self.summary.take().filter(stays);
        self.keep_entries(&|id| keeps(key(id)));
    }

    /// Keeps entries by their ids, the first of those with the same one, without retractions of others.
    fn keep_entries(&mut self, keeps: &dyn Fn(&str) -> bool) {
        let (mut ids, mut retractable) = (HashSet::new(), HashSet::new());
        self.entries.retain(|entry| {
            let of = match &entry.kind {
                EntryKind::Retraction { of } => Some(of),
                EntryKind::Answer { .. } | EntryKind::Statement { .. } => None,
            };
            let holds = of.is_none_or(|of| retractable.contains(of));
            let stays = holds && keeps(&entry.id) && ids.insert(entry.id.clone());
            if stays && of.is_none() {
                retractable.insert(entry.id.clone());
            }
            stays
        });
    }
}
