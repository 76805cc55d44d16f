//! The functions of WASI that wait, each for no longer than the call may take.
//!
//! A guest that waits is inside of the host, where the engine's deadline cannot interrupt it: for a
//! moment that is far off, a peer that does not answer, somebody at a keyboard. All of these waits
//! go through `wasi:io/poll` and the blocking functions of `wasi:io/streams`. They are
//! wasmtime-wasi's, under a clock.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use wasmtime::Trap;
use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi::p2::bindings::io::poll as async_poll;
use wasmtime_wasi::p2::bindings::io::streams as async_streams;
use wasmtime_wasi::p2::bindings::sync::io::{poll, streams};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, DynPollable, StreamError, StreamResult};
use wasmtime_wasi::runtime::in_tokio;

use super::granted::Grants;
use crate::error::fault::Fault;
use crate::guard::cancel::Cancel;
use crate::guard::clock::TICK;

/// Adds the interfaces whose functions wait.
pub(super) fn link<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    poll::add_to_linker::<T, Waits>(linker, waiting)?;
    streams::add_to_linker::<T, Waits>(linker, waiting)
}

/// The parts of an instance's share that a wait needs.
pub(super) struct Waiting<'a> {
    table: &'a mut ResourceTable,
    patience: Patience,
}

/// What the guest waits with, in the call that runs.
pub(super) fn waiting<T: Grants>(state: &mut T) -> Waiting<'_> {
    let cancel = state.cancel();
    let granted = state.granted();
    Waiting {
        patience: Patience {
            until: granted.until,
            cancel,
        },
        table: &mut granted.table,
    }
}

struct Waits;

impl HasData for Waits {
    type Data<'a> = Waiting<'a>;
}

/// For how long a guest may wait.
#[derive(Debug, Default)]
struct Patience {
    /// When the call has to be over. None is never.
    until: Option<Instant>,
    /// What else ends the call, if anything can.
    cancel: Option<Arc<Cancel>>,
}

impl Patience {
    /// When to look whether there is a reason to wait no longer; `None` is never.
    fn look(&self) -> Option<Instant> {
        match &self.cancel {
            None => self.until,
            Some(_) => {
                let soon = Instant::now() + TICK;
                Some(self.until.map_or(soon, |until| until.min(soon)))
            }
        }
    }

    /// Why to wait no longer: what the engine itself says to a guest whose time is up, or that the
    /// call was cancelled.
    fn end(&self) -> Option<wasmtime::Error> {
        if self
            .cancel
            .as_ref()
            .is_some_and(|cancel| cancel.is_cancelled())
        {
            return Some(Fault::Cancelled.into());
        }
        let is_over = self.until.is_some_and(|until| until <= Instant::now());
        is_over.then(|| Trap::Interrupt.into())
    }
}

/// An error that can end the guest.
trait Ends {
    fn ends(error: wasmtime::Error) -> Self;
}

impl Ends for wasmtime::Error {
    fn ends(error: wasmtime::Error) -> Self {
        error
    }
}

impl Ends for StreamError {
    fn ends(error: wasmtime::Error) -> Self {
        Self::Trap(error)
    }
}

/// Waits for `future`, or until there is a reason to wait no longer.
fn wait<T, E>(patience: &Patience, future: impl Future<Output = Result<T, E>>) -> Result<T, E>
where
    E: Ends,
{
    in_tokio(async {
        let mut future = pin!(future);
        // A timer only where there is something to wait for: most often there is not, and a host's
        // own runtime need not have timers.
        let first = poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => Poll::Ready(None),
        });
        if let Some(done) = first.await {
            return done;
        }
        while let Some(look) = patience.look() {
            if let Ok(done) = tokio::time::timeout_at(look.into(), future.as_mut()).await {
                return done;
            }
            if let Some(error) = patience.end() {
                return Err(E::ends(error));
            }
        }
        future.await
    })
}

/// Ends a guest that writes more at once than it may. A guest asks for that with `check-write`;
/// here it is asked once more, because not every stream remembers what it said.
pub(super) fn permits(
    table: &mut ResourceTable,
    stream: &Resource<DynOutputStream>,
    len: u64,
) -> StreamResult<()> {
    let permit = table.get_mut(stream)?.check_write()? as u64;
    if len <= permit {
        return Ok(());
    }
    let fault = Fault::AbiViolation {
        import: "wasi:io/streams.output-stream.write",
        reason: format!("{len} bytes were written at once where `check-write` permits {permit}")
            .into(),
    };
    Err(StreamError::Trap(fault.into()))
}

impl poll::Host for Waiting<'_> {
    fn poll(&mut self, pollables: Vec<Resource<DynPollable>>) -> wasmtime::Result<Vec<u32>> {
        wait(
            &self.patience,
            async_poll::Host::poll(self.table, pollables),
        )
    }
}

impl poll::HostPollable for Waiting<'_> {
    fn block(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        wait(
            &self.patience,
            async_poll::HostPollable::block(self.table, pollable),
        )
    }

    fn ready(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<bool> {
        poll::HostPollable::ready(self.table, pollable)
    }

    fn drop(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        poll::HostPollable::drop(self.table, pollable)
    }
}

impl streams::Host for Waiting<'_> {
    fn convert_stream_error(
        &mut self,
        error: StreamError,
    ) -> wasmtime::Result<streams::StreamError> {
        streams::Host::convert_stream_error(self.table, error)
    }
}

impl streams::HostInputStream for Waiting<'_> {
    fn read(&mut self, stream: Resource<DynInputStream>, len: u64) -> StreamResult<Vec<u8>> {
        streams::HostInputStream::read(self.table, stream, len)
    }

    fn blocking_read(
        &mut self,
        stream: Resource<DynInputStream>,
        len: u64,
    ) -> StreamResult<Vec<u8>> {
        let read = async_streams::HostInputStream::blocking_read(self.table, stream, len);
        wait(&self.patience, read)
    }

    fn skip(&mut self, stream: Resource<DynInputStream>, len: u64) -> StreamResult<u64> {
        streams::HostInputStream::skip(self.table, stream, len)
    }

    fn blocking_skip(&mut self, stream: Resource<DynInputStream>, len: u64) -> StreamResult<u64> {
        let skip = async_streams::HostInputStream::blocking_skip(self.table, stream, len);
        wait(&self.patience, skip)
    }

    fn subscribe(
        &mut self,
        stream: Resource<DynInputStream>,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        streams::HostInputStream::subscribe(self.table, stream)
    }

    fn drop(&mut self, stream: Resource<DynInputStream>) -> wasmtime::Result<()> {
        let drop = async_streams::HostInputStream::drop(self.table, stream);
        wait(&self.patience, drop)
    }
}

impl streams::HostOutputStream for Waiting<'_> {
    fn check_write(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<u64> {
        streams::HostOutputStream::check_write(self.table, stream)
    }

    fn write(&mut self, stream: Resource<DynOutputStream>, bytes: Vec<u8>) -> StreamResult<()> {
        permits(self.table, &stream, bytes.len() as u64)?;
        streams::HostOutputStream::write(self.table, stream, bytes)
    }

    fn blocking_write_and_flush(
        &mut self,
        stream: Resource<DynOutputStream>,
        bytes: Vec<u8>,
    ) -> StreamResult<()> {
        let write =
            async_streams::HostOutputStream::blocking_write_and_flush(self.table, stream, bytes);
        wait(&self.patience, write)
    }

    fn flush(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<()> {
        streams::HostOutputStream::flush(self.table, stream)
    }

    fn blocking_flush(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<()> {
        let flush = async_streams::HostOutputStream::blocking_flush(self.table, stream);
        wait(&self.patience, flush)
    }

    fn write_zeroes(&mut self, stream: Resource<DynOutputStream>, len: u64) -> StreamResult<()> {
        permits(self.table, &stream, len)?;
        streams::HostOutputStream::write_zeroes(self.table, stream, len)
    }

    fn blocking_write_zeroes_and_flush(
        &mut self,
        stream: Resource<DynOutputStream>,
        len: u64,
    ) -> StreamResult<()> {
        let write = async_streams::HostOutputStream::blocking_write_zeroes_and_flush(
            self.table, stream, len,
        );
        wait(&self.patience, write)
    }

    fn splice(
        &mut self,
        stream: Resource<DynOutputStream>,
        source: Resource<DynInputStream>,
        len: u64,
    ) -> StreamResult<u64> {
        streams::HostOutputStream::splice(self.table, stream, source, len)
    }

    fn blocking_splice(
        &mut self,
        stream: Resource<DynOutputStream>,
        source: Resource<DynInputStream>,
        len: u64,
    ) -> StreamResult<u64> {
        let splice =
            async_streams::HostOutputStream::blocking_splice(self.table, stream, source, len);
        wait(&self.patience, splice)
    }

    fn subscribe(
        &mut self,
        stream: Resource<DynOutputStream>,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        streams::HostOutputStream::subscribe(self.table, stream)
    }

    fn drop(&mut self, stream: Resource<DynOutputStream>) -> wasmtime::Result<()> {
        let drop = async_streams::HostOutputStream::drop(self.table, stream);
        wait(&self.patience, drop)
    }
}
