//! Modules that call the functions of both versions as no guest should.

use std::time::Duration;

use abide::module::{Val, visit};
use abide::{Error, Limits as CallLimits};
use abide_wasmedge::{Alive, Limits, WasmEdge};

use super::host;
use crate::support::module;

/// Modules with any exports.
#[abide::module_exports]
trait Any {}

const IMPORTS: &str = r#"
    (import "wasmedge_image" "wasmedge_image_load_png_to_rgb8" (func $early_png (param i32 i32 i32 i32 i32) (result i32)))
    (import "wasmedge_image" "wasmedge_image_load_jpg_to_bgr32f" (func $early_jpg (param i32 i32 i32 i32 i32) (result i32)))
    (import "wasmedge_image" "load_png" (func $png (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
    (import "wasmedge_image" "load_jpg" (func $jpg (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
    (import "wasmedge_tensorflowlite" "wasmedge_tensorflowlite_create_session" (func $early_create (param i32 i32) (result i64)))
    (import "wasmedge_tensorflowlite" "wasmedge_tensorflowlite_delete_session" (func $early_delete (param i64)))
    (import "wasmedge_tensorflowlite" "wasmedge_tensorflowlite_run_session" (func $early_run (param i64) (result i32)))
    (import "wasmedge_tensorflowlite" "wasmedge_tensorflowlite_get_output_tensor" (func $early_output (param i64 i32 i32) (result i64)))
    (import "wasmedge_tensorflowlite" "wasmedge_tensorflowlite_get_tensor_len" (func $early_len (param i64) (result i32)))
    (import "wasmedge_tensorflowlite" "wasmedge_tensorflowlite_get_tensor_data" (func $early_data (param i64 i32)))
    (import "wasmedge_tensorflowlite" "wasmedge_tensorflowlite_append_input" (func $early_append (param i64 i32 i32 i32 i32)))
    (import "wasmedge_tensorflowlite" "create_session" (func $create (param i32 i32 i32) (result i32)))
    (import "wasmedge_tensorflowlite" "delete_session" (func $delete (param i32) (result i32)))
    (import "wasmedge_tensorflowlite" "run_session" (func $run (param i32) (result i32)))
    (import "wasmedge_tensorflowlite" "get_output_tensor" (func $output (param i32 i32 i32 i32) (result i32)))
    (import "wasmedge_tensorflowlite" "get_tensor_len" (func $len (param i32 i32 i32) (result i32)))
    (import "wasmedge_tensorflowlite" "get_tensor_data" (func $data (param i32 i32 i32 i32 i32) (result i32)))
    (import "wasmedge_tensorflowlite" "append_input" (func $append (param i32 i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 96) "kit TFL3 double 4 out") (data (i32.const 160) "kit TFL3 double any out")
    (data (i32.const 16) "inout")
    (data (i32.const 24) "\01\02\03\04")
    ;; A model, at 96, another at 160; a session at 64, a tensor at 68, a length at 72, data at 76.
    (func $begin (result i32) (call $create (i32.const 96) (i32.const 21) (i32.const 64)))
    (func $session (result i32) (i32.load (i32.const 64)))
    (func $give (param i32) (result i32)
        (call $append (local.get 0) (i32.const 16) (i32.const 2) (i32.const 24) (i32.const 4)))
    (func $name (param i32) (result i32)
        (call $output (local.get 0) (i32.const 18) (i32.const 3) (i32.const 68)))
    (func $tensor (result i32) (i32.load (i32.const 68)))
    (func $ready
        (if (i32.or (i32.or (call $begin) (call $give (call $session)))
            (i32.or (call $run (call $session)) (call $name (call $session)))) (then (unreachable))))
    (func $early (result i64) (local $session i64)
        (local.set $session (call $early_create (i32.const 96) (i32.const 21)))
        (call $early_append (local.get $session) (i32.const 16) (i32.const 2) (i32.const 24) (i32.const 4))
        (if (call $early_run (local.get $session)) (then (unreachable)))
        (local.get $session))
    (func $early_named (param i64) (result i64)
        (call $early_output (local.get 0) (i32.const 18) (i32.const 3)))"#;

/// What comes of code that leaves a number of 32 bits.
fn run_on(host: WasmEdge, code: &str) -> abide::Result<u32> {
    let text = format!(r#"(module {IMPORTS} (func (export "f") (result i32) {code}))"#);
    let limits = CallLimits::new().deadline(Duration::from_secs(5));
    let builder = Any::builder(host).limits(limits).name("odd");
    let guest = builder.load_bytes(module(&text))?;
    let result = visit(&guest, "f", |visit| {
        let function = visit.function("f").expect("it is there");
        visit.call(&function, &[])
    })?;
    match result {
        Some(Val::I32(result)) => Ok(result),
        other => panic!("{other:?}"),
    }
}

fn run(code: &str) -> u32 {
    let (host, _) = host();
    let result = run_on(host.clone(), code).unwrap_or_else(|error| panic!("{code}: {error}"));
    assert_eq!(host.alive(), Alive::default(), "{code}");
    result
}

#[test]
fn places_of_the_later_version_have_a_status_and_nothing_happens() {
    const MEMORY: u32 = 3;
    let ready = |code: &str| run(&format!("(call $ready) {code}"));
    for code in [
        "(call $create (i32.const 65530) (i32.const 21) (i32.const 64))",
        "(call $create (i32.const 0) (i32.const -1) (i32.const 64))",
        "(call $create (i32.const 96) (i32.const 21) (i32.const 65533))",
        "(call $create (i32.const 96) (i32.const 21) (i32.const -1))",
        "(call $append (call $session) (i32.const -1) (i32.const 2) (i32.const 24) (i32.const 4))",
        "(call $append (call $session) (i32.const 16) (i32.const 2) (i32.const 65533) (i32.const 4))",
        "(call $append (call $session) (i32.const 16) (i32.const 2) (i32.const 24) (i32.const -1))",
        "(call $output (call $session) (i32.const 65535) (i32.const 3) (i32.const 68))",
        "(call $output (call $session) (i32.const 18) (i32.const 3) (i32.const 65536))",
        "(call $len (call $session) (call $tensor) (i32.const 65533))",
        "(call $data (call $session) (call $tensor) (i32.const 65533) (i32.const 4) (i32.const 72))",
        "(call $data (call $session) (call $tensor) (i32.const 76) (i32.const -1) (i32.const 72))",
        "(call $data (call $session) (call $tensor) (i32.const 76) (i32.const 4) (i32.const 65534))",
    ] {
        assert_eq!(ready(code), MEMORY, "{code}");
    }
    // No session was made for a place that is none.
    let (host, engine) = host();
    let code = "(call $create (i32.const 96) (i32.const 21) (i32.const 65533))";
    assert_eq!(run_on(host, code).unwrap(), MEMORY);
    assert_eq!(engine.loaded.load(std::sync::atomic::Ordering::Relaxed), 0);
    // At the very end there is room.
    let code =
        "(call $data (call $session) (call $tensor) (i32.const 65532) (i32.const 4) (i32.const 72))
        (i32.add (i32.load (i32.const 72)) (i32.load8_u (i32.const 65535))) (i32.add)";
    assert_eq!(ready(code), 4 + 8);
}

#[test]
fn wrong_numbers_names_and_lengths_have_a_status() {
    const ARGUMENT: u32 = 1;
    let ready = |code: &str| run(&format!("(call $ready) {code}"));
    for number in ["0", "99", "-1", "2147483647"] {
        for code in [
            format!("(call $give (i32.const {number}))"),
            format!("(call $run (i32.const {number}))"),
            format!("(call $name (i32.const {number}))"),
            format!("(call $len (i32.const {number}) (call $tensor) (i32.const 72))"),
            format!("(call $len (call $session) (i32.const {number}) (i32.const 72))"),
            format!(
                "(call $data (call $session) (i32.const {number}) (i32.const 76) (i32.const 4) (i32.const 72))"
            ),
        ] {
            assert_eq!(ready(&code), ARGUMENT, "{code}");
        }
        // WasmEdge takes any.
        let code = format!("(call $delete (i32.const {number}))");
        assert_eq!(ready(&code), 0);
    }
    for code in [
        // A session is no tensor, and a tensor no session.
        "(call $len (call $session) (call $session) (i32.const 72))",
        "(call $run (call $tensor))",
        // A tensor of another session.
        "(drop (call $begin)) (call $len (call $session) (call $tensor) (i32.const 72))",
        "(call $append (call $session) (i32.const 16) (i32.const 3) (i32.const 24) (i32.const 4))",
        "(call $append (call $session) (i32.const 16) (i32.const 0) (i32.const 24) (i32.const 4))",
        "(call $append (call $session) (i32.const 16) (i32.const 2) (i32.const 24) (i32.const 3))",
        "(call $append (call $session) (i32.const 16) (i32.const 2) (i32.const 24) (i32.const 0))",
        "(call $output (call $session) (i32.const 16) (i32.const 2) (i32.const 68))",
        "(call $data (call $session) (call $tensor) (i32.const 76) (i32.const 3) (i32.const 72))",
        "(call $data (call $session) (call $tensor) (i32.const 76) (i32.const 0) (i32.const 72))",
        "(call $data (call $session) (call $tensor) (i32.const 76) (i32.const 60000) (i32.const 72))",
        // Not all of its inputs.
        "(drop (call $begin)) (call $run (call $session))",
        // What is deleted is no more, and may be deleted once more.
        "(drop (call $delete (call $session))) (call $run (call $session))",
        "(drop (call $delete (call $session))) (call $len (call $session) (call $tensor) (i32.const 72))",
        "(drop (call $delete (call $session))) (drop (call $delete (call $session))) (call $name (call $session))",
    ] {
        assert_eq!(ready(code), ARGUMENT, "{code}");
    }
    // What is no model.
    for (at, len, status) in [(96, 0, 2), (65536, 0, 2), (96, 15, 5), (96, 16, 2)] {
        let code = format!("(call $create (i32.const {at}) (i32.const {len}) (i32.const 64))");
        assert_eq!(run(&code), status, "{code}");
    }
    // A session that was not run has no data; a tensor has one number however often it is asked for.
    let code = "(drop (call $begin)) (drop (call $name (call $session)))
        (drop (call $len (call $session) (call $tensor) (i32.const 72))) (i32.load (i32.const 72))";
    assert_eq!(run(code), 0);
    let code = "(local $first i32) (call $ready) (local.set $first (call $tensor))
        (drop (call $name (call $session))) (i32.eq (local.get $first) (call $tensor))";
    assert_eq!(run(code), 1);
}

#[test]
fn the_early_version_has_nothing_where_there_is_nothing() {
    for number in ["0", "99", "-1", "4294967297", "9223372036854775807"] {
        for code in [
            format!("(i32.eq (call $early_run (i64.const {number})) (i32.const 1))"),
            format!("(i64.eqz (call $early_named (i64.const {number})))"),
            format!("(i32.eqz (call $early_len (i64.const {number})))"),
            format!(
                "(call $early_data (i64.const {number}) (i32.const 76)) (i32.eqz (i32.load (i32.const 76)))"
            ),
            format!(
                "(call $early_append (i64.const {number}) (i32.const 16) (i32.const 2) (i32.const 24) (i32.const 4)) (i32.const 1)"
            ),
            format!("(call $early_delete (i64.const {number})) (i32.const 1)"),
        ] {
            let code = format!("(drop (call $early)) {code}");
            assert_eq!(run(&code), 1, "{code}");
        }
    }
    for code in [
        "(i64.eqz (call $early_create (i32.const 96) (i32.const 15)))",
        "(i64.eqz (call $early_create (i32.const 96) (i32.const 0)))",
        // Not run, run without input, deleted, deleted twice.
        "(i32.eqz (call $early_len (call $early_named (call $early_create (i32.const 96) (i32.const 21)))))",
        "(call $early_run (call $early_create (i32.const 96) (i32.const 21)))",
        "(local $s i64) (local $t i64) (local.set $s (call $early)) (local.set $t (call $early_named (local.get $s)))
         (call $early_delete (local.get $s)) (call $early_delete (local.get $s))
         (i32.and (i32.eqz (call $early_len (local.get $t))) (call $early_run (local.get $s)))",
        // A data of another length was not taken.
        "(local $s i64) (local.set $s (call $early_create (i32.const 96) (i32.const 21)))
         (call $early_append (local.get $s) (i32.const 16) (i32.const 2) (i32.const 24) (i32.const 5))
         (call $early_run (local.get $s))",
        // What comes out.
        "(local $t i64) (local.set $t (call $early_named (call $early))) (call $early_data (local.get $t) (i32.const 76))
         (i32.and (i32.eq (call $early_len (local.get $t)) (i32.const 4)) (i32.eq (i32.load (i32.const 76)) (i32.const 0x08060402)))",
        // At the very end there is room.
        "(call $early_data (call $early_named (call $early)) (i32.const 65532)) (i32.eq (i32.load (i32.const 65532)) (i32.const 0x08060402))",
    ] {
        assert_eq!(run(code), 1, "{code}");
    }
}

fn import_that_ends(code: &str) -> &'static str {
    let (host, _) = host();
    match run_on(host.clone(), code).unwrap_err() {
        Error::AbiViolation { import, reason, .. } => {
            assert!(
                reason.contains("leads out of its memory"),
                "{code}: {reason}"
            );
            assert_eq!(host.alive(), Alive::default());
            import
        }
        other => panic!("{code}: {other}"),
    }
}

#[test]
fn bad_places_of_the_early_version_end_the_guest() {
    for (code, import) in [
        (
            "(drop (call $early_create (i32.const 65530) (i32.const 21))) (i32.const 0)",
            "create_session",
        ),
        (
            "(drop (call $early_create (i32.const 0) (i32.const -1))) (i32.const 0)",
            "create_session",
        ),
        (
            "(call $early_append (call $early) (i32.const -1) (i32.const 2) (i32.const 24) (i32.const 4)) (i32.const 0)",
            "append_input",
        ),
        (
            "(call $early_append (call $early) (i32.const 16) (i32.const 2) (i32.const 65533) (i32.const 4)) (i32.const 0)",
            "append_input",
        ),
        (
            "(drop (call $early_output (call $early) (i32.const 65535) (i32.const 3))) (i32.const 0)",
            "get_output_tensor",
        ),
        (
            "(call $early_data (call $early_named (call $early)) (i32.const 65533)) (i32.const 0)",
            "get_tensor_data",
        ),
        (
            "(call $early_data (call $early_named (call $early)) (i32.const -1)) (i32.const 0)",
            "get_tensor_data",
        ),
    ] {
        let found = import_that_ends(code);
        assert_eq!(
            found,
            format!("wasmedge_tensorflowlite.wasmedge_tensorflowlite_{import}"),
            "{code}"
        );
    }
}

#[test]
fn pictures_go_to_places_that_are_there() {
    // No room for these: said before anything is decoded, as there is nothing at 0 that could be.
    for (width, height, at) in [
        ("100", "218", "200"),
        ("-1", "-1", "0"),
        ("65536", "65536", "0"),
        ("1", "1", "65534"),
        ("1", "1", "-1"),
    ] {
        let code = format!(
            "(call $early_png (i32.const 0) (i32.const 12) (i32.const {width}) (i32.const {height}) (i32.const {at}))"
        );
        assert_eq!(
            import_that_ends(&code),
            "wasmedge_image.wasmedge_image_load_png_to_rgb8",
            "{code}"
        );
    }
    import_that_ends(
        "(call $early_jpg (i32.const 0) (i32.const 12) (i32.const 74) (i32.const 74) (i32.const 0))",
    );
    import_that_ends(
        "(call $early_png (i32.const 65530) (i32.const 12) (i32.const 1) (i32.const 1) (i32.const 64))",
    );
    // What is no picture, or one of no size.
    for code in [
        "(call $early_png (i32.const 0) (i32.const 12) (i32.const 2) (i32.const 2) (i32.const 64))",
        "(call $early_png (i32.const 0) (i32.const 0) (i32.const 2) (i32.const 2) (i32.const 64))",
        "(call $early_png (i32.const 0) (i32.const 12) (i32.const 0) (i32.const 2) (i32.const 64))",
        "(call $early_jpg (i32.const 0) (i32.const 12) (i32.const 0) (i32.const 0) (i32.const 65536))",
        "(call $png (i32.const 0) (i32.const 12) (i32.const 2) (i32.const 2) (i32.const 0) (i32.const 64) (i32.const 12))",
        // No room, or no place; a type that there is not.
        "(call $png (i32.const 0) (i32.const 12) (i32.const 2) (i32.const 2) (i32.const 0) (i32.const 64) (i32.const 11))",
        "(call $png (i32.const 0) (i32.const 12) (i32.const -1) (i32.const -1) (i32.const 0) (i32.const 64) (i32.const 12))",
        "(call $png (i32.const 0) (i32.const 12) (i32.const 2) (i32.const 2) (i32.const 0) (i32.const 65533) (i32.const 12))",
        "(call $jpg (i32.const -1) (i32.const 12) (i32.const 2) (i32.const 2) (i32.const 0) (i32.const 64) (i32.const 12))",
        "(call $jpg (i32.const 0) (i32.const 12) (i32.const 2) (i32.const 2) (i32.const 4) (i32.const 64) (i32.const 48))",
    ] {
        assert_eq!(run(code), 1, "{code}");
    }
}

#[test]
fn what_an_instance_has_is_bounded() {
    let limited = |limits: Limits, code: &str| {
        let (host, _) = host();
        let host = host.limits(limits);
        let result = run_on(host.clone(), code).unwrap();
        assert_eq!(host.alive(), Alive::default());
        result
    };
    let sessions = Limits {
        sessions: 2,
        ..Limits::default()
    };
    let code = "(i32.add (i32.mul (call $begin) (i32.const 100)) (i32.add (i32.mul (call $begin) (i32.const 10)) (call $begin)))";
    assert_eq!(limited(sessions.clone(), code), 3, "the third has a status");
    let code = "(drop (call $early)) (drop (call $early)) (i64.eqz (call $early_create (i32.const 96) (i32.const 21)))";
    assert_eq!(limited(sessions.clone(), code), 1);
    // A place is free again.
    let code = "(drop (call $begin)) (drop (call $begin)) (drop (call $delete (call $session))) (call $begin)";
    assert_eq!(limited(sessions, code), 0);

    let tensors = |tensors| Limits {
        tensors,
        ..Limits::default()
    };
    let give_and_run = "(drop (call $begin)) (i32.add (i32.mul (call $give (call $session)) (i32.const 10)) (call $run (call $session)))";
    assert_eq!(limited(tensors(2), give_and_run), 0);
    assert_eq!(
        limited(tensors(1), give_and_run),
        3,
        "none is left for what comes out"
    );
    assert_eq!(
        limited(tensors(0), give_and_run),
        31,
        "nor for what goes in"
    );
    let bytes = |bytes| Limits {
        bytes,
        ..Limits::default()
    };
    assert_eq!(limited(bytes(8), give_and_run), 0);
    assert_eq!(limited(bytes(7), give_and_run), 3);
    assert_eq!(limited(bytes(3), give_and_run), 31);
    // What is given again takes the place of what was there, and so does what comes out.
    let again = "(drop (call $begin)) (drop (call $give (call $session))) (drop (call $run (call $session)))
        (i32.add (i32.mul (call $give (call $session)) (i32.const 10)) (call $run (call $session)))";
    assert_eq!(limited(bytes(8), again), 0);
    // Of a model that says nothing before, what came out is looked at.
    let open = "(drop (call $create (i32.const 160) (i32.const 23) (i32.const 64)))
        (i32.add (i32.mul (call $give (call $session)) (i32.const 10)) (call $run (call $session)))";
    assert_eq!(limited(bytes(8), open), 0);
    assert_eq!(limited(bytes(7), open), 3);
}
