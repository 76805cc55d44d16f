//! The notes, in a `redb` database. Knows tenants and names as texts; nothing here knows guests.
//!
//! `redb` blocks, so every function does its work on a thread where that hurts nobody.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use redb::{Database, ReadableDatabase as _, ReadableTable as _, TableDefinition};
use tokio::task::{self, JoinError};

/// The text of each note, by its tenant and its name.
const NOTES: TableDefinition<'_, (&str, &str), &str> = TableDefinition::new("notes");

/// What the database says when it fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The database itself.
    #[error("the database failed")]
    Database(#[source] redb::Error),
    /// The thread that worked for it.
    #[error("the work on the database broke off")]
    BrokeOff(#[source] JoinError),
}

impl<E: Into<redb::Error>> From<E> for StoreError {
    fn from(error: E) -> Self {
        Self::Database(error.into())
    }
}

/// What became of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Put {
    /// It is kept, and will be after the machine fails.
    Kept,
    /// The tenant has as many notes as it may, and none of this name.
    Full,
}

/// All notes of all tenants.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    database: Arc<Database>,
}

impl Store {
    /// Opens a database, or makes it where there is none, with the folder that it is in.
    ///
    /// # Errors
    ///
    /// It cannot be opened: another process has it, or it is none.
    pub(crate) fn open(path: &Path, cache: usize) -> Result<Self> {
        let wrong = || format!("cannot open the database `{}`", path.display());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(wrong)?;
        }
        let mut builder = Database::builder();
        builder.set_cache_size(cache);
        let database = builder.create(path).with_context(wrong)?;
        let write = database.begin_write().with_context(wrong)?;
        // Reading a table that is not there is an error.
        write.open_table(NOTES).with_context(wrong)?;
        write.commit().with_context(wrong)?;
        Ok(Self {
            database: Arc::new(database),
        })
    }

    /// The text of a note, if there is one.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub(crate) async fn get(
        &self,
        tenant: Arc<str>,
        name: &str,
    ) -> Result<Option<String>, StoreError> {
        let name = name.to_owned();
        self.work(move |database| {
            let notes = database.begin_read()?.open_table(NOTES)?;
            let note = notes.get((&*tenant, &*name))?;
            Ok(note.map(|note| note.value().to_owned()))
        })
        .await
    }

    /// Keeps a note, unless it is another one and there are `most` already.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub(crate) async fn put(
        &self,
        tenant: Arc<str>,
        name: &str,
        markdown: &str,
        most: u32,
    ) -> Result<Put, StoreError> {
        let (name, markdown) = (name.to_owned(), markdown.to_owned());
        self.work(move |database| {
            let write = database.begin_write()?;
            {
                let mut notes = write.open_table(NOTES)?;
                let is_new = notes.get((&*tenant, &*name))?.is_none();
                if is_new && of(&tenant, &notes)?.count() >= most as usize {
                    return Ok(Put::Full);
                }
                notes.insert((&*tenant, &*name), &*markdown)?;
            }
            write.commit()?;
            Ok(Put::Kept)
        })
        .await
    }

    /// The names of a tenant's notes, sorted.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub(crate) async fn names(&self, tenant: Arc<str>) -> Result<Vec<String>, StoreError> {
        self.work(move |database| {
            let notes = database.begin_read()?.open_table(NOTES)?;
            let names = of(&tenant, &notes)?.map(|note| Ok(note?.0.value().1.to_owned()));
            names.collect()
        })
        .await
    }

    async fn work<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Database) -> Result<T, StoreError> + Send + 'static,
    {
        let database = Arc::clone(&self.database);
        let done = task::spawn_blocking(move || work(&database)).await;
        done.unwrap_or_else(|error| Err(StoreError::BrokeOff(error)))
    }
}

/// A tenant's notes. No name is longer than the last one here.
fn of<'a>(
    tenant: &'a str,
    notes: &'a impl redb::ReadableTable<(&'static str, &'static str), &'static str>,
) -> Result<redb::Range<'a, (&'static str, &'static str), &'static str>, redb::StorageError> {
    notes.range((tenant, "")..=(tenant, "\u{10ffff}"))
}
