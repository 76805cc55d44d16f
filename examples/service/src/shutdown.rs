//! When to end: at SIGTERM or Ctrl-C, and at once at the second one.

use std::future::poll_fn;
use std::io;
use std::process;
use std::task::Poll;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{info, warn};

/// What whoever wants this process to end can say.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    ///
    /// The system does not let it.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the first one. From then on a second one ends the process.
    pub async fn stop(mut self) {
        self.next().await;
        info!("ending: what was begun is finished");
        tokio::spawn(async move {
            self.next().await;
            warn!("ended at once");
            process::exit(1);
        });
    }

    async fn next(&mut self) {
        poll_fn(|cx| {
            let terminate = self.terminate.poll_recv(cx).is_ready();
            let interrupt = self.interrupt.poll_recv(cx).is_ready();
            if terminate || interrupt {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }
}
