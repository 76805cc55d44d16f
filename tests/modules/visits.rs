//! Guests are called by names that are chosen at run time, and import what nobody offers.

use std::time::Duration;

use abide::module::{Bad, Imports, Linker, Others, Stop, Trap, Ty, Val, Visit, exports, visit};
use abide::{Error, Isolation, LimitKind, Limits, Warm};

use super::module;

/// A host with one function, under a name that other modules are another name of.
#[derive(Debug, Clone, Default)]
struct Env {
    seen: u32,
}

#[abide::module("real")]
impl Env {
    fn twice(&mut self, number: u32) -> u32 {
        self.seen += 1;
        number.wrapping_mul(2)
    }
}

impl Imports for Env {
    fn offer(linker: &mut Linker<'_, Self>) {
        Self::offer_real(linker);
    }

    fn others(module: &str) -> Others {
        match module {
            "stubs" => Others::Stubs,
            other if other.starts_with("real_") => Others::Of("real"),
            _ => Others::Refused,
        }
    }
}

/// Guests with any exports.
#[abide::module_exports(allocate = ["make_room"])]
trait Any {}

/// A guest that turns a text over, makes room for it, counts, fails in several ways.
const GUEST: &str = r#"(module
    (import "real_v2" "twice" (func $twice (param i32) (result i32)))
    (import "stubs" "absent" (func $absent (param f32 i64)))
    (import "real_v2" "absent" (func $absent2))
    (memory (export "memory") 1)
    (global $calls (mut i32) (i32.const 0))
    (func (export "make_room") (param i32 i32) (result i32)
        (if (i32.ne (local.get 1) (i32.const 1)) (then (unreachable)))
        (select (i32.const 0) (i32.const 1024) (i32.gt_u (local.get 0) (i32.const 64000))))
    (func (export "over") (param $at i32) (param $len i32) (result i32) (local $i i32)
        (loop $next (if (i32.lt_u (local.get $i) (local.get $len)) (then
            (i32.store8 (i32.sub (i32.add (i32.const 511) (local.get $len)) (local.get $i))
                (i32.load8_u (i32.add (local.get $at) (local.get $i))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br $next))))
        (i32.const 512))
    (func (export "count") (result i32)
        (global.set $calls (i32.add (global.get $calls) (i32.const 1))) (global.get $calls))
    (func (export "twice") (param i32) (result i32) (call $twice (local.get 0)))
    (func (export "floats") (param f32 f64 i64) (result f64)
        (f64.add (f64.promote_f32 (local.get 0)) (f64.add (local.get 1) (f64.convert_i64_s (local.get 2)))))
    (func (export "stub") (call $absent (f32.const 1) (i64.const 2)))
    (func (export "stub2") (call $absent2))
    (func (export "two") (result i32 i32) (i32.const 1) (i32.const 2))
    (func (export "spin") (loop $again (br $again)))
    (func (export "trap") (unreachable))
    (global (export "no_function") i32 (i32.const 1)))"#;

fn load(policy: impl Into<Isolation>) -> Any {
    let limits = Limits::new()
        .deadline(Duration::from_millis(200))
        .host_allocation(1000);
    let builder = Any::builder(Env::default()).limits(limits).name("any");
    builder.isolation(policy).load_bytes(module(GUEST)).unwrap()
}

/// Has a text turned over.
fn over(guest: &Any, text: &str) -> abide::Result<String> {
    visit(guest, "over", |visit| {
        let over = visit.function("over").expect("it was there");
        let at = visit.allocate(text.len())?;
        visit.write(at, text.as_bytes())?;
        let len = text.len() as u32;
        let Some(Val::I32(at)) = visit.call(&over, &[Val::I32(at), Val::I32(len)])? else {
            return Err(Trap::new("it returned nothing").into());
        };
        visit.charge(text.len())?;
        let bytes = visit.read(at, len)?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    })
}

/// Calls one function with these arguments.
fn call(guest: &Any, name: &str, args: &[Val]) -> abide::Result<Option<Val>> {
    visit(guest, name, |visit| {
        let function = visit.function(name).expect("it was there");
        visit.call(&function, args)
    })
}

#[test]
fn a_guest_is_called_by_any_name_and_its_memory_read_and_written() {
    let guest = load(Isolation::Fresh);
    assert_eq!(over(&guest, "hello").unwrap(), "olleh");
    assert_eq!(over(&guest, "").unwrap(), "");
    assert_eq!(guest.stats().calls, 2);
    let floats = [Val::F32(1.5), Val::F64(0.25), Val::I64(u64::MAX)];
    let sum = call(&guest, "floats", &floats).unwrap();
    assert_eq!(sum, Some(Val::F64(0.75)));
    assert!(exports(&guest, "floats"));
    for name in ["no_function", "memory", "absent", ""] {
        assert!(!exports(&guest, name), "{name}");
    }
    let (is, is_not, text) = visit(&guest, "floats", |visit| {
        let floats = visit.function("floats").expect("it was there");
        let params = [Ty::F32, Ty::F64, Ty::I64];
        let is = floats.is(&params, Some(Ty::F64));
        Ok((is, floats.is(&params, None), floats.to_string()))
    })
    .unwrap();
    assert!(is && !is_not);
    assert_eq!(text, "(f32, f64, i64) -> f64");
}

#[test]
fn visits_go_by_policy_and_have_limits() {
    let count = |guest: &Any| call(guest, "count", &[]).unwrap();
    let fresh = load(Isolation::Fresh);
    assert_eq!(
        (count(&fresh), count(&fresh)),
        (Some(Val::I32(1)), Some(Val::I32(1)))
    );
    let session = fresh.session().unwrap();
    assert_eq!(
        (count(&session), count(&session)),
        (Some(Val::I32(1)), Some(Val::I32(2)))
    );
    let warm = load(Warm::new());
    assert_eq!(
        (count(&warm), count(&warm)),
        (Some(Val::I32(1)), Some(Val::I32(2)))
    );
    warm.reload_bytes(module(GUEST)).unwrap();
    assert_eq!(count(&warm), Some(Val::I32(1)));

    let error = call(&warm, "spin", &[]).unwrap_err();
    assert!(
        matches!(&error, Error::Timeout { function, .. } if &**function == "spin"),
        "{error}"
    );
    let error = call(&warm, "trap", &[]).unwrap_err();
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    assert_eq!(count(&warm), Some(Val::I32(1)), "what failed is not kept");
    let (cancellable, cancel) = warm.cancellable();
    cancel.cancel();
    let error = call(&cancellable, "count", &[]).unwrap_err();
    assert!(matches!(error, Error::Cancelled { .. }), "{error}");

    // What is read has to be told, and is counted.
    let text = "x".repeat(1001);
    let error = over(&fresh, &text).unwrap_err();
    assert!(
        matches!(
            &error,
            Error::Limit {
                what: LimitKind::HostAllocation,
                ..
            }
        ),
        "{error}"
    );
    // So it is where the visit does not mind.
    let outcome = visit(&fresh, "count", |visit| {
        assert_eq!(visit.charge(2000), Err(Bad::TooMuch));
        Ok(())
    });
    assert!(matches!(outcome, Err(Error::Limit { .. })));
    let panic = visit(&fresh, "count", |_| -> Result<(), _> {
        panic!("on purpose")
    });
    assert!(matches!(panic, Err(Error::HostPanic { .. })));
}

#[test]
fn what_a_guest_is_not_made_for_is_misuse_and_leaves_it_whole() {
    let guest = load(Isolation::Fresh);
    let session = guest.session().unwrap();
    call(&session, "count", &[]).unwrap();
    let misused = [
        call(&session, "nothing\u{1b}", &[]),
        call(&session, "count", &[Val::I32(1)]),
        call(&session, "twice", &[Val::I64(1)]),
        call(&session, "two", &[]),
        visit(&*session, "count", |_| {
            Err(Visit::misuse("it counts only what is there"))
        }),
    ];
    let texts = misused.map(|outcome| {
        let error = outcome.unwrap_err();
        assert!(matches!(error, Error::Misuse { .. }), "{error}");
        error.to_string()
    });
    let expected = [
        "it exports no function of that name",
        "it is called with (i32), and its type is () -> i32",
        "it is called with (i64), and its type is (i32) -> i32",
        "it is called with (), and its type is () -> (i32, i32)",
        "it counts only what is there",
    ];
    for (text, expected) in texts.iter().zip(expected) {
        assert!(text.ends_with(expected), "{text}");
        assert!(!text.contains('\u{1b}'));
    }
    assert_eq!(call(&session, "count", &[]).unwrap(), Some(Val::I32(2)));
    // Once something of the guest ran, nobody knows what it is in the middle of.
    let late = visit(&*session, "count", |visit| {
        let count = visit.function("count").expect("it was there");
        visit.call(&count, &[])?;
        Err::<(), _>(Visit::misuse("too late"))
    });
    assert!(matches!(late, Err(Error::Misuse { .. })));
    assert!(!session.is_alive());
}

#[test]
fn what_is_no_good_ends_the_guest() {
    let guest = load(Isolation::Fresh);
    type Look = fn(&mut Visit<'_>) -> Result<(), Stop>;
    let looks: [(Look, &str); 5] = [
        (
            |visit| visit.read(65_536, 1).map(drop).map_err(Stop::from),
            "leads out of its memory",
        ),
        (
            |visit| visit.read(u32::MAX, u32::MAX).map(drop).map_err(Stop::from),
            "leads out of its memory",
        ),
        (
            |visit| Ok(visit.write(65_533, b"four")?),
            "leads out of its memory",
        ),
        (
            |visit| visit.allocate(64_001).map(drop),
            "no memory for a result",
        ),
        (
            |_| Err(Trap::new("it is not what it says").into()),
            "it is not what it says",
        ),
    ];
    for (look, expected) in looks {
        let session = guest.session().unwrap();
        let error = visit(&*session, "count", look).unwrap_err();
        let Error::AbiViolation {
            function, import, ..
        } = &error
        else {
            panic!("{error}")
        };
        assert_eq!((&**function, *import), ("count", ""));
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!session.is_alive());
    }
    assert_eq!(
        visit(&guest, "count", |visit| Ok(visit.read(65_536, 0)?.len())).unwrap(),
        0
    );
}

#[test]
fn the_host_of_the_instance_is_there_in_a_visit() {
    let session = load(Isolation::Fresh).session().unwrap();
    let seen = visit(&*session, "twice", |visit| {
        let twice = visit.function("twice").expect("it was there");
        assert_eq!(visit.call(&twice, &[Val::I32(21)])?, Some(Val::I32(42)));
        assert!(visit.host::<String>().is_none());
        let env: &mut Env = visit.host().expect("it is the host's type");
        Ok(env.seen)
    });
    assert_eq!(seen.unwrap(), 1);
}

#[test]
fn what_nobody_offers_is_a_stub_that_says_its_name() {
    let guest = load(Isolation::Fresh);
    for (name, import) in [("stub", "stubs.absent"), ("stub2", "real_v2.absent")] {
        let error = call(&guest, name, &[]).unwrap_err();
        assert!(matches!(error, Error::AbiViolation { .. }), "{error}");
        let text = error.to_string();
        let expected = format!("it called its import `{import}`, which its host does not have");
        assert!(text.contains(&expected), "{text}");
    }
    assert_eq!(
        call(&guest, "twice", &[Val::I32(4)]).unwrap(),
        Some(Val::I32(8))
    );
}

#[test]
fn stubs_are_functions_of_named_modules_and_not_more_than_a_thousand() {
    let load = |text: &str| {
        let builder = Any::builder(Env::default()).name("any");
        builder.load_bytes(module(text)).map(drop)
    };
    let refused = |text: &str, expected: &str| {
        let error = load(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    refused(r#"(module (import "env" "absent" (func)))"#, "`env.absent`");
    refused(
        r#"(module (import "stubs" "memory" (memory 1)))"#,
        "`stubs.memory`",
    );
    refused(
        r#"(module (import "real_v3" "twice" (func (param i64) (result i32))))"#,
        "`real_v3.twice` has another type",
    );
    // The same under two types: one of them cannot be had.
    refused(
        r#"(module (import "stubs" "a" (func)) (import "stubs" "a" (func (param i32))))"#,
        "stubs",
    );
    load(r#"(module (import "stubs" "a" (func)) (import "stubs" "a" (func)))"#).unwrap();
    let many: String = (0..1001)
        .map(|number| format!(r#"(import "stubs" "f{number}" (func)) "#))
        .collect();
    refused(&format!("(module {many})"), "`stubs.f1000`");
}
