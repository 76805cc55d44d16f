//! A guest that is a plain module of an older ABI, which does wrong what it is asked to, and its
//! host.
//!
//! It is called as the guest of the other rows is: what comes after a call says what became of its
//! instance.

use std::thread::sleep;
use std::time::Duration;

use abide::module::{Bad, Bytes, Code, Imports, Iovecs, Linker, Status, Trap};
use abide::{Builder, Error, Limits, Result, Warm};

use crate::setup::{Change, Policy, Setup, kept};

/// The guest.
const WILD: &str = include_str!("module.wat");

/// What went wrong, where there is a status for it.
pub(crate) struct Failed;

impl From<Bad> for Failed {
    fn from(_: Bad) -> Self {
        Self
    }
}

impl Status for Failed {
    const OK: u32 = 0;

    fn code(self) -> u32 {
        1
    }
}

/// The host of one instance.
#[derive(Clone)]
pub(crate) struct Env;

#[abide::module("env")]
impl Env {
    fn hear(&mut self, text: &str) -> Result<(), Trap> {
        let _ = text;
        Ok(())
    }

    fn all(&mut self, buffers: Iovecs<'_>) -> Result<u32, Trap> {
        Ok(buffers.0.len() as u32)
    }

    fn give(&mut self, bytes: u32) -> Result<Bytes, Failed> {
        Ok(Bytes(vec![0; bytes.min(65_536) as usize]))
    }

    fn nap(&mut self, milliseconds: u32) {
        sleep(Duration::from_millis(milliseconds.into()));
    }

    fn panics(&mut self) {
        panic!("the clock fell off the wall");
    }
}

impl Imports for Env {
    fn offer(linker: &mut Linker<'_, Self>) {
        Self::offer_env(linker);
    }
}

/// One of two.
#[derive(Debug)]
pub(crate) enum Choice {
    One,
    Other,
}

impl TryFrom<u32> for Choice {
    type Error = ();

    fn try_from(number: u32) -> Result<Self, ()> {
        match number {
            0 => Ok(Self::One),
            1 => Ok(Self::Other),
            _ => Err(()),
        }
    }
}

/// What it exports.
#[abide::module_exports(allocate = ["alloc"])]
pub(crate) trait Wild {
    #[required]
    fn count() -> u32;
    #[required]
    fn stop();
    #[required]
    fn read_outside() -> u32;
    #[required]
    fn divide(by: u32) -> u32;
    #[required]
    fn recurse() -> u32;
    #[required]
    fn spin();
    #[required]
    fn grow_memory();
    #[required]
    fn grow_table();
    #[required]
    fn choose(number: u32) -> Code<Choice>;
    #[required]
    fn pass_text(at: u32, length: u32);
    #[required]
    fn pass_buffers(at: u32, count: u32) -> u32;
    #[required]
    fn want(bytes: u32) -> u32;
    #[required]
    fn sleep(milliseconds: u32);
    #[required]
    fn fail();
}

/// The guest's module, with changes.
pub(crate) fn module(changes: &[Change<'_>]) -> Vec<u8> {
    let mut text = WILD.to_owned();
    for (place, with) in changes {
        assert!(text.contains(place), "there is no `{place}`");
        text = text.replace(place, with);
    }
    parsed(&text)
}

pub(crate) fn parsed(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn builder(setup: &Setup, limits: Limits) -> Builder<Wild> {
    let builder = Wild::builder(Env)
        .engine(&setup.engine)
        .name("wild")
        .artefacts(kept())
        .limits(limits);
    match setup.way.policy {
        Policy::Warm => builder.isolation(Warm::new()),
        Policy::Fresh | Policy::Session => builder,
    }
}

/// What comes of loading a module.
pub(crate) fn refuses(setup: &Setup, bytes: &[u8]) -> Result<Result<()>, String> {
    Ok(builder(setup, Setup::limits()).load_bytes(bytes).map(drop))
}

/// What comes of a first call of a module that has these changes.
pub(crate) fn first_call(
    setup: &Setup,
    limits: Limits,
    changes: &[Change<'_>],
) -> Result<Result<()>, String> {
    let wild = load(setup, limits, changes)?;
    Ok(match setup.way.policy {
        Policy::Fresh | Policy::Warm => wild.count().map(drop),
        Policy::Session => wild.session().and_then(|session| session.count()).map(drop),
    })
}

/// A call of a module that has these changes, and whether what comes after it is as it has to be.
pub(crate) fn called(
    setup: &Setup,
    limits: Limits,
    changes: &[Change<'_>],
    call: fn(&Wild) -> Result<()>,
) -> Result<Result<()>, String> {
    let wild = load(setup, limits, changes)?;
    let said = |error: Error| error.to_string();
    let (ended, next, is_kept) = match setup.way.policy {
        Policy::Fresh => (call(&wild), wild.count(), false),
        Policy::Warm => {
            wild.count().map_err(said)?;
            (call(&wild), wild.count(), true)
        }
        Policy::Session => {
            let session = wild.session().map_err(said)?;
            let (ended, next) = (call(&session), session.count());
            return match (&ended, &next, session.is_alive()) {
                (Ok(()), Ok(1), true) | (Err(_), Err(Error::Discarded { .. }), false) => Ok(ended),
                _ => Err(format!("the next call of the session gave {next:?}")),
            };
        }
    };
    let expected = 1 + u32::from(is_kept && ended.is_ok());
    match next {
        Ok(count) if count == expected => Ok(ended),
        other => Err(format!("the next call gave {other:?}")),
    }
}

fn load(setup: &Setup, limits: Limits, changes: &[Change<'_>]) -> Result<Wild, String> {
    let loaded = builder(setup, limits).load_bytes(module(changes));
    loaded.map_err(|error| format!("the module cannot be loaded: {error}"))
}
