//! Hosts made of parts by `#[derive(abide::Host)]` serve a guest as if they were of one piece.
//!
//! The guest is `tests/fixtures/parts/guest`.

#[path = "../support/mod.rs"]
mod support;

use std::sync::{Arc, Mutex};

use abide_build::Target;

abide::abi!("tests/fixtures/parts/wit");

/// A second ABI, with an interface of the same name.
mod other {
    abide::abi!({
        inline: "
            package demo:other@0.1.0;
            interface clock { ticks: func() -> u32; }
            world other { import clock; }
        ",
        module: "other",
    });
}

#[derive(Clone)]
struct Stopped(u64);

impl host::Clock for Stopped {
    fn now_ms(&mut self) -> u64 {
        self.0
    }
}

impl other::host::Clock for Stopped {
    fn ticks(&mut self) -> u32 {
        7
    }
}

/// Provides two interfaces, one with a resource that the other uses.
#[derive(Clone)]
struct Store {
    saved: u32,
}

struct Bucket(String);

impl host::Kv for Store {
    type Bucket = Bucket;

    fn bucket_new(&mut self, name: &str) -> Bucket {
        Bucket(name.to_owned())
    }
}

impl host::kv::Bucket for Bucket {
    fn get(&mut self, key: &str) -> String {
        format!("{}/{key}", self.0)
    }
}

impl host::Files for Store {
    type Bucket = Bucket;

    fn save(&mut self, of: &mut Bucket) -> u32 {
        of.0.push_str("-saved");
        self.saved += 1;
        self.saved
    }

    fn load(&mut self, name: &str) -> Bucket {
        Bucket(name.to_owned())
    }
}

#[derive(Clone)]
struct Answers<const ANSWER: u32>;

impl<const ANSWER: u32> host::PartsImports for Answers<ANSWER> {
    fn answer(&mut self) -> u32 {
        ANSWER
    }
}

/// Three parts, one of any type, and an interface that the host implements itself.
#[derive(Clone, abide::Host)]
#[host(abi = crate)]
struct App<C, const ANSWER: u32>
where
    C: Clone,
{
    #[host(clock, other::clock)]
    clock: C,
    #[host(kv, files)]
    store: Store,
    #[host(imports)]
    answers: Answers<ANSWER>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl<C: Clone, const ANSWER: u32> host::Log for App<C, ANSWER> {
    fn write(&mut self, message: &str) {
        self.heard.lock().unwrap().push(message.to_owned());
    }
}

fn app<C: Clone>(clock: C) -> App<C, 42> {
    App {
        clock,
        store: Store { saved: 10 },
        answers: Answers,
        heard: Arc::default(),
    }
}

fn report<H>(host: H) -> String
where
    H: host::ProvidesClock
        + host::ProvidesKv
        + host::ProvidesFiles<Impl: host::Files<Bucket = BucketOf<H>>>
        + host::ProvidesLog
        + host::ProvidesPartsImports
        + Clone
        + Send
        + Sync
        + 'static,
{
    let guest = support::guest("parts", Target::Unknown);
    host::Parts::load(guest, host).unwrap().report().unwrap()
}

type BucketOf<H> = <<H as host::ProvidesKv>::Impl as host::Kv>::Bucket;

const EXPECTED: &str = "1234 first-saved/a 11 second/b 42";

#[test]
fn fields_and_an_own_impl_serve_one_guest() {
    let app = app(Stopped(1234));
    let heard = Arc::clone(&app.heard);
    assert_eq!(report(app), EXPECTED);
    assert_eq!(*heard.lock().unwrap(), ["begun", "done"]);
}

#[test]
fn a_part_may_be_made_of_parts() {
    /// A tuple struct, whose one part provides everything, and whose clock comes from further down.
    #[derive(Clone, abide::Host)]
    struct Outer(
        u8,
        #[host(crate::clock, crate::kv)]
        #[host(crate::files, crate::log, crate::imports)]
        App<Inner<Stopped>, 42>,
    );

    #[derive(Clone, abide::Host)]
    #[host(abi = crate)]
    struct Inner<T: Clone> {
        #[host(clock)]
        r#type: T,
    }

    let clock = Inner {
        r#type: Stopped(1234),
    };
    let outer = Outer(0, app(clock));
    let heard = Arc::clone(&outer.1.heard);
    assert_eq!((report(outer.clone()), outer.0), (EXPECTED.to_owned(), 0));
    assert_eq!(*heard.lock().unwrap(), ["begun", "done"]);
}

#[test]
fn one_field_may_serve_several_abis() {
    fn ticks(mut host: impl other::host::ProvidesClock) -> u32 {
        other::host::Clock::ticks(host.provide())
    }
    assert_eq!(ticks(app(Stopped(0))), 7);
}
