//! Streams of files that are read and written where they are called.
//!
//! wasmtime-wasi does that on a thread of its own for each stream, because its callers may be async
//! code that must not block. Guests here may block their thread, and a guest with many streams
//! would have as many threads.

use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, InputStream, OutputStream, Pollable, StreamResult,
};
use wasmtime_wasi::runtime::poll_noop;

use crate::guard::quota::Ticket;

/// A stream of an open file, which it keeps open.
pub(super) struct InPlace<S> {
    pub(super) stream: S,
    pub(super) _open: Option<Arc<Ticket>>,
}

#[wasmtime_wasi::async_trait]
impl InputStream for InPlace<DynInputStream> {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        if size == 0 {
            return self.stream.read(0);
        }
        // It is done when it returns: the file was opened by somebody who may block.
        let read = poll_noop(pin!(self.stream.blocking_read(size)));
        read.unwrap_or_else(|| Ok(Bytes::new()))
    }
}

#[wasmtime_wasi::async_trait]
impl OutputStream for InPlace<DynOutputStream> {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let written = poll_noop(pin!(self.stream.blocking_write_and_flush(bytes)));
        written.unwrap_or(Ok(()))
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.stream.flush()
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        self.stream.check_write()
    }
}

#[wasmtime_wasi::async_trait]
impl<S: Send + 'static> Pollable for InPlace<S> {
    /// Files are always ready: what there is to wait for is waited for in place.
    async fn ready(&mut self) {}
}
