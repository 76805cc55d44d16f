//! Modules that import WASI preview 1 are granted what components are, within the same limits.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use abide::module::{Imports, Linker};
use abide::{Builder, Error, LimitKind, Limits, TrapKind, Wasi};

mod hostile;

/// A host that hears what guests say.
#[derive(Debug, Clone, Default)]
struct Ears(Arc<Mutex<Vec<String>>>);

#[abide::module("env")]
impl Ears {
    fn say(&mut self, text: &str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(text.to_owned());
    }
}

impl Imports for Ears {
    fn offer(linker: &mut Linker<'_, Self>) {
        Self::offer_env(linker);
    }
}

impl Ears {
    fn heard(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[abide::module_exports]
trait Old {
    fn act(what: u32, with: u64);
}

/// What the guest can be told to do, in the order of its numbers.
#[derive(Debug, Clone, Copy)]
enum Act {
    Surroundings,
    Clocks,
    Random,
    Print,
    Input,
    Sleep,
    Read,
    Files,
    List,
    Open,
    Exit,
    Panic,
    Write,
    WriteReadOnly,
    Started,
    Escape,
}

/// The program in `tests/fixtures/modules/module`.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    abide_build::guest(root.join("tests/fixtures/modules/module"))
        .module()
        .target_dir(root.join("target/guests"))
        .build()
        .unwrap_or_else(|error| panic!("{error}"))
});

/// A guest with grants, and who hears it.
struct Guest {
    old: Old,
    ears: Ears,
}

fn guest(wasi: Wasi, with: impl FnOnce(Builder<Old>) -> Builder<Old>) -> Guest {
    let ears = Ears::default();
    let builder = Old::builder(ears.clone()).wasi(wasi).name("program");
    let old = with(builder).load(&*PROGRAM).unwrap();
    Guest { old, ears }
}

fn granted(wasi: Wasi) -> Guest {
    guest(wasi, |builder| {
        builder.limits(Limits::new().deadline(Duration::from_secs(60)))
    })
}

impl Guest {
    /// What it says when it does something.
    fn said(&self, act: Act, with: u64) -> Vec<String> {
        self.act(act, with).unwrap();
        self.ears.heard()
    }

    fn act(&self, act: Act, with: u64) -> abide::Result<()> {
        self.old.act(act as u32, with).map(Option::unwrap)
    }
}

/// A folder of a test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("preview1")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn nothing_is_granted_by_itself() {
    let guest = granted(Wasi::new());
    assert_eq!(guest.said(Act::Surroundings, 0), ["ok"]);
    assert_eq!(guest.said(Act::Clocks, 0), ["0", "ok"], "they stand still");
    assert_eq!(guest.said(Act::Input, 0), ["", "ok"]);
    let numbers = guest.said(Act::Random, 0);
    assert_eq!(guest.said(Act::Random, 0), numbers, "always the same ones");
    assert_ne!(guest.said(Act::Read, 0), ["ok"]);
    assert_eq!(guest.said(Act::Started, 0), ["1", "ok"], "`main` was run");
}

#[test]
fn what_is_granted_is_there() {
    let wasi = Wasi::new()
        .env("LANG", "C")
        .arg("plugin")
        .arg("--quiet")
        .stdin("one\ntwo\n")
        .clocks()
        .random();
    let guest = granted(wasi);
    assert_eq!(
        guest.said(Act::Surroundings, 0),
        ["LANG=C", "plugin", "--quiet", "ok"]
    );
    assert_eq!(guest.said(Act::Input, 0), ["one\ntwo\n", "ok"]);
    let years: u32 = guest.said(Act::Clocks, 0)[0].parse().unwrap();
    assert!(years > 50, "{years}");
    let numbers = guest.said(Act::Random, 0);
    assert_ne!(guest.said(Act::Random, 0), numbers);
    let start = Instant::now();
    assert_eq!(guest.said(Act::Sleep, 30), ["ok"]);
    assert!(start.elapsed() >= Duration::from_millis(30));
}

#[test]
fn files_are_used_as_far_as_they_are_granted() {
    let (data, work) = (folder("data"), folder("work"));
    fs::write(data.join("hello.txt"), "hello").unwrap();
    let wasi = Wasi::new()
        .preopen_read(data, "/data")
        .preopen(&work, "/work");
    let guest = granted(wasi);
    assert_eq!(guest.said(Act::Read, 0), ["hello", "ok"]);
    assert_eq!(
        guest.said(Act::Files, 0),
        ["abcd", "100006", "100006 true", "true", "false", "ok"]
    );
    assert_eq!(guest.said(Act::WriteReadOnly, 0), ["PermissionDenied"]);
    assert_ne!(guest.said(Act::Escape, 0), ["ok"]);
    // More names than fit into a buffer of the guest's.
    for number in 0..500 {
        fs::write(
            work.join(format!("a file with a long name {number:03}")),
            "",
        )
        .unwrap();
    }
    assert_eq!(
        guest.said(Act::List, 0),
        ["500", "a file with a long name 000", "ok"]
    );
}

#[test]
fn links_are_made_and_read() {
    let text = r#"(module
        (import "wasi_snapshot_preview1" "path_link"
            (func $link (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_symlink" (func $symlink (param i32 i32 i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_readlink"
            (func $readlink (param i32 i32 i32 i32 i32 i32) (result i32)))
        (import "env" "say" (func $say (param i32 i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "filehardsoft")
        (func (export "act") (param i32 i64)
            ;; The folder is the first thing behind the outputs.
            (if (call $link (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 3)
                (i32.const 4) (i32.const 4)) (then (unreachable)))
            (if (call $symlink (i32.const 0) (i32.const 4) (i32.const 3) (i32.const 8) (i32.const 4))
                (then (unreachable)))
            ;; There is room for three letters of four.
            (if (call $readlink (i32.const 3) (i32.const 8) (i32.const 4) (i32.const 64) (i32.const 3)
                (i32.const 128)) (then (unreachable)))
            (call $say (i32.const 64) (i32.load (i32.const 128)))))"#;
    let folder = folder("links");
    fs::write(folder.join("file"), "hello").unwrap();
    let ears = Ears::default();
    let builder = Old::builder(ears.clone()).wasi(Wasi::new().preopen(&folder, "/"));
    let old = builder.load_bytes(crate::module(text)).unwrap();
    old.act(0, 0).unwrap();
    assert_eq!(ears.heard(), ["fil"]);
    assert_eq!(fs::read_to_string(folder.join("hard")).unwrap(), "hello");
    assert_eq!(
        fs::read_link(folder.join("soft")).unwrap(),
        Path::new("file")
    );
}

#[test]
fn what_is_open_counts() {
    let data = folder("open");
    fs::write(data.join("hello.txt"), "hello").unwrap();
    let wasi = Wasi::new().preopen_read(data, "/data");
    let guest = guest(wasi, |builder| builder.limits(Limits::new().open_files(4)));
    let session = guest.old.session().unwrap();
    session.act(Act::Open as u32, 4).unwrap();
    assert_eq!(guest.ears.heard(), ["4", "ok"]);
    let error = session.act(Act::Open as u32, 1).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Limit {
                what: LimitKind::OpenFiles,
                limit: 4,
                ..
            }
        ),
        "{error}"
    );
    // With its instance it is closed.
    assert_eq!(guest.said(Act::Open, 4), ["4", "ok"]);
}

#[test]
fn output_goes_where_it_is_sent_and_is_counted() {
    let written = Arc::new(Mutex::new(Vec::new()));
    let buffer = Arc::clone(&written);
    let wasi = Wasi::new().stdout_to(move |bytes| {
        let mut buffer = buffer.lock().unwrap_or_else(PoisonError::into_inner);
        buffer.extend_from_slice(bytes);
    });
    let limits = Limits::new().output(100_000);
    let guest = guest(wasi, |builder| builder.limits(limits));
    assert_eq!(guest.said(Act::Print, 0), ["ok"]);
    assert_eq!(written.lock().unwrap().as_slice(), b"to the output\nno end");
    guest.act(Act::Write, 99_000).unwrap();
    let error = guest.act(Act::Write, 100_001).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Limit {
                what: LimitKind::Output,
                limit: 100_000,
                ..
            }
        ),
        "{error}"
    );
    let error = guest.act(Act::Panic, 0).unwrap_err();
    let Error::Trap { stderr, .. } = &error else {
        panic!("{error}")
    };
    assert!(stderr.contains("on purpose"), "{stderr}");
}

#[test]
fn nobody_sleeps_for_longer_than_a_call_may_take() {
    let limits = Limits::new().deadline(Duration::from_millis(100));
    let guest = guest(Wasi::new().clocks(), |builder| builder.limits(limits));
    let start = Instant::now();
    let error = guest.act(Act::Sleep, 3_600_000).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn the_end_of_the_process_is_the_end_of_the_call() {
    let guest = granted(Wasi::new());
    for code in [0, 3] {
        let error = guest.act(Act::Exit, code).unwrap_err();
        let Error::Trap { kind, .. } = &error else {
            panic!("{error}")
        };
        assert!(
            matches!(kind, TrapKind::Exit { code: found } if u64::from(found.cast_unsigned()) == code),
            "{error}"
        );
    }
}
