//! The trace: all calls between this proxy and its modules, as Envoy writes them with
//! `--component-log-level wasm:trace`. It is for those who look for a difference, and is slow.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};

/// Where it is written.
#[derive(Debug)]
pub(crate) struct Trace(File);

impl Trace {
    /// Begins one, in a file of its own.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(crate) fn in_file(path: &Path) -> Result<Self> {
        let file = File::create(path).with_context(|| format!("the trace `{}`", path.display()));
        Ok(Self(file?))
    }

    /// Writes a line: when, on which thread, at what level, of what, and of which filter. Whoever
    /// cannot write any more has no trace, and goes on.
    pub(crate) fn line(&self, filter: &str, text: &str) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default().as_secs_f64();
        let thread = thread::current();
        let thread = thread.name().unwrap_or("main");
        let line = format!("[{now:.3}][{thread}][trace][wasm] [{filter}] {text}\n");
        let _ = (&self.0).write_all(line.as_bytes());
    }
}
