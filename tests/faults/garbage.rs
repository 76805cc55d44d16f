//! Guests that no compiler would make: what they hand over is not what its type says, or they fail
//! before they can be called.
//!
//! The components are written by hand, so that every byte of them can be wrong.

use std::time::Duration;

use abide::{Error, Limits, TrapKind};

use self::host::Crude;
use crate::kit::limits;

abide::abi!({
    inline: "
        package test:crude@0.1.0;

        interface ear {
            hear: func(text: string);
            count: func(numbers: list<u32>);
            words: func(words: list<string>);
        }

        world crude {
            import ear;
            /// Whatever lies at the address that the guest was written with.
            export text: func() -> string;
            export letter: func() -> char;
            export maybe: func() -> option<u32>;
            export numbers: func() -> list<u32>;
            export texts: func() -> list<string>;
            /// Passes an address and a length on to an import.
            export hear: func(at: u32, length: u32);
            export count: func(at: u32, length: u32);
            export words: func(at: u32, length: u32);
            /// Nothing is wrong with this one.
            export add: func(a: u32, b: u32) -> u32;
        }
    ",
    module: "garbage",
});

#[derive(Clone)]
struct Ear;

impl host::Ear for Ear {
    fn hear(&mut self, text: &str) {
        assert_eq!(text, "hello");
    }

    fn count(&mut self, numbers: &[u32]) {
        assert_eq!(numbers, [1, 2]);
    }

    fn words(&mut self, words: Vec<String>) {
        assert_eq!(words, ["hello"]);
    }
}

/// The guest: `START` stands for the body of its start function, `ANSWER` for the word that all
/// exports return, an address or a value, and `DATA` for what lies at address 64.
const CRUDE: &str = r#"(component
  (import "test:crude/ear@0.1.0" (instance $ear
    (export "hear" (func (param "text" string)))
    (export "count" (func (param "numbers" (list u32))))
    (export "words" (func (param "words" (list string))))))
  (core module $libc
    (memory (export "memory") 1)
    (data (i32.const 16) "hello\ff")
    (data (i32.const 24) "\01\00\00\00\02\00\00\00")
    (data (i32.const 32) "\10\00\00\00\05\00\00\00")
    (data (i32.const 64) "DATA"))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (core func $hear (canon lower (func $ear "hear") (memory $memory)))
  (core func $count (canon lower (func $ear "count") (memory $memory)))
  (core func $words (canon lower (func $ear "words") (memory $memory)))
  (core module $main
    (import "ear" "hear" (func $hear (param i32 i32)))
    (import "ear" "count" (func $count (param i32 i32)))
    (import "ear" "words" (func $words (param i32 i32)))
    (func (export "hear") (param i32 i32) (call $hear (local.get 0) (local.get 1)))
    (func (export "count") (param i32 i32) (call $count (local.get 0) (local.get 1)))
    (func (export "words") (param i32 i32) (call $words (local.get 0) (local.get 1)))
    (func (export "answer") (result i32) (i32.const ANSWER))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func $start START)
    (start $start))
  (core instance $main (instantiate $main (with "ear" (instance
    (export "hear" (func $hear)) (export "count" (func $count)) (export "words" (func $words))))))
  (func (export "text") (result string) (canon lift (core func $main "answer") (memory $memory)))
  (func (export "letter") (result char) (canon lift (core func $main "answer")))
  (func (export "maybe") (result (option u32))
    (canon lift (core func $main "answer") (memory $memory)))
  (func (export "numbers") (result (list u32))
    (canon lift (core func $main "answer") (memory $memory)))
  (func (export "texts") (result (list string))
    (canon lift (core func $main "answer") (memory $memory)))
  (func (export "hear") (param "at" u32) (param "length" u32)
    (canon lift (core func $main "hear")))
  (func (export "count") (param "at" u32) (param "length" u32)
    (canon lift (core func $main "count")))
  (func (export "words") (param "at" u32) (param "length" u32)
    (canon lift (core func $main "words")))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $main "add")))
)"#;

fn crude(limits: Limits, answer: &str, data: &str, start: &str) -> Crude {
    let text = CRUDE
        .replace("ANSWER", answer)
        .replace("DATA", data)
        .replace("START", start);
    let component = wat::parse_str(text).unwrap();
    Crude::builder(Ear)
        .limits(limits)
        .name("crude")
        .load_bytes(component)
        .unwrap()
}

/// A guest whose exports return `answer`, with `data` at address 64.
fn answering(answer: &str, data: &str) -> Crude {
    crude(limits(), answer, data, "")
}

/// Checks that a call ended in a violation of the canonical ABI, of which the rest of the text is
/// told, and that the handle still works. `session` is not there afterwards.
#[track_caller]
fn violates<T>(guest: &Crude, call: impl Fn(&Crude) -> abide::Result<T>, told: &str) {
    let session = guest.session().unwrap();
    for error in [call(guest).err().unwrap(), call(&session).err().unwrap()] {
        assert!(matches!(error, Error::AbiViolation { .. }), "{error}");
        assert_eq!(
            error.to_string(),
            format!(
                "guest `crude` broke its ABI in {told}; this is a fault of the guest or of \
                 the tool that built it"
            )
        );
    }
    assert!(!session.is_alive());
    assert!(matches!(session.add(1, 2), Err(Error::Discarded { .. })));
    assert_eq!(guest.add(1, 2).unwrap(), 3);
}

#[test]
fn the_guest_works_where_nothing_is_wrong() {
    let guest = answering("64", r"\10\00\00\00\05\00\00\00");
    assert_eq!(guest.text().unwrap(), "hello");
    guest.hear(16, 5).unwrap();
    guest.count(24, 2).unwrap();
    guest.words(32, 1).unwrap();
    assert_eq!(
        answering("64", r"\20\00\00\00\01\00\00\00")
            .texts()
            .unwrap(),
        ["hello"]
    );
    assert_eq!(
        answering("64", r"\01\00\00\00\07\00\00\00")
            .maybe()
            .unwrap(),
        Some(7)
    );
    assert_eq!(answering("0x1f980", "").letter().unwrap(), '🦀');
}

#[test]
fn text_that_is_not_utf8() {
    // Six bytes at 16, the last of which is 0xff.
    let guest = answering("64", r"\10\00\00\00\06\00\00\00");
    violates(
        &guest,
        Crude::text,
        "`text`: invalid utf-8 sequence of 1 bytes from index 5",
    );
    violates(
        &guest,
        |guest| guest.hear(16, 6),
        "`hear`, in an argument of `test:crude/ear.hear`: invalid utf-8 sequence of 1 bytes from index 5",
    );
}

#[test]
fn texts_in_lists_that_are_not_utf8() {
    let guest = answering("72", r"\10\00\00\00\06\00\00\00\40\00\00\00\01\00\00\00");
    violates(
        &guest,
        Crude::texts,
        "`texts`: invalid utf-8 sequence of 1 bytes from index 5",
    );
    violates(
        &guest,
        |guest| guest.words(64, 1),
        "`words`: invalid utf-8 sequence of 1 bytes from index 5",
    );
}

#[test]
fn addresses_outside_of_memory() {
    let guest = answering("64", r"\ff\ff\00\00\02\00\00\00");
    violates(
        &guest,
        Crude::text,
        "`text`: string pointer/length out of bounds of memory",
    );
    violates(
        &guest,
        |guest| guest.hear(65_535, 2),
        "`hear`: string pointer/length out of bounds of memory",
    );
    violates(
        &guest,
        |guest| guest.count(24, u32::MAX),
        "`count`: list pointer/length out of bounds of memory",
    );
    violates(
        &answering("-8", ""),
        Crude::text,
        "`text`: pointer out of bounds of memory",
    );
}

#[test]
fn addresses_that_are_not_aligned() {
    violates(
        &answering("64", r"\19\00\00\00\01\00\00\00"),
        Crude::numbers,
        "`numbers`: list pointer is not aligned",
    );
    violates(
        &answering("0", ""),
        |guest| guest.count(25, 1),
        "`count`: list pointer is not aligned",
    );
    violates(
        &answering("65", ""),
        Crude::text,
        "`text`: return pointer not aligned",
    );
}

#[test]
fn values_that_do_not_exist() {
    violates(
        &answering("0xd800", ""),
        Crude::letter,
        "`letter`: converted integer out of range for `char`",
    );
    violates(
        &answering("0x110000", ""),
        Crude::letter,
        "`letter`: converted integer out of range for `char`",
    );
    violates(
        &answering("64", r"\02\00\00\00\00\00\00\00"),
        Crude::maybe,
        "`maybe`: invalid option discriminant",
    );
}

#[test]
fn a_guest_that_never_finishes_starting() {
    let limits = Limits::new().deadline(Duration::from_millis(100));
    let guest = crude(limits, "0", "", "(loop $forever (br $forever))");
    let error = guest.add(1, 2).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "guest `crude` did not finish `add` within 100ms and was stopped; give it more time with \
         `Limits::deadline`, or less to do"
    );
    let error = guest.session().unwrap_err();
    assert_eq!(
        error.to_string(),
        "guest `crude` did not finish `start` within 100ms and was stopped; give it more time with \
         `Limits::deadline`, or less to do"
    );
}

#[test]
fn a_guest_that_stops_while_it_starts() {
    let guest = crude(limits(), "0", "", "(unreachable)");
    let error = guest.add(1, 2).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Trap {
                kind: TrapKind::Unreachable,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(
        guest.session().unwrap_err().to_string(),
        "guest `crude` stopped in `start`: it ran into `unreachable`"
    );
}

#[test]
fn a_guest_that_breaks_the_abi_while_it_starts() {
    let guest = crude(
        limits(),
        "0",
        "",
        "(call $hear (i32.const 16) (i32.const 6))",
    );
    let error = guest.session().unwrap_err();
    assert!(
        matches!(
            error,
            Error::AbiViolation {
                import: "test:crude/ear.hear",
                ..
            }
        ),
        "{error}"
    );
}
