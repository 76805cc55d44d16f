//! What odd calls of proxy-wasm answer: what Envoy does, call by call.

use crate::app::App;
use crate::odd::{
    AGENT, AUTH, EMPTY, END, NO_TEXT, NONE, NONSENSE, Odd, PAIRS, PLACE, PLACE_2, PLACE_3, When,
};

const OK: u32 = 0;
const NOT_FOUND: u32 = 1;
const BAD_ARGUMENT: u32 = 2;
const PARSE_FAILURE: u32 = 4;
const INVALID_MEMORY: u32 = 6;
const EMPTY_QUEUE: u32 = 7;
const CAS_MISMATCH: u32 = 8;

fn args(parts: &[&[i64]]) -> Vec<i64> {
    parts.concat()
}

/// Two places.
const PLACES: [i64; 2] = [PLACE, PLACE_2];

#[test]
fn odd_calls_have_the_statuses_that_envoy_gives() {
    let rows: Vec<(&'static str, Vec<i64>, u32)> = vec![
        ("proxy_log", vec![2, END - 2, 3], INVALID_MEMORY),
        ("proxy_log", vec![2, -1, -1], INVALID_MEMORY),
        ("proxy_log", vec![99, 16, 1], BAD_ARGUMENT),
        ("proxy_log", vec![2, 16, 1], OK),
        ("proxy_get_log_level", vec![PLACE], OK),
        (
            "proxy_get_header_map_value",
            args(&[&[0], &AGENT, &PLACES]),
            OK,
        ),
        (
            "proxy_get_header_map_value",
            args(&[&[0], &NO_TEXT, &PLACES]),
            NOT_FOUND,
        ),
        (
            "proxy_get_header_map_value",
            args(&[&[0], &AGENT, &[END - 3, PLACE]]),
            INVALID_MEMORY,
        ),
        (
            "proxy_get_header_map_value",
            args(&[&[0], &NONE, &PLACES]),
            NOT_FOUND,
        ),
        (
            "proxy_get_header_map_value",
            args(&[&[0], &EMPTY, &PLACES]),
            OK,
        ),
        (
            "proxy_get_header_map_value",
            args(&[&[77], &AGENT, &PLACES]),
            BAD_ARGUMENT,
        ),
        (
            "proxy_get_header_map_value",
            args(&[&[2], &AGENT, &PLACES]),
            BAD_ARGUMENT,
        ),
        (
            "proxy_get_header_map_value",
            args(&[&[6], &AGENT, &PLACES]),
            BAD_ARGUMENT,
        ),
        ("proxy_get_header_map_pairs", args(&[&[0], &PLACES]), OK),
        ("proxy_get_header_map_pairs", args(&[&[2], &PLACES]), OK),
        (
            "proxy_get_header_map_pairs",
            args(&[&[77], &PLACES]),
            BAD_ARGUMENT,
        ),
        ("proxy_get_header_map_size", vec![0, PLACE], OK),
        ("proxy_get_header_map_size", vec![2, PLACE], BAD_ARGUMENT),
        ("proxy_set_header_map_pairs", args(&[&[0], &PAIRS]), OK),
        (
            "proxy_set_header_map_pairs",
            args(&[&[0], &NONSENSE]),
            BAD_ARGUMENT,
        ),
        (
            "proxy_set_header_map_pairs",
            args(&[&[2], &PAIRS]),
            BAD_ARGUMENT,
        ),
        (
            "proxy_add_header_map_value",
            args(&[&[0], &NO_TEXT, &AGENT]),
            BAD_ARGUMENT,
        ),
        (
            "proxy_add_header_map_value",
            args(&[&[6], &AGENT, &AGENT]),
            BAD_ARGUMENT,
        ),
        (
            "proxy_replace_header_map_value",
            args(&[&[0], &NONE, &AGENT]),
            OK,
        ),
        ("proxy_remove_header_map_value", args(&[&[0], &NONE]), OK),
        (
            "proxy_remove_header_map_value",
            args(&[&[1], &NONE]),
            BAD_ARGUMENT,
        ),
        ("proxy_get_buffer_bytes", args(&[&[0, 0, 9], &PLACES]), OK),
        (
            "proxy_get_buffer_bytes",
            args(&[&[99, 0, 9], &PLACES]),
            BAD_ARGUMENT,
        ),
        (
            "proxy_get_buffer_bytes",
            args(&[&[7, 99, 9], &PLACES]),
            NOT_FOUND,
        ),
        (
            "proxy_get_buffer_bytes",
            args(&[&[4, 0, 9], &PLACES]),
            NOT_FOUND,
        ),
        ("proxy_get_buffer_bytes", args(&[&[5, 0, 9], &PLACES]), OK),
        ("proxy_get_buffer_bytes", args(&[&[8, 0, 9], &PLACES]), OK),
        ("proxy_get_buffer_status", vec![0, PLACE, PLACE_2], OK),
        (
            "proxy_get_buffer_status",
            vec![4, PLACE, PLACE_2],
            NOT_FOUND,
        ),
        (
            "proxy_set_buffer_bytes",
            args(&[&[0, 0, 0], &AGENT]),
            BAD_ARGUMENT,
        ),
        (
            "proxy_set_buffer_bytes",
            args(&[&[7, 0, 0], &AGENT]),
            NOT_FOUND,
        ),
        ("proxy_continue_stream", vec![99], BAD_ARGUMENT),
        ("proxy_continue_stream", vec![0], OK),
        ("proxy_continue_stream", vec![2], OK),
        ("proxy_close_stream", vec![99], BAD_ARGUMENT),
        ("proxy_close_stream", vec![1], OK),
        (
            "proxy_send_local_response",
            vec![200, 0, 0, 0, 0, 96, 8, -1],
            OK,
        ),
        (
            "proxy_send_local_response",
            vec![99, 0, 0, 0, 0, 0, 0, -1],
            BAD_ARGUMENT,
        ),
        ("proxy_get_status", vec![PLACE, PLACE_2, PLACE_3], OK),
        ("proxy_set_effective_context", vec![99], BAD_ARGUMENT),
        ("proxy_set_effective_context", vec![1], OK),
        ("proxy_done", vec![], NOT_FOUND),
        (
            "proxy_get_current_time_nanoseconds",
            vec![END - 7],
            INVALID_MEMORY,
        ),
        ("proxy_get_current_time_nanoseconds", vec![END - 8], OK),
        ("proxy_set_tick_period_milliseconds", vec![10], OK),
        (
            "proxy_http_call",
            args(&[&NONE, &PAIRS, &[0, 0, 0, 0, 9, PLACE]]),
            BAD_ARGUMENT,
        ),
        (
            "proxy_http_call",
            args(&[&AUTH, &[0, 0, 0, 0, 0, 0, 9, PLACE]]),
            BAD_ARGUMENT,
        ),
        (
            "proxy_grpc_call",
            args(&[&NONE, &NONE, &NONE, &PAIRS, &[0, 0, 9, PLACE]]),
            PARSE_FAILURE,
        ),
        (
            "proxy_grpc_call",
            args(&[&AUTH, &NONE, &NONE, &PAIRS, &[0, 0, 9, PLACE]]),
            OK,
        ),
        (
            "proxy_grpc_stream",
            args(&[&AUTH, &NONE, &NONE, &PAIRS, &[PLACE]]),
            OK,
        ),
        ("proxy_grpc_send", vec![7, 0, 0, 0], NOT_FOUND),
        ("proxy_grpc_cancel", vec![7], NOT_FOUND),
        ("proxy_grpc_close", vec![7], NOT_FOUND),
        (
            "proxy_get_shared_data",
            args(&[&NONE, &PLACES, &[PLACE_3]]),
            NOT_FOUND,
        ),
        ("proxy_set_shared_data", args(&[&NONE, &AGENT, &[0]]), OK),
        ("proxy_get_property", args(&[&NONE, &PLACES]), NOT_FOUND),
        ("proxy_set_property", args(&[&NONE, &AGENT]), OK),
        (
            "proxy_define_metric",
            args(&[&[9], &NONE, &[PLACE]]),
            BAD_ARGUMENT,
        ),
        ("proxy_define_metric", args(&[&[0], &NONE, &[PLACE]]), OK),
        ("proxy_get_metric", vec![99, PLACE], BAD_ARGUMENT),
        ("proxy_record_metric", vec![99, 1], NOT_FOUND),
        ("proxy_increment_metric", vec![99, 1], BAD_ARGUMENT),
        ("proxy_register_shared_queue", args(&[&NONE, &[PLACE]]), OK),
        (
            "proxy_resolve_shared_queue",
            args(&[&[0, 0], &NONE, &[PLACE]]),
            NOT_FOUND,
        ),
        (
            "proxy_enqueue_shared_queue",
            args(&[&[9], &AGENT]),
            NOT_FOUND,
        ),
        (
            "proxy_dequeue_shared_queue",
            args(&[&[9], &PLACES]),
            NOT_FOUND,
        ),
        (
            "proxy_call_foreign_function",
            args(&[&NONE, &AGENT, &PLACES]),
            NOT_FOUND,
        ),
        // What 0.1.0 has.
        ("proxy_get_configuration", PLACES.to_vec(), OK),
        ("proxy_continue_request", vec![], OK),
        ("proxy_continue_response", vec![], OK),
        ("proxy_clear_route_cache", vec![], OK),
        // What modules of C++ import: two are equal.
        ("pthread_equal", vec![3, 3], 1),
    ];
    let mut wrong = Vec::new();
    for (call, args, expected) in rows {
        let found = Odd::new(call, &args).status();
        if found != expected {
            wrong.push(format!("{call}{args:?}: {expected} is due, not {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn before_there_is_a_request_its_fields_are_not_there() {
    let mut odd = Odd::new(
        "proxy_get_header_map_value",
        &args(&[&[0], &AGENT, &PLACES]),
    );
    odd.when = When::VmStart;
    assert_eq!(odd.status(), BAD_ARGUMENT);
    let mut odd = Odd::new("proxy_set_property", &args(&[&NONE, &AGENT]));
    odd.when = When::VmStart;
    assert_eq!(odd.status(), NOT_FOUND);
}

#[test]
fn what_the_host_answers_comes_as_a_status() {
    use abide_proxy::host::{Queues as _, Shared as _};

    let mut app = App::default();
    app.set("x-none", Some(Vec::new()), 0).unwrap();
    let odd = Odd::new("proxy_set_shared_data", &args(&[&NONE, &AGENT, &[9]]));
    assert_eq!(odd.run(&app).unwrap().0, Some(CAS_MISMATCH));
    assert_eq!(app.open("queue"), 1);
    let odd = Odd::new("proxy_dequeue_shared_queue", &args(&[&[1], &PLACES]));
    assert_eq!(odd.run(&app).unwrap().0, Some(EMPTY_QUEUE));
}

#[test]
fn a_bad_place_has_no_effect() {
    let app = App::default();
    let call = args(&[&AUTH, &[112, 16, 0, 0, 0, 0, 9, END - 3]]);
    let (status, _) = Odd::new("proxy_http_call", &call).run(&app).unwrap();
    assert_eq!(status, Some(INVALID_MEMORY));
    assert!(app.noted().calls.is_empty());
    let call = args(&[&[0], &NONE, &[END - 3]]);
    let (status, _) = Odd::new("proxy_define_metric", &call).run(&app).unwrap();
    assert_eq!(status, Some(INVALID_MEMORY));
    assert!(app.noted().metrics.is_empty());
}

#[test]
fn wasi_answers_what_envoy_answers() {
    let rows: Vec<(&'static str, Vec<i64>, u32)> = vec![
        ("fd_write", vec![1, 0, 0, PLACE], 0),
        ("fd_write", vec![3, 0, 0, PLACE], 8),
        ("fd_write", vec![1, END, 1, PLACE], 21),
        ("fd_pwrite", vec![1, 0, 0, 0, PLACE], 0),
        ("fd_read", vec![0; 4], 52),
        ("fd_pread", vec![0; 5], 52),
        ("fd_seek", vec![0; 4], 0),
        ("fd_tell", vec![1, PLACE], 0),
        ("fd_close", vec![0], 0),
        ("fd_fdstat_get", vec![1, PLACE], 0),
        ("fd_fdstat_get", vec![0, PLACE], 8),
        ("fd_fdstat_get", vec![1, END - 23], 21),
        ("fd_fdstat_set_flags", vec![0; 2], 52),
        ("fd_fdstat_set_rights", vec![1, 0, 0], 0),
        ("fd_filestat_get", vec![0; 2], 8),
        ("fd_filestat_set_size", vec![0; 2], 8),
        ("fd_filestat_set_times", vec![0; 4], 8),
        ("fd_advise", vec![0; 4], 0),
        ("fd_allocate", vec![0; 3], 8),
        ("fd_datasync", vec![1], 0),
        ("fd_sync", vec![0], 8),
        ("fd_readdir", vec![0; 5], 20),
        ("fd_renumber", vec![1, 2], 58),
        ("fd_prestat_get", vec![3, PLACE], 8),
        ("fd_prestat_dir_name", vec![0; 3], 52),
        ("path_open", vec![0; 9], 44),
        ("path_create_directory", vec![0; 3], 58),
        ("path_filestat_get", vec![0; 5], 58),
        ("path_filestat_set_times", vec![0; 7], 58),
        ("path_readlink", vec![0; 6], 58),
        ("path_remove_directory", vec![0; 3], 58),
        ("path_rename", vec![0; 6], 58),
        ("path_unlink_file", vec![0; 3], 58),
        ("sock_accept", vec![0; 3], 58),
        ("sock_recv", vec![0; 6], 58),
        ("sock_send", vec![0; 5], 58),
        ("sock_shutdown", vec![0; 2], 58),
        ("environ_sizes_get", PLACES.to_vec(), 0),
        ("environ_get", vec![0; 2], 0),
        ("args_sizes_get", PLACES.to_vec(), 0),
        ("args_get", vec![0; 2], 0),
        ("clock_time_get", vec![0, 0, PLACE], 0),
        ("clock_time_get", vec![1, 0, PLACE], 0),
        ("clock_time_get", vec![2, 0, PLACE], 58),
        ("clock_res_get", vec![1, PLACE], 0),
        ("random_get", vec![PLACE, 16], 0),
        ("random_get", vec![PLACE, 65537], 28),
        ("random_get", vec![END - 1, 16], 21),
        ("sched_yield", vec![], 0),
        ("poll_oneoff", vec![0, 0, 0, PLACE], 0),
    ];
    let mut wrong = Vec::new();
    for (call, args, expected) in rows {
        for from in ["wasi_snapshot_preview1", "wasi_unstable"] {
            let mut odd = Odd::new(call, &args);
            odd.from = from;
            let found = odd.status();
            if found != expected {
                wrong.push(format!(
                    "{from}.{call}{args:?}: {expected} is due, not {found}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
