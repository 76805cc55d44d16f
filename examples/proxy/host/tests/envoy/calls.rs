//! A module that calls everything, in each phase, also in ways that are odd.

use std::collections::BTreeMap;

/// The end of the guest's memory.
const END: i64 = 65536;
/// Places for results.
const PLACE: i64 = 512;
const PLACE_2: i64 = 516;
const PLACE_3: i64 = 520;
const PLACES: [i64; 2] = [PLACE, PLACE_2];
/// Texts in the guest's memory: an address and a length.
const AGENT: [i64; 2] = [16, 10];
const NO_TEXT: [i64; 2] = [40, 2];
const NONE: [i64; 2] = [48, 6];
const EMPTY: [i64; 2] = [64, 7];
const AUTH: [i64; 2] = [80, 4];
const NONSENSE: [i64; 2] = [96, 8];
const PAIRS: [i64; 2] = [112, 16];
const VM: [i64; 2] = [136, 2];
const ROOT_ID: [i64; 2] = [144, 14];
const LENGTH: [i64; 2] = [160, 14];

const DATA: &str = r#"
    (data (i32.const 16) "user-agent")
    (data (i32.const 40) "\ff\fe")
    (data (i32.const 48) "x-none")
    (data (i32.const 64) "x-empty")
    (data (i32.const 80) "auth")
    (data (i32.const 96) "\00\00\00\80\ff\ff\ff\ff")
    (data (i32.const 112) "\01\00\00\00\01\00\00\00\01\00\00\00a\00b\00")
    (data (i32.const 136) "vm")
    (data (i32.const 144) "plugin_root_id")
    (data (i32.const 160) "content-length")"#;

/// A function's name, and its arguments.
pub(crate) type Call = (&'static str, Vec<i64>);

/// The callbacks, with what each gets beside its context and what it returns.
const PHASES: [(&str, &str, &str); 8] = [
    ("proxy_on_vm_start", "i32 i32", "1"),
    ("proxy_on_configure", "i32 i32", "1"),
    ("proxy_on_request_headers", "i32 i32 i32", "0"),
    ("proxy_on_request_body", "i32 i32 i32", "0"),
    ("proxy_on_response_headers", "i32 i32 i32", "0"),
    ("proxy_on_response_body", "i32 i32 i32", "0"),
    ("proxy_on_log", "i32", ""),
    ("proxy_on_done", "i32", "1"),
];

fn args(parts: &[&[i64]]) -> Vec<i64> {
    parts.concat()
}

/// What can be called at any time and changes nothing that is seen later.
fn reads() -> Vec<Call> {
    let mut calls: Vec<Call> = vec![
        ("proxy_log", vec![2, END - 2, 3]),
        ("proxy_log", vec![2, -1, -1]),
        ("proxy_log", vec![99, 16, 1]),
        ("proxy_log", vec![2, 16, 1]),
        ("proxy_get_log_level", vec![PLACE]),
        ("proxy_get_current_time_nanoseconds", vec![END - 7]),
        ("proxy_get_current_time_nanoseconds", vec![END - 8]),
        ("proxy_set_effective_context", vec![99]),
        ("proxy_done", vec![]),
        ("proxy_get_status", vec![PLACE, PLACE_2, PLACE_3]),
        (
            "proxy_get_shared_data",
            args(&[&NO_TEXT, &PLACES, &[PLACE_3]]),
        ),
        ("proxy_get_property", args(&[&NONE, &PLACES])),
        ("proxy_get_property", args(&[&ROOT_ID, &PLACES])),
        (
            "proxy_call_foreign_function",
            args(&[&NONE, &AGENT, &PLACES]),
        ),
        ("proxy_resolve_shared_queue", args(&[&VM, &NONE, &[PLACE]])),
        ("proxy_enqueue_shared_queue", args(&[&[9], &AGENT])),
        ("proxy_dequeue_shared_queue", args(&[&[9], &PLACES])),
        ("proxy_define_metric", args(&[&[9], &NONE, &[PLACE]])),
        ("proxy_get_metric", vec![99, PLACE]),
        ("proxy_record_metric", vec![99, 1]),
        ("proxy_increment_metric", vec![99, 1]),
        (
            "proxy_http_call",
            args(&[&NONE, &PAIRS, &[0, 0, 0, 0, 9, PLACE]]),
        ),
        (
            "proxy_http_call",
            args(&[&AUTH, &[0, 0, 0, 0, 0, 0, 9, PLACE]]),
        ),
        (
            "proxy_http_call",
            args(&[&AUTH, &PAIRS, &[0, 0, 0, 0, 9, END - 1]]),
        ),
        (
            "proxy_grpc_call",
            args(&[&NONE, &NONE, &NONE, &PAIRS, &[0, 0, 9, PLACE]]),
        ),
        (
            "proxy_grpc_stream",
            args(&[&NONE, &NONE, &NONE, &PAIRS, &[PLACE]]),
        ),
        // Envoy tells calls from streams by their numbers: the first of these is one of a call.
        ("proxy_grpc_cancel", vec![5]),
        ("proxy_grpc_close", vec![5]),
        ("proxy_grpc_send", vec![6, 0, 0, 0]),
        ("proxy_grpc_cancel", vec![6]),
        ("proxy_grpc_close", vec![6]),
        ("proxy_continue_stream", vec![99]),
        ("proxy_close_stream", vec![99]),
    ];
    for map in [0, 1, 2, 3, 4, 5, 6, 7, 8, 77] {
        calls.push((
            "proxy_get_header_map_value",
            args(&[&[map], &NONE, &PLACES]),
        ));
        calls.push(("proxy_get_header_map_pairs", args(&[&[map], &PLACES])));
        calls.push(("proxy_get_header_map_size", vec![map, PLACE]));
    }
    calls.push((
        "proxy_get_header_map_value",
        args(&[&[0], &NO_TEXT, &PLACES]),
    ));
    calls.push(("proxy_get_header_map_value", args(&[&[0], &AGENT, &PLACES])));
    calls.push(("proxy_get_header_map_value", args(&[&[0], &EMPTY, &PLACES])));
    calls.push((
        "proxy_get_header_map_value",
        args(&[&[0], &[-1, 2], &PLACES]),
    ));
    // Buffer 8 outside of its callback is in Envoy whatever was read last.
    for buffer in [0, 1, 2, 3, 4, 5, 6, 7, 9, 99] {
        calls.push(("proxy_get_buffer_bytes", args(&[&[buffer, 0, 9], &PLACES])));
        calls.push(("proxy_get_buffer_bytes", args(&[&[buffer, 99, 9], &PLACES])));
        calls.push(("proxy_get_buffer_status", vec![buffer, PLACE, PLACE_2]));
    }
    calls
}

/// What changes something, as far as it is the same in every proxy.
fn writes() -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    for map in [0, 1, 2, 3, 4, 6, 77] {
        calls.push(("proxy_add_header_map_value", args(&[&[map], &NONE, &AGENT])));
        calls.push((
            "proxy_replace_header_map_value",
            args(&[&[map], &NONE, &AGENT]),
        ));
        calls.push(("proxy_remove_header_map_value", args(&[&[map], &NONE])));
        calls.push(("proxy_remove_header_map_value", args(&[&[map], &EMPTY])));
    }
    for map in [4, 6, 77] {
        calls.push(("proxy_set_header_map_pairs", args(&[&[map], &PAIRS])));
        calls.push(("proxy_set_header_map_pairs", args(&[&[map], &NONSENSE])));
    }
    for buffer in [4, 5, 6, 7, 8, 99] {
        calls.push(("proxy_set_buffer_bytes", args(&[&[buffer, 0, 0], &AGENT])));
    }
    calls.extend([
        ("proxy_register_shared_queue", args(&[&AGENT, &[PLACE]])),
        ("proxy_resolve_shared_queue", args(&[&VM, &AGENT, &[PLACE]])),
        ("proxy_define_metric", args(&[&[0], &AGENT, &[PLACE]])),
    ]);
    calls
}

/// What changes what is shared: not while a VM starts, because Envoy counts it for all that there are.
fn shares() -> Vec<Call> {
    vec![
        ("proxy_set_shared_data", args(&[&NONE, &AGENT, &[0]])),
        ("proxy_set_shared_data", args(&[&NONE, &AGENT, &[99]])),
        ("proxy_get_shared_data", args(&[&NONE, &PLACES, &[PLACE_3]])),
    ]
}

/// What is called in each phase.
pub(crate) fn calls() -> BTreeMap<&'static str, Vec<Call>> {
    let mut all = BTreeMap::new();
    for (phase, ..) in PHASES {
        let mut calls = reads();
        calls.extend(writes());
        if !["proxy_on_vm_start", "proxy_on_configure"].contains(&phase) {
            calls.extend(shares());
        }
        match phase {
            "proxy_on_response_headers" => {
                calls.push(("proxy_remove_header_map_value", args(&[&[2], &LENGTH])));
            }
            "proxy_on_request_body" => {
                calls.push(("proxy_set_buffer_bytes", args(&[&[0, 0, 99], &AGENT])));
                calls.push(("proxy_set_buffer_bytes", args(&[&[0, 0, 0], &AGENT])));
                calls.push(("proxy_get_buffer_bytes", args(&[&[0, 0, 99], &PLACES])));
            }
            "proxy_on_response_body" => {
                calls.push(("proxy_set_buffer_bytes", args(&[&[1, 0, 99], &AGENT])));
                calls.push(("proxy_set_buffer_bytes", args(&[&[1, 99, 0], &AGENT])));
            }
            "proxy_on_request_headers" => {
                // The body is made another.
                calls.push(("proxy_remove_header_map_value", args(&[&[0], &LENGTH])));
                calls.push(("proxy_continue_stream", vec![0]));
                calls.push(("proxy_set_property", args(&[&NONE, &AGENT])));
                calls.push(("proxy_get_property", args(&[&NONE, &PLACES])));
            }
            _ => {}
        }
        all.insert(phase, calls);
    }
    all
}

/// Whether an argument of a function has 64 bits.
fn is_wide(name: &str, at: usize) -> bool {
    matches!(name, "proxy_record_metric" | "proxy_increment_metric") && at == 1
}

/// The module, as text.
pub(crate) fn text() -> String {
    let all = calls();
    let mut imports = BTreeMap::new();
    for (name, args) in all.values().flatten() {
        imports.insert(*name, args.len());
    }
    let ty = |name, at| if is_wide(name, at) { "i64" } else { "i32" };
    let mut text = String::from("(module\n");
    for (name, count) in &imports {
        let types: Vec<&str> = (0..*count).map(|at| ty(name, at)).collect();
        let types = types.join(" ");
        text +=
            &format!("(import \"env\" \"{name}\" (func ${name} (param {types}) (result i32)))\n");
    }
    text += "(memory (export \"memory\") 1)\n";
    text += "(func (export \"proxy_abi_version_0_2_1\"))\n";
    text +=
        "(func (export \"proxy_on_memory_allocate\") (param i32) (result i32) (i32.const 4096))\n";
    for (phase, params, result) in PHASES {
        let ty = if result.is_empty() {
            ""
        } else {
            "(result i32)"
        };
        text += &format!("(func (export \"{phase}\") (param {params}) {ty}\n");
        for (name, args) in all.get(phase).into_iter().flatten() {
            let args: Vec<String> = args
                .iter()
                .enumerate()
                .map(|(at, arg)| format!("({}.const {arg})", self::ty(name, at)))
                .collect();
            text += &format!("  (drop (call ${name} {}))\n", args.join(" "));
        }
        if !result.is_empty() {
            text += &format!("  (i32.const {result})");
        }
        text += ")\n";
    }
    text + DATA + ")"
}

fn ty(name: &str, at: usize) -> &'static str {
    if is_wide(name, at) { "i64" } else { "i32" }
}
