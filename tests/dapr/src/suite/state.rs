//! State.

use std::collections::BTreeMap;
use std::time::Duration;

use abide_dapr::host_async::State as _;
use abide_dapr::state::{Concurrency, Consistency, Item, Options, Removal};
use abide_dapr_host::{Error, Host, Result};

use crate::{Backend, Random};

pub(super) const STORE: &str = "store";
const TASKS: usize = 8;
const INCREMENTS: usize = 10_000;

pub(super) fn item(key: &str, value: &[u8]) -> Item {
    Item {
        key: key.to_owned(),
        value: value.to_vec(),
        etag: None,
        options: None,
        metadata: Vec::new(),
    }
}

pub(super) fn removal(key: &str) -> Removal {
    Removal {
        key: key.to_owned(),
        etag: None,
        options: None,
        metadata: Vec::new(),
    }
}

pub(super) fn first_write() -> Option<Options> {
    Some(Options {
        concurrency: Concurrency::FirstWrite,
        consistency: Consistency::Strong,
    })
}

pub(super) async fn read(host: &mut Host, key: &str) -> Result<Option<(Vec<u8>, String)>> {
    let entry = host
        .get(STORE, key, Consistency::Strong, Vec::new())
        .await?;
    Ok(entry.map(|entry| {
        assert_eq!(entry.key, key);
        (entry.value, entry.etag)
    }))
}

/// What a store should have, and etags that are none any more.
#[derive(Default)]
struct Model {
    values: BTreeMap<String, Vec<u8>>,
    old: Vec<String>,
}

impl Model {
    /// The etag that a write has, and whether it fits.
    async fn etag(
        &self,
        host: &mut Host,
        random: &mut Random,
        key: &str,
    ) -> (Option<String>, bool) {
        match random.below(4) {
            0 => match read(host, key).await.unwrap() {
                Some((_, etag)) => (Some(etag), true),
                None => (None, true),
            },
            1 => match self.old.get(random.below(self.old.len() + 1)) {
                Some(old) => (Some(old.clone()), false),
                None => (None, true),
            },
            _ => (None, true),
        }
    }

    async fn check(&self, host: &mut Host, key: &str) {
        let found = read(host, key).await.unwrap().map(|(value, _)| value);
        assert_eq!(found.as_ref(), self.values.get(key), "{key}");
    }
}

/// Thousands of operations in random order, and after each the store has what it should.
pub async fn follows_its_model(backend: Backend) {
    let mut random = Random::new();
    let mut host = backend.dapr.host(&random.name("model"));
    let mut model = Model::default();
    let keys = ["a", "b/c", "ключ", "with space", "x:y|z"];
    for step in 0..600 {
        let key = keys[random.below(keys.len())];
        if let Some((_, etag)) = read(&mut host, key).await.unwrap() {
            model.old.push(etag);
        }
        let before = model.values.get(key).cloned();
        let (etag, fits) = model.etag(&mut host, &mut random, key).await;
        let is_same = match &etag {
            Some(etag) => read(&mut host, key)
                .await
                .unwrap()
                .is_some_and(|(_, now)| now == *etag),
            None => true,
        };
        let fits = fits || is_same;
        let value = format!("{step}").into_bytes();
        let written = match random.below(5) {
            0 | 1 => {
                let mut item = item(key, &value);
                item.etag = etag;
                let saved = host.save(STORE, vec![item]).await;
                saved.map(|()| model.values.insert(key.to_owned(), value))
            }
            2 => {
                let mut item = item(key, &value);
                item.options = first_write();
                let saved = host.save(STORE, vec![item]).await;
                match (&before, &saved) {
                    (None, Ok(())) => {
                        model.values.insert(key.to_owned(), value);
                    }
                    (Some(_), Err(Error::Conflict(_))) => {}
                    _ => panic!("{before:?}: {saved:?}"),
                }
                model.check(&mut host, key).await;
                continue;
            }
            3 => {
                let mut removal = removal(key);
                removal.etag = etag;
                let deleted = host.delete(STORE, removal).await;
                deleted.map(|()| model.values.remove(key))
            }
            _ => {
                let wanted = keys.map(str::to_owned).to_vec();
                let entries = host.get_bulk(STORE, wanted, 3, Vec::new()).await.unwrap();
                assert_eq!(entries.len(), keys.len());
                for (entry, key) in entries.into_iter().zip(keys) {
                    assert_eq!(entry.key, key);
                    let value = entry.found.unwrap().map(|entry| entry.value);
                    assert_eq!(value.as_ref(), model.values.get(key));
                }
                continue;
            }
        };
        match written {
            Ok(_) => assert!(fits, "step {step}: an old etag was taken"),
            Err(Error::Conflict(_)) => assert!(!fits, "step {step}: a conflict with nobody"),
            Err(error) => panic!("step {step}: {error}"),
        }
        model.check(&mut host, key).await;
    }
}

/// Ten thousand increments by several at once, each of which reads and writes with an etag.
pub async fn loses_no_increment(backend: Backend) {
    let app = Random::new().name("increments");
    let tasks = (0..TASKS).map(|_| {
        let mut host = backend.dapr.host(&app);
        tokio::spawn(async move {
            let mut conflicts = 0;
            for _ in 0..INCREMENTS / TASKS {
                loop {
                    match increment(&mut host).await {
                        Ok(()) => break,
                        Err(Error::Conflict(_)) => conflicts += 1,
                        Err(error) => panic!("{error}"),
                    }
                }
            }
            conflicts
        })
    });
    let mut conflicts = 0;
    for task in tasks.collect::<Vec<_>>() {
        conflicts += task.await.unwrap();
    }
    println!("{conflicts} conflicts");
    let (value, _) = read(&mut backend.dapr.host(&app), "n")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(value, INCREMENTS.to_string().into_bytes());
}

async fn increment(host: &mut Host) -> Result<()> {
    let mut next = item("n", b"1");
    match read(host, "n").await? {
        None => next.options = first_write(),
        Some((value, etag)) => {
            let n: usize = String::from_utf8(value).unwrap().parse().unwrap();
            next.value = (n + 1).to_string().into_bytes();
            next.etag = Some(etag);
        }
    }
    host.save(STORE, vec![next]).await
}

/// Odd keys and values are taken, or refused with a clear answer.
pub async fn takes_odd_keys_and_values(backend: Backend) {
    let mut random = Random::new();
    let mut host = backend.dapr.host(&random.name("odd"));
    let least = backend.can.value.unwrap_or(10_000_000);
    for size in [0, 1, 1_000, 1 << 20, 10_000_000] {
        let value: Vec<u8> = (0..size).map(|_| random.number() as u8).collect();
        let saved = host.save(STORE, vec![item("bytes", &value)]).await;
        match saved {
            Ok(()) => {
                let (found, _) = read(&mut host, "bytes").await.unwrap().unwrap();
                assert!(found == value, "{size} bytes");
            }
            Err(Error::Invalid(_)) => assert!(size > least, "{size} bytes"),
            Err(error) => panic!("{size} bytes: {error}"),
        }
    }
    let too_much = vec![0; 17 << 20];
    let refused = host.save(STORE, vec![item("bytes", &too_much)]).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    for key in ["", "a||b", &"x".repeat(2_000)] {
        for refused in [
            read(&mut host, key).await.map(drop),
            host.save(STORE, vec![item(key, b"x")]).await,
            host.delete(STORE, removal(key)).await,
        ] {
            assert!(
                matches!(refused, Err(Error::Invalid(_))),
                "{key}: {refused:?}"
            );
        }
    }
    // Keys are texts; all of them can be had.
    for key in [
        "\0",
        "\n\r\t",
        "\u{7f}\u{80}",
        "🦀",
        "*",
        ">",
        "a.b.c",
        "%2f",
        "..",
        "\\",
        "'\"",
    ] {
        match host.save(STORE, vec![item(key, key.as_bytes())]).await {
            Ok(()) => {
                let (found, _) = read(&mut host, key).await.unwrap().unwrap();
                assert_eq!(found, key.as_bytes());
                host.delete(STORE, removal(key)).await.unwrap();
                assert_eq!(read(&mut host, key).await.unwrap(), None);
            }
            Err(Error::Invalid(_)) => {}
            Err(error) => panic!("{key:?}: {error}"),
        }
    }
    host.save(STORE, vec![item("k", b"x")]).await.unwrap();
    for etag in ["no such etag", "-1", "", "99999999999999999999999"] {
        let mut bad = item("k", b"y");
        bad.etag = Some(etag.to_owned());
        let refused = host.save(STORE, vec![bad]).await;
        let is_clear = matches!(refused, Err(Error::Invalid(_) | Error::Conflict(_)));
        assert!(is_clear, "{etag}: {refused:?}");
    }
    assert_eq!(read(&mut host, "k").await.unwrap().unwrap().0, b"x");
    let mut gone = removal("nobody");
    host.delete(STORE, gone.clone()).await.unwrap();
    gone.etag = Some("1".to_owned());
    let refused = host.delete(STORE, gone).await;
    let is_clear = matches!(refused, Err(Error::Invalid(_) | Error::Conflict(_)));
    assert!(is_clear, "{refused:?}");
}

/// Values end in time, and their keys are free then.
pub async fn values_end(backend: Backend) {
    let mut host = backend.dapr.host(&Random::new().name("ttl"));
    let mut short = item("short", b"x");
    short.metadata = vec![("ttlInSeconds".to_owned(), "1".to_owned())];
    let saved = host.save(STORE, vec![short.clone()]).await;
    if !backend.can.ttl {
        assert!(matches!(saved, Err(Error::Unsupported(_))), "{saved:?}");
        return;
    }
    saved.unwrap();
    host.save(STORE, vec![item("long", b"x")]).await.unwrap();
    assert!(read(&mut host, "short").await.unwrap().is_some());
    // A write without an end takes the end away.
    short.key = "kept".to_owned();
    host.save(STORE, vec![short.clone()]).await.unwrap();
    host.save(STORE, vec![item("kept", b"x")]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(2_200)).await;
    assert_eq!(read(&mut host, "short").await.unwrap(), None);
    assert!(read(&mut host, "kept").await.unwrap().is_some());
    assert!(read(&mut host, "long").await.unwrap().is_some());
    let mut again = item("short", b"y");
    again.options = first_write();
    host.save(STORE, vec![again]).await.unwrap();
    short.metadata[0].1 = "soon".to_owned();
    let refused = host.save(STORE, vec![short]).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
}

/// Applications do not see one another's values.
pub async fn applications_have_their_own(backend: Backend) {
    let mut random = Random::new();
    let mut one = backend.dapr.host(&random.name("one"));
    let mut other = backend.dapr.host(&random.name("other"));
    one.save(STORE, vec![item("k", b"1")]).await.unwrap();
    assert_eq!(read(&mut other, "k").await.unwrap(), None);
    other.delete(STORE, removal("k")).await.unwrap();
    assert!(read(&mut one, "k").await.unwrap().is_some());
}

/// Stores that are not there are told by their names.
pub async fn unknown_names_are_told(backend: Backend) {
    let mut host = backend.dapr.host("nobody");
    let error = host
        .get("nowhere", "k", Consistency::Unspecified, Vec::new())
        .await;
    assert_eq!(error, Err(Error::NoComponent("nowhere".to_owned())));
    let error = host.save("nowhere", vec![item("k", b"")]).await;
    assert_eq!(error, Err(Error::NoComponent("nowhere".to_owned())));
}
