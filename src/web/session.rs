//! An interview together with the place of its log.
//!
//! Several tabs may write the same log, and the storage has no transactions: a tab may write before
//! it sees what another has written a moment ago. So a log that comes from the storage is merged, and
//! written again if entries of this tab are missing in it. Deleting wins: entries that were deleted
//! here or elsewhere are remembered while the page is open, and do not come back with the text of a
//! tab that had not noticed.

use super::convert::{ConfigureOptions, StorageOptions};
use super::retention;
use super::storage::{Area, Store, StoreChange};
use crate::error::Error;
use crate::interview::Interview;
use crate::model::{Answer, Deck, Log};
use std::collections::HashSet;

/// Writings of two tabs within this time may have missed each other, in milliseconds: a tab that is
/// busy sees late what another has written.
const AT_ONCE: f64 = 2000.0;

/// One person's interview, and the place of its log.
#[derive(Debug)]
pub(super) struct Session {
    interview: Interview,
    store: Store,
    /// The number of days for which entries are kept.
    retention: Option<f64>,
    /// The day on which the retention was last applied to the whole log.
    aged_on: f64,
    /// Whether the storage still has what the retention has removed here.
    owes_write: bool,
    /// The time of the last change here.
    changed_at: f64,
    /// The hashed ids of entries that were deleted of late, here or elsewhere.
    deleted: HashSet<u64>,
    /// The time of the last deletion, as of `Date.now`.
    deleted_at: f64,
    /// The time at which the log was begun here.
    begun: Option<f64>,
    /// The time at which a deletion elsewhere was noticed in the storage itself, before its event.
    noticed: Option<f64>,
}

impl Session {
    /// Opens the interview where the stored log left it.
    ///
    /// # Errors
    /// [`Error::Options`] for options out of range, [`Error::DeckMismatch`] for the stored log of
    /// another deck, [`Error::NotDeleted`] as [`Store::remove`].
    pub fn open(
        deck: Deck,
        storage: &StorageOptions,
        area: Option<Area>,
        options: ConfigureOptions,
    ) -> Result<Self, Error> {
        let mut store = Store::open(storage, area, &deck)?;
        let retention = storage.retention.map(retention::days).transpose()?;
        let options = options.into_options(&deck)?;
        let interview = Interview::start(deck, options)?;
        if storage.start_over == Some(true) {
            store.remove()?;
        }
        let mut session = Session {
            interview,
            store,
            retention,
            aged_on: f64::NEG_INFINITY,
            owes_write: false,
            changed_at: 0.0,
            deleted: HashSet::new(),
            deleted_at: 0.0,
            begun: None,
            noticed: None,
        };
        session.sync()?;
        Ok(session)
    }

    /// The interview with the changes that another tab has made. A stored log of another deck does not
    /// matter for reading: the next change reports it.
    pub fn up_to_date(&mut self) -> &mut Interview {
        let _ = self.sync();
        &mut self.interview
    }

    /// The interview as it is here.
    pub fn interview(&self) -> &Interview {
        &self.interview
    }

    /// The place of the log.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Goes on under other options.
    ///
    /// # Errors
    /// As [`Interview::configure`]. Nothing has changed then.
    pub fn configure(&mut self, options: ConfigureOptions) -> Result<(), Error> {
        let options = options.into_options(self.interview.deck())?;
        self.interview.configure(options)
    }

    /// Takes the answer to the open question, even if another tab has changed the log since. It is
    /// stored when this returns; nothing is inferred from it yet.
    ///
    /// # Errors
    /// As [`Interview::answer`], or [`Error::DeckMismatch`] for the stored log of another deck.
    /// Nothing has changed then.
    pub fn answer(&mut self, answer: Answer) -> Result<(), Error> {
        let open = self.interview.open_question().cloned();
        self.change(|interview| match &open {
            Some(question) => interview.take_answer(question, answer),
            None => interview.answer(answer),
        })
    }

    /// Takes over the changes of other tabs, then makes a change, then writes. If that fails nothing
    /// has changed, and nothing is written over the log of another deck.
    pub fn change<T>(
        &mut self,
        change: impl FnOnce(&mut Interview) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.sync()?;
        let was_empty = self.interview.log().is_empty();
        let result = change(&mut self.interview)?;
        self.changed_at = retention::now();
        if was_empty {
            self.begun = Some(self.changed_at);
        }
        self.store.write(self.interview.log());
        // Only now, since inference may fail, and what was said must not be lost.
        if self.interview.fold() {
            self.store.write(self.interview.log());
        }
        Ok(result)
    }

    /// Adds the entries of an exported log that are not here yet.
    ///
    /// # Errors
    /// As [`Store::import`] and [`Session::change`]. Nothing has changed then.
    pub fn import(&mut self, text: &str) -> Result<(), Error> {
        let mut log = self.store.import(text, self.interview.deck())?;
        if let Some(first_day) = self.first_day() {
            self.store.age(first_day, &mut log);
        }
        // Whoever brings back what was deleted wants it back.
        let deleted = self.deleted.len();
        for key in log.keys() {
            self.deleted.remove(&key);
        }
        if self.deleted.len() < deleted && is_recent(self.deleted_at) {
            self.store.mark_restored(retention::now());
        }
        self.change(|interview| interview.merge(log))
    }

    /// The text of the log.
    pub fn export(&mut self) -> String {
        let _ = self.sync();
        self.store.text(self.interview.log())
    }

    /// Writes the log again if the last write failed.
    ///
    /// # Errors
    /// As [`Session::sync`].
    pub fn save(&mut self) -> Result<(), Error> {
        self.sync()?;
        if !self.store.is_stored() {
            self.store.write(self.interview.log());
        }
        Ok(())
    }

    /// Forgets everything that was said, here and in the storage.
    ///
    /// # Errors
    /// As [`Store::remove`]. Nothing is forgotten then.
    pub fn forget(&mut self) -> Result<(), Error> {
        // Entries of another tab are deleted, too.
        let _ = self.sync();
        self.store.remove()?;
        self.remember_deleted();
        self.interview.forget();
        self.begun = None;
        Ok(())
    }

    /// Another tab has removed the log from localStorage: whatever this one had until now is deleted,
    /// even if it has written in the meantime because it had not noticed.
    ///
    /// # Errors
    /// As [`Session::sync`].
    pub fn removed_elsewhere(&mut self) -> Result<(), Error> {
        // Whatever was said since it was noticed is new, and what was brought back since is wanted.
        if self.noticed.take().is_some_and(is_recent) || self.is_restored() {
            return self.sync();
        }
        self.clear()?;
        self.store.read_again();
        self.sync()
    }

    /// Takes over the changes of other tabs. Writes if the storage lacks something that counts, or has
    /// something that was deleted.
    ///
    /// # Errors
    /// [`Error::DeckMismatch`] for the stored log of another deck, [`Error::NotConverged`] for one from
    /// which nothing can be inferred. Nothing has changed then.
    pub fn sync(&mut self) -> Result<(), Error> {
        if let Some(first_day) = self.first_day() {
            self.interview.set_time(retention::today_as_timestamp());
            // A page may stay open for days.
            if self.aged_on < retention::today() {
                self.aged_on = retention::today();
                self.store.age_aside(first_day);
                self.owes_write |= self.age(first_day);
            }
        }
        let change = self.store.read_changes(self.interview.deck())?;
        let done = self.take_over(change);
        if done.is_err() {
            self.store.read_again();
        } else if self.owes_write {
            self.store.write(self.interview.log());
            self.owes_write = self.store.is_behind();
        }
        done
    }

    /// The first day that the retention leaves, in days since 1970.
    fn first_day(&self) -> Option<f64> {
        Some(retention::today() - self.retention?)
    }

    /// Applies the retention to everything that is here. Whether anything has changed.
    fn age(&mut self, first_day: f64) -> bool {
        let mut log = self.interview.log().clone();
        let is_changed = self.store.age(first_day, &mut log);
        if is_changed {
            self.interview.set_log(log);
        }
        is_changed
    }

    fn take_over(&mut self, change: StoreChange) -> Result<(), Error> {
        let (mut stored, is_damaged) = match change {
            StoreChange::None => return Ok(()),
            StoreChange::Removed => {
                self.noticed = Some(retention::now());
                return self.clear();
            }
            StoreChange::Written(log) => (log, false),
            StoreChange::Damaged(log) => (log, true),
        };
        let read = stored.length();
        if is_recent(self.deleted_at) && !self.is_restored() {
            stored.retain(|key| !self.deleted.contains(&key));
        }
        let has_deleted = stored.length() < read;
        let mut own = self.interview.log().clone();
        if let Some(first_day) = self.first_day() {
            self.owes_write |= self.store.age(first_day, &mut stored);
            if is_damaged {
                self.store.age_aside(first_day);
            }
        }
        let is_begun_at_once = self.begun.is_some_and(is_recent);
        // Then what was said here was said beside it, and not before it.
        let was_unread = self.store.take_was_unread();
        let mut lacks_own = false;
        if is_damaged || is_begun_at_once || was_unread || own.shares_beginning(&stored) {
            if !is_damaged && self.store.is_stored() && !is_recent(self.changed_at) {
                // No tab can have missed what was there before yesterday: it has removed it, as one with
                // another retention does.
                let yesterday = retention::today() - 1.0;
                own.remove(&retention::older(&own, yesterday, Some(&stored.ids())));
            }
            let before = stored.clone();
            stored.merge(own);
            lacks_own = stored != before;
        } else {
            // Another tab has deleted everything and begun again: the answers that this one still has
            // must not come back.
            self.clear()?;
        }
        if stored != *self.interview.log() {
            self.interview.replace(stored)?;
        }
        if has_deleted || lacks_own || is_damaged {
            self.store.write(self.interview.log());
        }
        Ok(())
    }

    /// Whether what was deleted a moment ago has been brought back by hand, here or elsewhere.
    fn is_restored(&self) -> bool {
        self.store.restored_at().is_some_and(is_recent)
    }

    /// Goes on without anything that was said.
    fn clear(&mut self) -> Result<(), Error> {
        self.remember_deleted();
        self.begun = None;
        self.interview.replace(Log::new(self.interview.deck()))
    }

    fn remember_deleted(&mut self) {
        if !is_recent(self.deleted_at) {
            self.deleted.clear();
        }
        self.deleted.extend(self.interview.log().keys());
        self.deleted_at = retention::now();
    }
}

/// Whether another tab may not have seen yet what was done then. A clock may have been set back since.
fn is_recent(time: f64) -> bool {
    (retention::now() - time).abs() < AT_ONCE
}
