//! Files and folders as guests use them: wasmtime-wasi's, counted.
//!
//! A guest sees the folders that were opened when they were granted. What it opens itself counts
//! against its limit and its engine's, for as long as it or a stream of it is open. How guests on
//! stacks of their own are kept from blocking is the job of `on_fibres`.

use std::mem;

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, LinkerInstance, Resource, ResourceType};
use wasmtime_wasi::filesystem::{Descriptor, Dir, WasiFilesystemView as _};
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode as FsCode;
use wasmtime_wasi::p2::bindings::sync::filesystem::types::{
    DescriptorFlags, DirectoryEntry, ErrorCode, Host as _, HostDescriptor as _, OpenFlags,
    PathFlags,
};
use wasmtime_wasi::p2::pipe::{ClosedInputStream, ClosedOutputStream};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, FsError, FsResult};

use super::granted::{Granted, Grants, close};
use super::in_place::InPlace;
use super::listing::Listing;
use crate::guard::quota::{Full, Share, Ticket};

/// The interfaces under the names that wasmtime-wasi gives them, so that what is added here takes
/// the place of what it has.
pub(super) const TYPES: &str = "wasi:filesystem/types@0.2.12";
const PREOPENS: &str = "wasi:filesystem/preopens@0.2.12";

type Cx<'a, T> = StoreContextMut<'a, T>;

/// What a function of WASI returns to the guest, or why it ends.
pub(super) type Answer<T> = wasmtime::Result<(Result<T, ErrorCode>,)>;

/// What guests get for a stream of a file that is read and written where it is called.
pub(super) struct Streams {
    pub(super) reads: fn(InPlace<DynInputStream>, &Share) -> DynInputStream,
    pub(super) writes: fn(InPlace<DynOutputStream>, &Share) -> DynOutputStream,
}

/// The stream itself, where guests may block.
const IN_PLACE: Streams = Streams {
    reads: |stream, _| Box::new(stream),
    writes: |stream, _| Box::new(stream),
};

/// Adds the functions that open something, and the end of what they opened.
pub(super) fn link<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    link_granted(linker)?;
    let mut types = linker.instance(TYPES)?;
    types.func_wrap("[method]descriptor.open-at", |mut cx: Cx<'_, T>, params| {
        open_at(cx.data_mut(), params)
    })?;
    link_streams(&mut types, &IN_PLACE)?;
    link_listing(&mut types)
}

/// Adds the folders that were granted, and the end of everything that is open.
pub(super) fn link_granted<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    linker
        .instance(PREOPENS)?
        .func_wrap("get-directories", |mut cx: Cx<'_, T>, (): ()| {
            Ok((cx.data_mut().granted().folders()?,))
        })?;
    let descriptor = ResourceType::host::<Descriptor>();
    let mut types = linker.instance(TYPES)?;
    types.resource("descriptor", descriptor, close::<T, Descriptor>)
}

/// Adds the functions that make a stream of a file.
pub(super) fn link_streams<T: Grants>(
    types: &mut LinkerInstance<'_, T>,
    streams: &Streams,
) -> wasmtime::Result<()> {
    let &Streams { reads, writes } = streams;
    types.func_wrap(
        "[method]descriptor.read-via-stream",
        move |mut cx: Cx<'_, T>, (file, offset): (Resource<Descriptor>, u64)| {
            let (state, rep) = (cx.data_mut(), file.rep());
            let stream = state.filesystem().read_via_stream(file, offset);
            in_place(state, rep, stream, Box::new(ClosedInputStream), reads)
        },
    )?;
    types.func_wrap(
        "[method]descriptor.write-via-stream",
        move |mut cx: Cx<'_, T>, (file, offset): (Resource<Descriptor>, u64)| {
            let (state, rep) = (cx.data_mut(), file.rep());
            let stream = state.filesystem().write_via_stream(file, offset);
            in_place(state, rep, stream, Box::new(ClosedOutputStream), writes)
        },
    )?;
    types.func_wrap(
        "[method]descriptor.append-via-stream",
        move |mut cx: Cx<'_, T>, (file,): (Resource<Descriptor>,)| {
            let (state, rep) = (cx.data_mut(), file.rep());
            let stream = state.filesystem().append_via_stream(file);
            in_place(state, rep, stream, Box::new(ClosedOutputStream), writes)
        },
    )
}

fn link_listing<T: Grants>(types: &mut LinkerInstance<'_, T>) -> wasmtime::Result<()> {
    let listing = ResourceType::host::<Listing>();
    types.resource("directory-entry-stream", listing, close::<T, Listing>)?;
    types.func_wrap(
        "[method]descriptor.read-directory",
        |mut cx: Cx<'_, T>, (folder,): (Resource<Descriptor>,)| list(cx.data_mut(), &folder),
    )?;
    types.func_wrap(
        "[method]directory-entry-stream.read-directory-entry",
        |mut cx: Cx<'_, T>, (listing,): (Resource<Listing>,)| -> Answer<Option<DirectoryEntry>> {
            let table = &mut cx.data_mut().granted().table;
            Ok((table.get_mut(&listing)?.next(),))
        },
    )
}

/// The right to open something, or the guest's error.
pub(super) fn ticket(granted: &Granted) -> FsResult<Ticket> {
    granted.open().map_err(|full| match full {
        // Others have them, and may close them soon.
        Full::Engine => FsCode::Busy.into(),
        Full::Instance => FsError::trap(granted.too_many_files()),
    })
}

/// What wasmtime-wasi returned, with the error that the guest gets apart from one that ends it.
pub(super) fn answer<T>(state: &mut impl Grants, result: FsResult<T>) -> Answer<T> {
    match result {
        Ok(value) => Ok((Ok(value),)),
        Err(error) => Ok((Err(state.filesystem().convert_error_code(error)?),)),
    }
}

/// The parameters of `open-at`.
pub(super) type OpenAt = (
    Resource<Descriptor>,
    PathFlags,
    String,
    OpenFlags,
    DescriptorFlags,
);

fn open_at(state: &mut impl Grants, params: OpenAt) -> Answer<Resource<Descriptor>> {
    let opened = opened(state, params);
    answer(state, opened)
}

/// Opens something, which counts for as long as it is open.
pub(super) fn opened(state: &mut impl Grants, params: OpenAt) -> FsResult<Resource<Descriptor>> {
    let (folder, how, path, open, flags) = params;
    let ticket = ticket(state.granted())?;
    let opened = state.filesystem().open_at(folder, how, path, open, flags)?;
    state.granted().opened(opened.rep(), ticket);
    Ok(opened)
}

/// Puts what works where it is called in the place of a stream that would on another thread. `file`
/// is what it is a stream of, and `nothing` stands there meanwhile.
fn in_place<S: 'static>(
    state: &mut impl Grants,
    file: u32,
    stream: FsResult<Resource<S>>,
    nothing: S,
    wrap: fn(InPlace<S>, &Share) -> S,
) -> Answer<Resource<S>> {
    if let Ok(stream) = &stream {
        let granted = state.granted();
        let open = granted.ticket_of(file);
        let (table, share) = granted.table_and_share();
        let place = table.get_mut(stream)?;
        let in_place = InPlace {
            stream: mem::replace(place, nothing),
            _open: open,
        };
        *place = wrap(in_place, share);
    }
    answer(state, stream)
}

/// A folder that may be listed, and the right to open it for that.
pub(super) fn may_list(
    granted: &Granted,
    folder: &Resource<Descriptor>,
) -> FsResult<(Dir, Ticket)> {
    match granted.table.get(folder)? {
        Descriptor::Dir(dir) => Ok((dir.clone(), ticket(granted)?)),
        Descriptor::File(_) => Err(FsCode::NotDirectory.into()),
    }
}

fn list(state: &mut impl Grants, folder: &Resource<Descriptor>) -> Answer<Resource<Listing>> {
    let listed = may_list(state.granted(), folder);
    let (dir, ticket) = match answer(state, listed)? {
        (Ok(listed),) => listed,
        (Err(code),) => return Ok((Err(code),)),
    };
    match Listing::new(&dir, ticket) {
        Ok(listing) => Ok((Ok(state.granted().table.push(listing)?),)),
        Err(code) => Ok((Err(code),)),
    }
}
