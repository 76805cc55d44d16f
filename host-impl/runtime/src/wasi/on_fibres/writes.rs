//! Writing to a stream: no more at once than the stream permits.

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, ResourceTable};
use wasmtime_wasi::p2::bindings::io::streams::{self, Host as _, HostOutputStream as _};
use wasmtime_wasi::p2::{DynOutputStream, StreamResult};

use super::super::granted::Grants;
use super::super::waiting::permits;

/// The interface under the name that wasmtime-wasi gives it.
const STREAMS: &str = "wasi:io/streams@0.2.12";

type Cx<'a, T> = StoreContextMut<'a, T>;

/// Adds the functions that write without waiting.
pub(super) fn link<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    let mut streams = linker.instance(STREAMS)?;
    streams.func_wrap(
        "[method]output-stream.write",
        |mut cx: Cx<'_, T>, (stream, bytes): (Resource<DynOutputStream>, Vec<u8>)| {
            let table = &mut cx.data_mut().granted().table;
            let permitted = permits(table, &stream, bytes.len() as u64);
            let written = permitted.and_then(|()| table.write(stream, bytes));
            answer(table, written)
        },
    )?;
    streams.func_wrap(
        "[method]output-stream.write-zeroes",
        |mut cx: Cx<'_, T>, (stream, len): (Resource<DynOutputStream>, u64)| {
            let table = &mut cx.data_mut().granted().table;
            let permitted = permits(table, &stream, len);
            let written = permitted.and_then(|()| table.write_zeroes(stream, len));
            answer(table, written)
        },
    )
}

/// What a stream returned, with the error that the guest gets apart from one that ends it.
fn answer(
    table: &mut ResourceTable,
    written: StreamResult<()>,
) -> wasmtime::Result<(Result<(), streams::StreamError>,)> {
    match written {
        Ok(()) => Ok((Ok(()),)),
        Err(error) => Ok((Err(table.convert_stream_error(error)?),)),
    }
}
