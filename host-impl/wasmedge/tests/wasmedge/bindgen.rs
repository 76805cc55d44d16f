//! Functions of `wasmedge-bindgen`: those of the fixture, and some of nobody's.

mod hostile;

use std::time::Duration;

use abide::{CallError, Error, Limits, Warm};
use abide_wasmedge::bindgen::{Guest, Session, Value};
use abide_wasmedge::{Bindgen, Nothing};

use crate::support::{FUNCTIONS, load};

fn functions() -> Bindgen {
    load(&*FUNCTIONS, Nothing)
}

/// How many allocations are alive in an instance: as a function of no type of the crate's tells.
fn alive(session: &Session) -> u32 {
    use abide::module::{Val, visit};

    let guest: &Guest = session.session();
    let alive = visit(guest, "alive", |visit| {
        let alive = visit.function("alive").expect("it is there");
        visit.call(&alive, &[])
    });
    match alive.unwrap() {
        Some(Val::I32(alive)) => alive,
        other => panic!("{other:?}"),
    }
}

fn everything(guest: &Bindgen) {
    let said: String = guest.call("say", ("Ann",)).unwrap();
    assert_eq!(said, "hello Ann");
    let said: String = guest.call("say", (String::new(),)).unwrap();
    assert_eq!(said, "hello ");
    let long = "ä".repeat(100_000);
    let said: String = guest.call("say", (&long,)).unwrap();
    assert_eq!(said, format!("hello {long}"));
    guest.call::<()>("nothing", ()).unwrap();

    let args = (
        u8::MAX,
        i8::MIN,
        u16::MAX,
        i16::MIN,
        u32::MAX,
        i32::MIN,
        u64::MAX,
        i64::MIN,
        f32::MIN_POSITIVE,
        f64::MAX,
        true,
        '🦀',
    );
    type Numbers = (u8, i8, u16, i16, u32, i32, u64, i64, f32, f64, u8, u32);
    let numbers: Numbers = guest.call("numbers", args).unwrap();
    let (a, b, c, d, e, f, g, h, i, j, k, l) = args;
    let expected = (a, b, c, d, e, f, g, h, i, j, u8::from(k), u32::from(l));
    assert_eq!(numbers, expected);

    type Arrays = (
        Vec<u8>,
        Vec<i8>,
        Vec<u16>,
        Vec<i16>,
        Vec<u32>,
        Vec<i32>,
        Vec<u64>,
        Vec<i64>,
    );
    let arrays = (
        vec![1_u8, 2, 255],
        vec![-128_i8, 127],
        vec![65_535_u16],
        vec![-32_768_i16, 1, 2, 3],
        vec![u32::MAX, 7],
        vec![i32::MIN],
        vec![u64::MAX; 1000],
        vec![i64::MIN, i64::MAX],
    );
    let (a, b, c, d, e, f, g, h) = &arrays;
    let found: Arrays = guest.call("arrays", (a, b, c, d, e, f, g, h)).unwrap();
    assert_eq!(found, arrays);
    let found: Arrays = guest
        .call(
            "arrays",
            (
                [0_u8; 0],
                &[][..] as &[i8],
                Vec::<u16>::new(),
                [-1_i16],
                &[1_u32; 2],
                [0_i32; 0],
                [0_u64; 0],
                [0_i64; 0],
            ),
        )
        .unwrap();
    let none = (
        vec![],
        vec![],
        vec![],
        vec![-1],
        vec![1; 2],
        vec![],
        vec![],
        vec![],
    );
    assert_eq!(found, none);

    let (small, len): (String, u32) = guest.call("lower", ("HELLO",)).unwrap();
    assert_eq!((&*small, len), ("hello", 5));
    let any: Vec<Value> = guest.call("lower", ("HE",)).unwrap();
    assert_eq!(any, [Value::Text("he".to_owned()), Value::U32(2)]);
    let refused = guest.call::<(String, u32)>("lower", ("",)).unwrap_err();
    let CallError::Guest(refused) = refused else {
        panic!("{refused}")
    };
    assert_eq!(refused, "there is nothing to make small");
    let long = "no".repeat(50_000);
    let refused = guest.call::<u8>("refuse", (&long,)).unwrap_err();
    assert_eq!(refused.guest(), Some(&long));
}

#[test]
fn functions_take_and_return_all_types_there_are() {
    everything(&functions());
}

#[cfg(feature = "wasip1")]
#[test]
fn so_do_those_of_modules_for_wasi() {
    use crate::support::build;

    let path = build("wasmedge-bindgen", abide_build::Target::Wasip1);
    let guest = load(path, Nothing);
    everything(&guest);
    // What it says when it panics is told.
    let error = guest.call::<u8>("panic", ("on purpose",)).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("on purpose"), "{text}");
}

#[test]
fn nothing_is_left_over_in_an_instance() {
    let session = functions().session().unwrap();
    let call = |round: u32| {
        session.call::<String>("say", ("Ann",)).unwrap();
        session.call::<String>("roomy", (false,)).unwrap();
        session.call::<String>("roomy", (true,)).unwrap();
        session.call::<()>("nothing", ()).unwrap();
        session.call::<u8>("refuse", ("no",)).unwrap_err();
        session.call::<u8>("refuse", ("",)).unwrap_err();
        session.call::<(String, u32)>("lower", ("HELLO",)).unwrap();
        // The wrong number of arguments, of which nobody takes any.
        for _ in 0..2 {
            let error = session.call::<String>("say", ("a", 1_u8)).unwrap_err();
            let CallError::Guest(message) = error else {
                panic!("{error}")
            };
            assert_eq!(message, "Invalid params count, expect 1, got 2");
        }
        let error = session.call::<()>("nothing", (round,)).unwrap_err();
        assert!(matches!(error, CallError::Guest(_)), "{error}");
    };
    call(0);
    let (before, memory) = (alive(&session), session.session().memory().unwrap());
    for round in 0..1000 {
        call(round);
    }
    assert_eq!(alive(&session), before);
    assert_eq!(session.session().memory().unwrap(), memory);
}

#[test]
fn what_handles_have_these_have() {
    let limits = Limits::new().deadline(Duration::from_secs(2));
    let guest = Bindgen::load_with(Nothing, |builder| {
        let builder = builder.limits(limits).isolation(Warm::new());
        builder.name("functions").load(&*FUNCTIONS)
    })
    .unwrap();
    let count = || guest.call::<i32>("count", ()).unwrap();
    assert_eq!((count(), count()), (1, 2));
    let error = guest.call::<u8>("spin", ()).unwrap_err();
    let CallError::Failed(Error::Timeout { function, .. }) = &error else {
        panic!("{error}")
    };
    assert_eq!(&**function, "spin");
    assert_eq!(count(), 1, "an instance that failed is gone");
    let error = guest.call::<u8>("panic", ("on purpose",)).unwrap_err();
    assert!(
        matches!(error, CallError::Failed(Error::Trap { .. })),
        "{error}"
    );
    guest.guest().reload(&*FUNCTIONS).unwrap();
    assert_eq!(count(), 1);
    let stats = guest.guest().stats();
    assert_eq!(
        (stats.calls, stats.failed_by_guest, stats.reloads),
        (6, 2, 1)
    );
    let (cancellable, cancel) = guest.guest().cancellable();
    cancel.cancel();
    let error = Bindgen::from(cancellable)
        .call::<i32>("count", ())
        .unwrap_err();
    assert!(
        matches!(error, CallError::Failed(Error::Cancelled { .. })),
        "{error}"
    );

    let session = guest.session().unwrap();
    assert_eq!(session.call::<i32>("count", ()).unwrap(), 1);
    assert_eq!(session.call::<i32>("count", ()).unwrap(), 2);
    session.call::<u8>("spin", ()).unwrap_err();
    assert!(!session.is_alive());
    let error = session.call::<i32>("count", ()).unwrap_err();
    assert!(
        matches!(error, CallError::Failed(Error::Discarded { .. })),
        "{error}"
    );
}

#[test]
fn what_is_asked_for_and_is_not_there_is_said() {
    let guest = functions();
    assert!(guest.has("say") && !guest.has("sing"));
    let misuse = |function: &str| {
        let error = guest.call::<String>(function, ()).unwrap_err();
        let CallError::Failed(Error::Misuse { problem, .. }) = error else {
            panic!("{error}")
        };
        problem
    };
    assert_eq!(&*misuse("sing"), "it exports no function of that name");
    assert_eq!(&*misuse("memory"), "it exports no function of that name");
    assert!(misuse("allocate").contains("(i32, i32) -> i32"));
    // Other types than were asked for.
    let error = guest.call::<u32>("say", ("Ann",)).unwrap_err();
    let CallError::Failed(Error::AbiViolation { reason, .. }) = error else {
        panic!("{error}")
    };
    assert_eq!(
        &*reason,
        "it returned (String), and what is wanted is (u32)"
    );
    for error in [
        guest.call::<(String, u8)>("say", ("Ann",)).unwrap_err(),
        guest.call::<()>("say", ("Ann",)).unwrap_err(),
        guest.call::<String>("nothing", ()).unwrap_err(),
        guest.call::<(String,)>("lower", ("A",)).unwrap_err(),
    ] {
        assert!(
            matches!(error, CallError::Failed(Error::AbiViolation { .. })),
            "{error}"
        );
    }
    let no = Bindgen::load_module("no-such-file.wasm", Nothing).unwrap_err();
    assert!(matches!(no, Error::Load { .. }), "{no}");
}
