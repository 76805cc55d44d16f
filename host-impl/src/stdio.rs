//! Where the output of a guest goes: line by line to `tracing`, or on to the host's own output.
//!
//! It knows nothing of instances. The end of what was written can be kept, for the error of a guest that
//! stops.

use std::io::{self, Write as _};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

/// The longest line that is passed on to `tracing`, in bytes. The rest of a longer one is dropped.
const LONGEST_LINE: usize = 4 * 1024;

/// How much of the end of a stream is kept, in bytes.
const TAIL: usize = 4 * 1024;

/// How much a guest may write at once, in bytes.
const PERMIT: usize = 64 * 1024;

/// Which of a guest's outputs it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

/// One output of one instance. Clones write to the same place.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    guest: Arc<str>,
    stream: Stream,
    /// Whether it goes to the host's own output and not to `tracing`.
    inherited: bool,
    /// Whether anything was written since the last call of [`Output::forget`].
    written: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The line so far.
    line: Vec<u8>,
    /// Whether the line was longer than it may be.
    cut: bool,
    /// The end of the stream. Only for stderr.
    tail: Vec<u8>,
}

impl Output {
    pub(crate) fn new(guest: &Arc<str>, stream: Stream, inherited: bool) -> Self {
        Self {
            shared: Arc::new(Shared {
                guest: Arc::clone(guest),
                stream,
                inherited,
                written: AtomicBool::new(false),
                state: Mutex::default(),
            }),
        }
    }

    /// The end of what was written since the last [`forget`](Self::forget).
    pub(crate) fn tail(&self) -> Box<str> {
        let state = self.shared.state.lock();
        let start = state.tail.len().saturating_sub(TAIL);
        String::from_utf8_lossy(&state.tail[start..]).into()
    }

    /// Drops what is kept of the stream's end: it belongs to a call that went well.
    pub(crate) fn forget(&self) {
        // Read first: it is the common case that nothing was written, and this runs after every call.
        if self.shared.written.load(Ordering::Relaxed) {
            self.shared.written.store(false, Ordering::Relaxed);
            self.shared.state.lock().tail.clear();
        }
    }

    fn put(&self, bytes: &[u8]) -> io::Result<()> {
        let shared = &*self.shared;
        shared.written.store(true, Ordering::Relaxed);
        let mut state = shared.state.lock();
        if shared.stream == Stream::Stderr {
            state.keep(bytes);
        }
        if !shared.inherited {
            shared.log(&mut state, bytes);
            return Ok(());
        }
        drop(state);
        match shared.stream {
            Stream::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(bytes)?;
                stdout.flush()
            }
            Stream::Stderr => io::stderr().write_all(bytes),
        }
    }
}

impl State {
    fn keep(&mut self, bytes: &[u8]) {
        let bytes = &bytes[bytes.len().saturating_sub(TAIL)..];
        if self.tail.len() + bytes.len() > 2 * TAIL {
            let end = self.tail.len();
            self.tail.drain(..end.saturating_sub(TAIL));
        }
        self.tail.extend_from_slice(bytes);
    }
}

impl Shared {
    fn log(&self, state: &mut State, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, ended) = match part.split_last() {
                Some((b'\n', text)) => (text, true),
                _ => (part, false),
            };
            let room = LONGEST_LINE.saturating_sub(state.line.len());
            state.line.extend_from_slice(&text[..text.len().min(room)]);
            state.cut |= text.len() > room;
            if ended {
                self.end_line(state);
            }
        }
    }

    fn end_line(&self, state: &mut State) {
        let text = String::from_utf8_lossy(&state.line);
        let text = text.strip_suffix('\r').unwrap_or(&text);
        let guest = &*self.guest;
        let mark = if state.cut { " … (cut)" } else { "" };
        match self.stream {
            Stream::Stdout => {
                tracing::info!(target: "abide::guest", guest, stream = "stdout", "{text}{mark}");
            }
            Stream::Stderr => {
                tracing::warn!(target: "abide::guest", guest, stream = "stderr", "{text}{mark}");
            }
        }
        state.line.clear();
        state.cut = false;
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let mut state = std::mem::take(self.state.get_mut());
        if !state.line.is_empty() {
            self.end_line(&mut state);
        }
    }
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        let shared = &*self.shared;
        shared.inherited
            && match shared.stream {
                Stream::Stdout => io::stdout().is_terminal(),
                Stream::Stderr => io::stderr().is_terminal(),
            }
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.put(&bytes)
            .map_err(|error| StreamError::LastOperationFailed(error.into()))
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(PERMIT)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Output {
    async fn ready(&mut self) {}
}

impl AsyncWrite for Output {
    fn poll_write(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(self.put(bytes).map(|()| bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(stream: Stream) -> Output {
        Output::new(&Arc::from("test"), stream, false)
    }

    #[test]
    fn only_the_end_of_stderr_is_kept() -> io::Result<()> {
        let stderr = output(Stream::Stderr);
        for _ in 0..100 {
            stderr.put(&[b'a'; 100])?;
        }
        stderr.put(b"the end")?;
        let tail = stderr.tail();
        assert_eq!(tail.len(), TAIL);
        assert!(tail.ends_with("aathe end"));
        stderr.forget();
        assert_eq!(&*stderr.tail(), "");

        let stdout = output(Stream::Stdout);
        stdout.put(b"text\n")?;
        assert_eq!(&*stdout.tail(), "");
        Ok(())
    }

    #[test]
    fn a_line_without_end_takes_no_more_than_its_bound() -> io::Result<()> {
        let stdout = output(Stream::Stdout);
        for _ in 0..10 {
            stdout.put(&[b'a'; LONGEST_LINE])?;
        }
        let state = stdout.shared.state.lock();
        assert_eq!(state.line.len(), LONGEST_LINE);
        assert!(state.cut);
        Ok(())
    }
}
