//! One property per function of the world: what goes in comes out, and the host saw it on the way.

use std::convert::identity;
use std::fmt::Debug;

use abide::CallError;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any};
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::echo::{seen, text};
use crate::host::Roundtrip;
use crate::{guests, strategies as given};

/// Sends values of a strategy through a function of both guests.
fn property<T: Debug>(
    function: &str,
    values: impl Strategy<Value = T>,
    call: impl Fn(&Roundtrip, &T) -> abide::Result<T>,
) {
    let config = Config {
        // Two guests each; the variable is proptest's own.
        cases: std::env::var("PROPTEST_CASES").map_or(64, |_| Config::default().cases),
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&values, |value| {
        let sent = text(function, &value);
        for guest in guests() {
            seen();
            let back = call(guest, &value).map_err(|e| TestCaseError::fail(e.to_string()))?;
            proptest::prop_assert_eq!(&text(function, &back), &sent);
            proptest::prop_assert_eq!(seen(), [sent.clone()]);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failed| panic!("{failed}"));
}

/// The answer of a function that returns a WIT `result`, which is no failure of the call.
fn answer<T, E>(called: Result<T, CallError<E>>) -> abide::Result<Result<T, E>> {
    match called {
        Ok(value) => Ok(Ok(value)),
        Err(CallError::Guest(error)) => Ok(Err(error)),
        Err(CallError::Failed(error)) => Err(error),
    }
}

/// Tests of one interface: a function, what is given to it, and how it is called with that.
macro_rules! properties {
    ($interface:ident, $answer:path { $($function:ident: $values:expr, $v:ident => $argument:expr;)* }) => {
        mod $interface {
            use super::*;
            $(#[test]
            fn $function() {
                property(stringify!($function), $values, |guest, $v| {
                    $answer(guest.$interface().$function($argument))
                });
            })*
        }
    };
}

properties!(scalars, identity {
    boolean: any::<bool>(), v => *v;
    unsigned8: any::<u8>(), v => *v;
    unsigned16: any::<u16>(), v => *v;
    unsigned32: any::<u32>(), v => *v;
    unsigned64: any::<u64>(), v => *v;
    signed8: any::<i8>(), v => *v;
    signed16: any::<i16>(), v => *v;
    signed32: any::<i32>(), v => *v;
    signed64: any::<i64>(), v => *v;
    float32: given::float32(), v => *v;
    float64: given::float64(), v => *v;
    character: given::character(), v => *v;
    text: given::text(), v => v;
});

properties!(lists, identity {
    unsigned8: any::<Vec<u8>>(), v => v;
    unsigned16: any::<Vec<u16>>(), v => v;
    unsigned32: any::<Vec<u32>>(), v => v;
    unsigned64: any::<Vec<u64>>(), v => v;
    signed8: any::<Vec<i8>>(), v => v;
    signed16: any::<Vec<i16>>(), v => v;
    signed32: any::<Vec<i32>>(), v => v;
    signed64: any::<Vec<i64>>(), v => v;
    float32: vec(given::float32(), 0..40), v => v;
    float64: vec(given::float64(), 0..40), v => v;
    booleans: any::<Vec<bool>>(), v => v;
    characters: vec(given::character(), 0..40), v => v;
    texts: vec(given::text(), 0..10), v => v;
    lists: vec(vec(any::<u8>(), 0..10), 0..10), v => v;
    deep: vec(vec(vec(given::text(), 0..4), 0..4), 0..4), v => v;
    options: vec(option::of(any::<u64>()), 0..20), v => v;
    tuples: vec((any::<u8>(), given::text(), given::float32()), 0..10), v => v;
    points: vec(given::point(), 0..20), v => v;
    people: vec(given::person(), 0..4), v => v;
    shapes: vec(given::shape(), 0..8), v => v;
    colors: vec(given::color(), 0..20), v => v;
    manies: vec(given::many(), 0..20), v => v;
    flags: vec(given::flags9(), 0..20), v => v;
});

properties!(compound, identity {
    maybe_number: option::of(any::<u32>()), v => *v;
    maybe_text: option::of(given::text()), v => v.as_deref();
    maybe_list: option::of(vec(given::float64(), 0..20)), v => v.as_deref();
    maybe_maybe: option::of(option::of(any::<u8>())), v => *v;
    maybe_person: option::of(given::person()), v => v.as_ref();
    single: (any::<u16>(),), v => *v;
    pair: (any::<bool>(), any::<i64>()), v => *v;
    mixed: (any::<u8>(), given::text(), any::<Vec<u8>>(), option::of(given::character()), given::point()),
        v => (v.0, &v.1, &v.2, v.3, &v.4);
    nested: ((any::<u8>(), (any::<u16>(),)), option::of((given::float32(), given::text()))),
        v => (v.0, v.1.as_ref().map(|(number, text)| (*number, text.as_str())));
});

properties!(named, identity {
    one_point: given::point(), v => v;
    one_person: given::person(), v => v;
    one_shape: given::shape(), v => v;
    one_color: given::color(), v => *v;
    one_many: given::many(), v => *v;
    one_flags1: given::flags1(), v => *v;
    one_flags8: given::flags8(), v => *v;
    one_flags9: given::flags9(), v => *v;
    one_flags16: given::flags16(), v => *v;
    one_flags17: given::flags17(), v => *v;
    one_flags32: given::flags32(), v => *v;
    one_id: any::<u64>(), v => *v;
    one_name: given::text(), v => v;
    one_nickname: given::text(), v => v;
    one_path: vec(given::point(), 0..20), v => v;
    one_position: given::point(), v => v;
    one_all: given::all(), v => v;
});

properties!(results, answer {
    nothing: given::result(Just(()), Just(())), v => *v;
    only_ok: given::result(any::<u32>(), Just(())), v => *v;
    only_err: given::result(Just(()), given::text()), v => v.as_ref().copied().map_err(String::as_str);
    both: given::result(given::text(), any::<u8>()), v => v.as_deref().map_err(|error| *error);
    numbers: given::result(any::<Vec<u8>>(), vec(given::float32(), 0..20)),
        v => v.as_deref().map_err(Vec::as_slice);
    named: given::result(given::person(), given::problem()), v => v.as_ref();
    plain: given::result(given::point(), given::color()), v => v.as_ref().map_err(|error| *error);
    in_ok: given::result(given::result(any::<u8>(), given::text()), given::problem()),
        v => v.as_ref().map(|inner| inner.as_ref().copied().map_err(String::as_str));
    in_err: given::result(any::<u8>(), given::result(any::<u16>(), given::text())),
        v => v.as_ref().copied().map_err(|inner| inner.as_ref().copied().map_err(String::as_str));
});

/// Functions of the interface `results` whose result is no `result` itself.
mod results_inside {
    use super::*;

    #[test]
    fn in_list() {
        let values = vec(given::result(any::<u32>(), given::text()), 0..20);
        property("in_list", values, |guest, v| guest.results().in_list(v));
    }

    #[test]
    fn in_option() {
        let values = option::of(given::result(Just(()), given::problem()));
        property("in_option", values, |guest, v| {
            guest
                .results()
                .in_option(v.as_ref().map(|result| result.as_ref().copied()))
        });
    }

    #[test]
    fn in_tuple() {
        let values = (
            given::result(Just(()), Just(())),
            given::result(any::<u64>(), Just(())),
            given::result(Just(()), any::<i8>()),
        );
        property("in_tuple", values, |guest, v| guest.results().in_tuple(*v));
    }
}
