//! State in a file.

use async_trait::async_trait;
use redb::{ReadableTable, TableDefinition};

use super::{File, Stopped};
use crate::blocks::{Delete, Found, Metadata, Read, Set, StateStore, Step};
use crate::embedded::versions::{self, End};
use crate::failure::Result;

/// Version, end and bytes of each value, by its key. The empty key has the version that was given
/// last.
pub(super) const VALUES: TableDefinition<'_, &str, (u64, End, &[u8])> =
    TableDefinition::new("state");

/// A key that no value has.
const LAST: &str = "";

type Table<'a> = redb::Table<'a, &'static str, (u64, End, &'static [u8])>;

fn get(
    values: &impl ReadableTable<&'static str, (u64, End, &'static [u8])>,
    key: &str,
) -> Result<Option<Found>, Stopped> {
    let Some(kept) = values.get(key)? else {
        return Ok(None);
    };
    let (version, end, value) = kept.value();
    Ok((!versions::is_over(end)).then(|| Found {
        value: value.to_owned(),
        etag: version.to_string(),
        metadata: versions::metadata(end),
    }))
}

fn version(values: &Table<'_>, key: &str) -> Result<Option<u64>, Stopped> {
    let kept = values.get(key)?;
    let kept = kept.map(|kept| (kept.value().0, kept.value().1));
    Ok(kept.and_then(|(version, end)| (!versions::is_over(end)).then_some(version)))
}

fn step(values: &mut Table<'_>, step: &Step) -> Result<(), Stopped> {
    match step {
        Step::Set(set) => {
            let now = version(values, &set.key)?;
            versions::check(&set.condition, &set.key, now).map_err(Stopped::Because)?;
            let last = values.get(LAST)?.map_or(0, |last| last.value().0);
            values.insert(LAST, (last + 1, 0, &[][..]))?;
            let kept = (last + 1, versions::end(set.ttl), &*set.value);
            values.insert(&*set.key, kept)?;
        }
        Step::Delete(delete) => {
            let now = version(values, &delete.key)?;
            versions::check(&delete.condition, &delete.key, now).map_err(Stopped::Because)?;
            values.remove(&*delete.key)?;
        }
    }
    Ok(())
}

impl File {
    async fn steps(&self, steps: Vec<Step>) -> Result<()> {
        self.write(move |write| {
            let mut values = write.open_table(VALUES)?;
            for one in &steps {
                step(&mut values, one)?;
            }
            Ok(())
        })
        .await
    }

    /// Removes what is over. A host that keeps much for short times calls it now and then: nobody
    /// reads what is over, but it takes room.
    ///
    /// # Errors
    ///
    /// The file fails.
    pub async fn sweep(&self) -> Result<()> {
        self.write(|write| {
            let mut values = write.open_table(VALUES)?;
            values.retain(|key, (_, end, _)| key == LAST || !versions::is_over(end))?;
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl StateStore for File {
    fn features(&self) -> &'static [&'static str] {
        &["ETAG", "TRANSACTIONAL", "TTL"]
    }

    async fn get(&self, key: &str, _: &Read) -> Result<Option<Found>> {
        let key = key.to_owned();
        self.read(move |read| get(&read.open_table(VALUES)?, &key))
            .await
    }

    async fn get_bulk(
        &self,
        keys: &[String],
        _: usize,
        _: &Read,
    ) -> Result<Vec<Result<Option<Found>>>> {
        let keys = keys.to_owned();
        self.read(move |read| {
            let values = read.open_table(VALUES)?;
            let found = keys.iter().map(|key| get(&values, key).map(Ok));
            found.collect()
        })
        .await
    }

    async fn set(&self, set: Set) -> Result<()> {
        self.steps(vec![Step::Set(set)]).await
    }

    async fn delete(&self, delete: Delete) -> Result<()> {
        self.steps(vec![Step::Delete(delete)]).await
    }

    async fn transact(&self, steps: Vec<Step>, _: &Metadata) -> Result<()> {
        self.steps(steps).await
    }
}
