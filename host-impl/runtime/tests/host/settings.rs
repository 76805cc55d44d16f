//! Every limit and option, given as nothing and as more than there is: what cannot be had is
//! refused by its name, nothing is blamed on the engine, and what can be had is what was asked for.

use std::time::Duration;

use abide_host::{
    Blame, Breaker, Builder, Engine, EngineBuilder, Error, LimitKind, Limits, Result, Warm,
};

use crate::kit::{App, Fail, KIT, Kit, component};

fn builder(limits: Limits) -> Builder<Kit> {
    let patient = limits.compile_time(Duration::from_secs(300));
    Kit::builder(App::default()).name("kit").limits(patient)
}

/// What becomes of the guest under limits: loaded, and called for something that hardly needs
/// anything.
fn use_of(limits: Limits) -> Result<()> {
    builder(limits).load_bytes(component(KIT))?.log()
}

#[test]
fn an_engine_says_which_number_it_cannot_have() {
    let cases: [(EngineBuilder, &str); 6] = [
        (
            Engine::builder().instances(0),
            "`EngineBuilder::instances` is 0; expected 1 to 4096",
        ),
        (
            Engine::builder().instances(4097),
            "`EngineBuilder::instances` is 4097; expected 1 to 4096",
        ),
        (
            Engine::builder().instances(u32::MAX),
            "`EngineBuilder::instances` is 4294967295; expected 1 to 4096",
        ),
        (
            Engine::builder().stack(0),
            "`EngineBuilder::stack` is 0; expected 16384 to 1572864",
        ),
        (
            Engine::builder().stack(16383),
            "`EngineBuilder::stack` is 16383; expected 16384 to 1572864",
        ),
        (
            Engine::builder().stack(usize::MAX),
            "`EngineBuilder::stack` is 18446744073709551615; expected 16384 to 1572864",
        ),
    ];
    for (builder, text) in cases {
        let error = builder.build().unwrap_err();
        assert_eq!(error.to_string(), text);
        assert!(matches!(error, Error::Setting { .. }), "{error}");
        assert_eq!(error.blame(), Blame::Caller);
        assert!(!error.is_transient());
    }
}

#[test]
fn a_stack_that_no_engine_has_is_refused_as_the_limit_that_it_is() {
    for (bytes, found) in [(0, "0"), (usize::MAX, "18446744073709551615")] {
        let error = use_of(Limits::new().stack(bytes)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("`Limits::stack` is {found}; expected 16384 to 1572864")
        );
        assert_eq!(error.blame(), Blame::Caller);
    }
    let engine = Engine::builder().instances(1).build().unwrap();
    let load = |limits| builder(limits).engine(&engine).load_bytes(component(KIT));
    for (limits, text) in [
        (
            Limits::new().fuel(0),
            "`Limits::fuel` is set, and the engine that was given does not count fuel; make it with \
             `Engine::with_fuel`, or give none",
        ),
        (
            Limits::new().stack(65536),
            "`Limits::stack` is 65536 bytes, and the engine that was given has 524288, as all guests on one engine \
             have stacks of one size; make it with `Engine::builder().stack(65536)`, or give none",
        ),
    ] {
        let error = load(limits).unwrap_err();
        assert_eq!(error.to_string(), text);
        assert_eq!(error.blame(), Blame::Caller);
    }
}

#[test]
fn nothing_is_too_little_and_said_to_be() {
    let limit = |limits: Limits| match use_of(limits) {
        Err(error @ Error::Limit { what, limit: 0, .. }) => {
            assert_eq!(error.blame(), Blame::Guest);
            what
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(limit(Limits::new().memory(0)), LimitKind::Memory);
    assert_eq!(limit(Limits::new().memories(0)), LimitKind::Memories);
    assert_eq!(limit(Limits::new().instances(0)), LimitKind::Instances);
    assert_eq!(
        limit(Limits::new().host_allocation(0)),
        LimitKind::HostAllocation
    );
    assert_eq!(
        limit(Limits::new().component_size(0)),
        LimitKind::ComponentSize
    );
    // Not a byte of these is needed.
    let spare = Limits::new().tables(0).table_elements(0).handles(0);
    use_of(spare.resource_table(0).random(0).output(0)).unwrap();

    let error = use_of(Limits::new().fuel(0)).unwrap_err();
    assert!(matches!(error, Error::OutOfFuel { fuel: 0, .. }), "{error}");
    // The end of a tick that has begun is the end of no time at all.
    let kit = builder(Limits::new().deadline(Duration::ZERO))
        .load_bytes(component(KIT))
        .unwrap();
    let error = kit.bad().fail(Fail::Loop).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Timeout {
                after: Duration::ZERO,
                ..
            }
        ),
        "{error}"
    );
    let engine = Engine::builder().instances(1).build().unwrap();
    let kit = builder(Limits::new().wait(Duration::ZERO)).engine(&engine);
    let kit = kit.load_bytes(component(KIT)).unwrap();
    let session = kit.session().unwrap();
    let error = kit.count().unwrap_err();
    assert!(
        matches!(
            error,
            Error::Busy {
                waited: Duration::ZERO,
                ..
            }
        ),
        "{error}"
    );
    drop(session);
    assert_eq!(kit.count().unwrap(), 1);
}

#[test]
fn as_much_as_can_be_written_is_no_limit() {
    let limits = Limits::new()
        .deadline(Duration::MAX)
        .memory(usize::MAX)
        .memories(usize::MAX)
        .tables(usize::MAX)
        .table_elements(usize::MAX)
        .instances(usize::MAX)
        .handles(usize::MAX)
        .resource_table(usize::MAX)
        .host_allocation(usize::MAX)
        .random(u64::MAX)
        .output(usize::MAX)
        .wait(Duration::MAX)
        .fuel(u64::MAX)
        .component_size(usize::MAX);
    let kit = Kit::builder(App::default()).limits(limits.compile_time(Duration::MAX));
    let kit = kit.load_bytes(component(KIT)).unwrap();
    assert_eq!(kit.add(1, 2).unwrap(), 3);
    let (cancellable, _cancel) = kit.cancellable();
    assert_eq!(cancellable.add(1, 2).unwrap(), 3);
    assert_eq!(kit.session().unwrap().count().unwrap(), 1);
}

#[test]
fn instances_are_kept_for_nothing_and_for_ever() {
    let nothing = Duration::ZERO;
    let none = [
        Warm::new().max_calls(0),
        Warm::new().max_calls(1),
        Warm::new()
            .max_calls(0)
            .max_idle(nothing)
            .max_age(nothing)
            .max_parked(0),
    ];
    for warm in none {
        let kit = builder(Limits::new()).isolation(warm.clone());
        let kit = kit.load_bytes(component(KIT)).unwrap();
        let counts = [kit.count().unwrap(), kit.count().unwrap()];
        assert_eq!(counts, [1, 1], "{warm:?}");
    }
    let most = Warm::new().max_calls(u64::MAX).max_parked(usize::MAX);
    for warm in [
        most.max_idle(Duration::MAX).max_age(Duration::MAX),
        Warm::new().max_parked(0),
    ] {
        let kit = builder(Limits::new()).isolation(warm.clone());
        let kit = kit.load_bytes(component(KIT)).unwrap();
        let counts = [kit.count().unwrap(), kit.count().unwrap()];
        assert_eq!(counts, [1, 2], "{warm:?}");
    }
}

#[test]
fn a_breaker_that_never_closes_says_so_and_one_that_never_opens_stays_closed() {
    let breaker = Breaker::new()
        .failures(0)
        .backoff(Duration::MAX, Duration::ZERO);
    let kit = builder(Limits::new())
        .breaker(breaker)
        .load_bytes(component(KIT))
        .unwrap();
    kit.bad().fail(Fail::Unreachable).unwrap_err();
    let error = kit.count().unwrap_err();
    assert!(
        matches!(
            error,
            Error::BreakerOpen {
                retry_after: Duration::MAX,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "guest `kit` is not called for `count`, because its last calls failed; its `Breaker::backoff` never ends, so \
         load it again, and see the errors of those calls for the reason"
    );
    let breaker = Breaker::new()
        .failures(u32::MAX)
        .backoff(Duration::ZERO, Duration::ZERO);
    let kit = builder(Limits::new())
        .breaker(breaker)
        .load_bytes(component(KIT))
        .unwrap();
    for _ in 0..10 {
        kit.bad().fail(Fail::Unreachable).unwrap_err();
    }
    assert_eq!(kit.count().unwrap(), 1);
}

#[test]
fn a_guest_without_a_name_has_the_one_of_its_source() {
    let kit = Kit::builder(App::default())
        .name("")
        .load_bytes(component(KIT))
        .unwrap();
    let text = kit.bad().fail(Fail::HostPanic).unwrap_err().to_string();
    assert!(text.contains("while guest `guest` ran"), "{text}");
}

#[test]
fn an_error_that_no_call_has_come_across_shows_no_empty_names() {
    let error = Error::host("the clock is broken");
    assert_eq!(
        error.to_string(),
        "the host aborted a guest in a host function"
    );
    assert_eq!(
        format!("{error:?}"),
        "the host aborted a guest in a host function\n  caused by: the clock is broken"
    );
    // A host may quote what a guest handed over: it acts on no terminal, and there is an end to it.
    let error = Error::host(format!("no such key: \u{1b}[2J{}", "k".repeat(1 << 20)));
    let text = format!("{error:?}");
    assert!(
        text.contains("caused by: no such key: \u{fffd}[2Jkkk"),
        "{text}"
    );
    assert!(text.len() < 20 * 1024, "{} bytes", text.len());
}
