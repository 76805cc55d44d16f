//! What one instance holds of the system, and how guests are linked to it.
//!
//! It knows WASI's interfaces. What is granted was decided elsewhere.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::component::{Linker, Resource, ResourceTable};
use wasmtime_wasi::filesystem::Descriptor;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
#[cfg(feature = "http")]
use wasmtime_wasi_http::WasiHttpCtxView;

use super::folder::Folder;
#[cfg(feature = "http")]
use super::http::{self, Client};
use super::waiting::{self, Patience};
use super::{Wasi, files, names, sockets};
use crate::error::Error;
use crate::error_kind::LimitKind;
use crate::quota::{Full, Share, Ticket};
use crate::state::State;
use crate::stdio::Outputs;
use crate::terms::Terms;

/// The packages of WASI 0.2 whose interfaces the runtime links. The macro has the same list, in the
/// model's `wasi.rs`: it asks no host to implement these. A test compares the two.
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
    pub(super) table: ResourceTable,
    outputs: Outputs,
    deadline: Duration,
    /// When the call that runs has to be over. None is never.
    until: Option<Instant>,
    folders: Arc<Vec<Folder>>,
    /// Whether the guest may look up names.
    names: bool,
    share: Share,
    /// What the guest has open, by the number of its resource.
    open: HashMap<u32, Arc<Ticket>>,
    #[cfg(feature = "http")]
    http: Client,
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Granted").finish_non_exhaustive()
    }
}

impl Granted {
    pub(super) fn new(
        wasi: &Wasi,
        mut builder: WasiCtxBuilder,
        outputs: Outputs,
        terms: &Terms,
    ) -> Self {
        let Terms { limits, quota, .. } = terms;
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.resource_table);
        let share = Share::new(quota, limits);
        Self {
            ctx: builder.build(),
            table,
            outputs,
            deadline: limits.deadline,
            until: Instant::now().checked_add(limits.deadline),
            folders: Arc::clone(&wasi.folders),
            names: wasi.network.as_ref().is_some_and(|some| some.may_look_up()),
            #[cfg(feature = "http")]
            http: Client::new(wasi.http.clone(), limits.deadline, share.clone()),
            share,
            open: HashMap::new(),
        }
    }

    #[cfg(feature = "http")]
    pub(super) fn http(&mut self) -> WasiHttpCtxView<'_> {
        self.http.view(&mut self.table)
    }

    /// A call starts: from now on the guest may wait for as long as the call may take.
    pub(crate) fn begin(&mut self) {
        self.until = Instant::now().checked_add(self.deadline);
        self.outputs.begin(self.until);
    }

    /// A call went well: what it wrote does not count for the next one.
    pub(crate) fn settle(&self) {
        self.outputs.settle();
    }

    /// A call is over: what it began to write is told while it still is the one that runs.
    pub(crate) fn flush(&self) {
        self.outputs.flush();
    }

    /// The folders that the guest was granted, as it gets them.
    pub(super) fn folders(&mut self) -> wasmtime::Result<Vec<(Resource<Descriptor>, String)>> {
        let mut folders = Vec::with_capacity(self.folders.len());
        for folder in &*self.folders {
            // Those that could not be opened were refused when the guest was loaded.
            if let Ok(dir) = folder.dir() {
                let descriptor = self.table.push(Descriptor::Dir(dir.clone()))?;
                folders.push((descriptor, folder.guest.clone()));
            }
        }
        Ok(folders)
    }

    /// What the instance may hold of the host's process.
    pub(super) fn share(&self) -> &Share {
        &self.share
    }

    pub(super) fn may_look_up(&self) -> bool {
        self.names
    }

    /// The right to open a file or a socket.
    pub(super) fn open(&self) -> Result<Ticket, Full> {
        self.share.open()
    }

    /// The guest has something open, until it is [closed](Self::closed).
    pub(super) fn opened(&mut self, rep: u32, ticket: Ticket) {
        self.open.insert(rep, Arc::new(ticket));
    }

    pub(super) fn closed(&mut self, rep: u32) {
        self.open.remove(&rep);
    }

    /// What keeps a file open, for a stream that does as well.
    pub(super) fn ticket_of(&self, rep: u32) -> Option<Arc<Ticket>> {
        self.open.get(&rep).cloned()
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
    // What waits is replaced by what waits no longer than a call may take, and what takes something
    // of the process by what counts it.
    linker.allow_shadowing(true);
    waiting::link(linker)?;
    files::link(linker)?;
    sockets::link(linker)?;
    names::link(linker)?;
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
        // Instances of guests that import WASI are made with it. Should one ever not be, it has
        // nothing.
        wasi.get_or_insert_with(|| Box::new(Wasi::new().instance(terms)))
    }

    /// The error that ends a guest which has as many files open as it may. The call it belongs to
    /// is filled in later.
    pub(super) fn too_many_files(&self) -> wasmtime::Error {
        let error = Error::Limit {
            guest: Arc::from(""),
            function: Box::from(""),
            what: LimitKind::OpenFiles,
            limit: self.terms.limits.open_files as u64,
            wanted: None,
        };
        error.into()
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
