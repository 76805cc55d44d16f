//! Modules that are like those after wasm-bindgen, of both generations, and answer with nonsense.

use std::time::Duration;

use abide::{CallError, Error, LimitKind, Limits, Result};
use abide_wasmedge::WasmBindgen;
use abide_wasmedge::wasm_bindgen::{JavaScript, Js, Output};

use crate::support::module;

/// What a generation allocates with, at 4096 and upwards; `$freed` is what was freed.
const OLDER: &str = r#"
    (global $next (mut i32) (i32.const 4096)) (global $freed (mut i32) (i32.const 0))
    (func $malloc (export "__wbindgen_malloc") (param i32) (result i32)
        (global.get $next) (global.set $next (i32.add (global.get $next) (local.get 0))))
    (func (export "__wbindgen_free") (param i32 i32)
        (global.set $freed (i32.add (global.get $freed) (local.get 1))))"#;
const NEWER: &str = r#"
    (global $next (mut i32) (i32.const 4096)) (global $freed (mut i32) (i32.const 0))
    (func $malloc (export "__wbindgen_malloc") (param i32 i32) (result i32)
        (if (i32.ne (local.get 1) (i32.const 1)) (then (unreachable)))
        (global.get $next) (global.set $next (i32.add (global.get $next) (local.get 0))))
    (func (export "__wbindgen_free") (param i32 i32 i32)
        (if (i32.ne (local.get 2) (i32.const 1)) (then (unreachable)))
        (global.set $freed (i32.add (global.get $freed) (local.get 1))))"#;
const STACK: &str = r#"
    (global $stack (mut i32) (i32.const 1024))
    (func (export "__wbindgen_add_to_stack_pointer") (param i32) (result i32)
        (global.set $stack (i32.add (global.get $stack) (local.get 0))) (global.get $stack))
    (func (export "depth") (result i32) (i32.sub (i32.const 1024) (global.get $stack)))
    (func (export "freed") (result i32) (global.get $freed))"#;
const IMPORTS: &str = r#"
    (import "./odd_bg.js" "__wbindgen_string_new" (func $string (param i32 i32) (result i32)))
    (import "./odd_bg.js" "__wbindgen_error_new" (func $error (param i32 i32) (result i32)))
    (import "./odd_bg.js" "__wbindgen_object_drop_ref" (func $drop (param i32)))
    (import "./odd_bg.js" "__wbindgen_object_clone_ref" (func $clone (param i32) (result i32)))
    (import "./odd_bg.js" "__wbindgen_is_undefined" (func $undefined (param i32) (result i32)))
    (import "./odd_bg.js" "__wbindgen_is_null" (func $null (param i32) (result i32)))
    (import "./odd_bg.js" "__wbindgen_is_object" (func $object (param i32) (result i32)))
    (import "./odd_bg.js" "__wbindgen_json_serialize" (func $json (param i32 i32)))
    (import "./odd_bg.js" "__wbindgen_throw" (func $throw (param i32 i32)))
    (import "./odd_bg.js" "__wbg_fetch_0123456789abcdef" (func $fetch (param f64 i32)))
    (import "./snippets/inline0.js" "now" (func $now (result f64)))"#;

fn load(generation: &str, functions: &str) -> Result<WasmBindgen> {
    let text = format!(
        r#"(module {IMPORTS} (memory (export "memory") 1) {generation} {STACK}
            (data (i32.const 16) "text\ff")
            ;; Writes four words to a place.
            (func $words (param $at i32) (param i32 i32 i32 i32)
                (i32.store (local.get $at) (local.get 1))
                (i32.store offset=4 (local.get $at) (local.get 2))
                (i32.store offset=8 (local.get $at) (local.get 3))
                (i32.store offset=12 (local.get $at) (local.get 4)))
            {functions})"#
    );
    let limits = Limits::new()
        .deadline(Duration::from_secs(3))
        .host_allocation(100_000);
    WasmBindgen::load_with(|builder| builder.limits(limits).name("odd").load_bytes(module(&text)))
}

fn odd(functions: &str) -> WasmBindgen {
    load(OLDER, functions).unwrap()
}

/// Calls `f`, whose results are these words.
fn words<R: Output>(words: [i32; 4]) -> Result<R, CallError<String>> {
    let [a, b, c, d] = words;
    let function = format!(
        r#"(func (export "f") (param i32) (call $words (local.get 0) (i32.const {a}) (i32.const {b})
            (i32.const {c}) (i32.const {d})))"#
    );
    odd(&function).call("f", ())
}

fn reason<R: std::fmt::Debug>(outcome: Result<R, CallError<String>>) -> Box<str> {
    match outcome.unwrap_err() {
        CallError::Failed(Error::AbiViolation { reason, .. }) => reason,
        other => panic!("{other}"),
    }
}

#[test]
fn both_generations_are_handed_bytes_and_have_theirs_freed() {
    let functions = r#"
        ;; Gives back what it is given, with the argument's own memory.
        (func (export "same") (param i32 i32 i32)
            (i32.store (local.get 0) (local.get 1)) (i32.store offset=4 (local.get 0) (local.get 2)))
        (func (export "two") (param i32 i32 i32 i32 i32)
            (i32.store (local.get 0) (local.get 3)) (i32.store offset=4 (local.get 0) (local.get 4)))
        (func (export "json") (param i32 i32) (call $json (local.get 0) (local.get 1)))
        (func (export "sum") (param i32 i64 f32 f64) (result f64)
            (f64.add (f64.convert_i32_s (local.get 0)) (f64.add (f64.convert_i64_s (local.get 1))
                (f64.add (f64.promote_f32 (local.get 2)) (local.get 3)))))
        (func (export "len") (param i32 i32) (result i32) (local.get 1))
        (func (export "unit"))"#;
    for generation in [OLDER, NEWER] {
        let session = load(generation, functions).unwrap().session().unwrap();
        let freed = || session.call::<u32>("freed", ()).unwrap();
        let same: String = session.call("same", ("hällo",)).unwrap();
        assert_eq!((&*same, freed()), ("hällo", 6));
        let same: Vec<u8> = session.call("same", (&[1_u8, 2, 255],)).unwrap();
        assert_eq!((&same[..], freed()), (&[1, 2, 255][..], 9));
        let same: Vec<u8> = session.call("same", ([0_u8; 0],)).unwrap();
        assert_eq!((same.len(), freed()), (0, 9));
        // Nothing at all is none.
        let none: Option<String> = session.call("same", (None::<&str>,)).unwrap();
        assert_eq!((none, freed()), (None, 9));
        let some: Option<Vec<u8>> = session.call("same", (Some(&b"ab"[..]),)).unwrap();
        assert_eq!((some.as_deref(), freed()), (Some(&b"ab"[..]), 11));
        let second: String = session.call("two", ("first", "second")).unwrap();
        assert_eq!(second, "second");
        let json: String = session.call("json", (Js::Json("[1]".to_owned()),)).unwrap();
        assert_eq!(json, "[1]");
        let json: String = session.call("json", (Js::Undefined,)).unwrap();
        assert_eq!(json, "null");
        let sum: f64 = session
            .call("sum", (-1_i32, -2_i64, 0.5_f32, 4_f64))
            .unwrap();
        assert_eq!(sum, 1.5);
        let len: u16 = session.call("len", ("four",)).unwrap();
        assert_eq!(len, 4);
        session.call::<()>("unit", ()).unwrap();
        assert_eq!(session.call::<u32>("depth", ()).unwrap(), 0);
    }
}

#[test]
fn results_that_may_fail_are_at_their_places() {
    // Of a number: the number, the error, whether there is one.
    assert_eq!(words::<u32>([7, 0, 0, 0]).unwrap(), 7);
    assert_eq!(words::<i8>([-7, 0, 0, 0]).unwrap(), -7);
    assert_eq!(
        words::<f32>([1.5_f32.to_bits() as i32, 0, 0, 0]).unwrap(),
        1.5
    );
    assert_eq!(words::<u64>([1, 2, 0, 0]).unwrap(), 0x2_0000_0001);
    assert_eq!(words::<f64>([0, 0x3ff8_0000, 0, 0]).unwrap(), 1.5);
    words::<()>([0, 0, 0, 0]).unwrap();
    assert_eq!(words::<char>([0xdf, 0, 0, 0]).unwrap(), 'ß');
    for (thrown, of) in [
        (words::<u32>([7, 32, 1, 0]).unwrap_err(), "u32"),
        (words::<u64>([7, 0, 32, 1]).unwrap_err(), "u64"),
        (words::<()>([32, 1, 0, 0]).unwrap_err(), "()"),
        (words::<String>([0, 0, 32, 1]).unwrap_err(), "String"),
    ] {
        // A number that stands for nothing that the module made.
        assert_eq!(
            thrown.guest().map(|text| &**text),
            Some("undefined"),
            "{of}"
        );
    }
    assert_eq!(words::<String>([16, 4, 0, 0]).unwrap(), "text");
}

#[test]
fn what_is_returned_is_checked() {
    let outside = "leads out of its memory";
    for place in [[65_533, 4, 0, 0], [-1, 1, 0, 0], [16, 65_536, 0, 0]] {
        let reason = reason(words::<Vec<u8>>(place));
        assert!(reason.contains(outside), "{reason}");
    }
    let error = words::<Vec<u8>>([16, -1, 0, 0]).unwrap_err();
    let CallError::Failed(Error::Limit { what, .. }) = error else {
        panic!("{error}")
    };
    assert_eq!(what, LimitKind::HostAllocation);
    assert!(reason(words::<String>([16, 5, 0, 0])).contains("not UTF-8"));
    assert!(reason(words::<u8>([256, 0, 0, 0])).contains("stands for nothing"));
    assert!(reason(words::<i8>([128, 0, 0, 0])).contains("stands for nothing"));
    assert!(reason(words::<char>([0xd800, 0, 0, 0])).contains("stands for nothing"));
    assert!(reason(words::<String>([0, 0, 0, 0])).contains("stands for nothing"));

    // A stack that is nowhere.
    let text = r#"(module (memory (export "memory") 1)
        (func (export "__wbindgen_add_to_stack_pointer") (param i32) (result i32) (i32.const -8))
        (func (export "f") (param i32)))"#;
    let nowhere = WasmBindgen::load_with(|builder| builder.load_bytes(module(text))).unwrap();
    assert!(reason(nowhere.call::<String>("f", ())).contains(outside));
    // An allocator that is none, gives nothing, or nonsense.
    for generation in [
        "(global $freed i32 (i32.const 0))",
        r#"(global $freed i32 (i32.const 0))
           (func (export "__wbindgen_malloc") (param i32) (result i32) (i32.const 0))"#,
        r#"(global $freed i32 (i32.const 0))
           (func (export "__wbindgen_malloc") (param i32 i32) (result i32) (i32.const -2))"#,
    ] {
        let function = r#"(func (export "f") (param i32 i32 i32))"#;
        let odd = load(generation, function).unwrap();
        reason(odd.call::<Option<String>>("f", ("text",)));
    }
    // Bytes, and nothing that frees them.
    let function = r#"(func (export "f") (param i32)
        (call $words (local.get 0) (i32.const 16) (i32.const 4) (i32.const 0) (i32.const 0)))"#;
    let odd = load("(global $freed i32 (i32.const 0))", function).unwrap();
    assert!(reason(odd.call::<String>("f", ())).contains("no `__wbindgen_free`"));
}

#[test]
fn what_a_module_keeps_of_javascript_is_bounded() {
    let keeps = odd(r#"
        (func (export "keep") (param $count i32)
            (loop $again (drop (call $string (i32.const 16) (i32.const 4)))
                (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
        (func (export "keep_long") (param $count i32)
            (loop $again (drop (call $error (i32.const 8192) (i32.const 50000)))
                (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
        (func (export "turn") (param $count i32) (local $last i32)
            (loop $again
                (local.set $last (call $string (i32.const 16) (i32.const 4)))
                (call $drop (call $clone (local.get $last)))
                (call $drop (local.get $last)) (call $drop (local.get $last))
                (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
        (func (export "bad") (param i32 i32) (drop (call $string (local.get 0) (local.get 1))))
        (func (export "drops") (param i32) (call $drop (local.get 0)))"#);
    let session = keeps.session().unwrap();
    session.call::<()>("turn", (2000_u32,)).unwrap();
    session.call::<()>("keep", (1000_u32,)).unwrap();
    let values = |js: &mut JavaScript| js.values();
    assert_eq!(session.session().with_host(values).unwrap(), 1000);
    let reason_of = |outcome| reason::<()>(outcome);
    let more = reason_of(session.call("keep", (1_u32,)));
    assert!(more.contains("more than 1000 values"), "{more}");
    keeps.call::<()>("keep_long", (20_u32,)).unwrap();
    reason_of(keeps.call("keep_long", (21_u32,)));
    reason_of(keeps.call("bad", (65_530_u32, 7_u32)));
    reason_of(keeps.call("bad", (16_u32, 5_u32)));
    // What it never had.
    for number in [0, 31, 32, 1024, 5000, u32::MAX] {
        keeps.call::<()>("drops", (number,)).unwrap();
    }
}

#[test]
fn arguments_of_javascript_are_what_they_are_for_one_call() {
    let looks = odd(r#"
        (global $kept (mut i32) (i32.const 0))
        (func $look (export "look") (param i32) (result i32)
            (global.set $kept (local.get 0))
            (i32.or (call $undefined (local.get 0)) (i32.or
                (i32.shl (call $null (local.get 0)) (i32.const 1))
                (i32.shl (call $object (call $clone (local.get 0))) (i32.const 2)))))
        (func (export "again") (result i32) (call $look (global.get $kept)))
        (func (export "made") (result i32) (call $look (call $string (i32.const 16) (i32.const 4))))
        (func (export "json") (param i32 i32) (call $json (local.get 0) (local.get 1)))
        (func (export "json_nowhere") (param i32) (call $json (i32.const 65532) (local.get 0)))
        (func (export "throws") (param i32 i32)
            (i32.store offset=8 (local.get 0) (local.get 1)) (i32.store offset=12 (local.get 0) (i32.const 1)))
        (func (export "second") (param i32 i32) (result i32) (call $null (local.get 1)))"#);
    let session = looks.session().unwrap();
    let look = |js: Js| session.call::<u32>("look", (js,)).unwrap();
    let json = |text: &str| Js::Json(text.to_owned());
    assert_eq!(look(Js::Undefined), 1);
    assert_eq!(look(Js::Null), 2);
    assert_eq!(look(json(" {}")), 4);
    assert_eq!(look(json("[]")), 4);
    assert_eq!(look(json("7")), 0);
    // It is over with the call.
    assert_eq!(session.call::<u32>("again", ()).unwrap(), 1);
    assert_eq!(session.call::<u32>("made", ()).unwrap(), 0);
    assert!(
        session
            .call::<bool>("second", (json("7"), Js::Null))
            .unwrap()
    );
    let thrown = session
        .call::<String>("throws", (json("{\"a\":1}"),))
        .unwrap_err();
    assert_eq!(thrown.guest().map(|text| &**text), Some("{\"a\":1}"));
    let thrown = session.call::<String>("throws", (Js::Null,)).unwrap_err();
    assert_eq!(thrown.guest().map(|text| &**text), Some("null"));
    assert!(reason(looks.call::<String>("json", (1024_u32,))).contains("only arguments"));
    reason(looks.call::<()>("json_nowhere", (Js::Null,)));
}

#[test]
fn what_is_imported_and_not_there_says_its_name() {
    let calls = odd(r#"
        (func (export "fetch") (call $fetch (f64.const 1) (i32.const 0)))
        (func (export "now") (result f64) (call $now))
        (func (export "throw") (call $throw (i32.const 16) (i32.const 4)))
        (func (export "spin") (loop $again (br $again)))"#);
    let fetch = reason(calls.call::<()>("fetch", ()));
    assert!(
        fetch.contains("`./odd_bg.js.__wbg_fetch_0123456789abcdef`"),
        "{fetch}"
    );
    let now = reason(calls.call::<f64>("now", ()));
    assert!(now.contains("`./snippets/inline0.js.now`"), "{now}");
    assert!(reason(calls.call::<()>("throw", ())).contains("threw an exception: text"));
    let error = calls.call::<()>("spin", ()).unwrap_err();
    assert!(
        matches!(error, CallError::Failed(Error::Timeout { .. })),
        "{error}"
    );
}

#[test]
fn what_is_of_another_type_is_not_called() {
    let guest = odd(r#"
        (func (export "f") (param i32 i32 i32))
        (func (export "values") (result i32 i32) (i32.const 16) (i32.const 4))"#);
    let session = guest.session().unwrap();
    let problem = |error: CallError<String>| match error {
        CallError::Failed(Error::Misuse { problem, .. }) => problem,
        other => panic!("{other}"),
    };
    let text = problem(session.call::<String>("f", ()).unwrap_err());
    assert!(text.contains("its type is (i32, i32, i32)"), "{text}");
    problem(session.call::<u32>("f", (1_u64,)).unwrap_err());
    let text = problem(session.call::<String>("values", ()).unwrap_err());
    assert!(text.contains("several values"), "{text}");
    problem(session.call::<()>("g", ()).unwrap_err());
    assert!(session.is_alive());
    // Without a stack there are no such functions.
    let text = r#"(module (memory (export "memory") 1) (func (export "f") (param i32)))"#;
    let plain = WasmBindgen::load_with(|builder| builder.load_bytes(module(text))).unwrap();
    assert!(
        problem(plain.call::<String>("f", ()).unwrap_err()).contains("not made by wasm-bindgen")
    );
}
