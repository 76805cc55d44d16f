//! Configuration: each item is a key whose value is `value||version`. Changes are told by the
//! server's keyspace notifications.

mod follow;

use std::collections::BTreeMap;
use std::sync::Arc;

use abide_dapr::configuration::Item;
use async_trait::async_trait;

use super::link::Link;
use crate::blocks::{ConfigurationStore, Follower, Metadata};
use crate::failure::Result;
use crate::running::Running;
use follow::Followed;

/// What stands between a value and its version.
const SEPARATOR: &str = "||";

/// How many keys are asked for at a time where all are wanted.
const PAGE: u32 = 1_000;

type Items = BTreeMap<String, Item>;

/// Configuration of a server: `configuration.redis`.
#[derive(Debug, Clone)]
pub struct RedisSettings {
    link: Arc<Link>,
}

impl RedisSettings {
    pub(super) fn new(link: Arc<Link>) -> Self {
        Self { link }
    }
}

#[async_trait]
impl ConfigurationStore for RedisSettings {
    async fn get(&self, keys: &[String], _: &Metadata) -> Result<Vec<(String, Item)>> {
        Ok(items(&self.link, keys).await?.into_iter().collect())
    }

    async fn subscribe(
        &self,
        keys: Vec<String>,
        _: Metadata,
        follower: Arc<dyn Follower>,
    ) -> Result<Running> {
        let mut followed = Followed::new(Arc::clone(&self.link), keys);
        let told = followed.listen().await?;
        followed.begin().await?;
        Ok(Running::spawn(|stopping| {
            followed.run(told, follower, stopping)
        }))
    }
}

/// What there is of these keys, or of all.
async fn items(link: &Link, keys: &[String]) -> Result<Items> {
    let all;
    let keys = match keys {
        [] => {
            all = all_keys(link).await?;
            &*all
        }
        keys => keys,
    };
    if keys.is_empty() {
        return Ok(Items::new());
    }
    // Values of other kinds are left out by the server.
    let values: Vec<Option<Vec<u8>>> = link.query(redis::cmd("MGET").arg(keys)).await?;
    let found = keys.iter().zip(values);
    let found = found.filter_map(|(key, value)| Some((key.clone(), item(&value?))));
    Ok(found.collect())
}

async fn all_keys(link: &Link) -> Result<Vec<String>> {
    let (mut keys, mut cursor) = (Vec::new(), 0_u64);
    loop {
        let mut scan = redis::cmd("SCAN");
        scan.arg(cursor).arg("COUNT").arg(PAGE);
        scan.arg("TYPE").arg("string");
        let (next, page): (u64, Vec<Vec<u8>>) = link.query(&scan).await?;
        // A key that is no text cannot be asked for.
        let page = page.into_iter().map(String::from_utf8);
        keys.extend(page.filter_map(Result::ok));
        cursor = next;
        if cursor == 0 {
            return Ok(keys);
        }
    }
}

fn item(value: &[u8]) -> Item {
    let text = String::from_utf8_lossy(value);
    let mut parts = text.split(SEPARATOR);
    let mut part = || parts.next().unwrap_or_default().to_owned();
    Item {
        value: part(),
        version: part(),
        metadata: Metadata::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::item;

    #[test]
    fn an_item_is_a_value_with_a_version() {
        for (text, value, version) in [
            ("blue||v2", "blue", "v2"),
            ("blue", "blue", ""),
            ("", "", ""),
            ("||v1", "", "v1"),
            ("a||b||c", "a", "b"),
        ] {
            let item = item(text.as_bytes());
            assert_eq!((&*item.value, &*item.version), (value, version), "{text}");
        }
    }
}
