//! What one instance holds of the system, and how guests are linked to it.
//!
//! It knows WASI's interfaces. What is granted was decided elsewhere.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
#[cfg(feature = "http")]
use wasmtime_wasi_http::WasiHttpCtxView;

use super::Wasi;
#[cfg(feature = "http")]
use super::http::{self, Client, Http};
use super::waiting::{self, Patience};
use crate::limits::Limits;
use crate::state::State;
use crate::stdio::Outputs;

/// The packages of WASI 0.2 whose interfaces the runtime links. The macro has the same list, in the model's
/// `wasi.rs`: it asks no host to implement these. A test compares the two.
pub const PACKAGES: &[&str] = &[
    "wasi:cli/",
    "wasi:clocks/",
    "wasi:filesystem/",
    "wasi:io/",
    "wasi:random/",
    "wasi:sockets/",
];

/// What one instance holds of the system.
pub(crate) struct Granted {
    ctx: WasiCtx,
    table: ResourceTable,
    outputs: Outputs,
    deadline: Duration,
    /// When the call that runs has to be over. None is never.
    until: Option<Instant>,
    #[cfg(feature = "http")]
    http: Client,
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Granted").finish_non_exhaustive()
    }
}

impl Granted {
    pub(super) fn new(mut builder: WasiCtxBuilder, outputs: Outputs, limits: &Limits) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.resource_table);
        Self {
            ctx: builder.build(),
            table,
            outputs,
            deadline: limits.deadline,
            until: Instant::now().checked_add(limits.deadline),
            #[cfg(feature = "http")]
            http: Client::new(None, limits.deadline),
        }
    }

    #[cfg(feature = "http")]
    pub(super) fn with_http(mut self, http: Arc<Http>, limits: &Limits) -> Self {
        self.http = Client::new(Some(http), limits.deadline);
        self
    }

    #[cfg(feature = "http")]
    pub(super) fn http(&mut self) -> WasiHttpCtxView<'_> {
        self.http.view(&mut self.table)
    }

    /// A call starts: from now on the guest may wait for as long as the call may take.
    pub(crate) fn begin(&mut self) {
        self.until = Instant::now().checked_add(self.deadline);
    }

    /// A call went well: what it wrote does not count for the next one.
    pub(crate) fn settle(&self) {
        self.outputs.forget();
    }

    /// The end of what the guest wrote to its standard error in this call.
    pub(crate) fn last_words(&self) -> Box<str> {
        self.outputs.last_words()
    }

    fn view(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.ctx,
            table: &mut self.table,
        }
    }
}

/// Adds the interfaces of WASI 0.2 to a linker.
pub(crate) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_sync(linker)?;
    // What waits is replaced by what waits no longer than a call may take.
    linker.allow_shadowing(true);
    waiting::link(linker)?;
    linker.allow_shadowing(false);
    #[cfg(feature = "http")]
    http::link(linker)?;
    Ok(())
}

/// Whether an import is one that [`link`] offers. The engine has the last word.
pub(crate) fn offers(import: &str) -> bool {
    let any = |list: &[&str]| list.iter().any(|start| import.starts_with(start));
    let offered = any(PACKAGES) || cfg!(feature = "http") && any(HTTP);
    offered && import.contains("@0.2.")
}

/// The interfaces of `wasi:http` that are linked with the feature `http`.
const HTTP: &[&str] = &["wasi:http/outgoing-handler@", "wasi:http/types@"];

/// What to do about an import that is not offered, where that is known.
pub(crate) fn advice(import: &str) -> Option<&'static str> {
    let without = !cfg!(feature = "http");
    let http = HTTP.iter().any(|interface| import.starts_with(interface));
    (without && http).then_some(
        "the host runtime has this with the feature `http` of the crate `abide`, and `Wasi::http` says \
         whom a guest may ask",
    )
}

impl State {
    /// What the instance holds of the system.
    pub(super) fn granted(&mut self) -> &mut Granted {
        let Self { wasi, terms, .. } = self;
        // Instances of guests that import WASI are made with it. Should one ever not be, it has nothing.
        wasi.get_or_insert_with(|| {
            let (builder, outputs) = Wasi::new().without_folders(&terms.guest, &terms.limits);
            Box::new(Granted::new(builder, outputs, &terms.limits))
        })
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.granted().view()
    }
}

/// The parts of an instance's share that a wait needs.
pub(super) struct Waiting<'a> {
    pub(super) table: &'a mut ResourceTable,
    pub(super) patience: Patience,
}

impl State {
    /// What the guest waits with, in the call that runs.
    pub(super) fn waiting(&mut self) -> Waiting<'_> {
        let cancel = self.armed.as_ref().map(|armed| Arc::clone(&armed.cancel));
        let granted = self.granted();
        Waiting {
            table: &mut granted.table,
            patience: Patience {
                until: granted.until,
                cancel,
            },
        }
    }
}
