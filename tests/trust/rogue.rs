//! The guest in both colours behind one type: what a row does with it is written once.
//!
//! A call of `host_async` is awaited by the thread that makes it. The future is polled there, on a
//! runtime that all have together, as that of a server is.

use std::future::Future;
use std::ops::Deref;
use std::path::Path;
use std::sync::LazyLock;

use abide::{
    Artefacts, Breaker, CancelHandle, Engine, Isolation, Limits, Result, Session as Opened, Stats,
    Wasi,
};
use tokio::runtime::{Builder as Tokio, Runtime};

use crate::app::App;
use crate::setup::Colour;
use crate::{Choice, Grade, Rights, host, host_async};

/// Something of `host`, or what it is in `host_async`.
#[derive(Clone)]
pub(crate) enum Twin<S, A> {
    Sync(S),
    Async(A),
}

/// Makes something of either twin.
macro_rules! each {
    ($twin:expr, $it:ident => $made:expr) => {
        match $twin {
            Twin::Sync($it) => Twin::Sync($made),
            Twin::Async($it) => Twin::Async($made),
        }
    };
}

/// Does with either twin what has to be awaited where it is that of `host_async`.
macro_rules! done {
    ($twin:expr, $it:ident => $done:expr) => {
        match $twin {
            Twin::Sync($it) => $done,
            Twin::Async($it) => wait_for($done),
        }
    };
}

/// Waits for what is awaited.
pub(crate) fn wait_for<F: Future>(future: F) -> F::Output {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        let mut runtime = Tokio::new_multi_thread();
        let runtime = runtime.worker_threads(2).enable_all().build();
        runtime.unwrap_or_else(|error| panic!("there is no runtime: {error}"))
    });
    RUNTIME.block_on(future)
}

/// The builder of a guest.
pub(crate) struct Builder(Twin<abide::Builder<host::Rogue>, abide::Builder<host_async::Rogue>>);

macro_rules! settings {
    ($($name:ident: $ty:ty,)*) => {
        impl Builder {
            $(pub(crate) fn $name(self, value: $ty) -> Self {
                Self(each!(self.0, builder => builder.$name(value)))
            })*
        }
    };
}

settings! {
    artefacts: &Artefacts,
    breaker: Breaker,
    engine: &Engine,
    isolation: impl Into<Isolation>,
    limits: Limits,
    name: &str,
    wasi: Wasi,
}

impl Builder {
    pub(crate) fn new(colour: Colour, app: App) -> Self {
        Self(match colour {
            Colour::Sync => Twin::Sync(host::Rogue::builder(app)),
            Colour::Async => Twin::Async(host_async::Rogue::builder(app)),
        })
    }

    pub(crate) fn load(self, path: impl AsRef<Path>) -> Result<Rogue> {
        Ok(Rogue(match self.0 {
            Twin::Sync(builder) => Twin::Sync(builder.load(path)?),
            Twin::Async(builder) => Twin::Async(wait_for(builder.load_async(path))?),
        }))
    }

    pub(crate) fn load_bytes(self, bytes: impl AsRef<[u8]>) -> Result<Rogue> {
        Ok(Rogue(match self.0 {
            Twin::Sync(builder) => Twin::Sync(builder.load_bytes(bytes)?),
            Twin::Async(builder) => Twin::Async(wait_for(builder.load_bytes_async(bytes))?),
        }))
    }
}

/// A handle on a guest.
#[derive(Clone)]
pub(crate) struct Rogue(pub(crate) Twin<host::Rogue, host_async::Rogue>);

impl Rogue {
    pub(crate) fn session(&self) -> Result<Session> {
        let (guest, opened) = match &self.0 {
            Twin::Sync(guest) => {
                let opened = guest.session()?;
                (Twin::Sync(host::Rogue::clone(&opened)), Twin::Sync(opened))
            }
            Twin::Async(guest) => {
                let opened = wait_for(guest.session())?;
                (
                    Twin::Async(host_async::Rogue::clone(&opened)),
                    Twin::Async(opened),
                )
            }
        };
        let guest = Self(guest);
        Ok(Session { guest, opened })
    }

    pub(crate) fn cancellable(&self) -> (Self, CancelHandle) {
        let (guest, cancel) = match &self.0 {
            Twin::Sync(guest) => {
                let (guest, cancel) = guest.cancellable();
                (Twin::Sync(guest), cancel)
            }
            Twin::Async(guest) => {
                let (guest, cancel) = guest.cancellable();
                (Twin::Async(guest), cancel)
            }
        };
        (Self(guest), cancel)
    }

    pub(crate) fn reload_bytes(&self, bytes: impl AsRef<[u8]>) -> Result<()> {
        done!(&self.0, guest => guest.reload_bytes(bytes))
    }

    pub(crate) fn stats(&self) -> Stats {
        match &self.0 {
            Twin::Sync(guest) => guest.stats(),
            Twin::Async(guest) => guest.stats(),
        }
    }

    /// A resource of the guest's, of a session.
    pub(crate) fn slow(&self, milliseconds: u32) -> Result<Slow> {
        Ok(Slow(match &self.0 {
            Twin::Sync(guest) => Twin::Sync(guest.slows().slow_new(milliseconds)?),
            Twin::Async(guest) => Twin::Async(wait_for(guest.slows().slow_new(milliseconds))?),
        }))
    }
}

macro_rules! exports {
    ($(fn $name:ident($($param:ident: $ty:ty),*) -> $result:ty;)*) => {
        impl Rogue {
            $(pub(crate) fn $name(&self $(, $param: $ty)*) -> Result<$result> {
                done!(&self.0, guest => guest.$name($($param),*))
            })*
        }
    };
}

exports! {
    fn count() -> u32;
    fn add(a: u32, b: u32) -> u32;
    fn echo(text: &str) -> String;
    fn stop() -> ();
    fn read_outside() -> ();
    fn divide() -> ();
    fn recurse() -> ();
    fn spin() -> ();
    fn spin_in_realloc(text: &str) -> ();
    fn spin_in_post_return() -> u32;
    fn nap(milliseconds: u32) -> ();
    fn nap_last(milliseconds: u32) -> ();
    fn grow_memory() -> ();
    fn grow_memories() -> ();
    fn grow_table() -> ();
    fn large(mebibytes: u32) -> String;
    fn same_lists(count: u32, bytes: u32) -> Vec<Vec<u8>>;
    fn pass_same_lists(count: u32, bytes: u32) -> ();
    fn pass_same_words(count: u32, bytes: u32) -> ();
    fn text(at: u32, length: u32) -> String;
    fn text_at(at: u32) -> String;
    fn numbers(at: u32, length: u32) -> Vec<u32>;
    fn take_odd(numbers: &[u32]) -> ();
    fn take_outside(text: &str) -> ();
    fn pass_text(at: u32, length: u32) -> ();
    fn pass_numbers(at: u32, length: u32) -> ();
    fn letter(code: u32) -> char;
    fn choose(number: u32) -> Choice;
    fn grade_of(number: u32) -> Grade;
    fn allow(bits: u32) -> Rights;
    fn hoard() -> ();
    fn forge(handle: u32) -> ();
    fn use_dropped() -> ();
    fn drop_twice() -> ();
    fn errs() -> ();
    fn panics() -> ();
    fn calls_back() -> ();
    fn take_random(bytes: u64) -> u32;
    fn flood() -> ();
    fn fill() -> u32;
    fn leftovers() -> u32;
}

/// A session.
pub(crate) struct Session {
    guest: Rogue,
    opened: Twin<Opened<host::Rogue>, Opened<host_async::Rogue>>,
}

impl Session {
    pub(crate) fn is_alive(&self) -> bool {
        match &self.opened {
            Twin::Sync(opened) => opened.is_alive(),
            Twin::Async(opened) => opened.is_alive(),
        }
    }
}

impl Deref for Session {
    type Target = Rogue;

    fn deref(&self) -> &Rogue {
        &self.guest
    }
}

/// A resource of the guest's.
pub(crate) struct Slow(Twin<host::exports::slows::Slow, host_async::exports::slows::Slow>);

impl Slow {
    /// Has its destructor run now. What that comes to is the session's affair.
    pub(crate) fn release(self) {
        match self.0 {
            Twin::Sync(slow) => drop(slow),
            Twin::Async(slow) => drop(wait_for(abide::release(slow))),
        }
    }
}
