//! What `load` refuses, with the exact words. Here: files that are no components. `misfits` is
//! about guests that were built for another world.

mod guests;
mod misfits;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use abide::{Error, LoadError};

/// The world of the files: a guest for it is easily written by hand.
mod plain {
    abide::abi!({
        inline: "
            package test:plain@0.2.0;

            interface clock {
                now-ms: func() -> u64;
                zone: func() -> string;
            }

            interface render {
                record page { title: string, words: u32 }
                variant refusal { empty, too-large(u64) }
                render: func(markdown: string) -> result<page, refusal>;
            }

            world plain {
                import clock;
                import log: func(level: u8, text: string);
                export render;
                export title: func(markdown: string) -> option<string>;
            }
        ",
        module: "plain",
    });
}

#[derive(Clone)]
struct TestHost;

impl plain::host::Clock for TestHost {
    fn now_ms(&mut self) -> u64 {
        0
    }

    fn zone(&mut self) -> String {
        "UTC".to_owned()
    }
}

impl plain::host::PlainImports for TestHost {
    fn log(&mut self, level: u8, text: &str) {
        panic!("nothing is run here: {level}, {text}");
    }
}

/// The path of `plugin.wasm` in a folder that belongs to one test.
fn path(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("refusals")
        .join(test);
    fs::create_dir_all(&folder).unwrap();
    folder.join("plugin.wasm")
}

/// A `plugin.wasm` with something in it.
fn file(test: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = path(test);
    fs::write(&path, content).unwrap();
    path
}

fn component(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// The error of loading a file for the world `plain`, which must be about the file.
#[track_caller]
fn refused_file(path: &PathBuf, told: &str) -> LoadError {
    let error = plain::host::Plain::load(path, TestHost).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "guest `plugin` could not be loaded from `{}`: {told}",
            path.display()
        )
    );
    match error {
        Error::Load {
            guest,
            path: Some(named),
            reason,
        } => {
            assert_eq!((&*guest, &*named), ("plugin", path.as_path()));
            *reason
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_file_that_is_not_there() {
    let reason = refused_file(
        &path("missing"),
        "the file cannot be read: No such file or directory (os error 2)",
    );
    assert!(matches!(reason, LoadError::Read(_)));
}

#[test]
fn a_folder() {
    let path = path("folder");
    fs::create_dir_all(&path).unwrap();
    let reason = refused_file(
        &path,
        "the file cannot be read: it is a folder, expected a file",
    );
    assert!(matches!(reason, LoadError::Read(_)));
}

#[test]
fn an_empty_file() {
    let reason = refused_file(
        &file("empty", ""),
        "it is empty; expected a WebAssembly component",
    );
    assert!(matches!(reason, LoadError::Empty));
}

#[test]
fn files_that_are_something_else() {
    for (test, content, told) in [
        (
            "script",
            &b"#!/bin/sh\nexec true\n"[..],
            "it is not WebAssembly: it starts with `23 21 2f 62 69 6e 2f 73` (\"#!/bin/s\"), expected \
             `00 61 73 6d` (\"\\0asm\")",
        ),
        (
            "short",
            b"hi",
            "it is not WebAssembly: it starts with `68 69` (\"hi\"), expected `00 61 73 6d` (\"\\0asm\")",
        ),
    ] {
        let reason = refused_file(&file(test, content), told);
        assert!(matches!(reason, LoadError::NotWasm { .. }));
    }
}

#[test]
fn files_for_a_machine() {
    for (test, content, what) in [
        (
            "elf",
            &b"\x7fELF\x02\x01\x01\0"[..],
            "a native program or library (ELF, as on Linux)",
        ),
        (
            "pe",
            b"MZ\x90\0\x03",
            "a native program or library (PE, as on Windows)",
        ),
        (
            "mach-o",
            b"\xcf\xfa\xed\xfe\x07",
            "a native program or library (Mach-O, as on macOS)",
        ),
        (
            "archive",
            b"!<arch>\n/  ",
            "an archive of object files (`.rlib`, `.a`, `.lib`)",
        ),
    ] {
        let told = format!(
            "it is {what}, expected a WebAssembly component; build the guest for `wasm32-wasip2` \
             (`cargo build --target wasm32-wasip2`), or with `abide-build`, and load the `.wasm` file"
        );
        let reason = refused_file(&file(test, content), &told);
        assert!(matches!(reason, LoadError::Native { .. }));
        // However large it is: raising a limit would be of no use.
        let path = file(&format!("{test}-large"), [content, &[0; 4096]].concat());
        let limits = abide::Limits::new().component_size(1024);
        let builder = plain::host::Plain::builder(TestHost).limits(limits);
        let error = builder.load(&path).unwrap_err();
        assert!(error.to_string().ends_with(&told), "{error}");
    }
    let reason = refused_file(
        &file("cwasm", b"\x7fELF\x02\x01\x01\xc8\0\0"),
        "it is compiled code of `wasmtime` (`.cwasm`), which is only as safe as whoever made it; load the \
         component that it was made of, and keep compiled code with `Artefacts`",
    );
    assert!(matches!(reason, LoadError::Compiled));
}

#[test]
fn a_name_of_a_file_that_would_act_on_a_terminal() {
    let folder = path("terminal");
    let file = folder.with_file_name("a\x1b[2J\nb.wasm");
    fs::write(&file, "").unwrap();
    let error = plain::host::Plain::load(&file, TestHost)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("guest `a\u{fffd}[2J b` could not be loaded from `"),
        "{error}"
    );
    assert!(!error.contains(char::is_control), "{error}");
}

#[test]
fn webassembly_as_text() {
    for (test, content) in [
        ("wat", "(component)"),
        ("wat-module", "\n  (module (func))"),
        ("wat-comment", ";; a plugin\n(component)"),
    ] {
        let reason = refused_file(
            &file(test, content),
            "it is WebAssembly text (WAT), expected a binary component; translate it first, for \
             instance with `wasm-tools parse`",
        );
        assert!(matches!(reason, LoadError::Text));
    }
}

#[test]
fn a_core_module() {
    let reason = refused_file(
        &file("module", component("(module (func (export \"title\")))")),
        "it is a core module, expected a component; build the guest for `wasm32-wasip2`, or turn the \
         module into a component with `abide-build`",
    );
    assert!(matches!(reason, LoadError::CoreModule { preview1: false }));
}

#[test]
fn a_file_that_is_cut_short() {
    let whole = component(FITS);
    let reason = refused_file(
        &file("cut", &whole[..500]),
        "it is cut short: the file ends after 500 bytes in the middle of the component (failed to parse \
         WebAssembly module: unexpected end-of-file (at offset 0x1cf)); build or copy it again",
    );
    assert!(matches!(reason, LoadError::CutShort { .. }));

    let reason = refused_file(
        &file("cut-header", &whole[..6]),
        "it is cut short: the file ends after 6 bytes in the middle of the component (the header is \
         incomplete); build or copy it again",
    );
    assert!(matches!(reason, LoadError::CutShort { length: 6, .. }));
}

#[test]
fn a_component_that_is_invalid() {
    let mut unknown_section = component("(component)");
    unknown_section.extend([0x7f, 1, 0]);
    let reason = refused_file(
        &file("invalid", unknown_section),
        "it is not a valid component: failed to parse WebAssembly module: malformed section id: 127 (at \
         offset 0xa); build it again with current tools",
    );
    assert!(matches!(reason, LoadError::Invalid { .. }));
}

#[test]
fn bytes_have_no_path() {
    let error = plain::host::Plain::builder(TestHost)
        .load_bytes([])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "guest `guest` could not be loaded: it is empty; expected a WebAssembly component"
    );
}

/// A component that fits the world `plain`. Nothing in it works.
const FITS: &str = r#"(component
  (import "test:plain/clock@0.2.0" (instance $clock
    (export "now-ms" (func (result u64)))
    (export "zone" (func (result string)))))
  (import "log" (func (param "level" u8) (param "text" string)))
  (core module $main
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
    (func (export "render") (param i32 i32) (result i32) (unreachable))
    (func (export "title") (param i32 i32) (result i32) (unreachable)))
  (core instance $main (instantiate $main))
  (alias core export $main "memory" (core memory $memory))
  (alias core export $main "realloc" (core func $realloc))
  (type $page' (record (field "title" string) (field "words" u32)))
  (export $page "page" (type $page'))
  (type $refusal' (variant (case "empty") (case "too-large" u64)))
  (export $refusal "refusal" (type $refusal'))
  (func $render (param "markdown" string) (result (result $page (error $refusal)))
    (canon lift (core func $main "render") (memory $memory) (realloc $realloc)))
  (func $title (param "markdown" string) (result (option string))
    (canon lift (core func $main "title") (memory $memory) (realloc $realloc)))
  (instance $exported (export "render" (func $render)))
  (export "test:plain/render@0.2.0" (instance $exported))
  (export "title" (func $title))
)"#;
