//! What a module of http-wasm sees of a stream: the exchange that all filters have, in the words of
//! that ABI. Fields have no names that begin with a colon there.

use abide::module::Trap;
use abide_http_wasm::{Body, Fields, Read};
use abide_proxy::host::http::Exchange as _;
use abide_proxy::types::{Direction, Field, Part, Response, Unavailable};

use crate::exchange::{Ending, Exchange, State};
use crate::fields::text;
use crate::refusal::Refusal;

/// What is `:authority` in the exchange.
const HOST: &str = "host";
const AUTHORITY: &str = ":authority";

/// A stream.
#[derive(Debug)]
pub(super) struct Seen {
    exchange: Exchange,
    method: String,
    uri: String,
    protocol: &'static str,
    /// Whether the request's body is here as a whole.
    has_body: bool,
    /// How much of each body was read.
    read: [u64; 2],
    /// What it makes of the response before there is one.
    given: Given,
    /// Whether there is one.
    is_answered: bool,
}

#[derive(Debug, Default)]
struct Given {
    status: Option<u16>,
    fields: Vec<Field>,
    body: Vec<u8>,
}

impl Seen {
    pub(super) fn new(exchange: Exchange, has_body: bool) -> Self {
        Self {
            exchange,
            method: String::new(),
            uri: String::new(),
            protocol: "",
            has_body,
            read: [0; 2],
            given: Given::default(),
            is_answered: false,
        }
    }

    /// Looks at the request, which other filters may have changed.
    pub(super) fn look(&mut self) {
        let stream = self.exchange.stream();
        let fields = stream.part(Part::RequestHeaders);
        let word = |name| text(fields, name).unwrap_or_default().to_owned();
        (self.method, self.uri) = (word(":method"), word(":path"));
        self.protocol = stream.protocol;
    }

    /// Whether what it sees as the response is that something failed.
    pub(super) fn is_refused(&self) -> bool {
        self.exchange.stream().is_refused
    }

    /// There is a response. What was made of it before is added to it, but for its status and body.
    pub(super) fn answered(&mut self) {
        self.is_answered = true;
        for (name, value) in std::mem::take(&mut self.given.fields) {
            // There is a response, and one with too many fields stays as it is.
            let _ = self
                .exchange
                .add_field(Part::ResponseHeaders, &name, &value);
        }
    }

    /// What it has made is the response.
    pub(super) fn respond(&mut self) {
        let given = std::mem::take(&mut self.given);
        let responded = self.exchange.respond(Response {
            status: given.status.unwrap_or(200),
            fields: given.fields,
            body: given.body,
            grpc_status: None,
            details: String::new(),
        });
        if responded.is_err() {
            let refusal = Refusal::ResponseTooLarge;
            self.exchange.stream().end(Ending::Refused(refusal));
        }
    }

    /// Writes on in the body of a response of its own, which is as long as one that is held back.
    fn give(&mut self, part: &[u8], replaces: bool) -> Result<(), Trap> {
        if replaces {
            self.given.body.clear();
        }
        let most = self.exchange.stream().limits[Direction::Response as usize];
        if self.given.body.len() + part.len() > most {
            return Err(refused("the body")(Unavailable::Refused));
        }
        self.given.body.extend_from_slice(part);
        Ok(())
    }

    /// Adds to the fields of a response of its own, or of one that is still to come.
    fn give_field(&mut self, name: &str, value: &[u8]) -> Result<(), Trap> {
        let fields = &mut self.given.fields;
        if !State::has_room(fields, name.len() + value.len()) {
            return Err(refused("a list of fields")(Unavailable::Refused));
        }
        fields.push((name.to_owned(), value.to_vec()));
        Ok(())
    }

    /// The fields of a kind, where they are in the exchange.
    fn part(&self, of: Fields) -> Option<Part> {
        match of {
            Fields::Request => Some(Part::RequestHeaders),
            Fields::RequestTrailers => Some(Part::RequestTrailers),
            Fields::Response => self.is_answered.then_some(Part::ResponseHeaders),
            Fields::ResponseTrailers => Some(Part::ResponseTrailers),
        }
    }

    /// Looks at the fields of a kind.
    fn with<R>(&self, of: Fields, work: impl FnOnce(&[Field]) -> R) -> R {
        match self.part(of) {
            Some(part) => work(self.exchange.stream().part(part)),
            None => work(&self.given.fields),
        }
    }
}

/// The name of a field in the exchange.
fn inner(of: Fields, name: &str) -> &str {
    match (of, name) {
        (Fields::Request, HOST) => AUTHORITY,
        (_, name) => name,
    }
}

/// The name of a field as the module knows it; none if it knows none.
fn outer(of: Fields, name: &str) -> Option<&str> {
    match (of, name) {
        (Fields::Request, AUTHORITY) => Some(HOST),
        (_, name) => (!name.starts_with(':')).then_some(name),
    }
}

fn refused(what: &str) -> impl Fn(Unavailable) -> Trap {
    move |why| match why {
        Unavailable::NotNow => Trap::new(format_args!("{what} is not there")),
        _ => Trap::new(format_args!("{what} would be too large")),
    }
}

fn direction(of: Body) -> Direction {
    match of {
        Body::Request => Direction::Request,
        Body::Response => Direction::Response,
    }
}

impl abide_http_wasm::Exchange for Seen {
    fn method(&self) -> &str {
        &self.method
    }

    fn set_method(&mut self, method: &str) -> Result<(), Trap> {
        let set = self
            .exchange
            .set_field(Part::RequestHeaders, ":method", method.as_bytes());
        self.method = method.to_owned();
        set.map_err(refused("the request"))
    }

    fn uri(&self) -> &str {
        &self.uri
    }

    fn set_uri(&mut self, uri: &str) -> Result<(), Trap> {
        let uri = if uri.is_empty() { "/" } else { uri };
        let set = self
            .exchange
            .set_field(Part::RequestHeaders, ":path", uri.as_bytes());
        self.uri = uri.to_owned();
        set.map_err(refused("the request"))
    }

    fn protocol(&self) -> &str {
        self.protocol
    }

    fn source(&self) -> String {
        self.exchange.stream().client.to_string()
    }

    fn status(&self) -> u16 {
        let status = self.with(Fields::Response, |fields| {
            text(fields, ":status").and_then(|status| status.parse().ok())
        });
        status.or(self.given.status).unwrap_or(200)
    }

    fn set_status(&mut self, status: u16) -> Result<(), Trap> {
        if !(200..=599).contains(&status) {
            return Err(Trap::new("the status is none of a response"));
        }
        if !self.is_answered {
            self.given.status = Some(status);
            return Ok(());
        }
        let status = status.to_string();
        let set = self
            .exchange
            .set_field(Part::ResponseHeaders, ":status", status.as_bytes());
        set.map_err(refused("the response"))
    }

    fn names(&self, of: Fields) -> Vec<String> {
        self.with(of, |fields| {
            let mut names: Vec<String> = Vec::new();
            for name in fields.iter().filter_map(|(name, _)| outer(of, name)) {
                if !names.iter().any(|found| found == name) {
                    names.push(name.to_owned());
                }
            }
            names
        })
    }

    fn values(&self, of: Fields, name: &str) -> Vec<Vec<u8>> {
        let name = inner(of, name);
        self.with(of, |fields| {
            // A zero would end the value: HTTP has none, and other filters may not bring one in.
            let values = fields
                .iter()
                .filter(|(found, value)| found == name && !value.contains(&0));
            values.map(|(_, value)| value.clone()).collect()
        })
    }

    fn add(&mut self, of: Fields, name: &str, value: &[u8]) -> Result<(), Trap> {
        if name.starts_with(':') {
            return Err(Trap::new("the name of a field begins with a colon"));
        }
        match (self.part(of), inner(of, name)) {
            (None, name) => self.give_field(name, value)?,
            (Some(part), AUTHORITY) => {
                let set = self.exchange.set_field(part, AUTHORITY, value);
                set.map_err(refused("the request"))?;
            }
            (Some(part), name) => {
                let added = self.exchange.add_field(part, name, value);
                added.map_err(refused("a list of fields"))?;
            }
        }
        Ok(())
    }

    /// A request has a host in any case: it is only ever set.
    fn remove(&mut self, of: Fields, name: &str) -> Result<(), Trap> {
        if name.starts_with(':') {
            return Ok(());
        }
        match (self.part(of), inner(of, name)) {
            (None, name) => self.given.fields.retain(|(found, _)| found != name),
            (Some(_), AUTHORITY) => {}
            (Some(part), name) => {
                let removed = self.exchange.remove_field(part, name);
                removed.map_err(refused("a list of fields"))?;
            }
        }
        Ok(())
    }

    fn read(&mut self, of: Body, most: usize) -> Result<Read, Trap> {
        if matches!(of, Body::Request) && !self.has_body {
            return Err(Trap::new(
                "the request's body is not here yet: enable it when the guest starts, or set \
                 `body_before_headers`",
            ));
        }
        let of = direction(of);
        let read = &mut self.read[of as usize];
        // Without a body there is nothing to be read.
        let size = self.exchange.body_size(of).unwrap_or(0);
        let bytes = self
            .exchange
            .body(of, *read, most as u64)
            .unwrap_or_default();
        *read += bytes.len() as u64;
        let is_last = *read >= size;
        Ok(Read { bytes, is_last })
    }

    fn write(&mut self, of: Body, part: &[u8], replaces: bool) -> Result<(), Trap> {
        let way = direction(of);
        self.read[way as usize] = 0;
        if matches!(of, Body::Response) && !self.is_answered {
            return self.give(part, replaces);
        }
        let written = match replaces {
            true => self.exchange.replace_body(way, 0, u64::MAX, part),
            false => self.exchange.replace_body(way, u64::MAX, 0, part),
        };
        written.map_err(refused("the body"))
    }
}
