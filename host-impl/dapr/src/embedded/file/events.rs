//! Events in a file, until they are handled.

use std::sync::Arc;

use async_trait::async_trait;
use redb::{Database, Durability, ReadableDatabase as _, ReadableTable as _, TableDefinition};

use super::File;
use crate::embedded::broker::{Journal, Pending};
use crate::failure::Result;

/// The groups of each topic.
pub(super) const GROUPS: TableDefinition<'_, (&str, &str), ()> = TableDefinition::new("groups");

/// What waits, by topic, group and number.
pub(super) const EVENTS: TableDefinition<'_, (&str, &str, u64), &[u8]> =
    TableDefinition::new("events");

/// All that waits, in its order.
pub(super) fn pending(database: &Database) -> Result<Vec<Pending>, redb::Error> {
    let read = database.begin_read()?;
    let (groups, events) = (read.open_table(GROUPS)?, read.open_table(EVENTS)?);
    let mut pending = Vec::new();
    for group in groups.iter()? {
        let (key, _) = group?;
        let (topic, group) = key.value();
        let waiting = events.range((topic, group, 0)..=(topic, group, u64::MAX))?;
        let waiting = waiting.map(|event| {
            let (key, bytes) = event?;
            Ok((key.value().2, bytes.value().to_owned()))
        });
        pending.push(Pending {
            topic: topic.to_owned(),
            group: group.to_owned(),
            events: waiting.collect::<Result<_, redb::StorageError>>()?,
        });
    }
    Ok(pending)
}

#[async_trait]
impl Journal for File {
    async fn add_group(&self, topic: &str, group: &str) -> Result<()> {
        let (topic, group) = (topic.to_owned(), group.to_owned());
        self.write(move |write| {
            write.open_table(GROUPS)?.insert((&*topic, &*group), ())?;
            Ok(())
        })
        .await
    }

    async fn keep(
        &self,
        topic: &str,
        groups: Vec<String>,
        seq: u64,
        bytes: Arc<[u8]>,
    ) -> Result<()> {
        let topic = topic.to_owned();
        self.write(move |write| {
            let mut events = write.open_table(EVENTS)?;
            for group in &groups {
                events.insert((&*topic, &**group, seq), &*bytes)?;
            }
            Ok(())
        })
        .await
    }

    async fn done(&self, topic: &str, group: &str, seq: u64) {
        let (name, by) = (topic.to_owned(), group.to_owned());
        let done = self.0.clone();
        let done = super::blocking(move || {
            let remove = || {
                let mut write = done.begin_write()?;
                // The next event that is kept takes it to the disk. Lost, it is delivered twice.
                write.set_durability(Durability::None)?;
                write.open_table(EVENTS)?.remove((&*name, &*by, seq))?;
                write.commit()?;
                Ok::<_, redb::Error>(())
            };
            remove().map_err(|error| crate::failure::failed("DATABASE", error))
        });
        if let Err(error) = done.await {
            tracing::warn!(
                topic,
                group,
                "a handled event could not be forgotten: {error}"
            );
        }
    }
}
