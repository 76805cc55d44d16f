//! What whoever runs this process says by signals.

use std::future::poll_fn;
use std::io;
use std::process;
use std::task::{Context, Poll};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::warn;

/// What a signal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// To end: SIGTERM, or Ctrl-C.
    End,
    /// To load all anew: SIGHUP.
    Reload,
}

/// Signals, from when this was made.
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    ///
    /// The system does not let it.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for the next one.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Said> {
        let terminate = self.terminate.poll_recv(cx).is_ready();
        let interrupt = self.interrupt.poll_recv(cx).is_ready();
        if terminate || interrupt {
            return Poll::Ready(Said::End);
        }
        self.hang_up.poll_recv(cx).map(|_| Said::Reload)
    }

    /// From now on, one that says to end ends the process at once.
    pub(crate) async fn last(mut self) {
        while poll_fn(|cx| self.poll_next(cx)).await != Said::End {}
        warn!("ended at once");
        process::exit(1);
    }
}
