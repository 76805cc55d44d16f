//! How much a guest takes, and what ends it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use abide_host::{Engine, Error, LimitKind, Limits, Network, Result, Wasi};

use super::super::{BUSY, Deed, ERROR, NEW_SOCKET_LIMIT, PERMANENT_RESOLVER_FAILURE, guest};
use super::{builder, does, open};
use crate::system::{Events, System};

/// A folder with a file of a hundred bytes and so many more that are empty.
pub(super) fn folder(test: &str, more: usize) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("process")
        .join(module_path!().replace("::", "-"))
        .join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("note.txt"), [b'a'; 100]).unwrap();
    for number in 0..more {
        fs::write(folder.join(format!("{number}.txt")), b"").unwrap();
    }
    folder
}

pub(super) fn roomy() -> Limits {
    Limits::new().deadline(Duration::from_secs(60))
}

pub(super) fn load(wasi: Wasi, limits: Limits, engine: Option<&Engine>) -> System {
    let builder = builder().wasi(wasi).limits(limits);
    let builder = match engine {
        Some(engine) => builder.engine(engine),
        None => builder,
    };
    builder.load_bytes(guest()).unwrap()
}

fn online() -> Network {
    Network::new().tcp_connect("127.0.0.1:*").name_lookup()
}

#[track_caller]
fn too_many(result: Result<u64>, most: u64) {
    match result {
        Err(Error::Limit {
            what: LimitKind::OpenFiles,
            limit,
            ..
        }) if limit == most => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn open_files_and_sockets_are_limited_together() {
    let folder = folder("limited", 2);
    let wasi = Wasi::new().preopen_read(folder, "/data").network(online());
    let system = load(wasi, roomy().open_files(5), None);
    for deed in [
        Deed::Open,
        Deed::OpenForStream,
        Deed::BeginToList,
        Deed::MakeSockets,
    ] {
        assert_eq!(does(&system, deed, 5).unwrap(), 5, "{deed:?}");
        too_many(does(&system, deed, 6), 5);
    }
    let error = does(&system, Deed::Open, 6).unwrap_err();
    assert_eq!(
        error.to_string(),
        "guest `system` reached its limit of 5 open files and sockets in `run`; raise it with \
         `Limits::open_files` if this is what the guest needs"
    );
    // Over the calls of a session, and of all sorts.
    let session = open(&system).unwrap();
    assert_eq!(does(&session, Deed::Open, 3).unwrap(), 3);
    assert_eq!(does(&session, Deed::MakeSockets, 2).unwrap(), 2);
    too_many(does(&session, Deed::OpenAndClose, 1), 5);
}

#[test]
fn what_is_closed_does_not_count() {
    let wasi = Wasi::new().preopen_read(folder("closed", 2), "/data");
    let system = load(wasi, roomy().open_files(1), None);
    assert_eq!(does(&system, Deed::OpenAndClose, 1000).unwrap(), 1000);
    // Three things each time.
    assert_eq!(does(&system, Deed::List, 100).unwrap(), 300);
}

#[test]
fn an_engine_has_so_many_files_for_all() {
    let engine = Engine::builder().instances(4).open_files(8);
    let engine = engine.build().unwrap();
    let folder = folder("engine", 0);
    let wasi = Wasi::new().preopen_read(folder, "/data").network(online());
    let load = || load(wasi.clone(), roomy(), Some(&engine));
    let (one, other) = (load(), load());
    let session = open(&one).unwrap();
    assert_eq!(does(&session, Deed::Open, 6).unwrap(), 6);
    assert_eq!(does(&other, Deed::Open, 2).unwrap(), 2);
    // The guest is told, as by a system that has no more.
    assert_eq!(does(&other, Deed::Open, 3).unwrap(), ERROR + BUSY);
    assert_eq!(does(&other, Deed::BeginToList, 3).unwrap(), ERROR + BUSY);
    let sockets = does(&other, Deed::MakeSockets, 3).unwrap();
    assert_eq!(sockets, ERROR + NEW_SOCKET_LIMIT);
    drop(session);
    assert_eq!(does(&other, Deed::Open, 8).unwrap(), 8);
}

#[test]
fn a_large_folder_is_listed_as_it_is_asked_for() {
    const FILES: u64 = 20_000;
    let wasi = Wasi::new().preopen_read(folder("large", FILES as usize), "/data");
    let system = load(wasi.clone(), roomy(), None);
    assert_eq!(does(&system, Deed::List, 1).unwrap(), FILES + 1);
    // To read it all fifty times would take far longer than this.
    let system = load(wasi, Limits::new().deadline(Duration::from_secs(1)), None);
    assert_eq!(does(&system, Deed::BeginToList, 50).unwrap(), 50);
}

#[test]
fn names_are_looked_up_in_turn() {
    let wasi = || Wasi::new().network(online());
    let limits = roomy().name_lookups(2);
    let engine = Engine::builder().instances(4).name_lookups(3);
    let engine = engine.build().unwrap();
    let system = load(wasi(), limits, Some(&engine));
    std::thread::scope(|scope| {
        let calls: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| does(&system, Deed::LookUp, 40).unwrap()))
            .collect();
        for call in calls {
            assert_eq!(call.join().unwrap(), 40);
        }
    });
    let offline = load(Wasi::new(), roomy(), None);
    assert_eq!(
        does(&offline, Deed::LookUp, 1).unwrap(),
        ERROR + PERMANENT_RESOLVER_FAILURE
    );
}

#[test]
fn who_writes_more_at_once_than_is_permitted_is_ended() {
    let system = load(Wasi::new(), roomy(), None);
    assert_eq!(does(&system, Deed::WriteAtOnce, 65_536).unwrap(), 65_536);
    for bytes in [65_537, 1 << 20] {
        let error = does(&system, Deed::WriteAtOnce, bytes).unwrap_err();
        assert!(matches!(error, Error::AbiViolation { .. }), "{error}");
        let text = error.to_string();
        let said = format!("{bytes} bytes were written at once where `check-write` permits 65536");
        assert!(text.contains(&said), "{text}");
    }
}

#[test]
fn a_flood_of_short_lines_is_told_in_fewer_events_and_no_line_is_lost() {
    let (events, name) = (Events::collect(), module_path!());
    let builder = builder().name(name).limits(roomy());
    let system = builder.load_bytes(guest()).unwrap();
    const BYTES: u64 = 1 << 20;
    assert_eq!(does(&system, Deed::Write, BYTES).unwrap(), BYTES);
    let told = events.of(name);
    assert!(told.len() < 20_000, "{} events", told.len());
    let bytes: usize = told.iter().map(String::len).sum();
    assert!(bytes < 4 << 20, "{bytes} bytes of log");
    let joined: usize = told.iter().map(|event| event.matches("\\n").count()).sum();
    assert_eq!(told.len() + joined, BYTES as usize);
}

#[test]
fn who_writes_for_ever_meets_the_deadline() {
    let limits = Limits::new()
        .deadline(Duration::from_millis(100))
        .output(usize::MAX);
    let system = load(Wasi::new(), limits, None);
    let error = does(&system, Deed::Write, 1 << 31).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
}
