//! Where the output of a guest goes: line by line to `tracing`, on to the host's own output, or to a
//! function of the host.
//!
//! It knows nothing of instances. It counts what is written, and keeps the end of standard error for the
//! error of a guest that stops.

use std::fmt;
use std::io::{self, Write as _};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

use crate::error::Error;
use crate::error_kind::LimitKind;
use crate::untrusted;

/// The longest line that is passed on to `tracing`, in bytes. The rest of a longer one is dropped.
const LONGEST_LINE: usize = 4 * 1024;

/// How much of the end of a stream is kept, in bytes.
const TAIL: usize = 4 * 1024;

/// How much a guest may write at once, in bytes.
const PERMIT: usize = 64 * 1024;

/// A function of a host that takes what a guest writes.
pub(crate) type Write = dyn Fn(&[u8]) + Send + Sync;

/// What a host does with an output.
#[derive(Clone, Default)]
pub(crate) enum Sink {
    /// Each line is an event of `tracing`.
    #[default]
    Tracing,
    /// It goes to the host's own output.
    Inherited,
    /// It is handed to a function of the host.
    Function(Arc<Write>),
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tracing => "Tracing",
            Self::Inherited => "Inherited",
            Self::Function(_) => "Function",
        })
    }
}

/// The outputs of one instance.
#[derive(Debug)]
pub(crate) struct Outputs {
    pub(crate) stdout: Output,
    pub(crate) stderr: Output,
    written: Arc<Written>,
}

impl Outputs {
    /// Outputs that take `limit` bytes together until [`forget`](Self::forget).
    pub(crate) fn new(guest: &Arc<str>, stdout: &Sink, stderr: &Sink, limit: usize) -> Self {
        let written = Arc::new(Written {
            bytes: AtomicUsize::new(0),
            limit,
        });
        Self {
            stdout: Output::new(guest, Stream::Stdout, stdout, &written),
            stderr: Output::new(guest, Stream::Stderr, stderr, &written),
            written,
        }
    }

    /// The end of what was written to standard error since the last [`forget`](Self::forget).
    pub(crate) fn last_words(&self) -> Box<str> {
        self.stderr.tail()
    }

    /// Forgets what was written: it belongs to a call that went well.
    pub(crate) fn forget(&self) {
        // Read first: it is the common case that nothing was written, and this runs after every call.
        if self.written.bytes.load(Ordering::Relaxed) != 0 {
            self.written.bytes.store(0, Ordering::Relaxed);
            self.stderr.shared.state.lock().tail.clear();
        }
    }
}

/// How much was written to both outputs of an instance, and may be.
#[derive(Debug)]
struct Written {
    bytes: AtomicUsize,
    limit: usize,
}

impl Written {
    /// Counts `len` bytes, and says how many of them may be written.
    fn count(&self, len: usize) -> usize {
        let before = self.bytes.load(Ordering::Relaxed);
        // Only the thread that runs the instance writes, so nothing is lost between the two.
        self.bytes
            .store(before.saturating_add(len), Ordering::Relaxed);
        self.limit.saturating_sub(before).min(len)
    }

    /// The error of a guest that wants to write more. The call it belongs to is filled in later.
    fn full(&self) -> Error {
        Error::Limit {
            guest: Arc::from(""),
            function: Box::from(""),
            what: LimitKind::Output,
            limit: self.limit as u64,
            wanted: None,
        }
    }
}

/// Why something was not written.
enum Unwritten {
    Full(Error),
    Io(io::Error),
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Which of a guest's outputs it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
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
    sink: Sink,
    written: Arc<Written>,
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
    fn new(guest: &Arc<str>, stream: Stream, sink: &Sink, written: &Arc<Written>) -> Self {
        Self {
            shared: Arc::new(Shared {
                guest: Arc::clone(guest),
                stream,
                sink: sink.clone(),
                written: Arc::clone(written),
                state: Mutex::default(),
            }),
        }
    }

    fn tail(&self) -> Box<str> {
        let state = self.shared.state.lock();
        let start = state.tail.len().saturating_sub(TAIL);
        // Whatever is not text takes three bytes each.
        untrusted::lines(String::from_utf8_lossy(&state.tail[start..]), 3 * TAIL)
    }

    /// Writes as much as may be written.
    fn put(&self, bytes: &[u8]) -> Result<(), Unwritten> {
        let shared = &*self.shared;
        let fits = shared.written.count(bytes.len());
        shared.pass_on(&bytes[..fits])?;
        match fits == bytes.len() {
            true => Ok(()),
            false => Err(Unwritten::Full(shared.written.full())),
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
    fn pass_on(&self, bytes: &[u8]) -> io::Result<()> {
        if self.stream == Stream::Stderr {
            self.state.lock().keep(bytes);
        }
        match (&self.sink, self.stream) {
            (Sink::Tracing, _) => self.log(&mut self.state.lock(), bytes),
            (Sink::Inherited, Stream::Stdout) => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(bytes)?;
                stdout.flush()?;
            }
            (Sink::Inherited, Stream::Stderr) => io::stderr().write_all(bytes)?,
            // Without a lock: what it does is the host's business.
            (Sink::Function(write), _) => write(bytes),
        }
        Ok(())
    }

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
        let text = untrusted::lines(text, 3 * LONGEST_LINE);
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
        matches!(shared.sink, Sink::Inherited)
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
        self.put(&bytes).map_err(|unwritten| match unwritten {
            Unwritten::Full(error) => StreamError::Trap(error.into()),
            Unwritten::Io(error) => StreamError::LastOperationFailed(error.into()),
        })
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
        Poll::Ready(match self.put(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(Unwritten::Full(error)) => Err(io::Error::other(error)),
            Err(Unwritten::Io(error)) => Err(error),
        })
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

    fn outputs(limit: usize) -> Outputs {
        Outputs::new(&Arc::from("test"), &Sink::Tracing, &Sink::Tracing, limit)
    }

    #[test]
    fn only_the_end_of_stderr_is_kept() {
        let outputs = outputs(usize::MAX);
        for _ in 0..100 {
            assert!(outputs.stderr.put(&[b'a'; 100]).is_ok());
        }
        assert!(outputs.stderr.put(b"the end").is_ok());
        assert!(outputs.stdout.put(b"text\n").is_ok());
        let tail = outputs.last_words();
        assert_eq!(tail.len(), TAIL);
        assert!(tail.ends_with("aathe end"));
        outputs.forget();
        assert_eq!(&*outputs.last_words(), "");
    }

    #[test]
    fn the_end_of_stderr_is_cleaned() {
        let outputs = outputs(usize::MAX);
        assert!(outputs.stderr.put(b"gone\x1b[2J\n\xff\0!").is_ok());
        assert_eq!(&*outputs.last_words(), "gone\u{fffd}[2J\n\u{fffd}\u{fffd}!");
    }

    #[test]
    fn a_line_without_end_takes_no_more_than_its_bound() {
        let outputs = outputs(usize::MAX);
        for _ in 0..10 {
            assert!(outputs.stdout.put(&[b'a'; LONGEST_LINE]).is_ok());
        }
        let state = outputs.stdout.shared.state.lock();
        assert_eq!(state.line.len(), LONGEST_LINE);
        assert!(state.cut);
    }

    #[test]
    fn both_outputs_count_and_what_fits_is_passed_on() {
        let outputs = outputs(8);
        assert!(outputs.stdout.put(b"12345").is_ok());
        assert!(outputs.stderr.put(b"678").is_ok());
        assert!(outputs.stderr.put(b"").is_ok());
        assert!(matches!(
            outputs.stdout.put(b"9"),
            Err(Unwritten::Full(Error::Limit {
                what: LimitKind::Output,
                limit: 8,
                ..
            }))
        ));
        outputs.forget();
        assert!(outputs.stderr.put(b"123456789").is_err());
        assert_eq!(&*outputs.last_words(), "12345678");
    }
}
