//! Files and guests that are refused when they are loaded, with the messages that say why.

use std::path::PathBuf;

use abide_host::{Error, LoadError, ProblemKind};

use crate::kit::{App, KIT, Kit, component};

fn refusal(bytes: impl AsRef<[u8]>) -> Error {
    Kit::builder(App::default())
        .name("old")
        .load_bytes(bytes)
        .unwrap_err()
}

/// The refusal of the usual guest with one thing changed.
fn changed(from: &str, to: &str) -> Error {
    assert!(KIT.contains(from));
    refusal(component(&KIT.replacen(from, to, 1)))
}

#[test]
fn files_that_are_no_components() {
    for (bytes, message) in [
        (
            &b""[..],
            "guest `old` could not be loaded: it is empty; expected a WebAssembly component",
        ),
        (
            b"#!/bin/sh\n",
            "guest `old` could not be loaded: it is not WebAssembly: it starts with \
             `23 21 2f 62 69 6e 2f 73` (\"#!/bin/s\"), expected `00 61 73 6d` (\"\\0asm\")",
        ),
        (
            b"(component)",
            "guest `old` could not be loaded: it is WebAssembly text (WAT), expected a binary component; \
             translate it first, for instance with `wasm-tools parse`",
        ),
        (
            &component("(module)"),
            "guest `old` could not be loaded: it is a core module, expected a component; build the guest \
             for `wasm32-wasip2`, or turn the module into a component with `abide-build`",
        ),
    ] {
        assert_eq!(refusal(bytes).to_string(), message);
    }
}

#[test]
fn a_component_cut_short_anywhere_is_refused() {
    let whole = component(KIT);
    let mut cut_short = 0;
    for length in (1..whole.len()).step_by(41) {
        match refusal(&whole[..length]) {
            Error::Load { reason, .. } => {
                cut_short += u32::from(matches!(*reason, LoadError::CutShort { .. }));
            }
            // Cut between two sections it is valid, and lacks its last exports.
            Error::Link { .. } => {}
            other => panic!("at {length}: {other}"),
        }
    }
    assert!(cut_short > 10, "{cut_short}");
    let text = refusal(&whole[..100]).to_string();
    assert!(
        text.starts_with(
            "guest `old` could not be loaded: it is cut short: the file ends after 100 bytes in the \
             middle of the component ("
        ),
        "{text}"
    );
}

#[test]
fn an_invalid_component_is_refused() {
    let mut bytes = component("(component)");
    bytes.extend([0xee, 1, 0]);
    let error = refusal(&bytes);
    assert!(
        matches!(&error, Error::Load { reason, .. } if matches!(**reason, LoadError::Invalid { .. })),
        "{error}"
    );
}

#[test]
fn a_file_is_named_in_its_error() {
    let path = PathBuf::from("no/such/plugin.wasm");
    let error = Kit::load(&path, App::default()).unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with(
            "guest `plugin` could not be loaded from `no/such/plugin.wasm`: the file cannot be read: "
        ),
        "{text}"
    );
}

#[test]
fn a_missing_export_is_named() {
    let error = changed("(export \"greet\" (func $greet))", "");
    assert_eq!(
        error.to_string(),
        "guest `old` does not fit world `test:kit/kit@0.1.0`:\n  \
           - export `greet` is missing\n      \
               expected: func(name: string) -> string\n\
         rebuild the guest against this version of the ABI, or load it with a host that implements the \
         world it was built for"
    );
}

#[test]
fn an_export_of_another_type_is_shown_with_both() {
    let error = changed(
        "(result (result u32 (error string)))",
        "(result (result u32))",
    );
    let text = error.to_string();
    assert!(
        text.contains(
            "\n  - export `halve` has another type\n      \
                   expected: func(n: u32) -> result<u32, string>\n      \
                   found:    func(n: u32) -> result<u32>\n"
        ),
        "{text}"
    );
}

#[test]
fn an_export_that_is_no_function_is_shown_as_what_it_is() {
    let text = changed(
        "(export \"greet\" (func $greet))",
        "(instance $empty) (export \"greet\" (instance $empty))",
    )
    .to_string();
    assert!(text.contains("found:    an interface"), "{text}");
}

#[test]
fn an_import_that_the_host_lacks_is_named() {
    let error = changed(
        "(import \"abide:guest/panic@0.1.0\"",
        "(import \"test:kit/kv@0.1.0\" (instance (export \"get\" \
           (func (param \"key\" string) (result (list u8))))))\
         (import \"abide:guest/panic@0.1.0\"",
    );
    assert_eq!(
        error.to_string(),
        "guest `old` does not fit world `test:kit/kit@0.1.0`:\n  \
           - import `test:kit/kv` is not offered by the host\n\
         rebuild the guest against this version of the ABI, or load it with a host that implements the \
         world it was built for"
    );
}

#[test]
fn an_import_of_another_type_is_shown_with_both() {
    let text = changed(
        "(param \"what\" u32) (result u32)))\n  ))",
        "(param \"what\" s32) (result u32)))\n  ))",
    )
    .to_string();
    assert!(
        text.contains(
            "\n  - import `test:kit/host.again` has another type\n      \
                   offered:  func(what: u32) -> u32\n      \
                   wanted:   func(what: s32) -> u32\n"
        ),
        "{text}"
    );
}

#[test]
fn all_problems_are_told_at_once() {
    let text = KIT
        .replace("(export \"greet\" (func $greet))", "")
        .replace("(export \"count\" (func $count))", "")
        .replace("test:kit/host@0.1.0", "test:kit/host@0.2.0")
        .replace(
            "(export \"test:kit/bad@0.1.0\"",
            "(export \"test:kit/bad@1.0.0\"",
        );
    let Error::Link {
        guest, problems, ..
    } = refusal(component(&text))
    else {
        panic!("it fits");
    };
    assert_eq!(&*guest, "old");
    let of = |kind| {
        problems
            .iter()
            .filter(|problem| problem.kind == kind)
            .map(|problem| problem.path.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of(ProblemKind::MissingExport),
        [
            "count",
            "greet",
            "test:kit/bad.text",
            "test:kit/bad.option",
            "test:kit/bad.fail"
        ]
    );
    assert_eq!(of(ProblemKind::MissingImport), ["test:kit/host"]);
    let notes: Vec<&str> = problems.iter().filter_map(|p| p.note.as_deref()).collect();
    assert!(
        notes.contains(
            &"the guest wants `test:kit/host@0.2.0`, the host offers `test:kit/host@0.1.0`"
        )
    );
    assert!(
        notes.contains(
            &"the guest exports `test:kit/bad@1.0.0`, the world wants `test:kit/bad@0.1.0`"
        )
    );
}

#[test]
fn compatible_versions_fit() {
    let text = KIT
        .replace("test:kit/host@0.1.0", "test:kit/host@0.1.7")
        .replace(
            "(export \"test:kit/bad@0.1.0\"",
            "(export \"test:kit/bad@0.1.3\"",
        );
    let kit = Kit::builder(App::default())
        .load_bytes(component(&text))
        .unwrap();
    assert_eq!(kit.add(1, 2).unwrap(), 3);
}
