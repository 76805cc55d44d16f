//! Modules that mean no good: each gets a status, or ends with a typed error.

use abide::{Error, LimitKind};
use abide_proxy_wasm::{Configuration, Failure, Plugin, ProxyWasm};

use crate::app::{App, Exchange};
use crate::odd::{AGENT, Odd, PLACE, PLACE_2};

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
