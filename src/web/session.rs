//! An interview together with the place of its log.

use super::convert::{ConfigureOptions, StorageOptions};
use super::storage::{Store, StoreChange};
use crate::error::Error;
use crate::interview::Interview;
use crate::model::{Answer, Deck, Log};

/// One person's interview, and the place of its log.
#[derive(Debug)]
pub(super) struct Session {
    interview: Interview,
    store: Store,
}

impl Session {
    /// Opens the interview where the stored log left it.
    ///
    /// # Errors
    /// [`Error::Options`] for options out of range, [`Error::Log`] or [`Error::DeckMismatch`] for a
    /// stored log that cannot be read.
    pub fn open(
        deck: Deck,
        storage: &StorageOptions,
        options: ConfigureOptions,
    ) -> Result<Self, Error> {
        let mut store = Store::open(storage, &deck)?;
        let options = options.into_options(&deck)?;
        let interview = Interview::start(deck, options)?;
        if storage.start_over == Some(true) {
            store.remove();
        }
        let mut session = Session { interview, store };
        session.sync()?;
        Ok(session)
    }

    /// The interview with the changes that another tab has made. A stored log that cannot be read
    /// does not matter for reading: the next change reports it.
    pub fn up_to_date(&mut self) -> &mut Interview {
        let _ = self.sync();
        &mut self.interview
    }

    /// The interview as it is here.
    pub fn interview(&self) -> &Interview {
        &self.interview
    }

    /// Whether everything that was said so far outlives this page.
    pub fn is_stored(&self) -> bool {
        self.store.is_stored()
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
    /// As [`Interview::answer`], or [`Error::Log`] for a stored log that cannot be read. Nothing has
    /// changed then.
    pub fn answer(&mut self, answer: Answer) -> Result<(), Error> {
        let open = self.interview.open_question().cloned();
        self.change(|interview| match &open {
            Some(question) => interview.answer_to(question, answer),
            None => interview.answer(answer),
        })
    }

    /// Takes over the changes of other tabs, then makes a change, then writes. If that fails nothing
    /// has changed, and nothing is written over a log that cannot be read.
    pub fn change<T>(
        &mut self,
        change: impl FnOnce(&mut Interview) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.sync()?;
        let result = change(&mut self.interview)?;
        self.store.write(self.interview.log());
        Ok(result)
    }

    /// Forgets everything that was said, here and in the storage.
    pub fn forget(&mut self) {
        self.interview.forget();
        self.store.remove();
    }

    fn sync(&mut self) -> Result<(), Error> {
        let deck = self.interview.deck();
        match self.store.read_changes(deck)? {
            StoreChange::None => Ok(()),
            StoreChange::Written(log) if self.interview.log().shares_beginning(&log) => {
                self.interview.merge(log)
            }
            // Another tab has forgotten everything and started over: the answers that this one still
            // has must not come back.
            StoreChange::Written(log) => self.interview.replace(log),
            StoreChange::Removed => self.interview.replace(Log::new(self.interview.deck())),
        }
    }
}
