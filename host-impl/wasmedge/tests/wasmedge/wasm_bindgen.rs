//! Modules after wasm-bindgen's command line: published ones of both generations, which
//! `cargo xtask test` gets from npm, and some of nobody's.

mod hostile;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use abide::{CallError, Error, Limits, Warm};
use abide_wasmedge::WasmBindgen;
use abide_wasmedge::wasm_bindgen::{JavaScript, Js};

use crate::support::root;

/// A published module, if it is there.
fn published(path: &str) -> Option<PathBuf> {
    let path = root().join("target/wasm-bindgen/node_modules").join(path);
    if path.is_file() {
        return Some(path);
    }
    eprintln!(
        "!!! NOT TESTED: modules after wasm-bindgen. There is no {}; `cargo xtask test` gets it",
        path.display()
    );
    None
}

/// The same module for each of wasm-bindgen's targets, which imports from another name in each.
const TARGETS: [&str; 3] = [
    "brotli-wasm/pkg.web/brotli_wasm_bg.wasm",
    "brotli-wasm/pkg.node/brotli_wasm_bg.wasm",
    "brotli-wasm/pkg.bundler/brotli_wasm_bg.wasm",
];

/// One of the newer generation, whose allocator wants to know an alignment. It only decompresses.
const NEWER: &str = "brotli-dec-wasm/pkg/brotli_dec_wasm_bg.wasm";

/// A text that is worth compressing.
fn text() -> Vec<u8> {
    let lines = (0..500).map(|line| format!("line {line} of a text, {}\n", line * 7919 % 1000));
    lines.collect::<String>().into_bytes()
}

/// It takes a while where others work, too.
fn load(path: PathBuf) -> WasmBindgen {
    let limits = Limits::new().deadline(Duration::from_secs(60));
    WasmBindgen::load_with(|builder| builder.limits(limits).load(path)).unwrap()
}

/// What node makes of compressed bytes, which has Google's decoder in C.
fn decoded_by_node(compressed: &[u8]) -> Vec<u8> {
    let script =
        "process.stdout.write(require('zlib').brotliDecompressSync(require('fs').readFileSync(0)))";
    let mut node = Command::new("node")
        .args(["-e", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("npm has fetched the module, so there is a node");
    let mut input = node.stdin.take().expect("it is piped");
    input.write_all(compressed).expect("node reads it");
    drop(input);
    let output = node.wait_with_output().expect("node ends");
    assert!(output.status.success(), "node refuses it");
    output.stdout
}

#[test]
fn a_published_module_compresses_for_others_and_for_itself() {
    let text = text();
    let newer = published(NEWER).map(load);
    for target in TARGETS {
        let Some(path) = published(target) else {
            return;
        };
        let brotli = load(path);
        let small: Vec<u8> = brotli.call("compress", (&text, Js::Undefined)).unwrap();
        assert!(small.len() < text.len() / 3, "{}", small.len());
        assert_eq!(decoded_by_node(&small), text);
        let large: Vec<u8> = brotli.call("decompress", (&small,)).unwrap();
        assert_eq!(large, text);
        if let Some(newer) = &newer {
            let large: Vec<u8> = newer.call("decompress", (&small,)).unwrap();
            assert_eq!(large, text);
        }
        // An object is read, by the module's own reader of JSON.
        let quick = Js::Json(r#"{"quality": 1}"#.to_owned());
        let quick: Vec<u8> = brotli.call("compress", (&text, quick)).unwrap();
        assert!(quick.len() > small.len(), "{} {}", quick.len(), small.len());
        assert_eq!(decoded_by_node(&quick), text);
        // So are no bytes at all.
        let none: Vec<u8> = brotli.call("compress", (b"", Js::Undefined)).unwrap();
        assert_eq!(decoded_by_node(&none), b"");
        let large: Vec<u8> = brotli.call("decompress", (&none,)).unwrap();
        assert!(large.is_empty());
    }
}

#[test]
fn what_a_module_throws_is_its_answer() {
    for path in TARGETS.iter().copied().chain([NEWER]) {
        let Some(path) = published(path) else { return };
        let brotli = load(path);
        let session = brotli.session().unwrap();
        let decompress = |bytes: &[u8]| session.call::<Vec<u8>>("decompress", (bytes,));
        for _ in 0..3 {
            let error = decompress(b"this is nothing that was compressed").unwrap_err();
            let CallError::Guest(text) = error else {
                panic!("{error}")
            };
            assert!(text.to_lowercase().contains("brotli"), "{text}");
            let error = decompress(&[0x1b]).unwrap_err();
            assert!(matches!(error, CallError::Guest(_)), "{error}");
        }
        if brotli.has("compress") {
            let error = brotli
                .call::<Vec<u8>>("compress", (b"text", Js::Null))
                .unwrap_err();
            assert_eq!(
                error.guest().map(|text| &**text),
                Some("Options is not an object")
            );
            // What it does not understand it panics about, and its hook for that wants a stack trace.
            let odd = Js::Json(r#"{"quality": "very"}"#.to_owned());
            let error = brotli
                .call::<Vec<u8>>("compress", (b"text", odd))
                .unwrap_err();
            let CallError::Failed(Error::AbiViolation { reason, .. }) = error else {
                panic!("{error}")
            };
            assert!(reason.contains("__wbg_new_"), "{reason}");
        }
        let values = session
            .session()
            .with_host(|js: &mut JavaScript| js.values());
        assert_eq!(values.unwrap(), 0, "errors are gone with their calls");
    }
}

#[test]
fn nothing_is_left_over_in_an_instance() {
    let text = text();
    for path in [TARGETS[0], NEWER] {
        let Some(path) = published(path) else { return };
        let small = {
            let Some(path) = published(TARGETS[0]) else {
                return;
            };
            let brotli = load(path);
            brotli
                .call::<Vec<u8>>("compress", (&text, Js::Undefined))
                .unwrap()
        };
        let session = load(path).session().unwrap();
        let call = || {
            let large: Vec<u8> = session.call("decompress", (&small,)).unwrap();
            assert_eq!(large.len(), text.len());
            session
                .call::<Vec<u8>>("decompress", (&text[..64],))
                .unwrap_err();
        };
        for _ in 0..5 {
            call();
        }
        let memory = session.session().memory().unwrap();
        for _ in 0..30 {
            call();
        }
        assert_eq!(session.session().memory().unwrap(), memory);
    }
}

#[test]
fn what_handles_have_modules_have() {
    let Some(path) = published(TARGETS[0]) else {
        return;
    };
    let limited = |limits: Limits| {
        WasmBindgen::load_with(|builder| {
            let builder = builder.limits(limits).isolation(Warm::new());
            builder.name("brotli").load(&path)
        })
        .unwrap()
    };
    let brotli = limited(Limits::new().deadline(Duration::from_secs(60)));
    let text = text();
    let compress = |brotli: &WasmBindgen| {
        let options = Js::Json(r#"{"quality": 11}"#.to_owned());
        brotli.call::<Vec<u8>>("compress", (&text, options))
    };
    compress(&brotli).unwrap();
    brotli.guest().reload(&path).unwrap();
    compress(&brotli).unwrap();
    let stats = brotli.guest().stats();
    assert_eq!((stats.calls, stats.reloads), (2, 1));
    let error = compress(&limited(Limits::new().deadline(Duration::from_millis(1)))).unwrap_err();
    let CallError::Failed(Error::Timeout { function, .. }) = &error else {
        panic!("{error}")
    };
    assert_eq!(&**function, "compress");
    let error = compress(&limited(
        Limits::new()
            .deadline(Duration::from_secs(60))
            .host_allocation(1000),
    ))
    .unwrap_err();
    assert!(
        matches!(error, CallError::Failed(Error::Limit { .. })),
        "{error}"
    );
    // An exception that is none of its results.
    let error = brotli
        .call::<u32>("compressstream_total_out", (0_u32,))
        .unwrap_err();
    let CallError::Failed(Error::AbiViolation { reason, .. }) = &error else {
        panic!("{error}")
    };
    assert!(
        reason.contains("__wbindgen_throw") || reason.contains("threw"),
        "{reason}"
    );
}

/// The path is where the modules are found; without one nothing above would say so.
#[test]
fn the_folder_of_published_modules_is_whole_or_not_there() {
    let folder = root().join("target/wasm-bindgen");
    if fs::exists(folder.join("done")).unwrap_or(false) {
        for path in TARGETS.iter().chain([&NEWER]) {
            assert!(Path::new(&folder).join("node_modules").join(path).is_file());
        }
    }
}

#[test]
fn what_is_too_new_is_refused_and_says_so() {
    let Some(path) = published("brotli-newest/pkg/brotli_dec_wasm_bg.wasm") else {
        return;
    };
    // It keeps values of JavaScript in a table of its own.
    let error = WasmBindgen::load_module(path).unwrap_err();
    assert!(matches!(error, Error::Load { .. }), "{error}");
    assert!(error.to_string().contains("gc types"), "{error}");
}
