//! Modules that mean no good, in front of a sound one: what they do is answered with an error that
//! has a cause, or is of no consequence, and all other streams go on.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::frames::Frames;
use crate::{Client, MODULE, Proxy, Upstream, filter, folder, proxy, run, until};

/// What is imported, under short names.
const IMPORTS: &str = r#"
    (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
    (import "env" "proxy_add_header_map_value" (func $add (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_get_header_map_pairs" (func $pairs (param i32 i32 i32) (result i32)))
    (import "env" "proxy_set_header_map_pairs" (func $set_pairs (param i32 i32 i32) (result i32)))
    (import "env" "proxy_set_shared_data" (func $share (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_register_shared_queue" (func $queue (param i32 i32 i32) (result i32)))
    (import "env" "proxy_enqueue_shared_queue" (func $push (param i32 i32 i32) (result i32)))
    (import "env" "proxy_define_metric" (func $metric (param i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_set_property" (func $property (param i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_get_property" (func $look (param i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_set_tick_period_milliseconds" (func $period (param i32) (result i32)))
    (import "env" "proxy_set_buffer_bytes" (func $body (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_http_call"
        (func $call (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_send_local_response"
        (func $respond (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))"#;

/// What a request without a body is spared. `$name` is where a very long name is.
struct Evil {
    name: &'static str,
    /// What is done with the headers of a request that has a body; it leaves the action.
    does: String,
    /// What makes room.
    allocates: &'static str,
    /// The status of that request, where streams end with the filter.
    status: u16,
}

impl Evil {
    fn new(name: &'static str, does: impl Into<String>, status: u16) -> Self {
        Self {
            name,
            does: does.into(),
            allocates: "(i32.const 4096)",
            status,
        }
    }

    /// One whose allocator is.
    fn allocating(name: &'static str, allocates: &'static str, status: u16) -> Self {
        let does =
            "(drop (call $pairs (i32.const 0) (i32.const 512) (i32.const 516))) (i32.const 0)";
        Self {
            allocates,
            ..Self::new(name, does, status)
        }
    }

    /// Whether its VM ends.
    fn fails(&self) -> bool {
        self.status == 503
    }

    fn file(&self) -> PathBuf {
        let (does, allocates) = (&self.does, self.allocates);
        let text = format!(
            r#"(module {IMPORTS}
            (memory (export "memory") 8)
            (global $i (mut i32) (i32.const 0))
            (data (i32.const 16) "user-agent")
            (data (i32.const 32) "up")
            (data (i32.const 64) "\03\00\00\00\07\00\00\00\03\00\00\00\05\00\00\00\01\00\00\00\0a\00\00\00\01\00\00\00:method\00GET\00:path\00/\00:authority\00a\00")
            (func $recurse (result i32) (i32.add (call $recurse) (i32.const 1)))
            (func $alloc (export "proxy_on_memory_allocate") (param i32) (result i32) {allocates})
            (func (export "proxy_abi_version_0_2_1"))
            (func (export "proxy_on_tick") (param i32)
                (loop $l (global.set $i (i32.add (global.get $i) (i32.const 1)))
                    (br_if $l (i32.lt_u (global.get $i) (i32.const 3000000))))
                (global.set $i (i32.const 0)))
            (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                (if (local.get 2) (then (return (i32.const 0))))
                (memory.fill (i32.const 65536) (i32.const 97) (i32.const 90000))
                {does}))"#
        );
        let place = folder("hostile-files");
        fs::create_dir_all(&place).unwrap();
        let path = place.join(format!("{}.wasm", self.name.replace(' ', "-")));
        let bytes = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        fs::write(&path, bytes).unwrap();
        path
    }
}

/// Does something so often, with `$i` counting, and leaves that the request goes on.
fn often(times: u32, call: &str) -> String {
    format!(
        "(global.set $i (i32.const 0))
         (loop $l (drop {call}) (global.set $i (i32.add (global.get $i) (i32.const 1)))
            (br_if $l (i32.lt_u (global.get $i) (i32.const {times}))))
         (i32.const 0)"
    )
}

/// A name that begins as the long one does, of which each is another.
const NEXT: &str = "(i32.const 65536) (global.get $i)";

/// The long name.
const LONG: &str = "(i32.const 65536) (i32.const 90000)";

/// An address for nothing.
const NOWHERE: &str = "(i32.const -1) (i32.const -1)";

fn failing() -> Vec<Evil> {
    vec![
        Evil::new("loops", "(loop $l (br $l)) (i32.const 0)", 503),
        Evil::new("traps", "unreachable", 503),
        Evil::new("recurses", "(call $recurse)", 503),
        Evil::new(
            "takes all memory",
            "(loop $l (br_if $l (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable",
            503,
        ),
        Evil::new("returns another action", "(i32.const 2)", 503),
        Evil::new("returns nonsense", "(i32.const -1)", 503),
        Evil::new("exits", "(call $exit (i32.const 0)) (i32.const 0)", 503),
        Evil::allocating("allocator traps", "unreachable", 503),
        Evil::allocating("allocator loops", "(loop $l (br $l)) (i32.const 0)", 503),
        Evil::allocating("allocator recurses", "(call $alloc (local.get 0))", 503),
        Evil::new(
            "logs without end",
            "(loop $l (drop (call $log (i32.const 2) (i32.const 65536)
            (i32.const 65536))) (br $l)) (i32.const 0)",
            503,
        ),
    ]
}

fn harmless() -> Vec<Evil> {
    let addresses = format!(
        "(drop (call $log (i32.const 2) {NOWHERE})) (drop (call $get (i32.const 0) {NOWHERE} {NOWHERE}))
         (drop (call $add (i32.const 0) {NOWHERE} {NOWHERE})) (drop (call $set_pairs (i32.const 0) {NOWHERE}))
         (drop (call $pairs (i32.const 0) {NOWHERE})) (drop (call $share {NOWHERE} {NOWHERE} (i32.const 0)))
         (drop (call $queue {NOWHERE} (i32.const -1))) (drop (call $push (i32.const -1) {NOWHERE}))
         (drop (call $metric (i32.const 0) {NOWHERE} (i32.const -1))) (drop (call $property {NOWHERE} {NOWHERE}))
         (drop (call $look {NOWHERE} {NOWHERE})) (drop (call $body (i32.const 0) {NOWHERE} {NOWHERE}))
         (drop (call $call {NOWHERE} {NOWHERE} {NOWHERE} {NOWHERE} (i32.const -1) (i32.const -1)))
         (drop (call $respond (i32.const 200) {NOWHERE} {NOWHERE} {NOWHERE} (i32.const -1))) (i32.const 0)"
    );
    let names = format!(
        "(drop (call $share {LONG} {LONG} (i32.const 0))) (drop (call $queue {LONG} (i32.const 512)))
         (drop (call $metric (i32.const 0) {LONG} (i32.const 512))) (drop (call $property {LONG} {LONG}))
         (drop (call $look {LONG} (i32.const 512) (i32.const 516))) (drop (call $log (i32.const 2) {LONG}))
         (drop (call $get (i32.const 0) {LONG} (i32.const 512) (i32.const 516)))
         (drop (call $call {LONG} {LONG} {LONG} {LONG} (i32.const 9) (i32.const 512))) (i32.const 0)"
    );
    let call = "(call $call (i32.const 32) (i32.const 2) (i32.const 64) (i32.const 60)
        (i32.const 65536) (i32.const 1000) (i32.const 0) (i32.const 0) (i32.const 1000) (i32.const 512))";
    vec![
        Evil::new("passes nonsense", addresses, 200),
        Evil::new("has long names", names, 200),
        Evil::new(
            "adds a long name",
            format!("(drop (call $add (i32.const 0) {LONG} {LONG})) (i32.const 0)"),
            502,
        ),
        Evil::allocating("allocator has no room", "(i32.const 0)", 200),
        Evil::allocating("allocator lies", "(i32.const -16)", 200),
        Evil::allocating(
            "allocator wants room",
            "(drop (call $pairs (i32.const 0) (i32.const 512) (i32.const 516))) (i32.const 4096)",
            200,
        ),
        Evil::new(
            "floods metrics",
            often(
                2_000,
                &format!("(call $metric (i32.const 0) {NEXT} (i32.const 512))"),
            ),
            200,
        ),
        Evil::new(
            "floods queues",
            often(2_000, &format!("(call $queue {NEXT} (i32.const 512))")),
            200,
        ),
        Evil::new(
            "fills a queue",
            format!(
                "(drop (call $queue (i32.const 16) (i32.const 4) (i32.const 512))) {}",
                often(
                    2_000,
                    &format!("(call $push (i32.load (i32.const 512)) {LONG})")
                )
            ),
            200,
        ),
        Evil::new(
            "floods shared data",
            often(2_000, &format!("(call $share {NEXT} {LONG} (i32.const 0))")),
            200,
        ),
        Evil::new(
            "floods properties",
            often(2_000, &format!("(call $property {NEXT} {LONG})")),
            200,
        ),
        Evil::new("floods callouts", often(2_000, call), 200),
        Evil::new(
            "floods fields",
            often(2_000, &format!("(call $add (i32.const 0) {NEXT} {NEXT})")),
            502,
        ),
        Evil::new(
            "ticks without end",
            "(drop (call $period (i32.const 1))) (i32.const 0)",
            200,
        ),
    ]
}

/// A proxy with it, before a sound filter.
fn with(evil: &Evil, upstream: &Upstream, on_failure: &str) -> Proxy {
    let deadline = if evil.fails() { 400 } else { 10_000 };
    let more = format!("deadline_ms = {deadline}\non_failure = '{on_failure}'");
    let filters = filter("evil", &evil.file(), &more) + &filter("sound", &MODULE, "");
    let name = format!("hostile-{on_failure}-{}", evil.name.replace(' ', "-"));
    proxy(&name, upstream, &filters)
}

/// What is spared is answered as if there were no such filter.
async fn is_served(client: &mut Client, path: &str) {
    let answer = client.get(path).await.unwrap();
    assert_eq!(
        (answer.status, answer.told("x-filter")),
        (200, Some("sound")),
        "{answer:?}"
    );
}

async fn holds(evil: &Evil, upstream: &Upstream) {
    let fails = evil.fails();
    // Where streams end with the filter, the one that does it is answered, and the next are served.
    let closed = with(evil, upstream, "closed");
    let mut client = closed.client().await;
    for _ in 0..3 {
        is_served(&mut client, "/a").await;
        let start = Instant::now();
        let answer = client.post("/a", Frames::text("body")).await.unwrap();
        assert!(start.elapsed() < Duration::from_secs(20));
        assert_eq!(answer.status, evil.status, "{answer:?}\n{}", closed.log());
        if fails {
            assert_eq!(answer.header("x-proxy-cause"), "filter-failed");
            assert!(answer.body.contains("`evil`"), "{answer:?}");
        }
        is_served(&mut client, "/a").await;
    }
    let failed = closed.metric("proxy_filter_vms_failed_total", &[]).await;
    assert_eq!(failed, if fails { 3.0 } else { 0.0 }, "{}", closed.log());
    // Where they go on without it, so do those that are on their way meanwhile.
    let open = with(evil, upstream, "open");
    let mut others = Vec::new();
    for _ in 0..4 {
        let mut other = open.client().await;
        others.push(tokio::spawn(async move {
            is_served(&mut other, "/wait/800").await
        }));
    }
    until("they are on their way", async || {
        open.metric("proxy_streams", &[]).await == 4.0
    })
    .await;
    let mut client = open.client().await;
    let answer = client.post("/a", Frames::text("body")).await.unwrap();
    let expected = if fails { 200 } else { evil.status };
    assert_eq!(answer.status, expected, "{answer:?}\n{}", open.log());
    for other in others {
        other.await.unwrap();
    }
}

#[test]
fn a_module_that_fails_is_named_and_others_go_on() {
    run(async {
        let upstream = Upstream::start().await;
        for evil in failing() {
            println!("{}", evil.name);
            holds(&evil, &upstream).await;
        }
    });
}

#[test]
fn a_module_that_passes_nonsense_or_too_much_is_of_no_consequence() {
    run(async {
        let upstream = Upstream::start().await;
        for evil in harmless() {
            println!("{}", evil.name);
            holds(&evil, &upstream).await;
        }
    });
}

#[test]
fn what_modules_keep_in_the_proxy_is_bounded() {
    run(async {
        let upstream = Upstream::start().await;
        let floods = harmless().into_iter().chain(failing());
        for evil in floods.filter(|evil| {
            ["floods", "fills", "logs"]
                .iter()
                .any(|it| evil.name.starts_with(it))
        }) {
            println!("{}", evil.name);
            let proxy = with(&evil, &upstream, "open");
            let mut client = proxy.client().await;
            is_served(&mut client, "/a").await;
            let before = proxy.resident_kib();
            for _ in 0..10 {
                client.post("/a", Frames::text("body")).await.unwrap();
            }
            is_served(&mut client, "/a").await;
            let grown = proxy.resident_kib().saturating_sub(before);
            assert!(
                grown < 96 << 10,
                "{} has the proxy grow by {grown} KiB",
                evil.name
            );
            let logged = proxy.log().len();
            assert!(logged < 16 << 20, "{} has it log {logged} bytes", evil.name);
        }
    });
}
