//! Modules that pass nonsense to the functions of preview 1: they get a number, or are ended.

use std::time::Duration;

use abide::{Error, LimitKind, Limits, TrapKind, Wasi};

use super::{Ears, Old, folder};
use crate::module;

/// The numbers of preview 1 for what went wrong.
const BADF: u32 = 8;
const FAULT: u32 = 21;
const ILSEQ: u32 = 25;
const INVAL: u32 = 28;
const NAMETOOLONG: u32 = 37;
const NOTSOCK: u32 = 57;
const NOTSUP: u32 = 58;
const SPIPE: u32 = 70;

#[abide::module_exports]
trait Odd {
    fn number() -> u32;
    fn act(what: u32, with: u64);
}

/// A module that imports all that is called in `code`, whose result is a number.
fn odd(imports: &str, code: &str) -> Vec<u8> {
    let import = |line: &str| {
        let (name, ty) = line.split_once(' ').unwrap();
        format!("(import \"wasi_snapshot_preview1\" \"{name}\" (func ${name} {ty}))")
    };
    let imports: String = imports
        .trim()
        .lines()
        .map(|line| import(line.trim()))
        .collect();
    module(&format!(
        "(module {imports} (memory (export \"memory\") 1)
            ;; A buffer of 16 bytes at 64, one out of bounds, and one that is far too long.
            (data (i32.const 0) \"\\40\\00\\00\\00\\10\\00\\00\\00\\ff\\ff\\ff\\ff\\10\\00\\00\\00\\40\\00\\00\\00\\ff\\ff\\ff\\ff\")
            (data (i32.const 128) \"\\ff\\fe\")
            (func (export \"number\") (result i32) {code}))"
    ))
}

fn number(wasi: Wasi, imports: &str, code: &str) -> abide::Result<u32> {
    let limits = Limits::new()
        .deadline(Duration::from_millis(200))
        .random(16);
    let builder = Odd::builder(Ears::default()).wasi(wasi).limits(limits);
    let odd = builder.load_bytes(odd(imports, code)).unwrap();
    odd.number().map(Option::unwrap)
}

#[test]
fn addresses_are_looked_at() {
    let imports = "fd_write (param i32 i32 i32 i32) (result i32)
        fd_read (param i32 i32 i32 i32) (result i32)
        random_get (param i32 i32) (result i32)
        clock_time_get (param i32 i64 i32) (result i32)
        args_sizes_get (param i32 i32) (result i32)
        environ_get (param i32 i32) (result i32)
        fd_prestat_get (param i32 i32) (result i32)";
    for (code, expected) in [
        (
            "(call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 256))",
            0,
        ),
        (
            "(call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 256))",
            FAULT,
        ),
        (
            "(call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 256))",
            FAULT,
        ),
        (
            "(call $fd_write (i32.const 1) (i32.const 0) (i32.const -1) (i32.const 256))",
            FAULT,
        ),
        (
            "(call $fd_write (i32.const 1) (i32.const 0) (i32.const 0x20000000) (i32.const 256))",
            FAULT,
        ),
        (
            "(call $fd_write (i32.const 1) (i32.const -4) (i32.const 1) (i32.const 256))",
            FAULT,
        ),
        (
            "(call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 65533))",
            FAULT,
        ),
        (
            "(call $fd_write (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 256))",
            BADF,
        ),
        (
            "(call $fd_write (i32.const 77) (i32.const 0) (i32.const 1) (i32.const 256))",
            BADF,
        ),
        (
            "(call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 256))",
            0,
        ),
        (
            "(call $fd_read (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 256))",
            FAULT,
        ),
        (
            "(call $fd_read (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 256))",
            BADF,
        ),
        ("(call $random_get (i32.const 64) (i32.const 16))", 0),
        ("(call $random_get (i32.const 65530) (i32.const 16))", FAULT),
        ("(call $random_get (i32.const 0) (i32.const -1))", FAULT),
        (
            "(call $clock_time_get (i32.const 0) (i64.const 0) (i32.const 65529))",
            FAULT,
        ),
        (
            "(call $clock_time_get (i32.const 9) (i64.const 0) (i32.const 256))",
            BADF,
        ),
        (
            "(call $args_sizes_get (i32.const 256) (i32.const 65535))",
            FAULT,
        ),
        (
            "(call $environ_get (i32.const 65535) (i32.const 256))",
            FAULT,
        ),
        (
            "(call $environ_get (i32.const 256) (i32.const 65535))",
            FAULT,
        ),
        ("(call $fd_prestat_get (i32.const 3) (i32.const 256))", BADF),
    ] {
        let wasi = Wasi::new().env("LANG", "C");
        assert_eq!(number(wasi, imports, code).unwrap(), expected, "{code}");
    }
}

#[test]
fn descriptors_and_paths_are_looked_at() {
    let imports = "path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)
        path_unlink_file (param i32 i32 i32) (result i32)
        fd_close (param i32) (result i32)
        fd_renumber (param i32 i32) (result i32)
        fd_seek (param i32 i64 i32 i32) (result i32)
        fd_readdir (param i32 i32 i32 i64 i32) (result i32)
        fd_allocate (param i32 i64 i64) (result i32)
        fd_fdstat_set_rights (param i32 i64 i64) (result i32)
        fd_prestat_dir_name (param i32 i32 i32) (result i32)
        sock_accept (param i32 i32 i32) (result i32)
        sock_shutdown (param i32 i32) (result i32)
        proc_raise (param i32) (result i32)";
    let open = |fd: u32, path: i64, len: i64, place: u32| {
        format!(
            "(call $path_open (i32.const {fd}) (i32.const 0) (i32.const {path}) (i32.const {len}) (i32.const 0) \
             (i64.const 2) (i64.const 0) (i32.const 0) (i32.const {place}))"
        )
    };
    let cases = [
        (open(3, 128, 2, 256), ILSEQ),
        (open(3, 512, 5000, 256), NAMETOOLONG),
        (open(3, 512, -1, 256), NAMETOOLONG),
        (open(3, 65530, 16, 256), FAULT),
        (open(3, 64, 1, 65534), FAULT),
        (open(1, 64, 1, 256), BADF),
        (open(9, 64, 1, 256), BADF),
        ("(call $path_unlink_file (i32.const 3) (i32.const 0) (i32.const -1))".into(), NAMETOOLONG),
        ("(call $fd_close (i32.const 44))".into(), BADF),
        ("(call $fd_close (i32.const 3))".into(), 0),
        ("(drop (call $fd_close (i32.const 3))) (call $fd_close (i32.const 3))".into(), BADF),
        ("(call $fd_renumber (i32.const 3) (i32.const 0x7fffffff))".into(), BADF),
        ("(call $fd_renumber (i32.const 3) (i32.const 0))".into(), 0),
        ("(call $fd_seek (i32.const 1) (i64.const 0) (i32.const 0) (i32.const 256))".into(), SPIPE),
        ("(call $fd_seek (i32.const 3) (i64.const 0) (i32.const 0) (i32.const 256))".into(), BADF),
        (
            "(call $fd_readdir (i32.const 3) (i32.const 512) (i32.const 0) (i64.const 0) (i32.const 256))".into(),
            0,
        ),
        (
            "(call $fd_readdir (i32.const 3) (i32.const 512) (i32.const 64) (i64.const -1) (i32.const 256))".into(),
            0,
        ),
        (
            "(call $fd_readdir (i32.const 3) (i32.const 512) (i32.const -1) (i64.const 0) (i32.const 256))".into(),
            FAULT,
        ),
        (
            "(call $fd_readdir (i32.const 1) (i32.const 512) (i32.const 64) (i64.const 0) (i32.const 256))".into(),
            BADF,
        ),
        ("(call $fd_allocate (i32.const 3) (i64.const 0) (i64.const 1))".into(), BADF),
        ("(call $fd_fdstat_set_rights (i32.const 3) (i64.const 0) (i64.const 0))".into(), NOTSUP),
        ("(call $fd_prestat_dir_name (i32.const 3) (i32.const 256) (i32.const 1))".into(), NAMETOOLONG),
        ("(call $sock_accept (i32.const 1) (i32.const 0) (i32.const 256))".into(), NOTSOCK),
        ("(call $sock_shutdown (i32.const 55) (i32.const 0))".into(), BADF),
        ("(call $proc_raise (i32.const 9))".into(), NOTSUP),
    ];
    let folder = folder("hostile");
    for (code, expected) in cases {
        let wasi = Wasi::new().preopen_read(&folder, "/data");
        assert_eq!(number(wasi, imports, &code).unwrap(), expected, "{code}");
    }
}

#[test]
fn what_is_open_says_what_it_is() {
    let imports = "fd_fdstat_get (param i32 i32) (result i32)
        fd_filestat_get (param i32 i32) (result i32)
        fd_prestat_get (param i32 i32) (result i32)";
    let told = |call: &str, fd: u32, load: &str, at: u32| {
        let code = format!(
            "(if (call ${call} (i32.const {fd}) (i32.const 256)) (then (unreachable))) \
             ({load} (i32.const {}))",
            256 + at
        );
        let folder = folder("about");
        let wasi = Wasi::new().preopen_read(folder, "/about");
        number(wasi, imports, &code).unwrap()
    };
    // Its sort, and what may be done with it and with what is opened in it.
    let fdstat = |fd, load, at| told("fd_fdstat_get", fd, load, at);
    assert_eq!(fdstat(0, "i32.load", 8), 1 << 1, "to read");
    assert_eq!(fdstat(1, "i32.load", 8), 1 << 6, "to write");
    assert_eq!(fdstat(1, "i32.load8_u", 0), 0);
    assert_eq!(fdstat(3, "i32.load8_u", 0), 3, "a folder");
    assert_eq!(fdstat(3, "i32.load", 8), 0x07b7_fe00);
    assert_eq!(fdstat(3, "i32.load", 16), 0x0ff7_ffff);
    assert_eq!(told("fd_filestat_get", 3, "i32.load8_u", 16), 3);
    assert_eq!(told("fd_filestat_get", 2, "i32.load8_u", 16), 0);
    assert_eq!(told("fd_prestat_get", 3, "i32.load", 4), 6);
}

#[test]
fn limits_end_a_guest() {
    let imports = "random_get (param i32 i32) (result i32)";
    let code = "(call $random_get (i32.const 64) (i32.const 17))";
    let error = number(Wasi::new(), imports, code).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Limit {
                what: LimitKind::Random,
                limit: 16,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn waits_are_looked_at_and_end_with_the_call() {
    let imports = "poll_oneoff (param i32 i32 i32 i32) (result i32)";
    let poll = |count: i64| {
        format!(
            "(call $poll_oneoff (i32.const 1024) (i32.const 8192) (i32.const {count}) (i32.const 256))"
        )
    };
    for (count, expected) in [(0, INVAL), (5000, INVAL), (-1, INVAL), (1400, FAULT)] {
        assert_eq!(
            number(Wasi::new(), imports, &poll(count)).unwrap(),
            expected,
            "{count}"
        );
    }
    // What is waited for: its sort at 8, what it is about at 16, the time at 24, flags at 40.
    let one = |sort: u32, about: u32, time: &str, flags: u32| {
        format!(
            "(i32.store8 (i32.const 1032) (i32.const {sort})) (i32.store (i32.const 1040) (i32.const {about}))
             (i64.store (i32.const 1048) (i64.const {time})) (i32.store16 (i32.const 1064) (i32.const {flags}))"
        )
    };
    // A number that stands for nothing open is told as an event of its own.
    let bad = format!(
        "{} (drop {}) (i32.load16_u (i32.const 8200))",
        one(1, 77, "0", 0),
        poll(1)
    );
    assert_eq!(number(Wasi::new(), imports, &bad).unwrap(), BADF);
    for (sort, clock) in [(3, 0), (0, 2), (0, 99)] {
        let code = format!("{} {}", one(sort, clock, "0", 0), poll(1));
        assert_eq!(
            number(Wasi::new(), imports, &code).unwrap(),
            INVAL,
            "{sort} {clock}"
        );
    }
    for (clock, time, flags) in [
        (0, "-1", 0),
        (1, "-1", 0),
        (1, "-1", 1),
        (0, "3600000000000", 1),
    ] {
        let code = format!("{} {}", one(0, clock, time, flags), poll(1));
        let error = number(Wasi::new(), imports, &code).unwrap_err();
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
    }
    // Two clocks: the sooner one alone has come.
    let code = format!(
        "{} (memory.copy (i32.const 1072) (i32.const 1024) (i32.const 48))
         (i64.store (i32.const 1096) (i64.const -1)) (i64.store (i32.const 1024) (i64.const 5))
         (drop {})
         (i32.add (i32.mul (i32.load (i32.const 256)) (i32.const 10)) (i32.load (i32.const 8192)))",
        one(0, 1, "1000", 0),
        poll(2)
    );
    assert_eq!(number(Wasi::new(), imports, &code).unwrap(), 15);
}

#[test]
fn without_memory_there_is_nowhere_to_write() {
    let text = r#"(module
        (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
        (func (export "number") (result i32) (call $sizes (i32.const 0) (i32.const 4))))"#;
    let odd = Odd::builder(Ears::default())
        .load_bytes(module(text))
        .unwrap();
    assert_eq!(odd.number().unwrap(), Some(FAULT));
}

#[test]
fn a_module_that_ends_itself_while_it_starts_cannot_be_called() {
    let text = r#"(module
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (func (export "_start") (call $exit (i32.const 0)))
        (func (export "number") (result i32) (i32.const 1)))"#;
    let odd = Odd::builder(Ears::default())
        .load_bytes(module(text))
        .unwrap();
    let error = odd.number().unwrap_err();
    assert!(
        matches!(
            &error,
            Error::Trap {
                kind: TrapKind::Exit { code: 0 },
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn what_is_not_preview_1_is_told() {
    let text = r#"(module
        (import "wasi_snapshot_preview1" "fd_write" (func (param i32)))
        (import "wasi_snapshot_preview1" "fd_teleport" (func (param i32) (result i32)))
        (memory (export "memory") 1))"#;
    let error = Old::builder(Ears::default())
        .load_bytes(module(text))
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("`wasi_snapshot_preview1.fd_write` has another type"),
        "{text}"
    );
    assert!(
        text.contains("`wasi_snapshot_preview1.fd_teleport` is not offered"),
        "{text}"
    );
    // Grants are checked where they are used.
    let error = Odd::builder(Ears::default())
        .wasi(Wasi::new().preopen("/no/such/folder", "/data"))
        .load_bytes(module(
            r#"(module
                (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
                (memory (export "memory") 1))"#,
        ))
        .unwrap_err();
    assert!(matches!(error, Error::Wasi { .. }), "{error}");
}
