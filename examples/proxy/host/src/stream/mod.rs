//! A stream: one request of a client and its response, on their way through the filters.

mod access;
mod answer;
mod body;
mod exchanged;
mod figures;
mod source;
mod stages;
mod way;

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;

use abide_proxy::plugin::Phases;
use abide_proxy::types::{Direction, Field};
use abide_proxy_wasm::Stream as Id;
use parking_lot::Mutex;

use crate::exchange::{Ending, Exchange, State};
use crate::filter::Filter;
use crate::generation::Generation;
use access::Access;

pub(crate) use body::Body;
pub(crate) use exchanged::exchanged;
pub(crate) use figures::Figures;

/// A stream.
pub(crate) struct Stream {
    state: Arc<Mutex<State>>,
    /// In the order in which the request passes them.
    filters: Vec<Opened>,
    generation: Rc<Generation>,
    /// Whether all of the request is here.
    is_received: Cell<bool>,
    is_answered: Cell<bool>,
    bytes: [Cell<u64>; 2],
    access: RefCell<Access>,
}

/// A filter, with what is of the stream there.
struct Opened {
    filter: Rc<Filter>,
    exchange: Exchange,
    /// None before the request has reached it, and if it did not work then.
    id: Cell<Option<Id>>,
    phases: Cell<Phases>,
}

impl Opened {
    /// The stream begins for the filter.
    fn open(&self) {
        if let Some((id, phases)) = self.filter.open(&self.exchange) {
            self.id.set(Some(id));
            self.phases.set(phases);
        }
    }
}

impl Stream {
    /// A request has begun.
    fn open(
        generation: &Rc<Generation>,
        fields: Vec<Field>,
        addresses: [SocketAddr; 2],
    ) -> Rc<Self> {
        let filters = &generation.filters;
        let limits = &generation.config.limits;
        let limits = [limits.request_bytes, limits.response_bytes];
        generation.figures.begun();
        let access = Access::new(&fields, addresses[0], generation.config.access_log);
        let state = State::new(filters.len(), fields, addresses, limits);
        let state = Arc::new(Mutex::new(state));
        let filters = filters.iter().enumerate().map(|(at, filter)| Opened {
            filter: Rc::clone(filter),
            exchange: Exchange::new(Arc::clone(&state), at),
            id: Cell::new(None),
            phases: Cell::new(Phases::empty()),
        });
        let filters = filters.collect();
        Rc::new(Self {
            state,
            filters,
            generation: Rc::clone(generation),
            is_received: Cell::new(false),
            is_answered: Cell::new(false),
            bytes: Default::default(),
            access: RefCell::new(access),
        })
    }

    /// Whether the response has begun to be sent.
    fn is_answered(&self) -> bool {
        self.is_answered.get()
    }

    /// Nothing more of the request is read or passed on, unless all of it is here.
    fn stop_request(&self) {
        if !self.is_received.get() {
            self.state.lock().end(Ending::Reset);
        }
    }

    fn count(&self, of: Direction, bytes: usize) {
        let count = &self.bytes[of as usize];
        count.set(count.get() + bytes as u64);
    }
}

/// Both ways are through, or were given up. All filters log it before any of them is done with it,
/// those among them that the request has not reached.
impl Drop for Stream {
    fn drop(&mut self) {
        self.state.lock().is_through = true;
        for opened in &self.filters {
            if opened.id.get().is_none() && !opened.exchange.is_lost() {
                opened.open();
            }
            if let Some(id) = opened.id.get() {
                opened.filter.log(id, &opened.exchange);
            }
        }
        for opened in &self.filters {
            if let Some(id) = opened.id.get() {
                opened.filter.close(id);
            }
        }
        let [received, sent] = self.bytes.each_ref().map(Cell::get);
        let figures = &self.generation.figures;
        self.access.get_mut().tell(figures, received, sent);
    }
}
