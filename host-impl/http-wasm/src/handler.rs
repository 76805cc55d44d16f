//! A loaded guest, and what it does with one exchange after the other.

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use abide::module::lend;
use abide::{Builder, Result};

use crate::current::Progress;
use crate::imports::Env;
use crate::{Exchange, Features, Host};

/// What guests export.
#[abide::module_exports(start = ["_initialize", "_start"])]
pub trait Guest {
    /// Looks at a request: in the lower half whether it is passed on, in the upper half what the
    /// guest wants to be told with the response.
    #[required]
    fn handle_request() -> u64;

    /// Looks at a response.
    #[required]
    fn handle_response(ctx: u32, is_error: bool);
}

/// A guest of http-wasm, which looks at requests and their responses.
///
/// It is cheap to clone, and can be used from any number of threads.
pub struct HttpWasm<H> {
    guest: Guest,
    /// What the guest enabled while it started.
    initial: Arc<AtomicU32>,
    host: PhantomData<fn() -> H>,
}

impl<H> Clone for HttpWasm<H> {
    fn clone(&self) -> Self {
        Self {
            guest: self.guest.clone(),
            initial: Arc::clone(&self.initial),
            host: PhantomData,
        }
    }
}

impl<H> fmt::Debug for HttpWasm<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpWasm")
            .field("guest", &self.guest)
            .finish_non_exhaustive()
    }
}

impl<H: Host> HttpWasm<H> {
    /// Loads a guest from its file, with everything at its default. It is started once.
    ///
    /// # Errors
    /// The file cannot be read or is no module, the module is none of http-wasm, or it fails as it
    /// starts.
    pub fn load_module(path: impl AsRef<Path>, host: H) -> Result<Self> {
        Self::load_with(host, |builder| builder.load(path))
    }

    /// Loads a guest with limits, grants and whatever else there is to choose:
    ///
    /// ```no_run
    /// # use abide::{Limits, Wasi};
    /// # use abide_http_wasm::{Host, HttpWasm};
    /// # fn load(host: impl Host) -> abide::Result<()> {
    /// let middleware = HttpWasm::load_with(host, |builder| {
    ///     let builder = builder.limits(Limits::strict()).wasi(Wasi::new().clocks());
    ///     builder.load("middleware.wasm")
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`load_module`](Self::load_module).
    pub fn load_with(host: H, load: impl FnOnce(Builder<Guest>) -> Result<Guest>) -> Result<Self> {
        let initial = Arc::default();
        let env = Env::new(host, Arc::clone(&initial));
        let loaded = Self {
            guest: load(Guest::builder(env))?,
            initial,
            host: PhantomData,
        };
        loaded.start()?;
        Ok(loaded)
    }

    /// Starts the guest, to hear what it enables.
    fn start(&self) -> Result<()> {
        self.initial.store(0, Ordering::Relaxed);
        self.guest.session().map(drop)
    }

    /// Replaces the guest by the module in a file, for this and its clones.
    ///
    /// # Errors
    /// Those of loading. Unless the new guest fails as it starts, the old one stays.
    pub fn reload(&self, path: impl AsRef<Path>) -> Result<()> {
        self.guest.reload(path)?;
        self.start()
    }

    /// What the guest enabled while it started: for all requests.
    #[must_use]
    pub fn features(&self) -> Features {
        Features::of(self.initial.load(Ordering::Relaxed))
    }

    /// The handle on the guest, with its counts and whatever else handles have.
    #[must_use]
    pub fn guest(&self) -> &Guest {
        &self.guest
    }

    /// An exchange that the guest is to look at.
    pub fn transaction(&self, exchange: H::Exchange) -> Transaction<'_, H::Exchange> {
        Transaction::new(&self.guest, exchange, self.features())
    }

    /// An instance of one's own, which keeps its memory from one exchange to the next.
    ///
    /// # Errors
    /// No instance could be had, or the guest failed while it started.
    pub fn session(&self) -> Result<Session<H>> {
        Ok(Session {
            session: self.guest.session()?,
            filter: self.clone(),
        })
    }
}

/// One instance of a guest. Several exchanges may be on their way in it; its calls come one after
/// the other.
pub struct Session<H> {
    session: abide::Session<Guest>,
    filter: HttpWasm<H>,
}

impl<H> fmt::Debug for Session<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("filter", &self.filter)
            .finish_non_exhaustive()
    }
}

impl<H: Host> Session<H> {
    /// An exchange that the guest is to look at.
    pub fn transaction(&self, exchange: H::Exchange) -> Transaction<'_, H::Exchange> {
        Transaction::new(&self.session, exchange, self.filter.features())
    }

    /// An exchange that the guest is to look at, for hosts that keep it elsewhere.
    pub fn begin(&self, exchange: H::Exchange) -> Ongoing<H::Exchange> {
        Ongoing::new(exchange, self.filter.features())
    }

    /// The instance, for an [`Ongoing`] that began here.
    #[must_use]
    pub fn guest(&self) -> &Guest {
        &self.session
    }

    /// How many bytes of memory the instance has.
    ///
    /// # Errors
    /// It is not there any more.
    pub fn memory(&self) -> Result<usize> {
        self.session.memory()
    }

    /// Whether the instance is still there: after a call that failed it is not.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.session.is_alive()
    }
}

/// What a guest said of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CtxNext {
    /// What the guest is told with the response.
    pub ctx: u32,
    /// Whether the request is passed on. If not, the guest has made the response.
    pub next: bool,
}

impl CtxNext {
    fn of(bits: u64) -> Self {
        Self {
            ctx: (bits >> 32) as u32,
            next: bits as u32 == 1,
        }
    }
}

/// An exchange on its way: first its request is handled, and then, if that was passed on, its
/// response.
#[derive(Debug)]
pub struct Transaction<'g, X> {
    guest: &'g Guest,
    ongoing: Ongoing<X>,
}

impl<'g, X: Exchange> Transaction<'g, X> {
    fn new(guest: &'g Guest, exchange: X, features: Features) -> Self {
        Self {
            guest,
            ongoing: Ongoing::new(exchange, features),
        }
    }

    /// Has the guest look at the request.
    ///
    /// # Errors
    /// The call failed. The exchange is as far as the guest got with it.
    pub fn handle_request(&mut self) -> Result<CtxNext> {
        self.ongoing.handle_request(self.guest)
    }

    /// Has the guest look at the response, if it passed the request on; otherwise nothing is done.
    /// `is_error` says that there is none because something went wrong.
    ///
    /// # Errors
    /// The call failed. The exchange is as far as the guest got with it.
    pub fn handle_response(&mut self, is_error: bool) -> Result<()> {
        self.ongoing.handle_response(self.guest, is_error)
    }

    /// What is enabled for it.
    pub fn features(&mut self) -> Features {
        self.ongoing.features()
    }

    /// The exchange, between calls.
    pub fn exchange(&mut self) -> &mut X {
        self.ongoing.exchange()
    }

    /// The exchange, for whoever comes next.
    #[must_use]
    pub fn into_exchange(self) -> X {
        self.ongoing.into_exchange()
    }
}

/// A [`Transaction`] without its guest, for hosts that have many on their way and say with each
/// call whose it is: the same guest's, as [`Session::guest`] or [`HttpWasm::guest`] gives it.
#[derive(Debug)]
pub struct Ongoing<X> {
    progress: Option<Box<Progress<X>>>,
    /// What is to be told with the response, if there is one to be handled.
    ctx: Option<u32>,
}

impl<X: Exchange> Ongoing<X> {
    fn new(mut exchange: X, features: Features) -> Self {
        exchange.enable(features);
        Self {
            progress: Some(Box::new(Progress::new(exchange, features))),
            ctx: None,
        }
    }

    /// Has the guest look at the request.
    ///
    /// # Errors
    /// The call failed. The exchange is as far as the guest got with it.
    pub fn handle_request(&mut self, guest: &Guest) -> Result<CtxNext> {
        let said = CtxNext::of(self.call(guest, Guest::handle_request)?);
        self.progress().is_answered = true;
        self.ctx = said.next.then_some(said.ctx);
        Ok(said)
    }

    /// Has the guest look at the response, if it passed the request on and has not yet; otherwise
    /// nothing is done.
    ///
    /// # Errors
    /// The call failed. The exchange is as far as the guest got with it.
    pub fn handle_response(&mut self, guest: &Guest, is_error: bool) -> Result<()> {
        match self.ctx.take() {
            Some(ctx) => self.call(guest, |guest| guest.handle_response(ctx, is_error)),
            None => Ok(()),
        }
    }

    /// Whether the guest is still to be told of the response.
    #[must_use]
    pub fn waits_for_response(&self) -> bool {
        self.ctx.is_some()
    }

    fn call<R>(&mut self, guest: &Guest, call: impl FnOnce(&Guest) -> Result<R>) -> Result<R> {
        self.progress().enter();
        let Some(progress) = self.progress.take() else {
            return call(guest);
        };
        let returned;
        (self.progress, returned) = lend(progress, || call(guest));
        returned
    }

    /// What is enabled for it.
    pub fn features(&mut self) -> Features {
        self.progress().features
    }

    /// The exchange, between calls.
    pub fn exchange(&mut self) -> &mut X {
        &mut self.progress().exchange
    }

    /// The exchange, for whoever comes next.
    #[must_use]
    pub fn into_exchange(self) -> X {
        match self.progress {
            Some(progress) => progress.exchange,
            None => lost(),
        }
    }

    fn progress(&mut self) -> &mut Progress<X> {
        match &mut self.progress {
            Some(progress) => progress,
            None => lost(),
        }
    }
}

/// What is lent for a call comes back with it, also when the host panics in it.
#[cold]
fn lost() -> ! {
    unreachable!("an exchange did not come back from a call")
}
