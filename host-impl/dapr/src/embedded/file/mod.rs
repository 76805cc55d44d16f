//! State and events in one file, a `redb` database. What was acknowledged is on the disk.
//!
//! `redb` blocks, so all of its work is done on threads where that hurts nobody.

mod events;
mod state;

use std::path::Path;
use std::sync::Arc;

use redb::{Database, ReadTransaction, ReadableDatabase as _, WriteTransaction};

use super::Broker;
use crate::failure::{Error, Result, failed};

/// One file. Clones are the same; it is closed with the last of them.
#[derive(Debug, Clone)]
pub struct File(Arc<Database>);

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Another process has it, it is no database, or the system refuses.
    #[error("the database cannot be opened")]
    Open(#[source] redb::DatabaseError),
    /// It was opened, and then failed.
    #[error("the database failed")]
    Failed(#[source] redb::Error),
}

/// A failure in the middle of something: the database's own, or what it comes to.
enum Stopped {
    Database(redb::Error),
    Because(Error),
}

impl<E: Into<redb::Error>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Database(error.into())
    }
}

impl From<Stopped> for Error {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Because(error) => error,
            Stopped::Database(error) => failed("DATABASE", error),
        }
    }
}

impl File {
    /// Opens a file, or makes it where there is none.
    ///
    /// # Errors
    ///
    /// It cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let database = Database::create(path).map_err(FileError::Open)?;
        let file = Self(Arc::new(database));
        file.prepare().map_err(FileError::Failed)?;
        Ok(file)
    }

    /// Reading a table that is not there is an error.
    fn prepare(&self) -> Result<(), redb::Error> {
        let write = self.0.begin_write()?;
        write.open_table(state::VALUES)?;
        write.open_table(events::GROUPS)?;
        write.open_table(events::EVENTS)?;
        write.commit()?;
        Ok(())
    }

    /// A broker whose events are kept here until they are handled. There must be one at a time.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn broker(&self) -> Result<Broker, FileError> {
        let pending = events::pending(&self.0).map_err(FileError::Failed)?;
        Ok(Broker::from_journal(Arc::new(self.clone()), pending))
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTransaction) -> Result<T, Stopped> + Send + 'static,
    ) -> Result<T> {
        let database = Arc::clone(&self.0);
        blocking(move || {
            let read = database.begin_read().map_err(Stopped::from)?;
            Ok(work(&read)?)
        })
        .await
    }

    /// Does something as a whole: with an error nothing is written.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&WriteTransaction) -> Result<T, Stopped> + Send + 'static,
    ) -> Result<T> {
        let database = Arc::clone(&self.0);
        blocking(move || {
            let write = database.begin_write().map_err(Stopped::from)?;
            let done = work(&write)?;
            write.commit().map_err(Stopped::from)?;
            Ok(done)
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(failed("INTERNAL", error)))
}
