//! What there is of a stream: its fields and bodies, and what filters asked for. Knows no filter
//! and no connection.

use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Waker;

use abide_proxy::types::{Direction, Field, Part, Response};

use crate::refusal::Refusal;

/// The most bytes of fields of one part that filters may make.
const FIELDS: usize = 256 << 10;

/// The most bytes of properties that filters may set.
const PROPERTIES: usize = 64 << 10;

/// How a stream ends otherwise than by its upstream's answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ending {
    /// A filter answers.
    Answered(Response),
    /// The proxy does.
    Refused(Refusal),
    /// Nobody does: it is broken off.
    Reset,
}

/// Who waits for something to happen to a stream.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Waiting {
    /// What passes on the request.
    Request,
    /// What passes on the response.
    Response,
    /// Who waits for the head of the response.
    Head,
}

/// What one filter has of a stream.
#[derive(Debug, Default)]
pub(crate) struct Stage {
    /// What it can see of both bodies, while there is something to see.
    pub(crate) bodies: [Option<Vec<u8>>; 2],
    /// Which fields it has, those that it was shown and has not let go on.
    pub(crate) shown: [bool; 4],
    /// Trailers that it may make, at the end of a body that has none.
    pub(crate) may_add: Option<Part>,
    /// What it resumed that has not gone on yet.
    pub(crate) resumed: [bool; 2],
    /// Whether it is gone, and nothing waits for it.
    pub(crate) is_gone: bool,
}

/// A stream.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) fields: [Option<Vec<Field>>; 4],
    pub(crate) stages: Vec<Stage>,
    pub(crate) ending: Option<Ending>,
    /// Whether filters changed a body.
    pub(crate) is_rewritten: [bool; 2],
    /// Whether the stream is through: fields are there to be read once more.
    pub(crate) is_through: bool,
    /// Whether the proxy itself answers, because something failed.
    pub(crate) is_refused: bool,
    /// Whether a filter wants the route to be chosen anew.
    pub(crate) is_rerouted: bool,
    /// The version of HTTP that the client speaks.
    pub(crate) protocol: &'static str,
    pub(crate) client: SocketAddr,
    pub(crate) local: SocketAddr,
    pub(crate) upstream: Option<Arc<str>>,
    /// The most bytes that a filter may hold of each body.
    pub(crate) limits: [usize; 2],
    properties: Vec<(Vec<String>, Vec<u8>)>,
    wakers: [Option<Waker>; 3],
}

impl State {
    /// A stream of a client, which passes so many filters.
    pub(crate) fn new(
        stages: usize,
        fields: Vec<Field>,
        addresses: [SocketAddr; 2],
        limits: [usize; 2],
    ) -> Self {
        Self {
            fields: [Some(fields), None, None, None],
            stages: (0..stages).map(|_| Stage::default()).collect(),
            ending: None,
            is_rewritten: [false; 2],
            is_through: false,
            is_refused: false,
            is_rerouted: false,
            protocol: "HTTP/1.1",
            client: addresses[0],
            local: addresses[1],
            upstream: None,
            limits,
            properties: Vec::new(),
            wakers: [const { None }; 3],
        }
    }

    pub(crate) fn part(&self, part: Part) -> &[Field] {
        self.fields[part as usize].as_deref().unwrap_or_default()
    }

    /// How many fields a part has, as filters are told.
    pub(crate) fn count(&self, part: Part) -> u32 {
        u32::try_from(self.part(part).len()).unwrap_or(u32::MAX)
    }

    /// Whether a list of fields may have so many bytes more.
    pub(crate) fn has_room(fields: &[Field], more: usize) -> bool {
        let size = |(name, value): &Field| name.len() + value.len() + 32;
        fields.iter().map(size).sum::<usize>() + more <= FIELDS
    }

    /// Ends the stream, unless something did before. Who waits is woken.
    pub(crate) fn end(&mut self, ending: Ending) {
        if self.ending.is_none() {
            self.ending = Some(ending);
            self.wake();
        }
    }

    /// Notes who is to be woken when something happens.
    pub(crate) fn wait(&mut self, who: Waiting, waker: &Waker) {
        match &mut self.wakers[who as usize] {
            Some(known) if known.will_wake(waker) => {}
            place => *place = Some(waker.clone()),
        }
    }

    /// Something has happened.
    pub(crate) fn wake(&mut self) {
        for waker in self.wakers.iter_mut().filter_map(Option::take) {
            waker.wake();
        }
    }

    /// What filters set as a property.
    pub(crate) fn property(&self, path: &[String]) -> Option<&[u8]> {
        let mut found = self.properties.iter().filter(|(found, _)| found == path);
        found.next().map(|(_, value)| value.as_slice())
    }

    /// Sets one; not if there are too many.
    pub(crate) fn set_property(&mut self, path: Vec<String>, value: Vec<u8>) -> bool {
        let size = |path: &[String], value: &[u8]| {
            path.iter().map(String::len).sum::<usize>() + value.len() + 64
        };
        self.properties.retain(|(found, _)| *found != path);
        let all = self
            .properties
            .iter()
            .map(|(path, value)| size(path, value));
        if all.sum::<usize>() + size(&path, &value) > PROPERTIES {
            return false;
        }
        self.properties.push((path, value));
        true
    }

    /// Takes what a filter has of a body.
    pub(crate) fn take_body(&mut self, stage: usize, of: Direction) -> Vec<u8> {
        self.stages[stage].bodies[of as usize]
            .take()
            .unwrap_or_default()
    }
}
