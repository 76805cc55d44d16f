//! A module of http-wasm at work, called as filters of all kinds are. It is told of a request once
//! and of its response once: with the heads, or with the bodies where it wants those.

use std::collections::HashMap;

use abide_http_wasm::{Features, Ongoing, Session};
use abide_proxy::plugin::Phases;
use abide_proxy::types::{Action, Field, Peer, Side};
use abide_proxy_wasm::{Failure, FilterVm, StreamId};

use super::Server;
use super::seen::Seen;
use crate::answer::Answer;
use crate::app::{App, NoConnection};
use crate::exchange::Exchange;

/// An instance, with the streams that it has.
pub(super) struct Vm {
    session: Session<Server>,
    waits: bool,
    next: u32,
    streams: HashMap<StreamId, Ongoing<Seen>>,
}

impl Vm {
    pub(super) fn new(session: Session<Server>, waits: bool) -> Self {
        Self {
            session,
            waits,
            next: 1,
            streams: HashMap::new(),
        }
    }

    fn stream(&mut self, id: StreamId) -> Result<&mut Ongoing<Seen>, Failure> {
        let stream = self.streams.get_mut(&id);
        stream.ok_or(Failure::NoSuchStream(id))
    }

    /// Shows it the request. What it makes itself is the response.
    fn ask(&mut self, id: StreamId) -> Result<Action, Failure> {
        let stream = self.streams.get_mut(&id);
        let stream = stream.ok_or(Failure::NoSuchStream(id))?;
        stream.exchange().look();
        let said = stream.handle_request(self.session.guest())?;
        Ok(match said.next {
            true => Action::Proceed,
            false => {
                stream.exchange().respond();
                Action::Pause
            }
        })
    }

    /// Shows it the response, if it is to see it.
    fn tell(&mut self, id: StreamId) -> Result<Action, Failure> {
        let stream = self.streams.get_mut(&id);
        let stream = stream.ok_or(Failure::NoSuchStream(id))?;
        let is_error = stream.exchange().is_refused();
        stream.handle_response(self.session.guest(), is_error)?;
        Ok(Action::Proceed)
    }

    /// Shows it the response if that was the end of it.
    fn tell_at_end(&mut self, id: StreamId, last: bool) -> Result<Action, Failure> {
        let stream = self.stream(id)?;
        match (stream.waits_for_response(), last) {
            (false, _) => Ok(Action::Proceed),
            (true, false) => Ok(Action::Pause),
            (true, true) => self.tell(id),
        }
    }
}

impl FilterVm<App> for Vm {
    fn phases(&self) -> Phases {
        let response = Phases::RESPONSE_HEADERS | Phases::RESPONSE_BODY | Phases::RESPONSE_TRAILERS;
        let request = match self.waits {
            true => Phases::REQUEST_BODY | Phases::REQUEST_TRAILERS,
            false => Phases::empty(),
        };
        Phases::REQUEST_HEADERS | request | response
    }

    fn open(&mut self, exchange: Exchange) -> Result<StreamId, Failure> {
        let id = StreamId::new(self.next);
        let next = self.next.checked_add(1);
        self.next = next.ok_or_else(|| Failure::Refused("the VM has used up its ids".into()))?;
        let seen = Seen::new(exchange, self.waits);
        self.streams.insert(id, self.session.begin(seen));
        Ok(id)
    }

    fn connect(&mut self, connection: NoConnection) -> Result<StreamId, Failure> {
        match connection {}
    }

    fn request_headers(&mut self, id: StreamId, _: u32, last: bool) -> Result<Action, Failure> {
        match self.waits && !last {
            true => Ok(Action::Pause),
            false => self.ask(id),
        }
    }

    fn request_body(&mut self, id: StreamId, _: u32, last: bool) -> Result<Action, Failure> {
        match last {
            true => self.ask(id),
            false => Ok(Action::Pause),
        }
    }

    fn request_trailers(&mut self, id: StreamId, _: u32) -> Result<Action, Failure> {
        self.ask(id)
    }

    fn response_headers(&mut self, id: StreamId, _: u32, last: bool) -> Result<Action, Failure> {
        let stream = self.stream(id)?;
        if !stream.waits_for_response() {
            return Ok(Action::Proceed);
        }
        stream.exchange().answered();
        let wants_body = stream.features().contains(Features::BUFFER_RESPONSE);
        self.tell_at_end(id, last || !wants_body)
    }

    fn response_body(&mut self, id: StreamId, _: u32, last: bool) -> Result<Action, Failure> {
        self.tell_at_end(id, last)
    }

    fn response_trailers(&mut self, id: StreamId, _: u32) -> Result<Action, Failure> {
        self.tell_at_end(id, true)
    }

    fn opened(&mut self, id: StreamId) -> Result<Action, Failure> {
        Err(Failure::NoSuchStream(id))
    }

    fn data(&mut self, id: StreamId, _: Side, _: u32, _: bool) -> Result<Action, Failure> {
        Err(Failure::NoSuchStream(id))
    }

    fn closed(&mut self, id: StreamId, _: Side, _: Peer) -> Result<(), Failure> {
        Err(Failure::NoSuchStream(id))
    }

    fn answered(&mut self, _: Option<StreamId>, _: u32, _: Answer) -> Result<(), Failure> {
        Ok(())
    }

    fn grpc_metadata(&mut self, _: u32, _: Vec<Field>, _: bool) -> Result<(), Failure> {
        Ok(())
    }

    fn grpc_message(&mut self, _: u32, _: Vec<u8>) -> Result<(), Failure> {
        Ok(())
    }

    fn grpc_closed(&mut self, _: u32, _: u32, _: String) -> Result<(), Failure> {
        Ok(())
    }

    fn tick(&mut self) -> Result<(), Failure> {
        Ok(())
    }

    fn queue_ready(&mut self, _: u32) -> Result<(), Failure> {
        Ok(())
    }

    fn called(&mut self, _: u32, _: Vec<u8>) -> Result<(), Failure> {
        Ok(())
    }

    fn configure(&mut self, _: Vec<u8>) -> Result<(), Failure> {
        Err(Failure::Refused(
            "it is configured when it is loaded".into(),
        ))
    }

    /// That ABI knows no logs.
    fn log(&mut self, _: StreamId) -> Result<(), Failure> {
        Ok(())
    }

    /// One that passed on a request is told of the response also where there was none.
    fn close(&mut self, id: StreamId) -> Result<(), Failure> {
        let stream = self.streams.remove(&id);
        let mut stream = stream.ok_or(Failure::NoSuchStream(id))?;
        Ok(stream.handle_response(self.session.guest(), true)?)
    }

    fn finish(&mut self) -> Result<bool, Failure> {
        Ok(true)
    }

    fn is_alive(&self) -> bool {
        self.session.is_alive()
    }

    fn memory(&self) -> Result<usize, Failure> {
        Ok(self.session.memory()?)
    }
}
