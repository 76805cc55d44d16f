//! What passes the filters, one after the other, and what each of them holds back.
//!
//! It knows neither where it comes from nor who passes it on, and never waits.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use abide_proxy::plugin::Phases;
use abide_proxy::types::{Action, Direction, Part};
use bytes::Bytes;

use super::Stream;
use crate::exchange::Ending;
use crate::refusal::Refusal;

/// How much of a body is read at least while a filter holds back its headers.
const AHEAD: usize = 64 << 10;

/// What comes out, in this order. Fields stand in the stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The headers; whether nothing follows.
    Head { last: bool },
    /// A part of the body; whether nothing follows.
    Data { bytes: Bytes, last: bool },
    /// The trailers, which are the end.
    Trailers,
}

/// The stream has ended otherwise: it knows how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Over;

/// What one filter holds back. The bytes of the body are in its stage of the stream.
#[derive(Debug, Default)]
struct Held {
    is_paused: bool,
    /// The head; whether nothing follows it.
    head: Option<bool>,
    /// Whether what is held of the body is the end.
    last: bool,
    trailers: bool,
    /// Whether the filter has not been told of what is held of the body.
    is_untold: bool,
}

/// What the callbacks of both ways have in common.
enum Callback {
    Head(u32, bool),
    Body(u32, bool),
    Trailers(u32),
}

/// The filters of one way of a stream.
pub(super) struct Stages {
    pub(super) stream: Rc<Stream>,
    pub(super) of: Direction,
    held: Vec<Held>,
    /// What has passed all of them.
    pub(super) out: VecDeque<Event>,
}

impl Stages {
    pub(super) fn new(stream: Rc<Stream>, of: Direction) -> Self {
        Self {
            held: stream.filters.iter().map(|_| Held::default()).collect(),
            stream,
            of,
            out: VecDeque::new(),
        }
    }

    /// Whether nothing ended the stream otherwise. What a filter answers after the answer has begun
    /// comes too late.
    pub(super) fn check(&self) -> Result<(), Over> {
        let state = self.stream.state.lock();
        match &state.ending {
            None => Ok(()),
            Some(Ending::Answered(_)) if self.stream.is_answered() => Ok(()),
            Some(_) => Err(Over),
        }
    }

    pub(super) fn end(&self, refusal: Refusal) -> Over {
        self.stream.state.lock().end(Ending::Refused(refusal));
        Over
    }

    /// Whether any filter looks at the body.
    pub(super) fn wants_body(&self) -> bool {
        let phase = match self.of {
            Direction::Request => Phases::REQUEST_BODY,
            Direction::Response => Phases::RESPONSE_BODY,
        };
        let mut filters = self.stream.filters.iter();
        filters.any(|opened| opened.phases.get().contains(phase))
    }

    /// Whether any filter holds something back; the name of the first.
    pub(super) fn holder(&self) -> Option<Arc<str>> {
        let at = self.held.iter().position(|held| held.is_paused)?;
        let filter = &self.stream.filters[self.filter(at)].filter;
        Some(Arc::clone(&filter.name))
    }

    /// Whether more is to be read: not much behind headers that are held back.
    pub(super) fn take_more(&self) -> bool {
        (0..self.held.len()).all(|at| !self.waits_for_head(at) || self.size(at) < AHEAD)
    }

    /// Lets go on what was resumed, and what filters hold that are gone. Whether there was any.
    pub(super) fn let_go(&mut self) -> Result<bool, Over> {
        for at in 0..self.held.len() {
            let filter = self.filter(at);
            let is_free = {
                let mut state = self.stream.state.lock();
                let stage = &mut state.stages[filter];
                std::mem::take(&mut stage.resumed[self.of as usize]) || stage.is_gone
            };
            if is_free && self.held[at].is_paused {
                self.release(at)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Shows something to the filter at `at`, and to those behind it what comes of it.
    pub(super) fn push(&mut self, at: usize, event: Event) -> Result<(), Over> {
        if at == self.held.len() {
            self.out.push_back(event);
            return Ok(());
        }
        match event {
            Event::Head { last } => {
                if self.of == Direction::Request {
                    self.stream.filters[at].open();
                    self.check()?;
                }
                let count = self.stream.state.lock().count(self.head());
                match self.call(at, &Callback::Head(count, last))? {
                    Action::Proceed => {
                        self.hide(at, self.head());
                        self.push(at + 1, Event::Head { last })
                    }
                    Action::Pause => {
                        self.held[at].head = Some(last);
                        self.held[at].is_paused = true;
                        Ok(())
                    }
                }
            }
            Event::Data { bytes, last } => self.push_data(at, bytes, last),
            Event::Trailers => self.push_trailers(at),
        }
    }

    fn push_data(&mut self, at: usize, bytes: Bytes, last: bool) -> Result<(), Over> {
        if !self.sees_body(at) && !self.held[at].is_paused {
            return self.push(at + 1, Event::Data { bytes, last });
        }
        let size = self.append(at, &bytes);
        self.held[at].last |= last;
        if self.waits_for_head(at) {
            self.held[at].is_untold = true;
            return Ok(());
        }
        match self.call(at, &Callback::Body(size, last))? {
            Action::Proceed => self.release(at),
            Action::Pause => {
                self.held[at].is_paused = true;
                self.bounded(at)
            }
        }
    }

    fn push_trailers(&mut self, at: usize) -> Result<(), Over> {
        self.held[at].trailers = true;
        if self.waits_for_head(at) {
            self.held[at].is_untold = true;
            return Ok(());
        }
        let count = self.stream.state.lock().count(self.trailers());
        match self.call(at, &Callback::Trailers(count))? {
            Action::Proceed => self.release(at),
            Action::Pause => {
                self.held[at].is_paused = true;
                Ok(())
            }
        }
    }

    /// Lets go on all that a filter holds.
    fn release(&mut self, at: usize) -> Result<(), Over> {
        let held = std::mem::take(&mut self.held[at]);
        let filter = self.filter(at);
        let bytes = Bytes::from(self.stream.state.lock().take_body(filter, self.of));
        if held.trailers && !held.is_untold {
            self.hide(at, self.trailers());
        }
        if let Some(last) = held.head {
            self.hide(at, self.head());
            self.push(at + 1, Event::Head { last })?;
        }
        if held.is_untold {
            if !bytes.is_empty() || held.last {
                let last = held.last;
                self.push(at, Event::Data { bytes, last })?;
            }
            return match held.trailers {
                true => self.push(at, Event::Trailers),
                false => Ok(()),
            };
        }
        let has_trailers = held.trailers || held.last && self.were_added();
        if !bytes.is_empty() || held.last {
            let last = held.last && !has_trailers;
            self.push(at + 1, Event::Data { bytes, last })?;
        }
        match has_trailers {
            true => self.push(at + 1, Event::Trailers),
            false => Ok(()),
        }
    }

    /// Whether a filter has made trailers, of which there were none.
    fn were_added(&self) -> bool {
        !self.stream.state.lock().part(self.trailers()).is_empty()
    }

    /// A filter does not have fields any more that it let go on.
    fn hide(&self, at: usize, part: Part) {
        let filter = self.filter(at);
        self.stream.state.lock().stages[filter].shown[part as usize] = false;
    }

    /// How much a filter holds of the body.
    fn size(&self, at: usize) -> usize {
        let state = self.stream.state.lock();
        let body = &state.stages[self.filter(at)].bodies[self.of as usize];
        body.as_ref().map_or(0, Vec::len)
    }

    /// Adds to what a filter sees of the body.
    fn append(&self, at: usize, bytes: &[u8]) -> u32 {
        let filter = self.filter(at);
        let mut state = self.stream.state.lock();
        let body = state.stages[filter].bodies[self.of as usize].get_or_insert_default();
        body.extend_from_slice(bytes);
        u32::try_from(body.len()).unwrap_or(u32::MAX)
    }

    /// A filter may hold back so much and no more.
    fn bounded(&self, at: usize) -> Result<(), Over> {
        let is_bounded = self.size(at) <= self.stream.state.lock().limits[self.of as usize];
        match (is_bounded, self.of) {
            (true, _) => Ok(()),
            (false, Direction::Request) => Err(self.end(Refusal::RequestTooLarge)),
            (false, Direction::Response) => Err(self.end(Refusal::ResponseTooLarge)),
        }
    }

    /// Whether a filter is to see nothing more before what it holds of the headers goes on.
    fn waits_for_head(&self, at: usize) -> bool {
        let filter = &self.stream.filters[self.filter(at)].filter;
        let sees_more = filter.body_before_headers && self.sees_body(at);
        self.held[at].head.is_some() && !sees_more
    }

    fn sees_body(&self, at: usize) -> bool {
        let phase = match self.of {
            Direction::Request => Phases::REQUEST_BODY,
            Direction::Response => Phases::RESPONSE_BODY,
        };
        let opened = &self.stream.filters[self.filter(at)];
        opened.id.get().is_some() && opened.phases.get().contains(phase)
    }

    /// Calls a filter, unless it is gone. Then, and when it fails and streams go on without it,
    /// that is as if it let go on what it was shown.
    fn call(&self, at: usize, callback: &Callback) -> Result<Action, Over> {
        let opened = &self.stream.filters[self.filter(at)];
        let of = self.of;
        let is_gone = {
            let mut state = self.stream.state.lock();
            let stage = &mut state.stages[self.filter(at)];
            // What it resumed while nothing was held back does not count for what is next.
            stage.resumed[of as usize] &= self.held[at].is_paused;
            match callback {
                Callback::Head(..) => stage.shown[self.head() as usize] = true,
                Callback::Trailers(_) => stage.shown[self.trailers() as usize] = true,
                Callback::Body(..) => {}
            }
            let is_end = matches!(callback, Callback::Body(_, true));
            stage.may_add = is_end.then_some(self.trailers());
            stage.is_gone
        };
        let Some(id) = opened.id.get().filter(|_| !is_gone) else {
            return Ok(Action::Proceed);
        };
        let action = opened
            .filter
            .call(id, &opened.exchange, |vm, id| match (callback, of) {
                (&Callback::Head(count, last), Direction::Request) => {
                    vm.request_headers(id, count, last)
                }
                (&Callback::Head(count, last), Direction::Response) => {
                    vm.response_headers(id, count, last)
                }
                (&Callback::Body(size, last), Direction::Request) => {
                    vm.request_body(id, size, last)
                }
                (&Callback::Body(size, last), Direction::Response) => {
                    vm.response_body(id, size, last)
                }
                (&Callback::Trailers(count), Direction::Request) => vm.request_trailers(id, count),
                (&Callback::Trailers(count), Direction::Response) => {
                    vm.response_trailers(id, count)
                }
            });
        self.stream.state.lock().stages[self.filter(at)].may_add = None;
        self.check()?;
        Ok(action.unwrap_or(Action::Proceed))
    }

    /// Which filter stands at a place: responses pass them backwards.
    fn filter(&self, at: usize) -> usize {
        match self.of {
            Direction::Request => at,
            Direction::Response => self.held.len() - 1 - at,
        }
    }

    pub(super) fn head(&self) -> Part {
        match self.of {
            Direction::Request => Part::RequestHeaders,
            Direction::Response => Part::ResponseHeaders,
        }
    }

    pub(super) fn trailers(&self) -> Part {
        match self.of {
            Direction::Request => Part::RequestTrailers,
            Direction::Response => Part::ResponseTrailers,
        }
    }
}
