//! A guest that does whatever the input says, loaded with tight limits and called.
//!
//! The input is read front to back: how the guest is run, how it is called, what it is made of. A
//! byte that is missing is zero, so that every input means something.

mod body;
mod calls;
mod host;
mod module;

use std::sync::OnceLock;
use std::time::Duration;

use abide::{Error, Isolation, Limits, Result, Warm};
use arbitrary::Unstructured;

use self::calls::Call;
pub(crate) use self::host::{App, Fuzzed};
pub(crate) use self::module::{good, guest_of};
use crate::in_time;
use crate::runtime::{engines, read, tight};

/// How many calls are made of one guest.
const MOST_CALLS: usize = 6;

/// Builds the guest that the input describes and calls it as the input says.
///
/// # Panics
/// If the runtime panics, takes too long, is at fault by its own word, keeps a value of the host's
/// after its guest is gone, or cannot call a good guest afterwards.
pub fn guest(input: &[u8]) {
    // The only error there is: an input that is too short. Such an input is no guest.
    let _ = in_time("a guest", || run(&mut Unstructured::new(input)));
    check_good();
}

/// How the guest is run.
struct Way {
    policy: Policy,
    fuelled: bool,
    calls_back: bool,
    cancels: bool,
    limits: Limits,
}

/// Which instances the calls are served by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Policy {
    Fresh,
    Warm,
    Session,
}

fn way(input: &mut Unstructured<'_>) -> arbitrary::Result<Way> {
    let policy = *input.choose(&[Policy::Fresh, Policy::Warm, Policy::Session])?;
    let bits: u8 = input.arbitrary()?;
    let on = |bit: u8| bits & (1 << bit) != 0;
    let mut limits = tight();
    if on(0) {
        // Ends at the same instruction each time, if the clock does not come before.
        limits = limits.fuel(200_000).deadline(Duration::from_millis(500));
    }
    if on(1) {
        limits = limits.handles(4).resource_table(3).host_allocation(256);
    }
    if on(2) {
        limits = limits.memory(192 << 10).table_elements(24);
    }
    Ok(Way {
        policy,
        fuelled: on(0),
        calls_back: on(3),
        cancels: on(4),
        limits,
    })
}

/// Runs one guest, and returns how its calls ended.
fn run(input: &mut Unstructured<'_>) -> arbitrary::Result<Vec<Ending>> {
    let way = way(input)?;
    let count = 1 + input.int_in_range(0..=MOST_CALLS - 1)?;
    let calls = (0..count).map(|_| Call::read(input));
    let calls = calls.collect::<arbitrary::Result<Vec<_>>>()?;
    let bytes = guest_of(input)?;

    let app = App::default();
    let engine = match way.fuelled {
        true => &engines().fuelled,
        false => &engines().plain,
    };
    let isolation = match way.policy {
        Policy::Warm => Isolation::from(Warm::new().max_calls(3)),
        _ => Isolation::Fresh,
    };
    let loaded = Fuzzed::builder(app.clone())
        .engine(engine)
        .limits(way.limits.clone())
        .isolation(isolation)
        .name("fuzzed")
        .load_bytes(bytes);
    let endings = match loaded {
        Ok(handle) => call(&app, handle, &calls, &way),
        Err(error) => {
            read(&error);
            // It was made for this world; what it may lack is room. Where not even the engine has
            // it, the engine says so itself.
            let room = matches!(error, Error::Limit { .. } | Error::Limits { .. })
                || error.to_string().contains("pooling allocator");
            assert!(room, "{error:?}");
            vec![Ending::Refused]
        }
    };
    assert_eq!(
        app.alive(),
        0,
        "the host keeps files of a guest that is gone"
    );
    Ok(endings)
}

/// Calls the guest as the input says.
fn call(app: &App, mut handle: Fuzzed, calls: &[Call], way: &Way) -> Vec<Ending> {
    if way.cancels {
        let (cancellable, cancel) = handle.cancellable();
        handle = cancellable;
        app.cancels(cancel);
    }
    let session = match way.policy {
        Policy::Session => Some(handle.session()),
        _ => None,
    };
    let session = match session.transpose() {
        Ok(session) => session,
        Err(error) => return vec![check(&error, way)],
    };
    let world: &Fuzzed = session.as_deref().unwrap_or(&handle);
    // The app is in the instance and holds a handle on it: `forget` ends that circle.
    if way.calls_back {
        app.calls_back(world.clone());
    }
    let mut endings = Vec::new();
    for call in calls {
        let failed = call.make(app, world).err();
        endings.push(match &failed {
            Some(error) => check(error, way),
            None => Ending::Answered,
        });
        // A call that was cancelled before it began leaves the instance as it is.
        if let (Some(session), Some(error)) = (&session, &failed) {
            let over = matches!(error, Error::Cancelled { .. }) || !session.is_alive();
            assert!(over, "a session goes on after {error:?}");
        }
        if session.as_ref().is_some_and(|session| !session.is_alive()) {
            break;
        }
    }
    app.forget();
    drop(session);
    let stats = handle.stats();
    if way.policy != Policy::Warm {
        assert_eq!(stats.instances, 0, "an instance is left: {stats:?}");
    }
    endings
}

/// How a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Ending {
    /// Never called: there is no room for such a guest.
    Refused,
    Answered,
    Trapped,
    OutOfTime,
    OutOfFuel,
    OverLimit,
    AbiViolated,
    HostPanicked,
    HostRefused,
    Cancelled,
    /// Not a call that can be made in this way, or of this session.
    NotCalled,
}

/// Checks that an error is one that a guest can cause.
fn check(error: &Error, way: &Way) -> Ending {
    let in_session = way.policy == Policy::Session;
    read(error);
    match error {
        Error::Trap { .. } => Ending::Trapped,
        Error::Timeout { .. } => Ending::OutOfTime,
        Error::OutOfFuel { .. } => Ending::OutOfFuel,
        Error::Limit { .. } => Ending::OverLimit,
        Error::AbiViolation { .. } => Ending::AbiViolated,
        // Of the one import that panics, and of the one that refuses.
        Error::HostPanic {
            import, message, ..
        } if import.ends_with("things.fail") && **message == *host::PANIC => Ending::HostPanicked,
        Error::Host { import, .. } if import.ends_with("things.refuse") => Ending::HostRefused,
        Error::Cancelled { .. } if way.cancels => Ending::Cancelled,
        Error::NeedsSession { .. } if !in_session => Ending::NotCalled,
        Error::Discarded { .. } if in_session => Ending::NotCalled,
        _ => panic!("a guest cannot cause this: {error:?}"),
    }
}

/// Checks that a good guest is served as if nothing had been.
fn check_good() {
    static GOOD: OnceLock<Fuzzed> = OnceLock::new();
    let load = || -> Result<Fuzzed> {
        // The time is for a busy machine: this guest needs none.
        let limits = Limits::new().deadline(Duration::from_secs(5));
        let builder = Fuzzed::builder(App::default()).engine(&engines().plain);
        builder.limits(limits).name("good").load_bytes(good())
    };
    let guest = GOOD.get_or_init(|| load().unwrap_or_else(|error| panic!("{error:?}")));
    match guest.run(42) {
        Ok(answer) => assert_eq!(answer, 42, "the good guest answers with what it was asked"),
        Err(error) => panic!("the good guest fails after the other: {error:?}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use abide_fuzz_values::Rng;

    use super::*;
    use crate::mutate::random;

    /// Without this, guests could all fail at the first instruction and no fault would ever be
    /// found.
    #[test]
    fn guests_end_in_every_way() {
        let mut rng = Rng::new(&[1]);
        let mut endings: HashMap<Ending, u32> = HashMap::new();
        for _ in 0..200 {
            let input = random(1500, &mut rng);
            for ending in run(&mut Unstructured::new(&input)).unwrap() {
                *endings.entry(ending).or_default() += 1;
            }
        }
        println!("{endings:?}");
        // Those that are not rare.
        for expected in [
            Ending::Refused,
            Ending::Answered,
            Ending::Trapped,
            Ending::OutOfTime,
            Ending::OutOfFuel,
            Ending::OverLimit,
            Ending::AbiViolated,
            Ending::HostPanicked,
            Ending::NotCalled,
        ] {
            assert!(
                endings.contains_key(&expected),
                "none {expected:?}: {endings:?}"
            );
        }
        assert!(endings[&Ending::Answered] > 50, "{endings:?}");
    }
}
