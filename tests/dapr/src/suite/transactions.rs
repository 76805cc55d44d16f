//! Transactions.

use std::collections::BTreeMap;

use abide_dapr::host_async::State as _;
use abide_dapr::state::Operation;
use abide_dapr_host::Error;

use super::state::{STORE, first_write, item, read, removal};
use crate::{Backend, Random};

/// A transaction is done as a whole, or not at all.
pub async fn transactions_are_whole(backend: Backend) {
    let mut host = backend.dapr.host(&Random::new().name("transact"));
    let upsert = |key: &str, value: &[u8]| Operation::Upsert(item(key, value));
    host.save(STORE, vec![item("old", b"1")]).await.unwrap();
    let steps = vec![
        upsert("a", b"1"),
        upsert("b", b"1"),
        upsert("a", b"2"),
        Operation::Delete(removal("old")),
    ];
    let done = host.transact(STORE, steps, Vec::new()).await;
    if !backend.can.transactions {
        assert!(matches!(done, Err(Error::Unsupported(_))), "{done:?}");
        return;
    }
    done.unwrap();
    assert_eq!(read(&mut host, "a").await.unwrap().unwrap().0, b"2");
    assert_eq!(read(&mut host, "b").await.unwrap().unwrap().0, b"1");
    assert_eq!(read(&mut host, "old").await.unwrap(), None);
    let (_, etag) = read(&mut host, "a").await.unwrap().unwrap();
    let mut stale = item("a", b"3");
    stale.etag = Some(etag.clone());
    host.save(STORE, vec![stale.clone()]).await.unwrap();
    let steps = vec![
        upsert("b", b"9"),
        upsert("new", b"9"),
        Operation::Delete(removal("b")),
        Operation::Upsert(stale),
    ];
    let refused = host.transact(STORE, steps, Vec::new()).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    assert_eq!(read(&mut host, "a").await.unwrap().unwrap().0, b"3");
    assert_eq!(read(&mut host, "b").await.unwrap().unwrap().0, b"1");
    assert_eq!(read(&mut host, "new").await.unwrap(), None);
    host.transact(STORE, Vec::new(), Vec::new()).await.unwrap();
}

/// Transactions of random steps, some of which cannot be done: what is there afterwards is what the
/// model has, which does all or nothing.
pub async fn transactions_follow_their_model(backend: Backend) {
    if !backend.can.transactions {
        return;
    }
    let mut random = Random::new();
    let mut host = backend.dapr.host(&random.name("model"));
    let keys = ["a", "b", "c", "d"];
    let mut values = BTreeMap::<&str, Vec<u8>>::new();
    let mut old = Vec::<String>::new();
    let (mut done, mut refused) = (0, 0);
    for number in 0..200 {
        let mut etags = BTreeMap::new();
        for key in keys {
            if let Some((_, etag)) = read(&mut host, key).await.unwrap() {
                etags.insert(key, etag);
            }
        }
        old.extend(etags.values().cloned());
        let (mut steps, mut after, mut fits) = (Vec::new(), values.clone(), true);
        let mut touched = Vec::new();
        for step in 0..1 + random.below(5) {
            let key = keys[random.below(keys.len())];
            let is_new = !touched.contains(&key);
            touched.push(key);
            // Of what an earlier step has made, nobody can know the version.
            let etag = match random.below(3) {
                0 if is_new => etags.get(key).cloned(),
                1 if is_new && random.below(4) == 0 => {
                    let stale = old.iter().rfind(|old| Some(*old) != etags.get(key));
                    fits &= stale.is_none();
                    stale.cloned()
                }
                _ => None,
            };
            let value = format!("{number}/{step}").into_bytes();
            match random.below(4) {
                0 => {
                    let mut removal = removal(key);
                    removal.etag = etag;
                    steps.push(Operation::Delete(removal));
                    after.remove(key);
                }
                1 if etag.is_none() => {
                    let mut item = item(key, &value);
                    item.options = first_write();
                    steps.push(Operation::Upsert(item));
                    fits &= !after.contains_key(key);
                    after.insert(key, value);
                }
                _ => {
                    let mut item = item(key, &value);
                    item.etag = etag;
                    steps.push(Operation::Upsert(item));
                    after.insert(key, value);
                }
            }
        }
        match host.transact(STORE, steps, Vec::new()).await {
            Ok(()) => {
                assert!(fits, "{number}: what cannot be done was done");
                values = after;
                done += 1;
            }
            Err(Error::Conflict(_)) => {
                assert!(!fits, "{number}: a conflict with nobody");
                refused += 1;
            }
            Err(error) => panic!("{number}: {error}"),
        }
        for key in keys {
            let found = read(&mut host, key).await.unwrap().map(|(value, _)| value);
            assert_eq!(found.as_ref(), values.get(key), "{number}: {key}");
        }
    }
    assert!(
        done > 20 && refused > 20,
        "{done} were done and {refused} refused"
    );
}
