//! Modules that mean no good: each gets a status, or ends with a typed error.

use abide::{Error, LimitKind};
use abide_proxy_wasm::{Configuration, Failure, Plugin, ProxyWasm};

use crate::app::{App, Exchange};
use crate::odd::{AGENT, EMPTY, Odd, PLACE, PLACE_2, loaded};

/// Has the guest make room for the value of a field.
fn with_allocator(allocator: &'static str) -> Odd {
    let args = [&[0], &AGENT[..], &[PLACE, PLACE_2]].concat();
    let mut odd = Odd::new("proxy_get_header_map_value", &args);
    odd.allocator = allocator;
    odd
}

fn error(odd: &Odd) -> Error {
    match odd.run(&App::default()) {
        Err(Failure::Guest(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_allocator_can_do_no_harm() {
    let status = |allocator| with_allocator(allocator).status();
    assert_eq!(status("(i32.const 0)"), 6);
    assert_eq!(status("(i32.const -16)"), 6);
    let log = "(drop (call $log (i32.const 2) (i32.const 16) (i32.const 1))) (i32.const 4096)";
    assert_eq!(status(log), 0);
    let grow = "(i32.mul (memory.grow (i32.const 1)) (i32.const 65536))";
    assert_eq!(status(grow), 0);
    let trapped = error(&with_allocator("(unreachable)"));
    assert!(matches!(trapped, Error::Trap { .. }), "{trapped}");
    let endless = error(&with_allocator("(loop $l (br $l)) (i32.const 0)"));
    assert!(matches!(endless, Error::Timeout { .. }), "{endless}");
}

#[test]
fn an_allocator_may_log_and_nothing_else() {
    // Its address tells the status: 10 is an internal failure.
    let other = "(i32.add (i32.const 4096)
        (call $tell (call $other (i32.const 7) (i32.const 512) (i32.const 516))) (i32.const 0))";
    let app = App::default();
    let (status, _) = with_allocator(other).run(&app).unwrap();
    assert_eq!(status, Some(0));
    // The status within was logged first.
    let app = App::default();
    let odd = with_allocator(other);
    let mut vm = odd.load(&app).start(&Configuration::default()).unwrap();
    let exchange = Exchange::of("/");
    let id = vm.open(exchange).unwrap();
    vm.request_headers(id, 4, true).unwrap();
    assert_eq!(app.logged(), ["10", "00"]);
}

#[test]
fn a_callback_that_returns_nonsense_ends_its_vm() {
    let mut odd = Odd::new("proxy_done", &[]);
    odd.more = r#"(func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
        (i32.const 2))"#;
    let mut vm = odd
        .load(&App::default())
        .start(&Configuration::default())
        .unwrap();
    let id = vm.open(Exchange::of("/")).unwrap();
    let failure = vm.response_headers(id, 0, true).unwrap_err();
    assert!(
        matches!(failure, Failure::Guest(Error::AbiViolation { .. })),
        "{failure}"
    );
    assert!(!vm.is_alive());
    let failure = vm.request_headers(id, 0, true).unwrap_err();
    assert!(
        matches!(failure, Failure::Guest(Error::Discarded { .. })),
        "{failure}"
    );
}

#[test]
fn a_guest_that_exits_has_ended() {
    let mut odd = Odd::new("proc_exit", &[3]);
    odd.from = "wasi_snapshot_preview1";
    odd.returns = false;
    let error = error(&odd);
    let Error::AbiViolation { reason, .. } = &error else {
        panic!("{error}")
    };
    assert!(reason.contains("exited with 3"), "{reason}");
}

#[test]
fn what_a_guest_wants_beyond_the_abi_is_told_when_it_is_loaded() {
    let text = r#"(module
        (import "env" "proxy_nonsense" (func (param i32) (result i32)))
        (import "env" "proxy_log" (func (param i32)))
        (memory (export "memory") 1)
        (func (export "proxy_on_request_headers") (param i32 i32) (result i32) (i32.const 0)))"#;
    let module = wat::parse_str(text).unwrap();
    let env = abide_proxy_wasm::Env::new(App::default());
    let error = ProxyWasm::builder(env).load_bytes(module).unwrap_err();
    let text = error.to_string();
    for problem in [
        "env.proxy_nonsense",
        "env.proxy_log",
        "proxy_on_request_headers",
    ] {
        assert!(text.contains(problem), "{text}");
    }
}

#[test]
fn stale_and_foreign_ids_reach_no_guest() {
    let odd = Odd::new("proxy_done", &[]);
    let app = App::default();
    let mut vm = odd.load(&app).start(&Configuration::default()).unwrap();
    let mut other = odd.load(&app).start(&Configuration::default()).unwrap();
    let id = vm.open(Exchange::of("/")).unwrap();
    vm.close(id).unwrap();
    let failure = vm.request_headers(id, 0, true).unwrap_err();
    assert!(matches!(failure, Failure::NoSuchStream(_)), "{failure}");
    let failure = other.request_headers(id, 0, true).unwrap_err();
    assert!(matches!(failure, Failure::NoSuchStream(_)), "{failure}");
    assert!(vm.close(id).is_err());
    assert_eq!(app.logged(), [""; 0]);
}

#[test]
fn what_lists_of_fields_take_is_bounded() {
    let mut odd = Odd::new("proxy_set_header_map_pairs", &[0, 0, 32768]);
    odd.more = "";
    let limits = abide::Limits::new().host_allocation(1024);
    let env = abide_proxy_wasm::Env::new(App::default());
    let module = wat::parse_str(odd.text()).unwrap();
    let loaded = ProxyWasm::builder(env)
        .limits(limits)
        .load_bytes(module)
        .unwrap();
    let plugin: Plugin<App> = ProxyWasm::of(loaded).into();
    let mut vm = plugin.start(&Configuration::default()).unwrap();
    let id = vm.open(Exchange::of("/")).unwrap();
    let Failure::Guest(error) = vm.request_headers(id, 0, true).unwrap_err() else {
        panic!("not the guest's failure")
    };
    let what = LimitKind::HostAllocation;
    assert!(
        matches!(error, Error::Limit { what: found, .. } if found == what),
        "{error}"
    );
}

#[test]
fn nothing_is_allocated_for_nothing() {
    let args = [&[0], &EMPTY[..], &[PLACE, PLACE_2]].concat();
    let mut odd = Odd::new("proxy_get_header_map_value", &args);
    odd.allocator = "(unreachable)";
    assert_eq!(odd.status(), 0);
}

#[test]
fn either_allocator_will_do_and_without_one_there_is_no_room() {
    let text = with_allocator("(i32.const 4096)").text();
    let spec = "\"proxy_on_memory_allocate\"";
    let status = |text: &str| {
        let app = App::default();
        let mut vm = loaded(text, &app).start(&Configuration::default()).unwrap();
        let id = vm.open(Exchange::of("/")).unwrap();
        vm.request_headers(id, 4, true).unwrap();
        app.logged()
    };
    assert_eq!(status(&text), ["00"]);
    assert_eq!(status(&text.replace(spec, "\"malloc\"")), ["00"]);
    assert_eq!(status(&text.replace(spec, "\"mine\"")), ["06"]);
    // That of the specification is the one, where there are both.
    let both = text
        .replace(spec, "\"malloc\"")
        .replace("(i32.const 4096)", "unreachable");
    let spec =
        "(func (export \"proxy_on_memory_allocate\") (param i32) (result i32) i32.const 4096)";
    let end = both.rfind(')').unwrap();
    assert_eq!(status(&format!("{}{spec})", &both[..end])), ["00"]);
}

#[test]
fn a_call_before_there_is_a_memory_ends_the_guest() {
    let mut odd = Odd::new("proxy_done", &[]);
    odd.more = "(func $early (drop (call $log (i32.const 2) (i32.const 16) (i32.const 1))))
        (start $early)";
    let error = error(&odd);
    let Error::AbiViolation { reason, .. } = &error else {
        panic!("{error}")
    };
    assert!(reason.contains("before the module was there"), "{reason}");
}

#[test]
fn what_is_logged_is_cut() {
    let text = Odd::new("proxy_log", &[2, 65_536, 50 << 20]).text();
    let text = text.replace(
        "(memory (export \"memory\") 1)",
        "(memory (export \"memory\") 1000)",
    );
    let app = App::default();
    let mut vm = loaded(&text, &app)
        .start(&Configuration::default())
        .unwrap();
    let id = vm.open(Exchange::of("/")).unwrap();
    vm.request_headers(id, 4, true).unwrap();
    let logged = app.logged();
    assert_eq!((logged[0].len(), logged[1].as_str()), (64 << 10, "00"));
}

#[test]
fn lists_of_too_many_fields_or_bytes_are_none() {
    // A list of empty fields: its count, and lengths of which all are zero.
    let list = |count: u32, bytes: u32| {
        let text = Odd::new("proxy_set_header_map_pairs", &[0, 65_536, i64::from(bytes)]).text();
        let more = format!(
            "(func (export \"_initialize\") (drop (memory.grow (i32.const 64)))
                (i32.store (i32.const 65536) (i32.const {count})))"
        );
        let end = text.rfind(')').unwrap();
        let app = App::default();
        let mut vm = loaded(&format!("{}{more})", &text[..end]), &app)
            .start(&Configuration::default())
            .unwrap();
        let id = vm.open(Exchange::of("/")).unwrap();
        vm.request_headers(id, 4, true).unwrap();
        app.logged()
    };
    let bytes = |count: u32| 4 + 10 * count;
    assert_eq!(list(1024, bytes(1024)), ["00"]);
    assert_eq!(list(1025, bytes(1025)), ["02"]);
    assert_eq!(list(1024, (1 << 20) + 1), ["02"]);
    assert_eq!(list(u32::MAX, bytes(1)), ["02"]);
    assert_eq!(list(1 << 31, bytes(1024)), ["02"]);
}

#[test]
fn names_may_be_as_long_as_they_like() {
    for (call, args) in [
        (
            "proxy_get_header_map_value",
            vec![0, 65_536, 90_000, PLACE, PLACE_2],
        ),
        (
            "proxy_add_header_map_value",
            vec![0, 65_536, 90_000, 65_536, 90_000],
        ),
        (
            "proxy_set_shared_data",
            vec![65_536, 90_000, 65_536, 90_000, 0],
        ),
        ("proxy_register_shared_queue", vec![65_536, 90_000, PLACE]),
        ("proxy_define_metric", vec![0, 65_536, 90_000, PLACE]),
        ("proxy_get_property", vec![65_536, 90_000, PLACE, PLACE_2]),
        (
            "proxy_call_foreign_function",
            vec![65_536, 90_000, 0, 0, PLACE, PLACE_2],
        ),
    ] {
        let text = Odd::new(call, &args).text();
        let text = text.replace(
            "(memory (export \"memory\") 1)",
            "(memory (export \"memory\") 4)",
        );
        let mut vm = loaded(&text, &App::default())
            .start(&Configuration::default())
            .unwrap();
        let id = vm.open(Exchange::of("/")).unwrap();
        vm.request_headers(id, 4, true)
            .unwrap_or_else(|failure| panic!("{call}: {failure}"));
        assert!(vm.is_alive());
    }
}
