//! Components whose names and types are made to harm whoever shows or writes them out: errors stay
//! short, and what the compiler would not stand is refused before it begins.

use std::error::Error as _;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use abide_host::{Engine, Error, LimitKind, Limits, LoadError};

use crate::kit::{App, Fail, KIT, Kit, component, limits};

/// No error of a guest is longer than this, in bytes.
const LONGEST: usize = 64 * 1024;

/// Much less than the compiler would take for what is refused here, and much more than refusing it
/// does on a busy machine.
const SOON: Duration = Duration::from_secs(20);

fn with(limits: Limits) -> abide_host::Builder<Kit> {
    Kit::builder(App::default()).name("hostile").limits(limits)
}

/// The error of what cannot be loaded, all forms of which have to be short and harmless.
#[track_caller]
fn refused(text: &str) -> Error {
    let bytes = component(text);
    let start = Instant::now();
    let error = with(Limits::new()).load_bytes(bytes).unwrap_err();
    assert!(start.elapsed() < SOON, "it took {:?}", start.elapsed());
    harmless(&error);
    error
}

#[track_caller]
fn harmless(error: &Error) {
    let mut all = format!("{error}\n{error:?}\n{error:#?}");
    let mut cause = error.source();
    while let Some(next) = cause {
        let _ = write!(all, "\n{next}\n{next:?}");
        cause = next.source();
    }
    assert!(all.len() < 4 * LONGEST, "{} bytes", all.len());
    let acts = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
    assert!(!all.contains(acts), "{all:?}");
}

/// Items numbered from 0.
fn repeated(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect()
}

#[test]
fn a_missing_interface_with_a_long_name_is_one_short_problem() {
    let functions = repeated(1_000, |number| format!("(export \"f{number}\" (func))"));
    let name = "n".repeat(90_000);
    let error = refused(&format!(
        "(component (import \"x:y/z{name}\" (instance {functions})))"
    ));
    let Error::Link { problems, more, .. } = &error else {
        panic!("{error}");
    };
    let missing = problems
        .iter()
        .filter(|problem| problem.path.starts_with("x:y/zn"));
    assert_eq!((missing.count(), *more), (1, 0));
    assert!(error.to_string().len() < 4_000, "{error}");
}

#[test]
fn very_many_problems_are_counted_and_not_told() {
    let functions = repeated(5_000, |number| format!("(export \"f{number}\" (func))"));
    let text = KIT.replacen(
        "(export \"boom\" (func))",
        &format!("(export \"boom\" (func)) {functions}"),
        1,
    );
    let error = refused(&text);
    assert!(
        error.to_string().contains("\n  and 4,950 more\n"),
        "{error}"
    );
}

#[test]
fn types_with_long_names_are_shown_as_far_as_they_can_be_read() {
    let long = "n".repeat(1_000);
    let cases = repeated(200, |number| format!(" \"a{number}{long}\""));
    let error = refused(&format!(
        "(component (import \"test:kit/host@0.1.0\" (instance (type $e' (enum {cases}))
           (export \"e\" (type $e (eq $e'))) (export \"boom\" (func (param \"x\" $e))))))"
    ));
    let text = error.to_string();
    assert!(text.contains("import `test:kit/host.boom` has another type\n      offered:  func()\n      wanted:   func(x: enum { a0nnn"), "{text}");
    assert!(text.len() < 4_000, "{}", text.len());
}

#[test]
fn names_in_what_the_compiler_says_are_cut_and_cleaned() {
    let name = format!("\\1b[2J{}", "n".repeat(50_000));
    let twice = format!("(func (export \"{name}\"))").repeat(2);
    let error = refused(&format!("(component (core module {twice}))"));
    let Error::Load { reason, .. } = &error else {
        panic!("{error}");
    };
    let LoadError::Invalid { detail } = &**reason else {
        panic!("{error}");
    };
    assert!(detail.contains("\u{fffd}[2Jnnn"), "{error}");
    assert!(error.to_string().len() < 4_000, "{error}");
}

#[test]
fn a_panic_is_cleaned() {
    let text = KIT.replacen("index out of range", "\\1b[2J\\0ain\\e2\\80\\ae't it", 1);
    let kit = with(limits()).load_bytes(component(&text)).unwrap();
    let error = kit.bad().fail(Fail::Panic).unwrap_err();
    harmless(&error);
    let Error::Trap { panic, .. } = &error else {
        panic!("{error}");
    };
    let panic = panic.as_deref().unwrap();
    assert!(
        panic.starts_with("\u{fffd}[2J\nin\u{fffd}'t it"),
        "{panic:?}"
    );
}

#[test]
fn names_of_functions_cost_no_more_than_is_told_of_them() {
    // Tuples of eight of the tuple before, five times, which is a megabyte for each frame: as rustc
    // and C++ mangle.
    let rust = "_RINvC1a1bTjjjjjjjjETB7_B7_B7_B7_B7_B7_B7_B7_ETBg_Bg_Bg_Bg_Bg_Bg_Bg_Bg_ETBG_BG_BG_BG_BG_BG_BG_BG_E\
                TB17_B17_B17_B17_B17_B17_B17_B17_EE";
    for name in [rust, "_Z1aIbE", "\\1b[2J\\0a"] {
        let text = KIT.replacen(
            "(func $fail (export \"fail\")",
            &format!("(func $fail (@name \"{name}\") (export \"fail\")"),
            1,
        );
        let kit = with(limits()).load_bytes(component(&text)).unwrap();
        for how in [Fail::Unreachable, Fail::LogInvalidText] {
            let start = Instant::now();
            for _ in 0..10 {
                harmless(&kit.bad().fail(how).unwrap_err());
            }
            assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
        }
    }
}

#[test]
fn what_would_be_too_much_for_the_compiler_is_refused() {
    let head = "(type $t (func)) (import \"f\" (func $f (type $t)))";
    let exports = repeated(3_000, |number| format!("(export \"a{number}\" (func $f))"));
    let inner = "(instance (instantiate $c (with \"f\" (func $f))))".repeat(900);
    let outer = "(instance (instantiate $d (with \"f\" (func $f))))".repeat(10);
    let made = format!(
        "(component {head} (component $d {head} (component $c {head} {exports}) {inner}) {outer})"
    );

    let cases = repeated(1_000, |number| format!(" \"a{number}\""));
    let params = repeated(1_000, |number| format!("(param \"p{number}\" $e)"));
    let functions = repeated(400, |number| {
        format!("(export \"f{number}\" (func (type $f)))")
    });
    let typed = format!(
        "(component (type $o (enum {cases})) (import \"test:kit/host@0.1.0\" (instance
           (alias outer 1 $o (type $oo)) (export \"e\" (type $e (eq $oo))) (type $f (func {params})) {functions})))"
    );
    for text in [made, typed] {
        let error = refused(&text);
        let is_too_complex = matches!(
            &error,
            Error::Load { reason, .. } if matches!(**reason, LoadError::TooComplex { .. })
        );
        assert!(is_too_complex, "{error}");
        assert!(
            error.to_string().contains("no limit can be raised"),
            "{error}"
        );
    }
}

#[test]
fn a_missing_interface_is_told_once_and_before_anything_is_compiled() {
    let functions = repeated(36, |number| format!("(export \"f{number}\" (func))"));
    let wanted =
        format!("(component (import \"wasi:keyvalue/store@0.2.0\" (instance {functions}))");
    let text = KIT.replacen("(component", &wanted, 1);
    let text = text.replacen("(export \"count\" (func $count))", "", 1);
    let error = with(Limits::new().compile_time(Duration::ZERO))
        .load_bytes(component(&text))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "guest `hostile` does not fit world `test:kit/kit@0.1.0`:\n  \
           - export `count` is missing\n      \
               expected: func() -> u32\n  \
           - import `wasi:keyvalue/store` is not offered by the host\n\
         rebuild the guest against this version of the ABI, or load it with a host that implements the \
         world it was built for"
    );
    // Types alone are not offered, and nobody needs them to be.
    let types = "(component (import \"test:kit/types\" (instance (export \"t\" (type (eq $t)))))";
    let types = types.replacen("(instance", "(instance (type $t (list u8))", 1);
    let text = KIT.replacen("(component", &types, 1);
    with(limits()).load_bytes(component(&text)).unwrap();
}

#[test]
fn all_limits_that_a_guest_is_beyond_are_told_at_once() {
    let bytes = component(KIT);
    let tight = Limits::new()
        .component_size(bytes.len() - 1)
        .instances(1)
        .memories(0);
    let error = with(tight).load_bytes(&bytes).unwrap_err();
    let Error::Limits { guest, beyond } = &error else {
        panic!("{error}");
    };
    assert_eq!(&**guest, "hostile");
    let kinds: Vec<_> = beyond.iter().map(|one| one.what).collect();
    assert_eq!(
        kinds,
        [
            LimitKind::ComponentSize,
            LimitKind::Memories,
            LimitKind::Instances
        ]
    );
    assert_eq!(
        error.to_string(),
        format!(
            "guest `hostile` needs more than its limits allow; raise all of them if this is what the guest needs:\n  \
               - {} bytes of component, and the limit is {}: `Limits::component_size`\n  \
               - 1 linear memories, and the limit is 0: `Limits::memories`\n  \
               - 2 core instances, and the limit is 1: `Limits::instances`\n",
            bytes.len(),
            bytes.len() - 1
        )
    );
}

#[test]
fn limits_of_any_sort_go_with_an_engine_of_any_stack() {
    for engine in [Engine::builder(), Engine::builder().stack(64 * 1024)] {
        let engine = engine.instances(4).build().unwrap();
        for limits in [Limits::strict(), Limits::new(), Limits::trusted()] {
            let limits = limits.deadline(Duration::from_secs(60));
            let kit = with(limits.clone())
                .engine(&engine)
                .load_bytes(component(KIT))
                .unwrap();
            assert_eq!(kit.add(1, 2).unwrap(), 3);
            // What was asked for is not passed over.
            let asked = with(limits.stack(128 * 1024)).engine(&engine);
            let error = asked.load_bytes(component(KIT)).unwrap_err();
            assert!(
                error
                    .to_string()
                    .contains("`Limits::stack` is 131072 bytes"),
                "{error}"
            );
        }
    }
}
