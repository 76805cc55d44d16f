//! Standard error: the log and the progress bar, and that they stay out of each other's way.

use std::io::{self, IsTerminal, Write};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use tracing::level_filters::LevelFilter;

/// From how many documents on there is a progress bar.
const MANY: usize = 21;

/// Standard error, for everything but the program's output.
#[derive(Debug, Clone)]
pub struct Terminal {
    bars: MultiProgress,
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new()
    }
}

impl Terminal {
    /// Standard error; if it is a terminal, there may be a progress bar on it.
    #[must_use]
    pub fn new() -> Self {
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        Self {
            bars: MultiProgress::with_draw_target(target),
        }
    }

    /// Shows what is logged in this process: of what the guest logs, everything but debug messages,
    /// or with `verbose` these too. Does nothing where the process has a log already.
    pub fn show_log(&self, verbose: bool) {
        let terminal = self.clone();
        let level = if verbose {
            LevelFilter::DEBUG
        } else {
            LevelFilter::INFO
        };
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_target(false)
            // Colours would need another feature of the crate, and it panics without.
            .with_ansi(false)
            .without_time()
            .with_writer(move || terminal.clone())
            .finish();
        // The only error is that there is a log already.
        let _ = tracing::subscriber::set_global_default(subscriber);
    }

    /// Runs something that prints, with the progress bar out of the way.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bars.suspend(print)
    }

    /// A bar for `files` documents; where there are few, or nobody would see it, an invisible one.
    pub(crate) fn progress(&self, files: usize) -> ProgressBar {
        if files < MANY {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(files as u64);
        // A wrong template would be a fault of this program; the default bar serves as well.
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        self.bars.add(bar)
    }
}

/// The log is written a message at a time.
impl Write for Terminal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.suspend(|| io::stderr().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
