//! A guest on the published crate `wapc-guest`, unmodified, and modules that do what no guest
//! should.
//!
//! The guest is `tests/fixtures/wapc/module`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use abide::{Error, LimitKind, Limits};
use abide_build::Target;
use abide_wapc::{Host, Wapc};
use parking_lot::Mutex;

/// Builds the guest for a target that modules have.
fn build(target: Target) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    abide_build::guest(root.join("tests/fixtures/wapc/module"))
        .module()
        .target(target)
        .target_dir(root.join("target/guests"))
        .build()
        .unwrap_or_else(|error| panic!("{error}"))
}

static GUEST: LazyLock<PathBuf> = LazyLock::new(|| build(Target::Unknown));

/// A host that hears everything.
#[derive(Debug, Clone, Default)]
struct Store(Arc<Mutex<Vec<String>>>);

impl Store {
    fn heard(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock())
    }
}

impl Host for Store {
    fn call(
        &mut self,
        binding: &str,
        namespace: &str,
        operation: &str,
        payload: &[u8],
    ) -> Result<Vec<u8>, String> {
        let payload = String::from_utf8_lossy(payload);
        let call = format!("{binding}/{namespace}/{operation} {payload}");
        self.0.lock().push(call);
        match operation {
            "get" => Ok(payload.to_uppercase().into_bytes()),
            "panic" => panic!("on purpose"),
            other => Err(format!("there is no `{other}`")),
        }
    }

    fn log(&mut self, message: &str) {
        self.0.lock().push(format!("log: {message}"));
    }
}

fn answers_everything(guest: &Wapc, store: &Store) {
    assert_eq!(guest.call("echo", b"hello").unwrap(), Ok(b"hello".to_vec()));
    assert_eq!(guest.call("echo", b"").unwrap(), Ok(Vec::new()));
    let large = b"abc".repeat(100_000);
    assert_eq!(guest.call("echo", &large).unwrap(), Ok(large));
    let answer = guest.call("ask", b"pear").unwrap().unwrap();
    let answer = String::from_utf8(answer).unwrap();
    assert_eq!(answer, "PEAR; Host error: there is no `remove`");
    assert_eq!(
        store.heard(),
        [
            "log: asking",
            "demo/store/get pear",
            "demo/store/remove pear"
        ]
    );
    assert_eq!(guest.call("refuse", b"").unwrap(), Err("not today".into()));
    let unknown = guest.call("fly", b"").unwrap().unwrap_err();
    assert!(unknown.contains("fly"), "{unknown}");
}

#[test]
fn a_guest_answers_by_name_and_asks_its_host() {
    let store = Store::default();
    let guest = Wapc::load_module(&*GUEST, store.clone()).unwrap();
    answers_everything(&guest, &store);
    // Each call has an instance of its own, and a session one for all of them.
    for _ in 0..2 {
        assert_eq!(guest.call("count", b"").unwrap(), Ok(b"1".to_vec()));
    }
    let session = guest.session().unwrap();
    for count in ["1", "2", "3"] {
        let answer = session.call("count", b"").unwrap();
        assert_eq!(answer, Ok(count.as_bytes().to_vec()));
    }
    let error = session.call("panic", b"").unwrap_err();
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    assert!(!session.is_alive());
    assert!(matches!(
        session.call("count", b"").unwrap_err(),
        Error::Discarded { .. }
    ));
}

#[cfg(feature = "wasip1")]
#[test]
fn so_does_one_for_wasi() {
    let store = Store::default();
    let guest = Wapc::load_module(build(Target::Wasip1), store.clone()).unwrap();
    answers_everything(&guest, &store);
}

/// All that a module can import.
const IMPORTS: &str = r#"
    (import "wapc" "__guest_request" (func $request (param i32 i32)))
    (import "wapc" "__guest_response" (func $response (param i32 i32)))
    (import "wapc" "__guest_error" (func $error (param i32 i32)))
    (import "wapc" "__host_call" (func $call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
    (import "wapc" "__host_response_len" (func $len (result i32)))
    (import "wapc" "__host_response" (func $host_response (param i32)))
    (import "wapc" "__host_error_len" (func $error_len (result i32)))
    (import "wapc" "__host_error" (func $host_error (param i32)))
    (import "wapc" "__console_log" (func $log (param i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "getpanic\ff\fe")
    ;; Calls the host's operation at an address.
    (func $ask (param i32 i32) (result i32)
        (call $call (i32.const 0) (i32.const 3) (i32.const 0) (i32.const 3) (local.get 0) (local.get 1)
            (i32.const 0) (i32.const 3)))
"#;

fn odd(code: &str, more: &str) -> abide::Result<(Wapc, Store)> {
    let text = format!(
        r#"(module {IMPORTS}
            (func (export "__guest_call") (param i32 i32) (result i32) {code}) {more})"#
    );
    let bytes = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let limits = Limits::new()
        .deadline(Duration::from_millis(200))
        .host_allocation(50_000);
    let store = Store::default();
    let guest = Wapc::load_with(store.clone(), |builder| {
        builder.limits(limits).name("odd").load_bytes(bytes)
    })?;
    Ok((guest, store))
}

#[test]
fn nonsense_ends_a_guest() {
    for code in [
        "(call $request (i32.const 65534) (i32.const 0))",
        "(call $request (i32.const 0) (i32.const -1))",
        "(call $response (i32.const 65530) (i32.const 7))",
        "(call $error (i32.const -1) (i32.const 1))",
        "(drop (call $ask (i32.const 8) (i32.const 2)))",
        "(drop (call $ask (i32.const 65535) (i32.const 2)))",
        "(drop (call $ask (i32.const 0) (i32.const 3))) (call $host_response (i32.const 65534))",
        "(drop (call $ask (i32.const 1) (i32.const 2))) (call $host_error (i32.const 65534))",
        "(call $log (i32.const 0) (i32.const -1))",
    ] {
        let (guest, _) = odd(&format!("{code} (i32.const 1)"), "").unwrap();
        let error = guest.call("four", b"more").unwrap_err();
        assert!(
            matches!(error, Error::AbiViolation { .. }),
            "{code}: {error}"
        );
    }
    // It writes where it was told to, and as much as there is.
    let code = "(call $request (i32.const 64) (i32.const 100)) (call $response (i32.const 64) (i32.const 40))
        (i32.const 1)";
    let (guest, _) = odd(code, "").unwrap();
    let answer = guest.call("four", b"more").unwrap().unwrap();
    assert_eq!((&answer[..4], &answer[36..]), (&b"four"[..], &b"more"[..]));
    // Neither answers nor says why not.
    for (number, expected) in [(1, Ok(Vec::new())), (0, Err(String::new()))] {
        let (guest, _) = odd(&format!("(i32.const {number})"), "").unwrap();
        assert_eq!(guest.call("four", b"").unwrap(), expected);
    }
    // What no host call has answered is empty.
    let (guest, _) = odd("(i32.eqz (i32.or (call $len) (call $error_len)))", "").unwrap();
    assert_eq!(guest.call("four", b"").unwrap(), Ok(Vec::new()));
}

#[test]
fn limits_and_panics_end_a_call() {
    let (guest, _) = odd("(loop $again (br $again)) (i32.const 1)", "").unwrap();
    let error = guest.call("four", b"").unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    let (guest, _) = odd("(call $ask (i32.const 3) (i32.const 5))", "").unwrap();
    let error = guest.call("four", b"").unwrap_err();
    assert!(
        matches!(&error, Error::HostPanic { import, .. } if *import == "wapc.__host_call"),
        "{error}"
    );
    let code = "(call $response (i32.const 0) (i32.const 50001)) (i32.const 1)";
    let (guest, _) = odd(code, "").unwrap();
    let error = guest.call("four", b"").unwrap_err();
    let what = LimitKind::HostAllocation;
    assert!(
        matches!(&error, Error::Limit { what: found, .. } if *found == what),
        "{error}"
    );
    let (guest, store) = odd(
        "(call $log (i32.const 0) (i32.const 65536)) (i32.const 1)",
        "",
    )
    .unwrap();
    guest.call("four", b"").unwrap().unwrap();
    assert!((8192..8300).contains(&store.heard()[0].len()));
}

#[test]
fn what_starts_runs_before_and_has_no_call() {
    let start = r#"(global $started (mut i32) (i32.const 0))
        (func (export "_start") (global.set $started (i32.const 2)))
        (func (export "wapc_init")
            (call $log (i32.const 0) (i32.const 3))
            (global.set $started (i32.mul (global.get $started) (i32.const 3))))"#;
    let (guest, store) = odd("(i32.eq (global.get $started) (i32.const 6))", start).unwrap();
    assert_eq!(guest.call("four", b"").unwrap(), Ok(Vec::new()));
    assert_eq!(store.heard(), ["log: get"]);
    for code in [
        "(drop (call $ask (i32.const 0) (i32.const 3)))",
        "(call $request (i32.const 0) (i32.const 0))",
        "(drop (call $len))",
    ] {
        let start = format!(r#"(func (export "wapc_init") {code})"#);
        let (guest, store) = odd("(i32.const 1)", &start).unwrap();
        // A call that makes its instance is about something already.
        guest.call("four", b"").unwrap().unwrap();
        store.heard();
        let error = guest.session().unwrap_err();
        assert!(error.to_string().contains("there is no call"), "{error}");
        assert_eq!(store.heard(), [""; 0], "the host is not asked");
    }
}

#[test]
fn what_is_no_guest_is_refused() {
    let bytes = wat::parse_str(r#"(module (memory (export "memory") 1))"#).unwrap();
    let error = Wapc::load_with(Store::default(), |builder| builder.load_bytes(bytes)).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("export `__guest_call` is missing"), "{text}");
}
