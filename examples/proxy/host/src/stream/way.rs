//! One way of a stream, the request or the response: what comes from its source passes the filters
//! one after the other, each of which lets it go on or holds it back.
//!
//! It is a state machine: whoever passes on what comes out polls it.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use abide_proxy::types::Direction;
use bytes::Bytes;
use hyper::body::Frame;
use tokio::time::{Sleep, sleep};

use super::Stream;
use super::source::Source;
use super::stages::{Event, Over, Stages};
use crate::exchange::Waiting;
use crate::fields;
use crate::refusal::Refusal;

/// One way of a stream.
pub(crate) struct Way {
    stages: Stages,
    source: Source,
    /// Whether the source has nothing more.
    is_read: bool,
    /// Whether all came out.
    is_done: bool,
    idle: Duration,
    patience: Option<Pin<Box<Sleep>>>,
}

impl Way {
    /// The way of a stream from this source, which begins with its head. `idle` is how long the
    /// next part may take.
    pub(crate) fn new(
        stream: Rc<Stream>,
        of: Direction,
        source: Source,
        idle: Duration,
    ) -> Result<Self, Over> {
        let last = source.is_empty();
        if last && of == Direction::Request {
            stream.is_received.set(true);
        }
        let mut way = Self {
            stages: Stages::new(stream, of),
            source,
            is_read: last,
            is_done: false,
            idle,
            patience: None,
        };
        way.stages.push(0, Event::Head { last })?;
        Ok(way)
    }

    /// What comes out next; nothing if that was all.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Event, Over>>> {
        match self.poll(cx) {
            Poll::Ready(Ok(event)) => Poll::Ready(event.map(Ok)),
            Poll::Ready(Err(over)) => {
                self.is_done = true;
                Poll::Ready(Some(Err(over)))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Event>, Over>> {
        loop {
            if self.is_done {
                return Poll::Ready(Ok(None));
            }
            self.stages.check()?;
            if let Some(event) = self.next_out() {
                return Poll::Ready(Ok(Some(event)));
            }
            self.wait(cx);
            if self.stages.let_go()? {
                self.patience = None;
                continue;
            }
            if !self.is_read
                && self.stages.take_more()
                && let Poll::Ready(frame) = Pin::new(&mut self.source).poll_frame(cx)
            {
                self.patience = None;
                self.read(frame)?;
                continue;
            }
            let idle = self.idle;
            let patience = self.patience.get_or_insert_with(|| Box::pin(sleep(idle)));
            return match patience.as_mut().poll(cx) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(()) => Poll::Ready(Err(self.stages.end(self.late()))),
            };
        }
    }

    /// Who has taken too long: a filter that holds something back, or the source.
    fn late(&self) -> Refusal {
        match (self.stages.holder(), self.stages.of) {
            (Some(filter), _) => Refusal::Stuck(filter),
            (None, Direction::Request) => Refusal::Slow,
            (None, Direction::Response) => Refusal::Late,
        }
    }

    fn wait(&self, cx: &Context<'_>) {
        let who = match self.stages.of {
            Direction::Request => Waiting::Request,
            Direction::Response => Waiting::Response,
        };
        self.stages.stream.state.lock().wait(who, cx.waker());
    }

    /// What can go out now. A head that says how long its body is waits for the first of it: by
    /// then it is known whether filters let the body be as it was.
    fn next_out(&mut self) -> Option<Event> {
        if let Some(Event::Head { last: false }) = self.stages.out.front() {
            let is_whole = self.is_read && self.stages.holder().is_none();
            if self.stages.out.len() == 1 && !is_whole && self.has_length() {
                return None;
            }
            let is_as_it_was =
                is_whole && !self.stages.stream.state.lock().is_rewritten[self.stages.of as usize];
            if !is_as_it_was && self.stages.wants_body() {
                self.forget_length();
            }
        }
        let event = self.stages.out.pop_front()?;
        self.is_done = match event {
            Event::Head { last } | Event::Data { last, .. } => last,
            Event::Trailers => true,
        };
        Some(event)
    }

    fn has_length(&self) -> bool {
        let state = self.stages.stream.state.lock();
        self.stages.wants_body()
            && fields::first(state.part(self.stages.head()), "content-length").is_some()
    }

    fn forget_length(&self) {
        let mut state = self.stages.stream.state.lock();
        if let Some(fields) = &mut state.fields[self.stages.head() as usize] {
            fields.retain(|(name, _)| name != "content-length");
        }
    }

    /// Takes what has come from the source.
    fn read(&mut self, frame: Option<Result<Frame<Bytes>, hyper::Error>>) -> Result<(), Over> {
        let frame = match frame {
            None => return self.read_end(),
            Some(Err(_)) => {
                let refusal = match self.stages.of {
                    Direction::Request => Refusal::Gone,
                    Direction::Response => Refusal::Broken,
                };
                return Err(self.stages.end(refusal));
            }
            Some(Ok(frame)) => frame,
        };
        match frame.into_data() {
            Ok(bytes) => {
                self.stages.stream.count(self.stages.of, bytes.len());
                let is_read = self.source.is_empty();
                if !is_read || self.source.ends_apart() {
                    self.stages.push(0, Event::Data { bytes, last: false })?;
                    return if is_read { self.read_end() } else { Ok(()) };
                }
                self.nothing_more();
                self.stages.push(0, Event::Data { bytes, last: true })
            }
            Err(frame) => {
                let Ok(trailers) = frame.into_trailers() else {
                    return Ok(());
                };
                self.nothing_more();
                let part = self.stages.trailers();
                let fields = fields::of_trailers(&trailers);
                self.stages.stream.state.lock().fields[part as usize] = Some(fields);
                self.stages.push(0, Event::Trailers)
            }
        }
    }

    /// The body has ended.
    fn read_end(&mut self) -> Result<(), Over> {
        self.nothing_more();
        let bytes = Bytes::new();
        self.stages.push(0, Event::Data { bytes, last: true })
    }

    /// Nothing more is to come.
    fn nothing_more(&mut self) {
        self.is_read = true;
        if self.stages.of == Direction::Request {
            self.stages.stream.is_received.set(true);
        }
    }

    /// Whether all came out.
    pub(crate) fn is_done(&self) -> bool {
        self.is_done
    }

    /// The trailers, as HTTP has them.
    pub(crate) fn trailer_map(&self) -> Option<hyper::HeaderMap> {
        let state = self.stages.stream.state.lock();
        fields::headers(state.part(self.stages.trailers())).ok()
    }
}

/// When a response is through, what has not come of its request is of no use. Who knows its length
/// does not ask for its end.
impl Drop for Way {
    fn drop(&mut self) {
        let is_through = self.is_done || self.is_read && self.stages.holder().is_none();
        if is_through && self.stages.of == Direction::Response {
            self.stages.stream.stop_request();
        }
    }
}
