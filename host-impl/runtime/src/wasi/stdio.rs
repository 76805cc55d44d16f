//! Where the output of a guest goes: line by line to `tracing`, on to the host's own output, or to
//! a function of the host.
//!
//! It counts what is written, ends a guest that writes for longer than its call may take, and keeps
//! the end of standard error for the error of a guest that stops.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

use super::inherited;
use super::lines::Lines;
use super::written::{Unwritten, Written};
use crate::error::untrusted;

/// How much of the end of a stream is kept, in bytes.
const TAIL: usize = 4 * 1024;

/// How much a guest may write at once, in bytes.
pub(super) const PERMIT: usize = 64 * 1024;

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
    /// Outputs that take `limit` bytes together until [`settle`](Self::settle).
    pub(crate) fn new(guest: &Arc<str>, stdout: &Sink, stderr: &Sink, limit: usize) -> Self {
        let written = Arc::new(Written::new(limit));
        Self {
            stdout: Output::new(guest, Stream::Stdout, stdout, &written),
            stderr: Output::new(guest, Stream::Stderr, stderr, &written),
            written,
        }
    }

    /// A call starts, which has to be over at some time. None is never.
    #[inline]
    pub(crate) fn begin(&self, until: Option<Instant>) {
        self.written.begin(until);
    }

    /// The end of what was written to standard error since the last [`settle`](Self::settle).
    pub(crate) fn last_words(&self) -> Box<str> {
        self.stderr.tail()
    }

    /// A call went well: forgets what it wrote.
    pub(crate) fn settle(&self) {
        // Read first: it is the common case that nothing was written, and this runs after every
        // call.
        if self.written.is_any() {
            self.written.forget();
            self.stderr.pipe.buffers.lock().tail.clear();
        }
    }

    /// Tells the lines that have not ended. They belong to the call that began them.
    pub(crate) fn flush(&self) {
        if self.written.is_any() {
            self.stdout.pipe.end();
            self.stderr.pipe.end();
        }
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
    pipe: Arc<Pipe>,
}

#[derive(Debug)]
struct Pipe {
    guest: Arc<str>,
    stream: Stream,
    sink: Sink,
    written: Arc<Written>,
    buffers: Mutex<Buffers>,
}

#[derive(Debug, Default)]
struct Buffers {
    /// Only for `tracing`.
    lines: Lines,
    /// The end of the stream. Only for stderr.
    tail: Vec<u8>,
}

impl Output {
    fn new(guest: &Arc<str>, stream: Stream, sink: &Sink, written: &Arc<Written>) -> Self {
        Self {
            pipe: Arc::new(Pipe {
                guest: Arc::clone(guest),
                stream,
                sink: sink.clone(),
                written: Arc::clone(written),
                buffers: Mutex::default(),
            }),
        }
    }

    fn tail(&self) -> Box<str> {
        let buffers = self.pipe.buffers.lock();
        let start = buffers.tail.len().saturating_sub(TAIL);
        // Whatever is not text takes three bytes each.
        untrusted::lines(String::from_utf8_lossy(&buffers.tail[start..]), 3 * TAIL)
    }

    /// Writes as much as may be written.
    fn put(&self, bytes: &[u8]) -> Result<(), Unwritten> {
        let fits = self.admit(bytes);
        self.pass_on(&bytes[..fits], || self.pipe.written.left())?;
        match fits == bytes.len() {
            true => Ok(()),
            false => Err(self.full()),
        }
    }

    /// Counts what is to be written, and says how many bytes of it may be.
    pub(super) fn admit(&self, bytes: &[u8]) -> usize {
        let fits = self.pipe.written.count(bytes.len());
        if self.pipe.stream == Stream::Stderr {
            self.pipe.buffers.lock().keep(&bytes[..fits]);
        }
        fits
    }

    /// What ends a guest that wants to write more than it may.
    pub(super) fn full(&self) -> Unwritten {
        Unwritten::Full(self.pipe.written.full())
    }

    /// Writes what was [admitted](Self::admit), within the time that is `left` where it may have to
    /// wait.
    pub(super) fn pass_on(
        &self,
        bytes: &[u8],
        left: impl Fn() -> Option<Duration>,
    ) -> Result<(), Unwritten> {
        self.pipe.pass_on(bytes, left)
    }
}

#[cfg(feature = "async")]
impl Output {
    /// Whether it is the host's own, where whoever writes may have to wait.
    pub(super) fn is_inherited(&self) -> bool {
        matches!(self.pipe.sink, Sink::Inherited)
    }

    /// How long the call may still take.
    pub(super) fn left(&self) -> Option<Duration> {
        self.pipe.written.left()
    }
}

impl Buffers {
    fn keep(&mut self, bytes: &[u8]) {
        let bytes = &bytes[bytes.len().saturating_sub(TAIL)..];
        if self.tail.len() + bytes.len() > 2 * TAIL {
            let end = self.tail.len();
            self.tail.drain(..end.saturating_sub(TAIL));
        }
        self.tail.extend_from_slice(bytes);
    }
}

impl Pipe {
    fn pass_on(&self, bytes: &[u8], left: impl Fn() -> Option<Duration>) -> Result<(), Unwritten> {
        match (&self.sink, self.stream) {
            (Sink::Tracing, _) => {
                let tell = |text: &str| {
                    self.tell(text);
                    match self.written.is_late() {
                        true => Err(Unwritten::Late),
                        false => Ok(()),
                    }
                };
                let mut buffers = self.buffers.lock();
                buffers.lines.take(bytes, &self.written.told, tell)?;
            }
            (Sink::Inherited, Stream::Stdout) => {
                inherited::write(&mut io::stdout().lock(), bytes, left)?;
            }
            (Sink::Inherited, Stream::Stderr) => {
                inherited::write(&mut io::stderr().lock(), bytes, left)?;
            }
            // Without a lock: what it does is the host's business.
            (Sink::Function(write), _) => write(bytes),
        }
        Ok(())
    }

    fn tell(&self, text: &str) {
        let guest = &*self.guest;
        match self.stream {
            Stream::Stdout => {
                tracing::info!(target: "abide::guest", guest, stream = "stdout", "{text}");
            }
            Stream::Stderr => {
                tracing::warn!(target: "abide::guest", guest, stream = "stderr", "{text}");
            }
        }
    }

    /// Tells the line that has not ended.
    fn end(&self) {
        let tell = |text: &str| {
            self.tell(text);
            Ok::<_, Infallible>(())
        };
        let Ok(()) = self.buffers.lock().lines.end(&self.written.told, tell);
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.end();
    }
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        let pipe = &*self.pipe;
        matches!(pipe.sink, Sink::Inherited)
            && match pipe.stream {
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
        self.put(&bytes).map_err(StreamError::from)
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
            Err(Unwritten::Full(fault)) => Err(io::Error::other(fault)),
            Err(Unwritten::Late) => Err(io::ErrorKind::TimedOut.into()),
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
    use crate::error::fault::Fault;
    use crate::error::kinds::LimitKind;

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
        outputs.settle();
        assert_eq!(&*outputs.last_words(), "");
    }

    #[test]
    fn the_end_of_stderr_is_cleaned() {
        let outputs = outputs(usize::MAX);
        assert!(outputs.stderr.put(b"gone\x1b[2J\n\xff\0!").is_ok());
        assert_eq!(&*outputs.last_words(), "gone\u{fffd}[2J\n\u{fffd}\u{fffd}!");
    }

    #[test]
    fn who_writes_for_too_long_is_ended_in_the_middle() {
        let outputs = outputs(usize::MAX);
        assert!(outputs.stdout.put(b"\n\n").is_ok());
        outputs.begin(Some(Instant::now()));
        assert!(matches!(outputs.stdout.put(b"\n\n"), Err(Unwritten::Late)));
        outputs.begin(None);
        assert!(outputs.stdout.put(b"\n\n").is_ok());
    }

    #[test]
    fn both_outputs_count_and_what_fits_is_passed_on() {
        let outputs = outputs(8);
        assert!(outputs.stdout.put(b"12345").is_ok());
        assert!(outputs.stderr.put(b"678").is_ok());
        assert!(outputs.stderr.put(b"").is_ok());
        assert!(matches!(
            outputs.stdout.put(b"9"),
            Err(Unwritten::Full(Fault::Limit {
                what: LimitKind::Output,
                limit: 8,
                ..
            }))
        ));
        outputs.settle();
        assert!(outputs.stderr.put(b"123456789").is_err());
        assert_eq!(&*outputs.last_words(), "12345678");
    }
}
