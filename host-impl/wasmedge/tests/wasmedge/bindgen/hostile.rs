//! Modules that answer with nonsense.

use std::time::Duration;

use abide::{CallError, Error, LimitKind, Limits, Result};
use abide_wasmedge::bindgen::{Results, Value};
use abide_wasmedge::{Bindgen, Nothing};

use crate::support::module;

/// A guest whose function `f` answers with what stands at 64, behind that at 128 there are results;
/// `allocate` gives 4096.
fn odd(data: &str, more: &str) -> Result<Bindgen> {
    let text = format!(
        r#"(module (memory (export "memory") 1)
            (data (i32.const 64) "{data}")
            (func (export "f") (param i32 i32) (result i32) (i32.const 64))
            (func (export "far") (param i32 i32) (result i32) (i32.const 65528))
            (func (export "spin") (param i32 i32) (result i32) (loop $again (br $again)) (i32.const 0))
            (func (export "wide") (param i64 i32) (result i32) (i32.const 0))
            {more})"#
    );
    let limits = Limits::new()
        .deadline(Duration::from_millis(500))
        .host_allocation(100_000);
    Bindgen::load_with(Nothing, |builder| {
        builder.limits(limits).name("odd").load_bytes(module(&text))
    })
}

const ALLOCATOR: &str = r#"
    (func (export "allocate") (param i32) (result i32) (i32.const 4096))
    (func (export "deallocate") (param i32 i32))"#;

/// A number of 32 bits as text of a module has it.
fn word(number: u32) -> String {
    let bytes = number.to_le_bytes();
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

/// An answer, and what stands at 128.
fn answer(tag: u8, at: u32, count: u32, rest: &[u32]) -> String {
    let filling = "\\00".repeat(128 - 64 - 9);
    let rest: String = rest.iter().map(|number| word(*number)).collect();
    format!("\\{tag:02x}{}{}{filling}{rest}", word(at), word(count))
}

fn call<R: Results>(data: &str) -> Result<R, CallError<String>> {
    odd(data, ALLOCATOR)?.call("f", ("four", 4_u8))
}

fn violation<R: Results + std::fmt::Debug>(data: &str) -> Box<str> {
    match call::<R>(data).unwrap_err() {
        CallError::Failed(Error::AbiViolation { reason, .. }) => reason,
        other => panic!("{data}: {other}"),
    }
}

#[test]
fn places_counts_lengths_and_types_are_checked() {
    let outside = "leads out of its memory";
    let nothing = "a number stands for nothing";
    for (data, expected) in [
        (answer(2, 128, 1, &[]), "begins with 2"),
        (answer(0, 65_530, 1, &[]), outside),
        (answer(0, u32::MAX, 1, &[]), outside),
        (answer(0, 128, 65, &[]), "65 values, and 64 is the most"),
        (answer(0, 128, u32::MAX, &[]), "4294967295 values"),
        (answer(0, 65_536 - 64 * 12 + 1, 64, &[]), outside),
        (answer(0, 128, 1, &[65_536, 31, 1]), outside),
        (answer(0, 128, 1, &[0, 31, 65_537]), outside),
        (
            answer(0, 128, 1, &[u32::MAX, 21, u32::MAX]),
            "more than it may",
        ),
        (answer(0, 128, 1, &[0, 0, 1]), nothing),
        (answer(0, 128, 1, &[0, 13, 1]), nothing),
        (answer(0, 128, 1, &[0, 32, 1]), nothing),
        (answer(0, 128, 1, &[0, u32::MAX, 1]), nothing),
        // Of other lengths than their types have.
        (answer(0, 128, 1, &[0, 1, 0]), nothing),
        (answer(0, 128, 1, &[0, 1, 2]), nothing),
        (answer(0, 128, 1, &[0, 5, 3]), nothing),
        (answer(0, 128, 1, &[0, 8, 9]), nothing),
        (answer(0, 128, 1, &[0, 25, 7]), nothing),
        (answer(1, 65_530, 7, &[]), outside),
        (answer(1, 0, u32::MAX, &[]), "more than it may"),
    ] {
        let odd = odd(&data, ALLOCATOR).unwrap();
        let session = odd.session().unwrap();
        match session.call::<Vec<Value>>("f", (1_u8,)).unwrap_err() {
            CallError::Failed(Error::AbiViolation { reason, .. }) => {
                assert!(reason.contains(expected), "{data}: {reason}");
            }
            CallError::Failed(Error::Limit { what, .. }) => {
                assert_eq!(what, LimitKind::HostAllocation);
                assert_eq!(expected, "more than it may");
            }
            other => panic!("{data}: {other}"),
        }
        assert!(!session.is_alive());
    }
    // What is at the very end of the memory is there.
    let data = answer(0, 128, 2, &[65_528, 7, 8, 65_536, 31, 0]);
    let (number, text): (u64, String) = call(&data).unwrap();
    assert_eq!((number, &*text), (0, ""));
}

#[test]
fn bools_chars_and_texts_are_what_they_are() {
    // What stands at 152: the values.
    let at = |kind: u32, len: u32, bits: u32| answer(0, 128, 1, &[140, kind, len, bits]);
    assert!(call::<bool>(&at(11, 1, 1)).unwrap());
    assert!(!call::<bool>(&at(11, 1, 0)).unwrap());
    violation::<bool>(&at(11, 1, 2));
    assert_eq!(call::<char>(&at(12, 4, 'ß'.into())).unwrap(), 'ß');
    violation::<char>(&at(12, 4, 0xd800));
    violation::<char>(&at(12, 4, 0x11_0000));
    assert_eq!(call::<String>(&at(31, 3, 0x63_62_61)).unwrap(), "abc");
    let reason = violation::<String>(&at(31, 1, 0xff));
    assert!(reason.contains("not UTF-8"), "{reason}");
    // A guest's error need not be a text.
    let refused = call::<u8>(&answer(1, 128, 2, &[0xff61])).unwrap_err();
    assert_eq!(refused.guest().map(|text| &**text), Some("a\u{fffd}"));
}

#[test]
fn what_is_returned_many_times_is_counted_many_times() {
    let same = [0, 21, 60_000].repeat(2);
    let error = call::<Vec<Value>>(&answer(0, 128, 2, &same)).unwrap_err();
    let CallError::Failed(Error::Limit { what, .. }) = error else {
        panic!("{error}")
    };
    assert_eq!(what, LimitKind::HostAllocation);
    let once: Vec<u8> = call(&answer(0, 128, 1, &same[..3])).unwrap();
    assert_eq!(once.len(), 60_000);
}

#[test]
fn allocators_and_answers_out_of_bounds_end_a_guest() {
    let data = answer(0, 128, 0, &[]);
    let outcome = |allocator: &str, function: &str| {
        let odd = odd(&data, allocator).unwrap();
        odd.call::<()>(function, ("four",)).unwrap_err()
    };
    let allocate = |result: &str, code: &str| {
        format!(
            r#"(func (export "allocate") (param i32) (result i32) {result})
               (func (export "deallocate") (param i32 i32) {code})"#
        )
    };
    for (allocator, function) in [
        (allocate("(i32.const 0)", ""), "f"),
        (allocate("(i32.const 65533)", ""), "f"),
        (allocate("(i32.const -1)", ""), "f"),
        (ALLOCATOR.to_owned(), "far"),
    ] {
        let error = outcome(&allocator, function);
        assert!(
            matches!(error, CallError::Failed(Error::AbiViolation { .. })),
            "{allocator}: {error}"
        );
    }
    let spin = "(loop $again (br $again))";
    for (allocator, function) in [
        (allocate(&format!("{spin} (i32.const 0)"), ""), "f"),
        (allocate("(i32.const 4096)", spin), "f"),
        (ALLOCATOR.to_owned(), "spin"),
    ] {
        let error = outcome(&allocator, function);
        assert!(
            matches!(error, CallError::Failed(Error::Timeout { .. })),
            "{allocator}: {error}"
        );
    }
    let error = outcome(&allocate("(unreachable)", ""), "f");
    assert!(
        matches!(error, CallError::Failed(Error::Trap { .. })),
        "{error}"
    );
    // The memory is looked up after the guest has run.
    let grows = allocate(
        "(i32.mul (memory.grow (i32.const 1)) (i32.const 65536))",
        "",
    );
    odd(&data, &grows)
        .unwrap()
        .call::<()>("f", ("four",))
        .unwrap();
}

#[test]
fn what_was_not_built_with_it_is_not_called() {
    let data = answer(0, 128, 0, &[]);
    let problem = |more: &str, function: &str| {
        let odd = odd(&data, more).unwrap();
        let session = odd.session().unwrap();
        let error = session.call::<()>(function, ()).unwrap_err();
        let CallError::Failed(Error::Misuse { problem, .. }) = error else {
            panic!("{error}")
        };
        assert!(session.is_alive(), "nothing of it ran");
        problem
    };
    assert!(problem("", "f").contains("no `deallocate(i32, i32)`"));
    let other = r#"(func (export "deallocate") (param i32))"#;
    assert!(problem(other, "f").contains("no `deallocate(i32, i32)`"));
    assert!(problem(ALLOCATOR, "wide").contains("(i32, i32) -> i32"));
    // Without arguments there is nothing to make room for.
    let no_allocator = r#"(func (export "deallocate") (param i32 i32))"#;
    let guest = odd(&data, no_allocator).unwrap();
    guest.call::<()>("f", ()).unwrap();
    let error = guest.call::<()>("f", ("four",)).unwrap_err();
    assert!(
        matches!(error, CallError::Failed(Error::AbiViolation { .. })),
        "{error}"
    );
}
