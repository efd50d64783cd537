//! Merging the logs of two tabs or devices.

use super::log::{EntryKind, Log};
use std::collections::HashSet;
use std::mem;

impl Log {
    /// Whether it has an entry of the other log, or either is empty. Logs that share nothing have
    /// different beginnings.
    pub fn shares_beginning(&self, other: &Log) -> bool {
        let ids = self.ids();
        self.entries.is_empty()
            || other.entries.is_empty()
            || other
                .entries
                .iter()
                .any(|entry| ids.contains(entry.id.as_str()))
    }

    /// The ids of all entries.
    pub fn ids(&self) -> HashSet<&str> {
        self.entries.iter().map(|entry| entry.id.as_str()).collect()
    }

    /// Takes over the entries that only the other log has, by their ids, in the other's order. A
    /// retraction of something that neither log holds is left out.
    pub fn merge(&mut self, other: Log) {
        let mut ids = HashSet::new();
        let mut retractable = HashSet::new();
        for entry in mem::take(&mut self.entries)
            .into_iter()
            .chain(other.entries)
        {
            match &entry.kind {
                EntryKind::Retraction { of } if !retractable.contains(of) => continue,
                _ if !ids.insert(entry.id.clone()) => continue,
                EntryKind::Retraction { .. } => {}
                EntryKind::Answer { .. } | EntryKind::Statement { .. } => {
                    retractable.insert(entry.id.clone());
                }
            }
            self.entries.push(entry);
        }
    }

    /// Removes the entries with these ids, and the retractions of them.
    pub fn remove(&mut self, ids: &HashSet<String>) {
        self.entries.retain(|entry| match &entry.kind {
            EntryKind::Retraction { of } => !ids.contains(of) && !ids.contains(&entry.id),
            EntryKind::Answer { .. } | EntryKind::Statement { .. } => !ids.contains(&entry.id),
        });
    }
}
