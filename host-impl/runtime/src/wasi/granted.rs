//! What one instance holds of the system.
//!
//! What is granted was decided elsewhere; here it is counted, and lasts for a call or for as long
//! as the instance.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::StoreContextMut;
use wasmtime::component::{Resource, ResourceTable};
use wasmtime_wasi::filesystem::Descriptor;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
#[cfg(feature = "http")]
use wasmtime_wasi_http::WasiHttpCtxView;

use super::folder::Folder;
#[cfg(feature = "http")]
use super::http::{Client, Http};
#[cfg(feature = "wasip1")]
use super::preview1::descriptors::Descriptors;
use super::stdio::Outputs;
use crate::error::fault::Fault;
use crate::error::kinds::LimitKind;
use crate::guard::cancel::Cancel;
use crate::guard::limits::Limits;
use crate::guard::quota::{Full, Quota, Share, Ticket};

/// The data of a store whose instance holds something of the system.
pub(crate) trait Grants: WasiView + AsksPeers + 'static {
    /// What the instance holds.
    fn granted(&mut self) -> &mut Granted;

    /// What ends the call that runs before its time is over, if anything can.
    fn cancel(&self) -> Option<Arc<Cancel>>;
}

/// What else such data is with the feature `http`.
#[cfg(feature = "http")]
pub(crate) use wasmtime_wasi_http::WasiHttpView as AsksPeers;

/// What else such data is with the feature `http`, and without it is not.
#[cfg(not(feature = "http"))]
pub(crate) trait AsksPeers {}

#[cfg(not(feature = "http"))]
impl<T> AsksPeers for T {}

/// How a resource `R` of WASI ends, for a linker.
pub(super) fn close<T: Grants, R: 'static>(
    mut cx: StoreContextMut<'_, T>,
    rep: u32,
) -> wasmtime::Result<()> {
    cx.data_mut().granted().closed::<R>(rep)
}

/// The grants of an instance, each in the form in which it is used.
pub(super) struct Parts {
    pub(super) ctx: WasiCtx,
    pub(super) outputs: Outputs,
    pub(super) folders: Arc<Vec<Folder>>,
    /// Whether the guest may look up names.
    pub(super) names: bool,
    #[cfg(feature = "http")]
    pub(super) http: Option<Arc<Http>>,
}

/// What one instance holds of the system.
pub(crate) struct Granted {
    ctx: WasiCtx,
    pub(super) table: ResourceTable,
    outputs: Outputs,
    deadline: Duration,
    /// When the call that runs has to be over. None is never.
    pub(super) until: Option<Instant>,
    folders: Arc<Vec<Folder>>,
    /// Whether the guest may look up names.
    names: bool,
    share: Share,
    /// How many files and sockets it may have open.
    most_files: usize,
    /// What the guest has open, by the number of its resource.
    open: HashMap<u32, Arc<Ticket>>,
    /// What a guest that is a module has open by its numbers, once it has asked for any.
    #[cfg(feature = "wasip1")]
    pub(super) preview1: Option<Box<Descriptors>>,
    #[cfg(feature = "http")]
    http: Client,
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Granted").finish_non_exhaustive()
    }
}

impl Granted {
    pub(super) fn new(parts: Parts, limits: &Limits, quota: &Arc<Quota>) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.resource_table);
        let share = Share::new(quota, limits);
        Self {
            ctx: parts.ctx,
            table,
            outputs: parts.outputs,
            deadline: limits.deadline,
            until: Instant::now().checked_add(limits.deadline),
            folders: parts.folders,
            names: parts.names,
            #[cfg(feature = "wasip1")]
            preview1: None,
            #[cfg(feature = "http")]
            http: Client::new(parts.http, limits.deadline, share.clone()),
            share,
            most_files: limits.open_files,
            open: HashMap::new(),
        }
    }

    #[cfg(feature = "http")]
    pub(crate) fn http(&mut self) -> WasiHttpCtxView<'_> {
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

    /// A call is over: what it began to write is logged while it still is the one that runs.
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

    /// What the guest has resources in, and [`share`](Self::share).
    pub(super) fn table_and_share(&mut self) -> (&mut ResourceTable, &Share) {
        (&mut self.table, &self.share)
    }

    pub(super) fn may_look_up(&self) -> bool {
        self.names
    }

    /// The right to open a file or a socket.
    pub(super) fn open(&self) -> Result<Ticket, Full> {
        self.share.open()
    }

    /// The error that ends a guest which has as many files open as it may.
    pub(super) fn too_many_files(&self) -> wasmtime::Error {
        let fault = Fault::Limit {
            what: LimitKind::OpenFiles,
            limit: self.most_files as u64,
            wanted: None,
        };
        fault.into()
    }

    /// The guest has something open, until it is [closed](Self::closed).
    pub(super) fn opened(&mut self, rep: u32, ticket: Ticket) {
        self.open.insert(rep, Arc::new(ticket));
    }

    /// The guest dropped a resource: ends it, and what it counted for.
    pub(super) fn closed<R: 'static>(&mut self, rep: u32) -> wasmtime::Result<()> {
        self.table.delete(Resource::<R>::new_own(rep))?;
        self.open.remove(&rep);
        Ok(())
    }

    /// What keeps a file open, for a stream that does as well.
    pub(super) fn ticket_of(&self, rep: u32) -> Option<Arc<Ticket>> {
        self.open.get(&rep).cloned()
    }

    /// What the guest writes to: its standard output and its standard error.
    #[cfg(any(feature = "async", feature = "wasip1"))]
    pub(super) fn outputs(&self) -> &Outputs {
        &self.outputs
    }

    /// The end of what the guest wrote to its standard error in this call.
    pub(crate) fn last_words(&self) -> Box<str> {
        self.outputs.last_words()
    }

    pub(crate) fn view(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.ctx,
            table: &mut self.table,
        }
    }
}
