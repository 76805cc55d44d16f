//! The functions of WASI that wait, each for no longer than the call may take.
//!
//! A guest that waits is inside of the host, where the engine's deadline cannot interrupt it: for a moment
//! that is far off, a peer that does not answer, somebody at a keyboard. All of these waits go through
//! `wasi:io/poll` and the blocking functions of `wasi:io/streams`. They are wasmtime-wasi's, under a clock.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Instant;

use wasmtime::Trap;
use wasmtime::component::{HasData, Linker, Resource};
use wasmtime_wasi::p2::bindings::io::poll as async_poll;
use wasmtime_wasi::p2::bindings::io::streams as async_streams;
use wasmtime_wasi::p2::bindings::sync::io::{poll, streams};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, DynPollable, StreamError, StreamResult};
use wasmtime_wasi::runtime::in_tokio;

use super::granted::Waiting;
use crate::state::State;

/// Adds the interfaces whose functions wait.
pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    poll::add_to_linker::<State, Waits>(linker, |state| state.granted().waiting())?;
    streams::add_to_linker::<State, Waits>(linker, |state| state.granted().waiting())
}

struct Waits;

impl HasData for Waits {
    type Data<'a> = Waiting<'a>;
}

/// An error that can say what the engine itself says to a guest whose time is up.
trait Late {
    fn late() -> Self;
}

impl Late for wasmtime::Error {
    fn late() -> Self {
        Trap::Interrupt.into()
    }
}

impl Late for StreamError {
    fn late() -> Self {
        Self::Trap(Trap::Interrupt.into())
    }
}

/// Waits for `future`, or until the call has to be over.
fn wait<T, E>(until: Option<Instant>, future: impl Future<Output = Result<T, E>>) -> Result<T, E>
where
    E: Late,
{
    in_tokio(async {
        let mut future = pin!(future);
        // A timer only where there is something to wait for: most often there is not, and a host's own
        // runtime need not have timers.
        let first = poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => Poll::Ready(None),
        });
        if let Some(done) = first.await {
            return done;
        }
        let Some(until) = until else {
            return future.await;
        };
        match tokio::time::timeout_at(until.into(), future).await {
            Ok(done) => done,
            Err(_) => Err(E::late()),
        }
    })
}

impl poll::Host for Waiting<'_> {
    fn poll(&mut self, pollables: Vec<Resource<DynPollable>>) -> wasmtime::Result<Vec<u32>> {
        wait(self.until, async_poll::Host::poll(self.table, pollables))
    }
}

impl poll::HostPollable for Waiting<'_> {
    fn block(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        wait(
            self.until,
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
        wait(self.until, read)
    }

    fn skip(&mut self, stream: Resource<DynInputStream>, len: u64) -> StreamResult<u64> {
        streams::HostInputStream::skip(self.table, stream, len)
    }

    fn blocking_skip(&mut self, stream: Resource<DynInputStream>, len: u64) -> StreamResult<u64> {
        let skip = async_streams::HostInputStream::blocking_skip(self.table, stream, len);
        wait(self.until, skip)
    }

    fn subscribe(
        &mut self,
        stream: Resource<DynInputStream>,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        streams::HostInputStream::subscribe(self.table, stream)
    }

    fn drop(&mut self, stream: Resource<DynInputStream>) -> wasmtime::Result<()> {
        let drop = async_streams::HostInputStream::drop(self.table, stream);
        wait(self.until, drop)
    }
}

impl streams::HostOutputStream for Waiting<'_> {
    fn check_write(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<u64> {
        streams::HostOutputStream::check_write(self.table, stream)
    }

    fn write(&mut self, stream: Resource<DynOutputStream>, bytes: Vec<u8>) -> StreamResult<()> {
        streams::HostOutputStream::write(self.table, stream, bytes)
    }

    fn blocking_write_and_flush(
        &mut self,
        stream: Resource<DynOutputStream>,
        bytes: Vec<u8>,
    ) -> StreamResult<()> {
        let write =
            async_streams::HostOutputStream::blocking_write_and_flush(self.table, stream, bytes);
        wait(self.until, write)
    }

    fn flush(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<()> {
        streams::HostOutputStream::flush(self.table, stream)
    }

    fn blocking_flush(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<()> {
        let flush = async_streams::HostOutputStream::blocking_flush(self.table, stream);
        wait(self.until, flush)
    }

    fn write_zeroes(&mut self, stream: Resource<DynOutputStream>, len: u64) -> StreamResult<()> {
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
        wait(self.until, write)
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
        wait(self.until, splice)
    }

    fn subscribe(
        &mut self,
        stream: Resource<DynOutputStream>,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        streams::HostOutputStream::subscribe(self.table, stream)
    }

    fn drop(&mut self, stream: Resource<DynOutputStream>) -> wasmtime::Result<()> {
        let drop = async_streams::HostOutputStream::drop(self.table, stream);
        wait(self.until, drop)
    }
}
