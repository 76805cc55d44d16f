//! The host's own outputs, written on another thread: who reads them may be slow, or not read at
//! all.
//!
//! Other outputs are written where they are called: they do not wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource};
use wasmtime_wasi::cli::StdoutStream as _;
use wasmtime_wasi::p2::{DynOutputStream, OutputStream, Pollable, StreamError, StreamResult};

use super::super::granted::{Granted, Grants};
use super::super::stdio::{Output, PERMIT};
use super::super::written::Unwritten;
use super::apart::Apart;

/// The interfaces under the names that wasmtime-wasi gives them.
const STDOUT: &str = "wasi:cli/stdout@0.2.12";
const STDERR: &str = "wasi:cli/stderr@0.2.12";

/// How soon a thread notices that nobody waits for it any more.
const SOON: Duration = Duration::from_millis(50);

type Cx<'a, T> = StoreContextMut<'a, T>;

/// Adds the functions that hand out the guest's outputs.
pub(super) fn link<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    linker
        .instance(STDOUT)?
        .func_wrap("get-stdout", |mut cx: Cx<'_, T>, (): ()| {
            let granted = cx.data_mut().granted();
            let output = granted.outputs().stdout.clone();
            Ok((stream(granted, output)?,))
        })?;
    linker
        .instance(STDERR)?
        .func_wrap("get-stderr", |mut cx: Cx<'_, T>, (): ()| {
            let granted = cx.data_mut().granted();
            let output = granted.outputs().stderr.clone();
            Ok((stream(granted, output)?,))
        })
}

/// A stream to an output.
fn stream(granted: &mut Granted, output: Output) -> wasmtime::Result<Resource<DynOutputStream>> {
    let (table, share) = granted.table_and_share();
    let stream: DynOutputStream = match output.is_inherited() {
        true => Box::new(Patient {
            apart: Apart::new(output.clone(), share),
            output,
            failed: None,
            is_left: Arc::default(),
        }),
        false => output.p2_stream(),
    };
    Ok(table.push(stream)?)
}

/// A stream to one of the host's own outputs.
struct Patient {
    output: Output,
    apart: Apart<Output, Result<(), Unwritten>>,
    /// What went wrong and was not told.
    failed: Option<StreamError>,
    /// Set when nobody waits for what is written. Then what finds no room is not written.
    is_left: Arc<AtomicBool>,
}

impl Patient {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.apart.poll(cx).map(|done| {
            self.failed = match done {
                None | Some(Ok(Ok(()))) => return,
                Some(Ok(Err(unwritten))) => Some(unwritten.into()),
                Some(Err(error)) => Some(StreamError::Trap(error)),
            };
        })
    }

    /// Tells what went wrong, once.
    fn told(&mut self) -> StreamResult<()> {
        self.failed.take().map_or(Ok(()), Err)
    }
}

#[wasmtime_wasi::async_trait]
impl OutputStream for Patient {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.told()?;
        let fits = self.output.admit(&bytes);
        let (fitting, is_left) = (bytes.slice(..fits), Arc::clone(&self.is_left));
        self.apart.start(move |output| {
            let left = || match is_left.load(Ordering::Relaxed) {
                true => Some(Duration::ZERO),
                false => Some(output.left().map_or(SOON, |left| left.min(SOON))),
            };
            output.pass_on(&fitting, left)
        });
        match fits == bytes.len() {
            true => Ok(()),
            false => Err(self.output.full().into()),
        }
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.told()
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        let polled = self.poll(&mut Context::from_waker(Waker::noop()));
        self.told()?;
        Ok(match polled {
            Poll::Ready(()) => PERMIT,
            Poll::Pending => 0,
        })
    }

    async fn cancel(&mut self) {
        self.ready().await;
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Patient {
    async fn ready(&mut self) {
        std::future::poll_fn(|cx| self.poll(cx)).await;
    }
}

impl Drop for Patient {
    fn drop(&mut self) {
        self.is_left.store(true, Ordering::Relaxed);
    }
}
