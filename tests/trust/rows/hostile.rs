//! Files whose names, types and instances are made to harm whoever loads them.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use abide::Result;

use crate::fault::{Act, Fault, faults};
use crate::setup::{SMALL, Setup};

/// What no error of such a file is longer than, in bytes.
const LONGEST: usize = 64 * 1024;

/// How long refusing one may take. Without a bound they take minutes, or all the memory that there
/// is.
const SOON: Duration = Duration::from_secs(20);

faults! {
    "The file is made to harm";

    long_names: Fault {
        name: "a misfit with a long name",
        does: "imports an interface with a name of 90,000 bytes and a thousand functions",
        ends: "Link",
        act: Act::Scene(|setup| {
            static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
                let functions = repeated(1_000, |number| format!("(export \"f{number}\" (func))"));
                let name = "n".repeat(90_000);
                parsed(&format!("(component (import \"x:y/z{name}\" (instance {functions})))"))
            });
            refuses_soon(setup, &BYTES)
        }),
        times: 2,
        ..Fault::USUAL
    },
    many_misfits: Fault {
        name: "five thousand misfits",
        does: "wants five thousand functions of an interface of the host, which it does not have",
        ends: "Link",
        act: Act::Scene(|setup| {
            static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
                let functions = repeated(5_000, |number| format!("(export \"f{number}\" (func))"));
                parsed(&format!("(component (import \"test:trust/app@0.1.0\" (instance {functions})))"))
            });
            refuses_soon(setup, &BYTES)
        }),
        times: 2,
        ..Fault::USUAL
    },
    long_cases: Fault {
        name: "a misfit with long cases",
        does: "wants a function of the host to take an enum whose cases have names of a kilobyte",
        ends: "Link",
        act: Act::Scene(|setup| {
            static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| typed(200, 1_000, 10, 4));
            refuses_soon(setup, &BYTES)
        }),
        times: 10,
        ..Fault::USUAL
    },
    multiplied_types: Fault {
        name: "parameters times cases",
        does: "wants functions with a thousand parameters of a type of a thousand cases",
        ends: "Load(TooComplex)",
        act: Act::Scene(|setup| {
            static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| typed(1_000, 0, 1_000, 400));
            refuses_soon(setup, &BYTES)
        }),
        times: 2,
        ..Fault::USUAL
    },
    multiplied_exports: Fault {
        name: "exports times instances",
        does: "makes nine thousand instances of a component that has three thousand exports",
        ends: "Load(TooComplex)",
        act: Act::Scene(|setup| {
            static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| exporting(3_000, 900, 10));
            refuses_soon(setup, &BYTES)
        }),
        times: 2,
        ..Fault::USUAL
    },
    doubled_instances: Fault {
        name: "instances given twice over",
        does: "gives an instance to a component that exports it twice, and so on, thirty times",
        ends: "Load(TooComplex)",
        act: Act::Scene(|setup| {
            static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| doubled(30));
            refuses_soon(setup, &BYTES)
        }),
        times: 2,
        ..Fault::USUAL
    },
    names_in_messages: Fault {
        name: "control characters in what the compiler says",
        does: "exports a function twice under a name of 50,000 bytes that clears a terminal",
        ends: "Load(Invalid)",
        act: Act::Scene(|setup| {
            static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
                let name = format!("\\1b[2J{}", "n".repeat(50_000));
                let twice = format!("(func (export \"{name}\"))").repeat(2);
                parsed(&format!("(component (core module {twice}))"))
            });
            refuses_soon(setup, &BYTES)
        }),
        times: 2,
        ..Fault::USUAL
    },
    long_demangled_names: Fault {
        name: "a short name for a megabyte",
        does: "stops in a function whose name stands for one of a megabyte, in thirty frames",
        ends: "Trap(StackOverflow)",
        guest: &[SMALL, ("(func $deeper", BOMB)],
        act: Act::Call(|guest, _| {
            let (start, ended) = (Instant::now(), guest.recurse());
            // Both forms are looked at, as by a host that logs them.
            let length = ended.as_ref().map_or_else(|error| format!("{error:?}").len(), |()| 0);
            match length < LONGEST && start.elapsed() < SOON {
                true => ended,
                false => Ok(()),
            }
        }),
        times: 4,
        ..Fault::USUAL
    },
}

/// Tuples of eight of the tuple before, six times, as a type in the name of a function.
const BOMB: &str = "(func $deeper (@name \"_RINvC1a1bTjjjjjjjjETB7_B7_B7_B7_B7_B7_B7_B7_ETBg_Bg_Bg_Bg_Bg_Bg_Bg_Bg_E\
                    TBG_BG_BG_BG_BG_BG_BG_BG_ETB17_B17_B17_B17_B17_B17_B17_B17_E\
                    TB1F_B1F_B1F_B1F_B1F_B1F_B1F_B1F_EE\")";

/// What comes of loading it, if that is soon and short.
fn refuses_soon(setup: &Setup, bytes: &[u8]) -> Result<Result<()>, String> {
    let start = Instant::now();
    let ended = setup.refuses_bytes(bytes)?;
    if start.elapsed() > SOON {
        return Err(format!("it took {:?}", start.elapsed()));
    }
    let text = ended
        .as_ref()
        .map_or_else(|error| format!("{error}{error:?}"), |()| String::new());
    let acts = |letter: char| letter.is_control() && letter != '\n';
    match text.len() < 2 * LONGEST && !text.contains(acts) {
        true => Ok(ended),
        false => Err(format!("an error of {} bytes", text.len())),
    }
}

fn parsed(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"))
}

/// Items numbered from 0.
fn repeated(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect()
}

/// A component that wants so many functions of the host, with so many parameters of a type of so
/// many cases, which have names of so many bytes.
fn typed(cases: usize, length: usize, params: usize, functions: usize) -> Vec<u8> {
    let long = "n".repeat(length);
    let cases = repeated(cases, |number| format!(" \"a{number}{long}\""));
    let params = repeated(params, |number| format!("(param \"p{number}\" $e)"));
    let functions = repeated(functions, |number| {
        format!("(export \"f{number}\" (func (type $f)))")
    });
    parsed(&format!(
        "(component (type $o (enum {cases})) (import \"test:trust/app@0.1.0\" (instance
           (alias outer 1 $o (type $oo)) (export \"e\" (type $e (eq $oo))) (type $f (func {params})) {functions})))"
    ))
}

/// A component with so many instances, in each of so many others, each of which has so many
/// exports.
fn exporting(exports: usize, inner: usize, outer: usize) -> Vec<u8> {
    let head = "(type $t (func)) (import \"f\" (func $f (type $t)))";
    let exports = repeated(exports, |number| {
        format!("(export \"a{number}\" (func $f))")
    });
    let inner = "(instance (instantiate $c (with \"f\" (func $f))))".repeat(inner);
    let outer = "(instance (instantiate $d (with \"f\" (func $f))))".repeat(outer);
    parsed(&format!(
        "(component {head} (component $d {head} (component $c {head} {exports}) {inner}) {outer})"
    ))
}

/// A component with instances, each of which has the one before it twice. Their types do not tell.
fn doubled(times: usize) -> Vec<u8> {
    let made = repeated(times, |number| {
        format!(
            "(instance $i{} (instantiate $c (with \"i\" (instance $i{number}))))",
            number + 1
        )
    });
    parsed(&format!(
        "(component
            (component $c (import \"i\" (instance $i)) (export \"a\" (instance $i)) (export \"b\" (instance $i)))
            (instance $i0) {made})"
    ))
}
