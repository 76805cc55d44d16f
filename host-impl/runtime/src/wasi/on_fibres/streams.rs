//! Streams of files: read and written on another thread.

use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, InputStream, OutputStream, Pollable, StreamError, StreamResult,
};

use super::super::in_place::InPlace;
use super::apart::Apart;
use crate::guard::quota::Share;

/// How much a stream keeps of what was read and not asked for again, or is to be written: a guest
/// may have many streams. Who waits for what it reads gets more at once.
const KEPT: usize = 16 * 1024;

/// How much is read ahead for a guest that only waits.
const AHEAD: usize = 4 * 1024;

/// A stream that is read on another thread.
pub(super) struct Reads {
    stream: Apart<InPlace<DynInputStream>, StreamResult<Bytes>>,
    /// What was read and not handed out.
    read: Option<StreamResult<Bytes>>,
}

/// A stream of a file for a guest that may not block.
pub(super) fn reads(stream: InPlace<DynInputStream>, share: &Share) -> DynInputStream {
    Box::new(Reads {
        stream: Apart::new(stream, share),
        read: None,
    })
}

impl Reads {
    /// Reads up to `size` bytes, unless something was read.
    async fn read_some(&mut self, size: usize) {
        if self.read.is_none() {
            self.stream.start(move |stream| stream.read(size));
            self.read = self.stream.done().await.map(flat);
        }
    }
}

/// What came of a piece of work, where the work itself could fail.
fn flat<T>(done: wasmtime::Result<StreamResult<T>>) -> StreamResult<T> {
    done.unwrap_or_else(|error| Err(StreamError::Trap(error)))
}

#[wasmtime_wasi::async_trait]
impl InputStream for Reads {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        if size == 0 {
            return Ok(Bytes::new());
        }
        if self.read.is_none() {
            let mut cx = Context::from_waker(Waker::noop());
            match self.stream.poll(&mut cx) {
                Poll::Ready(Some(done)) => self.read = Some(flat(done)),
                Poll::Ready(None) => {
                    let size = size.min(KEPT);
                    self.stream.start(move |stream| stream.read(size));
                }
                Poll::Pending => {}
            }
        }
        match self.read.take() {
            None => Ok(Bytes::new()),
            Some(Err(error)) => Err(error),
            Some(Ok(mut bytes)) => {
                let part = bytes.split_to(bytes.len().min(size));
                self.read = (!bytes.is_empty()).then_some(Ok(bytes));
                Ok(part)
            }
        }
    }

    async fn blocking_read(&mut self, size: usize) -> StreamResult<Bytes> {
        if size != 0 {
            self.read_some(size).await;
        }
        self.read(size)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Reads {
    async fn ready(&mut self) {
        self.read_some(AHEAD).await;
    }
}

impl Drop for Reads {
    fn drop(&mut self) {
        self.stream.give_up();
    }
}

/// A stream that is written on another thread.
pub(super) struct Writes {
    stream: Apart<InPlace<DynOutputStream>, StreamResult<()>>,
    /// What went wrong and was not told.
    failed: Option<StreamError>,
}

/// A stream of a file for a guest that may not block.
pub(super) fn writes(stream: InPlace<DynOutputStream>, share: &Share) -> DynOutputStream {
    Box::new(Writes {
        stream: Apart::new(stream, share),
        failed: None,
    })
}

impl Writes {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.stream.poll(cx).map(|done| {
            if let Some(Err(error)) = done.map(flat) {
                self.failed = Some(error);
            }
        })
    }

    /// Tells what went wrong, once.
    fn told(&mut self) -> StreamResult<()> {
        self.failed.take().map_or(Ok(()), Err)
    }
}

#[wasmtime_wasi::async_trait]
impl OutputStream for Writes {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.told()?;
        self.stream.start(move |stream| stream.write(bytes));
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.told()
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        let _ = self.poll(&mut Context::from_waker(Waker::noop()));
        self.told()?;
        let here = self.stream.here();
        here.map_or(Ok(0), |stream| Ok(stream.check_write()?.min(KEPT)))
    }

    async fn cancel(&mut self) {
        self.ready().await;
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Writes {
    async fn ready(&mut self) {
        std::future::poll_fn(|cx| self.poll(cx)).await;
    }
}
