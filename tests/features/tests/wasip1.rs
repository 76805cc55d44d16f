//! The feature `wasip1`: core modules for WASI preview 1 are loaded like components.

use std::path::Path;

use abide::{Artefacts, Builder, Error, LoadError, Result, TrapKind, Wasi};
use abide_features::host::Says;
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const WIT: &str = "
    package test:features@0.1.0;
    world says { export answer: func() -> u32; }
";

/// A module whose `answer` is `code`, and that says which world it is for.
fn module(code: &str, more: &str) -> Vec<u8> {
    let mut module = plain(code, more);
    let mut resolve = Resolve::default();
    let package = resolve.push_str("test.wit", WIT).unwrap();
    let world = resolve.select_world(&[package], None).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    module
}

/// The same, which does not say it.
fn plain(code: &str, more: &str) -> Vec<u8> {
    wat::parse_str(format!(
        r#"(module
            (import "wasi_snapshot_preview1" "environ_sizes_get"
                (func $environ_sizes_get (param i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
            (import "wasi_snapshot_preview1" "fd_write"
                (func $fd_write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "answer") (result i32) {code})
            {more})"#
    ))
    .unwrap()
}

/// The number of variables in the environment.
const VARIABLES: &str = "
    (if (call $environ_sizes_get (i32.const 64) (i32.const 68)) (then (unreachable)))
    (i32.load (i32.const 64))";

fn builder() -> Builder<Says> {
    Says::builder(()).name("old")
}

#[test]
fn a_library_is_taken_and_has_what_it_is_granted() -> Result<()> {
    let bytes = module(VARIABLES, "");
    assert_eq!(builder().load_bytes(&bytes)?.answer()?, 0);
    let wasi = Wasi::new().env("LANG", "C").env("HOME", "/");
    assert_eq!(builder().wasi(wasi).load_bytes(&bytes)?.answer()?, 2);
    Ok(())
}

#[test]
fn a_program_is_taken() -> Result<()> {
    let main = r#"(func (export "_start") (unreachable))"#;
    let says = builder().load_bytes(module(VARIABLES, main))?;
    assert_eq!(says.answer()?, 0);
    Ok(())
}

#[test]
fn a_library_starts_by_what_it_has_for_that() -> Result<()> {
    let start = r#"
        (global $started (mut i32) (i32.const 0))
        (func (export "_initialize") (global.set $started (i32.const 41)))"#;
    let code = "(i32.add (global.get $started) (i32.const 1))";
    assert_eq!(builder().load_bytes(module(code, start))?.answer()?, 42);
    Ok(())
}

#[test]
fn ending_the_process_ends_the_call() -> Result<()> {
    let says = builder().load_bytes(module("(call $proc_exit (i32.const 3)) (i32.const 0)", ""))?;
    let error = says.answer().unwrap_err();
    let Error::Trap { kind, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(*kind, TrapKind::Exit { code: 1 }, "{error}");
    Ok(())
}

#[test]
fn its_code_is_kept() -> Result<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wasip1");
    let _ = std::fs::remove_dir_all(&folder);
    let artefacts = Artefacts::in_folder(&folder)?;
    let bytes = module(VARIABLES, "");
    for _ in 0..2 {
        let engine = abide::Engine::new()?;
        let builder = builder().engine(&engine).artefacts(&artefacts);
        assert_eq!(builder.load_bytes(&bytes)?.answer()?, 0);
    }
    let stats = artefacts.stats();
    assert_eq!((stats.misses, stats.kept, stats.hits), (1, 1, 1));
    Ok(())
}

fn reason(bytes: &[u8]) -> LoadError {
    match builder().load_bytes(bytes).unwrap_err() {
        Error::Load { reason, .. } => *reason,
        other => panic!("{other}"),
    }
}

#[test]
fn a_module_that_is_for_nothing_is_refused() {
    let bytes = wat::parse_str("(module (func (export \"answer\")))").unwrap();
    assert!(matches!(
        reason(&bytes),
        LoadError::CoreModule { preview1: false }
    ));
}

#[test]
fn a_module_that_does_not_say_its_world_lacks_its_exports() {
    let error = builder().load_bytes(plain(VARIABLES, "")).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, Error::Link { .. }), "{text}");
    assert!(text.contains("export `answer` is missing"), "{text}");
}

#[test]
fn a_module_that_the_adapter_does_not_satisfy_is_refused() {
    let bytes = wat::parse_str(
        r#"(module (import "wasi_snapshot_preview1" "no_such_function" (func)) (memory (export "memory") 1))"#,
    )
    .unwrap();
    let reason = reason(&bytes);
    let text = reason.to_string();
    assert!(matches!(reason, LoadError::NotAdapted { .. }), "{text}");
    assert!(text.contains("no_such_function"), "{text}");
}

#[test]
fn what_a_module_says_of_its_world_may_be_nested_ten_thousand_deep() {
    const DEPTH: usize = 10_000;
    // A section of one type: the type of a component in which there is the type of a component, and
    // so on.
    let types = [&[1][..], &[0x41, 1, 1].repeat(DEPTH), &[0x41, 0]].concat();
    let component = [b"\0asm\x0d\0\x01\0", &section(7, &types)[..]].concat();
    let name = b"\x0ecomponent-type";
    let bytes = [
        b"\0asm\x01\0\0\0",
        &section(0, &[name, &component[..]].concat())[..],
    ]
    .concat();
    let text = reason(&bytes).to_string();
    assert!(text.contains("are nested more than 100 deep"), "{text}");
}

/// A section, which has at least 128 and fewer than 2,097,152 bytes.
fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let part = |shift: u32, more: u8| u8::try_from((length >> shift) & 0x7f).unwrap() | more;
    let head = [id, part(0, 0x80), part(7, 0x80), part(14, 0)];
    [&head, contents].concat()
}
