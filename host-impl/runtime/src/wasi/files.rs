//! Files and folders as guests use them: wasmtime-wasi's, counted.
//!
//! A guest sees the folders that were opened when they were granted. What it opens itself counts
//! against its limit and its engine's, for as long as it or a stream of it is open.

use std::mem;

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, LinkerInstance, Resource, ResourceType};
use wasmtime_wasi::filesystem::{Descriptor, WasiFilesystemView as _};
use wasmtime_wasi::p2::bindings::sync::filesystem::types::{
    DescriptorFlags, DirectoryEntry, ErrorCode, Host as _, HostDescriptor as _, OpenFlags,
    PathFlags,
};
use wasmtime_wasi::p2::pipe::{ClosedInputStream, ClosedOutputStream};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, FsResult};

use super::granted::{Granted, Grants, close};
use super::in_place::InPlace;
use super::listing::Listing;
use crate::guard::quota::{Full, Ticket};

/// The interfaces under the names that wasmtime-wasi gives them, so that what is added here takes
/// the place of what it has.
const TYPES: &str = "wasi:filesystem/types@0.2.12";
const PREOPENS: &str = "wasi:filesystem/preopens@0.2.12";

type Cx<'a, T> = StoreContextMut<'a, T>;

/// What a function of WASI returns to the guest, or why it ends.
type Answer<T> = wasmtime::Result<(Result<T, ErrorCode>,)>;

/// Adds the functions that open something, and the end of what they opened.
pub(super) fn link<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    linker
        .instance(PREOPENS)?
        .func_wrap("get-directories", |mut cx: Cx<'_, T>, (): ()| {
            Ok((cx.data_mut().granted().folders()?,))
        })?;
    let mut types = linker.instance(TYPES)?;
    let descriptor = ResourceType::host::<Descriptor>();
    types.resource("descriptor", descriptor, close::<T, Descriptor>)?;
    types.func_wrap("[method]descriptor.open-at", |mut cx: Cx<'_, T>, params| {
        open_at(cx.data_mut(), params)
    })?;
    link_streams(&mut types)?;
    link_listing(&mut types)
}

fn link_streams<T: Grants>(types: &mut LinkerInstance<'_, T>) -> wasmtime::Result<()> {
    types.func_wrap(
        "[method]descriptor.read-via-stream",
        |mut cx: Cx<'_, T>, (file, offset): (Resource<Descriptor>, u64)| {
            let (state, rep) = (cx.data_mut(), file.rep());
            let stream = state.filesystem().read_via_stream(file, offset);
            reads_in_place(state, rep, stream)
        },
    )?;
    types.func_wrap(
        "[method]descriptor.write-via-stream",
        |mut cx: Cx<'_, T>, (file, offset): (Resource<Descriptor>, u64)| {
            let (state, rep) = (cx.data_mut(), file.rep());
            let stream = state.filesystem().write_via_stream(file, offset);
            writes_in_place(state, rep, stream)
        },
    )?;
    types.func_wrap(
        "[method]descriptor.append-via-stream",
        |mut cx: Cx<'_, T>, (file,): (Resource<Descriptor>,)| {
            let (state, rep) = (cx.data_mut(), file.rep());
            let stream = state.filesystem().append_via_stream(file);
            writes_in_place(state, rep, stream)
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
fn ticket(granted: &Granted) -> wasmtime::Result<Result<Ticket, ErrorCode>> {
    match granted.open() {
        Ok(ticket) => Ok(Ok(ticket)),
        // Others have them, and may close them soon.
        Err(Full::Engine) => Ok(Err(ErrorCode::Busy)),
        Err(Full::Instance) => Err(granted.too_many_files()),
    }
}

/// What wasmtime-wasi returned, with the error that the guest gets apart from one that ends it.
fn answer<T>(
    state: &mut impl Grants,
    result: FsResult<T>,
) -> wasmtime::Result<Result<T, ErrorCode>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(error) => state.filesystem().convert_error_code(error).map(Err),
    }
}

type OpenAt = (
    Resource<Descriptor>,
    PathFlags,
    String,
    OpenFlags,
    DescriptorFlags,
);

fn open_at(state: &mut impl Grants, params: OpenAt) -> Answer<Resource<Descriptor>> {
    let (folder, how, path, open, flags) = params;
    let ticket = match ticket(state.granted())? {
        Ok(ticket) => ticket,
        Err(code) => return Ok((Err(code),)),
    };
    let opened = state.filesystem().open_at(folder, how, path, open, flags);
    let opened = answer(state, opened)?;
    if let Ok(descriptor) = &opened {
        state.granted().opened(descriptor.rep(), ticket);
    }
    Ok((opened,))
}

/// Puts what works where it is called in the place of a stream that would on another thread. `file`
/// is what it is a stream of, and `nothing` stands there meanwhile.
fn in_place<S: 'static>(
    state: &mut impl Grants,
    file: u32,
    stream: FsResult<Resource<S>>,
    nothing: S,
    wrap: impl FnOnce(InPlace<S>) -> S,
) -> Answer<Resource<S>> {
    let stream = answer(state, stream)?;
    if let Ok(stream) = &stream {
        let granted = state.granted();
        let open = granted.ticket_of(file);
        let place = granted.table.get_mut(stream)?;
        let stream = mem::replace(place, nothing);
        *place = wrap(InPlace {
            stream,
            _open: open,
        });
    }
    Ok((stream,))
}

fn reads_in_place(
    state: &mut impl Grants,
    file: u32,
    stream: FsResult<Resource<DynInputStream>>,
) -> Answer<Resource<DynInputStream>> {
    let nothing = Box::new(ClosedInputStream);
    in_place(state, file, stream, nothing, |stream| Box::new(stream))
}

fn writes_in_place(
    state: &mut impl Grants,
    file: u32,
    stream: FsResult<Resource<DynOutputStream>>,
) -> Answer<Resource<DynOutputStream>> {
    let nothing = Box::new(ClosedOutputStream);
    in_place(state, file, stream, nothing, |stream| Box::new(stream))
}

fn list(state: &mut impl Grants, folder: &Resource<Descriptor>) -> Answer<Resource<Listing>> {
    let dir = match state.granted().table.get(folder)? {
        Descriptor::Dir(dir) => dir.clone(),
        Descriptor::File(_) => return Ok((Err(ErrorCode::NotDirectory),)),
    };
    let ticket = match ticket(state.granted())? {
        Ok(ticket) => ticket,
        Err(code) => return Ok((Err(code),)),
    };
    match Listing::new(&dir, ticket) {
        Ok(listing) => Ok((Ok(state.granted().table.push(listing)?),)),
        Err(code) => Ok((Err(code),)),
    }
}
