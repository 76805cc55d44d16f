//! A component at work: the handles of its root and of its filters, by the ids of their streams.

use std::collections::HashMap;
use std::marker::PhantomData;

use abide::{CallError, Session};
use abide_proxy::host;
use abide_proxy::host::exports::plugin::{HttpFilter, Root, TcpFilter};
use abide_proxy::plugin::Phases;
use abide_proxy::types::{Action, Field, Peer, Side};

use super::{Failure, FilterVm, StreamId};
use crate::host::{Answer, Connection, Exchange, Host};

/// A VM of a component.
pub(crate) struct ComponentVm<H> {
    // Before the session whose instance they are of.
    filters: HashMap<u32, Open>,
    root: Root,
    session: Session<host::Filter>,
    phases: Phases,
    next: u32,
    host: PhantomData<fn() -> H>,
}

/// A stream that there is.
struct Open {
    filter: Filter,
    is_logged: bool,
}

/// What a component has of a stream.
enum Filter {
    Http(HttpFilter),
    Tcp(TcpFilter),
}

impl<H: Host> ComponentVm<H> {
    /// Starts and configures a plugin.
    pub(crate) fn start(
        filter: &host::Filter,
        vm_configuration: &[u8],
        configuration: &[u8],
    ) -> Result<Self, Failure> {
        let session = filter.session()?;
        let root = session.plugin().root_start(vm_configuration, configuration);
        let root = root.map_err(refused)?;
        let phases = root.phases()?;
        Ok(Self {
            filters: HashMap::new(),
            root,
            session,
            phases,
            next: 1,
            host: PhantomData,
        })
    }

    fn add(&mut self, filter: Filter) -> Result<StreamId, Failure> {
        let Some(next) = self.next.checked_add(1) else {
            return Err(Failure::Refused("the VM has used up its ids".into()));
        };
        let id = std::mem::replace(&mut self.next, next);
        let is_logged = false;
        self.filters.insert(id, Open { filter, is_logged });
        Ok(StreamId(id))
    }

    #[inline]
    fn filter(&self, id: StreamId) -> Option<&Filter> {
        Some(&self.filters.get(&id.0)?.filter)
    }

    /// The filter of an exchange, if it wants to be told of a phase.
    #[inline]
    fn http(&self, id: StreamId, of: Phases) -> Result<Option<&HttpFilter>, Failure> {
        match self.filter(id) {
            Some(Filter::Http(filter)) => Ok(self.phases.contains(of).then_some(filter)),
            _ => Err(Failure::NoSuchStream(id)),
        }
    }

    fn tcp(&self, id: StreamId) -> Result<&TcpFilter, Failure> {
        match self.filter(id) {
            Some(Filter::Tcp(filter)) => Ok(filter),
            _ => Err(Failure::NoSuchStream(id)),
        }
    }
}

/// What a plugin says that does not take its configuration.
fn refused(error: CallError<String>) -> Failure {
    match error {
        CallError::Guest(reason) => Failure::Refused(reason.into()),
        CallError::Failed(error) => error.into(),
    }
}

impl<H: Host> FilterVm<H> for ComponentVm<H> {
    fn phases(&self) -> Phases {
        self.phases
    }

    fn open(&mut self, exchange: Exchange<H>) -> Result<StreamId, Failure> {
        let filter = self.root.filter(exchange)?;
        self.add(Filter::Http(filter))
    }

    fn connect(&mut self, connection: Connection<H>) -> Result<StreamId, Failure> {
        let filter = self.root.connected(connection)?;
        self.add(Filter::Tcp(filter))
    }

    fn request_headers(
        &mut self,
        id: StreamId,
        fields: u32,
        last: bool,
    ) -> Result<Action, Failure> {
        match self.http(id, Phases::REQUEST_HEADERS)? {
            Some(filter) => Ok(filter.request_headers(fields, last)?),
            None => Ok(Action::Proceed),
        }
    }

    fn request_body(&mut self, id: StreamId, size: u32, last: bool) -> Result<Action, Failure> {
        match self.http(id, Phases::REQUEST_BODY)? {
            Some(filter) => Ok(filter.request_body(size.into(), last)?),
            None => Ok(Action::Proceed),
        }
    }

    fn request_trailers(&mut self, id: StreamId, fields: u32) -> Result<Action, Failure> {
        match self.http(id, Phases::REQUEST_TRAILERS)? {
            Some(filter) => Ok(filter.request_trailers(fields)?),
            None => Ok(Action::Proceed),
        }
    }

    fn response_headers(
        &mut self,
        id: StreamId,
        fields: u32,
        last: bool,
    ) -> Result<Action, Failure> {
        match self.http(id, Phases::RESPONSE_HEADERS)? {
            Some(filter) => Ok(filter.response_headers(fields, last)?),
            None => Ok(Action::Proceed),
        }
    }

    fn response_body(&mut self, id: StreamId, size: u32, last: bool) -> Result<Action, Failure> {
        match self.http(id, Phases::RESPONSE_BODY)? {
            Some(filter) => Ok(filter.response_body(size.into(), last)?),
            None => Ok(Action::Proceed),
        }
    }

    fn response_trailers(&mut self, id: StreamId, fields: u32) -> Result<Action, Failure> {
        match self.http(id, Phases::RESPONSE_TRAILERS)? {
            Some(filter) => Ok(filter.response_trailers(fields)?),
            None => Ok(Action::Proceed),
        }
    }

    fn opened(&mut self, id: StreamId) -> Result<Action, Failure> {
        Ok(self.tcp(id)?.opened()?)
    }

    fn data(&mut self, id: StreamId, from: Side, size: u32, last: bool) -> Result<Action, Failure> {
        Ok(self.tcp(id)?.data(from, size.into(), last)?)
    }

    fn closed(&mut self, id: StreamId, of: Side, by: Peer) -> Result<(), Failure> {
        Ok(self.tcp(id)?.closed(of, by)?)
    }

    /// The answer for a stream that is gone meanwhile is dropped.
    fn answered(
        &mut self,
        who: Option<StreamId>,
        call: u32,
        mut answer: Answer<H>,
    ) -> Result<(), Failure> {
        match who {
            None => Ok(self.root.answered(call, &mut answer)?),
            Some(id) => match self.http(id, Phases::empty()) {
                Ok(Some(filter)) => Ok(filter.answered(call, &mut answer)?),
                _ => Ok(()),
            },
        }
    }

    fn grpc_metadata(
        &mut self,
        call: u32,
        fields: Vec<Field>,
        trailing: bool,
    ) -> Result<(), Failure> {
        Ok(self.root.grpc_metadata(call, &fields, trailing)?)
    }

    fn grpc_message(&mut self, call: u32, message: Vec<u8>) -> Result<(), Failure> {
        Ok(self.root.grpc_message(call, &message)?)
    }

    fn grpc_closed(&mut self, call: u32, status: u32, message: String) -> Result<(), Failure> {
        Ok(self.root.grpc_closed(call, status, &message)?)
    }

    fn tick(&mut self) -> Result<(), Failure> {
        Ok(self.root.tick()?)
    }

    fn queue_ready(&mut self, queue: u32) -> Result<(), Failure> {
        match self.phases.contains(Phases::QUEUES) {
            true => Ok(self.root.queue_ready(queue)?),
            false => Ok(()),
        }
    }

    fn called(&mut self, function: u32, arguments: Vec<u8>) -> Result<(), Failure> {
        match self.phases.contains(Phases::FOREIGN) {
            true => Ok(self.root.called(function, &arguments)?),
            false => Ok(()),
        }
    }

    fn configure(&mut self, configuration: Vec<u8>) -> Result<(), Failure> {
        self.root.configure(&configuration).map_err(refused)
    }

    fn log(&mut self, id: StreamId) -> Result<(), Failure> {
        let open = self.filters.get_mut(&id.0);
        let open = open.ok_or(Failure::NoSuchStream(id))?;
        if self.phases.contains(Phases::LOG) && !std::mem::replace(&mut open.is_logged, true) {
            match &open.filter {
                Filter::Http(filter) => filter.log()?,
                Filter::Tcp(filter) => filter.log()?,
            }
        }
        Ok(())
    }

    fn close(&mut self, id: StreamId) -> Result<(), Failure> {
        let logged = self.log(id);
        self.filters.remove(&id.0);
        logged
    }

    fn finish(&mut self) -> Result<bool, Failure> {
        Ok(self.root.done()?)
    }

    fn is_alive(&self) -> bool {
        self.session.is_alive()
    }

    fn memory(&self) -> Result<usize, Failure> {
        Ok(self.session.memory()?)
    }
}
