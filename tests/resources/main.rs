//! Resources in both directions: the host's in a guest, and a guest's in the host.
//!
//! The guest is `tests/fixtures/resources/guest`.

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use abide::{CallError, Error, Limits};
use abide_build::Target;

abide::abi!("tests/fixtures/resources/wit");

use host::Store;

/// Counts the values that are alive.
#[derive(Debug, Clone, Default)]
struct Alive(Arc<AtomicU32>);

impl Alive {
    fn one(&self) -> One {
        self.0.fetch_add(1, Ordering::Relaxed);
        One(Arc::clone(&self.0))
    }

    fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
struct One(Arc<AtomicU32>);

impl Drop for One {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Clone, Default)]
struct App {
    alive: Alive,
}

struct Bucket {
    name: String,
    values: BTreeMap<String, Vec<u8>>,
    alive: Alive,
    _one: One,
}

struct Cursor {
    of: Bucket,
    keys: Vec<String>,
}

struct Token(String);

impl App {
    fn bucket(&self, name: &str) -> Bucket {
        Bucket::new(name, &self.alive)
    }
}

impl Bucket {
    fn new(name: &str, alive: &Alive) -> Self {
        Self {
            name: name.to_owned(),
            values: BTreeMap::new(),
            alive: alive.clone(),
            _one: alive.one(),
        }
    }

    fn total(&self) -> u32 {
        self.values.values().map(|value| value.len() as u32).sum()
    }
}

impl host::Kv for App {
    type Bucket = Bucket;
    type Cursor = Cursor;

    fn bucket_new(&mut self, name: &str) -> Bucket {
        self.bucket(name)
    }

    fn bucket_open(&mut self, name: &str) -> Result<Bucket, kv::Error> {
        match name {
            "secret" => Err(kv::Error::Denied),
            "missing" => Err(kv::Error::NotFound(name.to_owned())),
            name => Ok(self.bucket(name)),
        }
    }

    fn count(&mut self, of: Vec<&Bucket>) -> u32 {
        of.iter().map(|bucket| bucket.values.len() as u32).sum()
    }

    fn total(&mut self, of: &mut Bucket) -> u32 {
        of.total()
    }

    fn pack(&mut self, b: Bucket) -> kv::Entry<Bucket> {
        kv::Entry {
            name: format!("packed {}", b.name),
            bucket: b,
        }
    }

    fn unpack(&mut self, e: kv::Entry<Bucket>) -> Bucket {
        Bucket {
            name: format!("un{}", e.name),
            ..e.bucket
        }
    }

    fn look(&mut self, p: kv::Peek<&mut Bucket>) -> String {
        p.of.name.push('!');
        format!("{}: {}", p.name, p.of.name)
    }

    fn choose(&mut self, c: kv::Choice<Bucket>) -> Result<(u32, Option<Bucket>), kv::Error> {
        match c {
            kv::Choice::One(bucket) => Ok((1, Some(bucket))),
            kv::Choice::Many(mut buckets) => Ok((buckets.len() as u32, buckets.pop())),
            kv::Choice::Nothing => Err(kv::Error::Denied),
        }
    }
}

impl host::kv::Bucket for Bucket {
    type Cursor = Cursor;

    fn name(&mut self) -> String {
        self.name.clone()
    }

    fn get(&mut self, key: &str) -> Result<Vec<u8>, kv::Error> {
        let value = self.values.get(key).cloned();
        value.ok_or_else(|| kv::Error::NotFound(key.to_owned()))
    }

    fn put(&mut self, key: &str, value: &[u8]) {
        assert_ne!(key, "panic", "asked to");
        self.values.insert(key.to_owned(), value.to_vec());
    }

    fn merge(&self, other: &Self) {
        assert!(self.total() <= 1000 && other.total() <= 1000);
    }

    fn same(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }

    fn cursor(&mut self) -> Cursor {
        Cursor {
            keys: self.values.keys().cloned().collect(),
            of: host::kv::Bucket::fork(self),
        }
    }

    fn fork(&mut self) -> Self {
        Self {
            name: self.name.clone(),
            values: self.values.clone(),
            alive: self.alive.clone(),
            _one: self.alive.one(),
        }
    }
}

impl host::kv::Cursor for Cursor {
    type Bucket = Bucket;

    fn next(&mut self) -> Option<String> {
        self.keys.pop()
    }

    fn bucket(&mut self) -> Bucket {
        host::kv::Bucket::fork(&mut self.of)
    }
}

impl host::Files for App {
    type Bucket = Bucket;

    fn save(&mut self, b: &mut Bucket) -> u64 {
        b.values.insert("saved".to_owned(), vec![1]);
        u64::from(b.total())
    }

    fn load(&mut self, bytes: u64) -> kv::Entry<Bucket> {
        let mut bucket = self.bucket("loaded");
        bucket
            .values
            .insert("x".to_owned(), vec![0; bytes as usize]);
        kv::Entry {
            name: "entry".to_owned(),
            bucket,
        }
    }
}

impl host::StoreImports for App {
    type Token = Token;

    fn token_of(&mut self, text: &str) -> Token {
        Token(text.to_owned())
    }
}

impl host::imports::Token for Token {
    fn text(&mut self) -> String {
        self.0.clone()
    }
}

fn load(app: App, limits: Limits) -> Store {
    static GUEST: OnceLock<Vec<u8>> = OnceLock::new();
    let guest =
        GUEST.get_or_init(|| std::fs::read(support::guest("resources", Target::Unknown)).unwrap());
    host::Store::builder(app)
        .name("resources")
        .limits(limits.deadline(Duration::from_secs(60)))
        .load_bytes(guest)
        .unwrap()
}

#[test]
fn a_guest_uses_the_hosts_resources_and_drops_each_once() {
    let app = App::default();
    let store = load(app.clone(), Limits::default());
    let story = store.tasks().run("everything").unwrap();
    assert_eq!(story, "ok");
    assert_eq!(app.alive.count(), 0);
    let story = store.tasks().run("leak").unwrap();
    assert_eq!(story, "leaked 3");
    assert_eq!(
        app.alive.count(),
        0,
        "what a guest keeps goes with its instance"
    );
    let session = store.session().unwrap();
    assert_eq!(session.tasks().run("leak").unwrap(), "leaked 3");
    assert_eq!(app.alive.count(), 3);
    drop(session);
    assert_eq!(app.alive.count(), 0);
}

#[test]
fn an_export_takes_lends_and_returns_the_hosts_values() {
    let app = App::default();
    let store = load(app.clone(), Limits::default());
    let mut bucket = app.bucket("mine");
    assert_eq!(store.tasks().fill(&mut bucket, "key").unwrap(), 3);
    assert_eq!(bucket.values["key"], [1, 2, 3]);
    assert_eq!(store.tasks().swallow(bucket).unwrap(), "mine");
    assert_eq!(app.alive.count(), 0);
    let given: Bucket = store.tasks().give("gift").unwrap();
    assert_eq!(given.name, "gift");
    assert_eq!(app.alive.count(), 1);
    drop(given);
    assert_eq!(store.check(Token("t".to_owned())).unwrap(), "token t");
}

#[test]
fn a_value_of_another_type_than_the_hosts_is_refused() {
    let app = App::default();
    let store = load(app.clone(), Limits::default());
    let session = store.session().unwrap();
    let error = session.tasks().swallow(7_u8).unwrap_err();
    assert!(matches!(error, Error::HostType { .. }), "{error}");
    assert!(session.is_alive());
    let error = session.tasks().give::<String>("gift").unwrap_err();
    assert!(matches!(error, Error::HostType { .. }), "{error}");
    assert!(session.is_alive());
    assert_eq!(app.alive.count(), 0, "the guest was not called");
}

#[test]
fn a_host_uses_a_guests_resources() {
    let app = App::default();
    let store = load(app.clone(), Limits::default());
    let session = store.session().unwrap();
    let counters = session.counters();
    let a = counters.counter_new(5).unwrap();
    assert_eq!(a.add(2).unwrap(), 7);
    let b = counters.counter_parse("40").unwrap();
    assert!(
        matches!(counters.counter_parse("x"), Err(CallError::Guest(text)) if text.contains("x"))
    );
    assert_eq!(a.gap(&b).unwrap(), 33);
    assert_eq!(a.gap(&a).unwrap(), 0);
    assert_eq!(counters.sum(vec![&a, &b, &a]).unwrap(), 54);
    assert_eq!(counters.alive().unwrap(), 2);
    let pair = counters.split(b).unwrap();
    assert_eq!(counters.alive().unwrap(), 3);
    assert_eq!(pair.left.add(0).unwrap() + pair.right.add(0).unwrap(), 40);
    assert_eq!(a.absorb(pair.left).unwrap(), 27);
    assert_eq!(counters.alive().unwrap(), 2);
    drop(pair.right);
    assert_eq!(counters.alive().unwrap(), 1);
    let (a2, bucket) = session.tasks().tally(&a, app.bucket("b")).unwrap();
    assert_eq!(a2.add(0).unwrap(), 27);
    assert_eq!(bucket.values["tally"], [27]);
    assert_eq!(counters.alive().unwrap(), 2);
}

#[test]
fn misuse_of_a_guests_resources_is_told() {
    let store = load(App::default(), Limits::default());
    let error = store.counters().counter_new(1).unwrap_err();
    assert!(matches!(error, Error::NeedsSession { .. }), "{error}");
    let (one, two) = (store.session().unwrap(), store.session().unwrap());
    let a = one.counters().counter_new(1).unwrap();
    let b = two.counters().counter_new(2).unwrap();
    let error = a.gap(&b).unwrap_err();
    assert!(matches!(error, Error::WrongSession { .. }), "{error}");
    let error = a.absorb(b).unwrap_err();
    assert!(matches!(error, Error::WrongSession { .. }), "{error}");
    assert!(one.is_alive() && two.is_alive());
    assert_eq!(
        two.counters().alive().unwrap(),
        0,
        "what was moved is released"
    );
    assert_eq!(a.add(1).unwrap(), 2);
    drop(one);
    assert_eq!(a.add(1).unwrap(), 3, "a handle keeps its instance");
    assert_eq!(
        std::thread::spawn(move || a.add(1).unwrap())
            .join()
            .unwrap(),
        4
    );
}
