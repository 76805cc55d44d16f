//! A module of proxy-wasm at work: contexts, and callbacks in the order in which Envoy makes them.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::marker::PhantomData;

use abide::Session;
use abide_proxy::host::callout::Answer as _;
use abide_proxy::plugin::Phases;
use abide_proxy::types::{Action, Field, Peer, Side};

use super::{Failure, FilterVm, StreamId};
use crate::callbacks::{Callbacks, Decided};
use crate::codes::peer;
use crate::contexts::{Context, ROOT, Spread};
use crate::env::Env;
use crate::host::{Answer, Connection, Exchange, Host};

/// The context that a root has as its parent.
const NO_PARENT: u32 = 0;

/// What a stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Http,
    Tcp,
}

/// A stream that there is.
#[derive(Debug)]
struct Open {
    kind: Kind,
    is_logged: bool,
}

type Streams = HashMap<u32, Open, BuildHasherDefault<Spread>>;

/// A VM of a module.
pub(crate) struct ModuleVm<H: Host> {
    session: Session<Callbacks>,
    /// The id of the next stream.
    next: u32,
    /// The streams that there are: a stale id is to reach no guest.
    streams: Streams,
    host: PhantomData<fn() -> H>,
}

impl<H: Host> ModuleVm<H> {
    /// Starts and configures a plugin.
    pub(crate) fn start(
        callbacks: &Callbacks,
        vm_configuration: &[u8],
        configuration: &[u8],
    ) -> Result<Self, Failure> {
        let session = callbacks.session()?;
        let vm = Self {
            session,
            next: ROOT + 1,
            streams: Streams::default(),
            host: PhantomData,
        };
        let sizes = (len(vm_configuration.len()), len(configuration.len()));
        vm.env(|env| {
            env.vm_configuration = vm_configuration.to_vec();
            env.configuration = configuration.to_vec();
        })?;
        let session = &vm.session;
        match session._initialize()? {
            Some(()) => drop(session.main(0, 0)?),
            None => drop(session._start()?),
        }
        session.proxy_on_context_create(ROOT, NO_PARENT)?;
        accepted(session.proxy_on_vm_start(ROOT, sizes.0)?, "to start")?;
        let configured = session.proxy_on_configure(ROOT, sizes.1)?;
        accepted(configured, "its configuration")?;
        Ok(vm)
    }

    /// Works on what the instance has of its host.
    fn env<R>(&self, work: impl FnOnce(&mut Env<H>) -> R) -> Result<R, Failure> {
        Ok(self.session.with_host(work)?)
    }

    fn create(&mut self, kind: Kind, context: Context<H>) -> Result<StreamId, Failure> {
        let id = self.next;
        // After four billions of streams there are none: no id is used twice.
        let Some(next) = id.checked_add(1) else {
            return Err(Failure::Refused("the VM has used up its ids".into()));
        };
        self.env(|env| env.contexts().insert(id, context))?;
        self.next = next;
        let is_logged = false;
        self.streams.insert(id, Open { kind, is_logged });
        self.session.proxy_on_context_create(id, ROOT)?;
        Ok(StreamId(id))
    }

    /// The context of a stream, if it is there.
    #[inline]
    fn known(&self, id: StreamId, kind: Kind) -> Result<u32, Failure> {
        match self.streams.get(&id.0) {
            Some(found) if found.kind == kind => Ok(id.0),
            _ => Err(Failure::NoSuchStream(id)),
        }
    }
}

/// What comes of a callback that a plugin has.
#[inline]
fn decided(answer: abide::Result<Option<Decided>>) -> Result<Action, Failure> {
    let answer = answer?;
    Ok(answer.map_or(Action::Proceed, |Decided(action)| action))
}

fn accepted(answer: Option<bool>, what: &str) -> Result<(), Failure> {
    match answer {
        Some(false) => Err(Failure::Refused(format!("it refuses {what}").into())),
        _ => Ok(()),
    }
}

/// A length as guests get it.
fn len(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

impl<H: Host> FilterVm<H> for ModuleVm<H> {
    /// What a module does not export is not called.
    fn phases(&self) -> Phases {
        Phases::all()
    }

    fn open(&mut self, exchange: Exchange<H>) -> Result<StreamId, Failure> {
        self.create(Kind::Http, Context::Http(exchange))
    }

    fn connect(&mut self, connection: Connection<H>) -> Result<StreamId, Failure> {
        self.create(Kind::Tcp, Context::Tcp(connection))
    }

    fn request_headers(
        &mut self,
        id: StreamId,
        fields: u32,
        last: bool,
    ) -> Result<Action, Failure> {
        let id = self.known(id, Kind::Http)?;
        decided(self.session.proxy_on_request_headers(id, fields, last))
    }

    fn request_body(&mut self, id: StreamId, size: u32, last: bool) -> Result<Action, Failure> {
        let id = self.known(id, Kind::Http)?;
        decided(self.session.proxy_on_request_body(id, size, last))
    }

    fn request_trailers(&mut self, id: StreamId, fields: u32) -> Result<Action, Failure> {
        let id = self.known(id, Kind::Http)?;
        decided(self.session.proxy_on_request_trailers(id, fields))
    }

    fn response_headers(
        &mut self,
        id: StreamId,
        fields: u32,
        last: bool,
    ) -> Result<Action, Failure> {
        let id = self.known(id, Kind::Http)?;
        decided(self.session.proxy_on_response_headers(id, fields, last))
    }

    fn response_body(&mut self, id: StreamId, size: u32, last: bool) -> Result<Action, Failure> {
        let id = self.known(id, Kind::Http)?;
        decided(self.session.proxy_on_response_body(id, size, last))
    }

    fn response_trailers(&mut self, id: StreamId, fields: u32) -> Result<Action, Failure> {
        let id = self.known(id, Kind::Http)?;
        decided(self.session.proxy_on_response_trailers(id, fields))
    }

    fn opened(&mut self, id: StreamId) -> Result<Action, Failure> {
        let id = self.known(id, Kind::Tcp)?;
        decided(self.session.proxy_on_new_connection(id))
    }

    fn data(&mut self, id: StreamId, from: Side, size: u32, last: bool) -> Result<Action, Failure> {
        let id = self.known(id, Kind::Tcp)?;
        decided(match from {
            Side::Downstream => self.session.proxy_on_downstream_data(id, size, last),
            Side::Upstream => self.session.proxy_on_upstream_data(id, size, last),
        })
    }

    fn closed(&mut self, id: StreamId, of: Side, by: Peer) -> Result<(), Failure> {
        let (id, by) = (self.known(id, Kind::Tcp)?, peer(by));
        match of {
            Side::Downstream => self.session.proxy_on_downstream_connection_close(id, by)?,
            Side::Upstream => self.session.proxy_on_upstream_connection_close(id, by)?,
        };
        Ok(())
    }

    /// It goes to the root, whoever made the request: the plugin finds out who it was by its number.
    fn answered(
        &mut self,
        _who: Option<StreamId>,
        call: u32,
        mut answer: Answer<H>,
    ) -> Result<(), Failure> {
        let fields = len(answer.fields().len());
        let body = u32::try_from(answer.body_size()).unwrap_or(u32::MAX);
        let trailers = len(answer.trailers().len());
        let status = answer.status();
        self.env(|env| {
            env.set_answer(Some(answer));
            env.status = status;
        })?;
        let session = &self.session;
        session.proxy_on_http_call_response(ROOT, call, fields, body, trailers)?;
        self.env(|env| env.set_answer(None))
    }

    fn grpc_metadata(
        &mut self,
        call: u32,
        fields: Vec<Field>,
        trailing: bool,
    ) -> Result<(), Failure> {
        let count = len(fields.len());
        self.env(|env| match trailing {
            true => env.grpc.trailers = Some(fields),
            false => env.grpc.headers = Some(fields),
        })?;
        let session = &self.session;
        match trailing {
            true => session.proxy_on_grpc_receive_trailing_metadata(ROOT, call, count)?,
            false => session.proxy_on_grpc_receive_initial_metadata(ROOT, call, count)?,
        };
        self.env(|env| env.grpc = Default::default())
    }

    fn grpc_message(&mut self, call: u32, message: Vec<u8>) -> Result<(), Failure> {
        let size = len(message.len());
        self.env(|env| env.grpc.message = Some(message))?;
        self.session.proxy_on_grpc_receive(ROOT, call, size)?;
        self.env(|env| env.grpc = Default::default())
    }

    fn grpc_closed(&mut self, call: u32, status: u32, message: String) -> Result<(), Failure> {
        self.env(|env| env.status = (status, message))?;
        self.session.proxy_on_grpc_close(ROOT, call, status)?;
        Ok(())
    }

    fn tick(&mut self) -> Result<(), Failure> {
        self.session.proxy_on_tick(ROOT)?;
        Ok(())
    }

    fn queue_ready(&mut self, queue: u32) -> Result<(), Failure> {
        self.session.proxy_on_queue_ready(ROOT, queue)?;
        Ok(())
    }

    fn called(&mut self, function: u32, arguments: Vec<u8>) -> Result<(), Failure> {
        let size = len(arguments.len());
        self.env(|env| env.arguments = Some(arguments))?;
        self.session
            .proxy_on_foreign_function(ROOT, function, size)?;
        self.env(|env| env.arguments = None)
    }

    fn configure(&mut self, configuration: Vec<u8>) -> Result<(), Failure> {
        let size = len(configuration.len());
        self.env(|env| env.configuration = configuration)?;
        accepted(
            self.session.proxy_on_configure(ROOT, size)?,
            "its configuration",
        )
    }

    fn log(&mut self, id: StreamId) -> Result<(), Failure> {
        let open = self.streams.get_mut(&id.0);
        let open = open.ok_or(Failure::NoSuchStream(id))?;
        if !std::mem::replace(&mut open.is_logged, true) {
            self.session.proxy_on_log(id.0)?;
        }
        Ok(())
    }

    /// Logged before it is done, as Envoy does it.
    fn close(&mut self, id: StreamId) -> Result<(), Failure> {
        let logged = self.log(id);
        let StreamId(id) = id;
        self.streams.remove(&id);
        logged?;
        self.session.proxy_on_done(id)?;
        self.session.proxy_on_delete(id)?;
        // It may be used by another once it is gone, and is dropped when the VM is not in use.
        let context = self.env(|env| env.contexts().remove(&id))?;
        drop(context);
        Ok(())
    }

    fn finish(&mut self) -> Result<bool, Failure> {
        self.env(|env| env.is_ending = true)?;
        let done = self.session.proxy_on_done(ROOT)?.unwrap_or(true);
        if done {
            self.env(|env| env.is_ending = false)?;
            self.session.proxy_on_delete(ROOT)?;
        }
        Ok(done)
    }

    fn is_alive(&self) -> bool {
        self.session.is_alive()
    }

    fn memory(&self) -> Result<usize, Failure> {
        Ok(self.session.memory()?)
    }
}
