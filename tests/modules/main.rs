//! Guests that are plain modules of an older ABI.

mod abi;
mod misfits;
#[cfg(feature = "wasip1")]
mod preview1;
mod visits;

use std::sync::LazyLock;
use std::time::Duration;

use abi::{Action, Env, Errno, Kit};
use abide::{Error, Limits, Warm};

/// The guest.
static KIT: LazyLock<Vec<u8>> = LazyLock::new(|| module(include_str!("kit.wat")));

fn module(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"))
}

/// What the guest can be told to do.
#[derive(Debug, Clone, Copy)]
enum Act {
    Log,
    LogNoText,
    LogOutOfBounds,
    Put,
    Get,
    WriteAll,
    Fill,
    Halve,
    Name,
    Nothing,
    Panic,
}

fn kit(env: &Env) -> Kit {
    let builder = Kit::builder(env.clone()).name("kit");
    builder.load_bytes(&*KIT).unwrap()
}

fn act(kit: &Kit, act: Act, with: u32) -> abide::Result<u32> {
    kit.act(act as u32, with).map(Option::unwrap)
}

#[test]
fn arguments_are_read_and_bad_ones_have_a_status() {
    let env = Env::default();
    let kit = kit(&env);
    assert_eq!(act(&kit, Act::Log, 1).unwrap(), 0);
    assert_eq!(env.logged(), ["Warn: hello"]);
    let bad = Errno::BadArgument as u32;
    let outside = Errno::OutOfBounds as u32;
    assert_eq!(act(&kit, Act::Log, 2).unwrap(), bad);
    assert_eq!(act(&kit, Act::LogNoText, 0).unwrap(), bad);
    assert_eq!(act(&kit, Act::LogOutOfBounds, 6).unwrap(), 0);
    for len in [7, 0x7fff_ffff, u32::MAX] {
        assert_eq!(
            act(&kit, Act::LogOutOfBounds, len).unwrap(),
            outside,
            "{len}"
        );
    }
    assert_eq!(env.logged().len(), 2, "what is refused has no effect");
    assert_eq!(act(&kit, Act::WriteAll, 2).unwrap(), 1008);
    assert_eq!(env.logged()[2], "hellokey");
    assert_eq!(act(&kit, Act::WriteAll, 0).unwrap(), 1000);
    for count in [3, 9000, 0x2000_0000, u32::MAX] {
        assert_eq!(act(&kit, Act::WriteAll, count).unwrap(), outside, "{count}");
    }
}

#[test]
fn results_go_to_their_places_which_are_looked_at_before_the_host_runs() {
    let env = Env::default();
    let session = kit(&env).session().unwrap();
    let outside = Errno::OutOfBounds as u32;
    for place in [65529, 65536, u32::MAX] {
        assert_eq!(act(&session, Act::Put, place).unwrap(), outside, "{place}");
    }
    // So nothing was put: nothing was there before.
    assert_eq!(act(&session, Act::Put, 65528).unwrap(), 0);
    // 'h', five bytes, and the 7 that is returned beside them.
    let found = 1000 + u32::from(b'h') + 5 + 7;
    assert_eq!(act(&session, Act::Get, 0).unwrap(), found);
    assert_eq!(act(&session, Act::Fill, 300).unwrap(), 1009);
    assert_eq!(act(&session, Act::Fill, 65533).unwrap(), outside);
    assert_eq!(act(&session, Act::Fill, u32::MAX).unwrap(), outside);
    assert_eq!(session.count().unwrap(), Some(8));
}

#[test]
fn the_guests_allocator_may_do_what_a_guest_may() {
    let env = Env::default();
    let kit = kit(&env);
    let found = 1000 + u32::from(b'h') + 5 + 7;
    let memory = Errno::NoMemory as u32;
    assert_eq!(act(&kit, Act::Get, 1).unwrap(), memory, "it has no room");
    assert_eq!(
        act(&kit, Act::Get, 2).unwrap(),
        found,
        "it grows the memory"
    );
    assert_eq!(act(&kit, Act::Get, 3).unwrap(), found, "it calls the host");
    assert_eq!(env.logged(), ["Info: hello"]);
    let error = act(&kit, Act::Get, 4).unwrap_err();
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    let outside = Errno::OutOfBounds as u32;
    assert_eq!(act(&kit, Act::Get, 5).unwrap(), outside, "it lies");
}

#[test]
fn abis_without_statuses_return_their_results() {
    let kit = kit(&Env::default());
    assert_eq!(act(&kit, Act::Halve, 10).unwrap(), 105);
    assert_eq!(act(&kit, Act::Halve, 11).unwrap(), 5);
    assert_eq!(act(&kit, Act::Name, 5).unwrap(), 5000 + u32::from(b'a'));
    assert_eq!(act(&kit, Act::Name, 4).unwrap(), 5000, "it does not fit");
    let error = act(&kit, Act::Name, 65400).unwrap_err();
    let Error::AbiViolation { import, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(*import, "plain.name");
    assert_eq!(act(&kit, Act::Nothing, 0).unwrap(), 1, "it was started");
}

#[test]
fn callbacks_are_optional_and_what_they_return_is_looked_at() {
    let kit = kit(&Env::default());
    assert_eq!(kit.not_there(1).unwrap(), None);
    assert_eq!(
        kit.decide(1).unwrap().map(|code| code.0),
        Some(Action::Pause)
    );
    let error = kit.decide(2).unwrap_err();
    assert!(matches!(error, Error::AbiViolation { .. }), "{error}");
    assert_eq!(kit.wide(-2, 1.5, true).unwrap(), Some(-0.5));
    assert_eq!(kit.wide(-2, 1.5, false).unwrap(), Some(-2.0));
    let stats = kit.stats();
    assert_eq!((stats.calls, stats.failed_by_guest), (4, 1));
}

#[test]
fn what_handles_have_modules_have() {
    let env = Env::default();
    let limits = Limits::new().deadline(Duration::from_millis(50));
    let builder = Kit::builder(env).limits(limits).isolation(Warm::new());
    let kit = builder.load_bytes(&*KIT).unwrap();
    let error = kit.spin().unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    let error = kit.stop().unwrap_err();
    assert!(matches!(error, Error::Trap { .. }), "{error}");
    let error = act(&kit, Act::Panic, 0).unwrap_err();
    let Error::HostPanic {
        import, message, ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!((*import, &**message), ("env.panics", "on purpose"));
    // An instance that is kept counts its calls; one that failed is gone.
    act(&kit, Act::Nothing, 0).unwrap();
    assert_eq!(kit.count().unwrap(), Some(1));
    kit.reload_bytes(&*KIT).unwrap();
    assert_eq!(kit.count().unwrap(), Some(0));
    let (cancellable, cancel) = kit.cancellable();
    cancel.cancel();
    let error = cancellable.count().unwrap_err();
    assert!(matches!(error, Error::Cancelled { .. }), "{error}");
}

#[test]
fn what_the_host_has_to_hold_is_bounded() {
    let builder = Kit::builder(Env::default()).limits(Limits::new().host_allocation(16));
    let kit = builder.load_bytes(&*KIT).unwrap();
    let error = act(&kit, Act::WriteAll, 2).unwrap_err();
    assert!(matches!(error, Error::Limit { .. }), "{error}");
}

#[test]
fn the_host_of_a_session_is_looked_at_between_calls() {
    let kit = kit(&Env::default());
    let session = kit.session().unwrap();
    act(&session, Act::Put, 65528).unwrap();
    let put = session.with_host(|env: &mut Env| std::mem::take(&mut env.values));
    assert_eq!(put.unwrap().len(), 1);
    let left = session.with_host(|env: &mut Env| env.values.len());
    assert_eq!(left.unwrap(), 0);
    assert_eq!(session.memory().unwrap(), 65536);
    let error = session.with_host(|_: &mut String| ()).unwrap_err();
    assert!(error.to_string().contains("another type"), "{error}");
    act(&session, Act::Panic, 0).unwrap_err();
    let error = session.with_host(|_: &mut Env| ()).unwrap_err();
    assert!(matches!(error, Error::Discarded { .. }), "{error}");
    let session = kit.session().unwrap();
    let looked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        session.with_host(|_: &mut Env| panic!("while it looks"))
    }));
    assert!(looked.is_err() && !session.is_alive());
}

#[test]
fn a_host_is_told_of_every_call_while_it_watches() {
    let session = kit(&Env::default()).session().unwrap();
    act(&session, Act::Nothing, 0).unwrap();
    let watch = |env: &mut Env| env.seen = Some(Vec::new());
    session.with_host(watch).unwrap();
    act(&session, Act::Log, 1).unwrap();
    session.wide(-2, 1.5, false).unwrap();
    session.not_there(3).unwrap();
    let seen = session.with_host(|env: &mut Env| env.seen.take()).unwrap();
    let expected = [
        "act[0, 1]".to_owned(),
        "env.log[1, 32, 5]".to_owned(),
        "env.log = Some(0)".to_owned(),
        "act = Some(0)".to_owned(),
        format!("wide[{}, {}, 0]", u64::MAX - 1, 1.5_f64.to_bits()),
        format!("wide = Some({})", (-2_f64).to_bits()),
    ];
    assert_eq!(seen.unwrap(), expected);
}
