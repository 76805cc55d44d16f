//! What a plugin on one worker asked for while it was called, and what came in for it. Its worker
//! looks here when the call has returned, or is woken.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use abide_proxy::callout::{NotSent, Request};
use abide_proxy::grpc::Error;
use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::sync::mpsc::Sender;

use crate::grpc::Begin;

/// What a plugin makes of its own.
#[derive(Debug)]
pub(crate) enum Made {
    /// A request.
    Request(Request),
    /// A call of gRPC.
    Grpc(Begin),
}

/// What is noted for one plugin on one worker.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    noted: Mutex<Noted>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Noted {
    sent: Vec<(u32, Made)>,
    cancelled: Vec<u32>,
    /// Calls of gRPC that are not over, with where their messages go while they are open.
    streams: HashMap<u32, Option<Sender<Bytes>>>,
    /// How many requests were made, calls of gRPC, and streams.
    made: [u32; 3],
    under_way: usize,
    period: u32,
    ready: Vec<u32>,
    log: Log,
}

/// How many bytes of messages a plugin may log in a second.
const LOGGED: usize = 1 << 20;

/// What a plugin logged in the second that began there.
#[derive(Debug, Default)]
struct Log {
    began: Option<Instant>,
    bytes: usize,
    dropped: u64,
}

/// Numbers tell of what they are by their last two bits, as Envoy's do.
const STEP: u32 = 4;

/// After so many of a kind, their numbers begin anew.
const MOST_MADE: u32 = u32::MAX / STEP - 1;

/// How many times plugins are told that there is something in queues, at most, when they are told
/// next. They look for all of it.
const MOST_READY: usize = 256;

impl Made {
    fn kind(&self) -> u32 {
        match self {
            Self::Request(_) => 0,
            Self::Grpc(begin) if begin.limit.is_some() => 1,
            Self::Grpc(_) => 2,
        }
    }
}

impl Notes {
    /// Something of the plugin's own, unless so many are under way.
    pub(crate) fn make(&self, made: Made, most: usize) -> Result<u32, NotSent> {
        let mut noted = self.noted.lock();
        if noted.under_way >= most {
            return Err(NotSent::TooMany);
        }
        noted.under_way += 1;
        let kind = made.kind();
        let count = &mut noted.made[kind as usize];
        *count = *count % MOST_MADE + 1;
        let call = *count * STEP + kind;
        noted.sent.push((call, made));
        Ok(call)
    }

    /// The messages of a call of gRPC go there; without, there are no more.
    pub(crate) fn stream(&self, call: u32, messages: Option<Sender<Bytes>>) {
        self.noted.lock().streams.insert(call, messages);
    }

    /// Another message of a stream, or its end, or both.
    pub(crate) fn push(&self, call: u32, message: Option<Bytes>, last: bool) -> Result<(), Error> {
        let mut noted = self.noted.lock();
        let stream = noted.streams.get_mut(&call).ok_or(Error::Unknown)?;
        let messages = stream.as_ref().ok_or(Error::NotOpen)?;
        if let Some(message) = message {
            // One whose messages are not taken is as good as closed.
            messages.try_send(message).map_err(|_| Error::NotOpen)?;
        }
        if last {
            *stream = None;
        }
        Ok(())
    }

    /// Whether a call of gRPC is not over.
    pub(crate) fn has_stream(&self, call: u32) -> bool {
        self.noted.lock().streams.contains_key(&call)
    }

    /// Something is over, however.
    pub(crate) fn over(&self, call: u32) {
        let mut noted = self.noted.lock();
        noted.under_way -= 1;
        noted.streams.remove(&call);
    }

    pub(crate) fn cancel(&self, call: u32) {
        self.noted.lock().cancelled.push(call);
    }

    /// What was made and what was cancelled since this was last asked.
    pub(crate) fn take_calls(&self) -> (Vec<(u32, Made)>, Vec<u32>) {
        let mut noted = self.noted.lock();
        let sent = std::mem::take(&mut noted.sent);
        (sent, std::mem::take(&mut noted.cancelled))
    }

    /// Whether the plugin may log a message of so many bytes, and how many were dropped before it.
    pub(crate) fn may_log(&self, bytes: usize) -> Result<u64, ()> {
        let log = &mut self.noted.lock().log;
        let now = Instant::now();
        let is_over = |began: Instant| now.duration_since(began) >= Duration::from_secs(1);
        if log.began.is_none_or(is_over) {
            log.began = Some(now);
            log.bytes = 0;
        }
        // What a line has beside its message.
        log.bytes = log.bytes.saturating_add(bytes + 64);
        if log.bytes > LOGGED {
            log.dropped += 1;
            return Err(());
        }
        Ok(std::mem::take(&mut log.dropped))
    }

    /// How often the plugin wants to be called; zero is never.
    pub(crate) fn set_period(&self, ms: u32) {
        self.noted.lock().period = ms;
        self.changed.notify_one();
    }

    pub(crate) fn period(&self) -> u32 {
        self.noted.lock().period
    }

    /// Something came into a queue.
    pub(crate) fn ready(&self, queue: u32) {
        let mut noted = self.noted.lock();
        if noted.ready.len() < MOST_READY || !noted.ready.contains(&queue) {
            noted.ready.push(queue);
        }
        drop(noted);
        self.changed.notify_one();
    }

    pub(crate) fn take_ready(&self) -> Vec<u32> {
        std::mem::take(&mut self.noted.lock().ready)
    }

    /// Wakes who waits for a change.
    pub(crate) fn wake(&self) {
        self.changed.notify_one();
    }

    /// Waits until something came in.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::{LOGGED, Notes};

    #[test]
    fn so_much_is_logged_in_a_second_and_no_more() {
        let notes = Notes::default();
        assert_eq!(notes.may_log(LOGGED / 2), Ok(0));
        for _ in 0..3 {
            assert_eq!(notes.may_log(LOGGED / 2), Err(()));
        }
        std::thread::sleep(std::time::Duration::from_millis(1_010));
        assert_eq!(notes.may_log(1), Ok(3));
        assert_eq!(notes.may_log(1), Ok(0));
    }
}
