//! A request and its response, of which a proxy and a filter each have a handle.

use std::sync::Arc;

use abide_proxy::host;
use abide_proxy::types::{Direction, Field, Part, Response, Unavailable};
use parking_lot::Mutex;

use crate::filters::{CONTENT_LENGTH, REQUEST, RESPONSE, body};

/// An exchange. A clone is the same.
#[derive(Debug, Clone)]
pub(super) struct Exchange(Arc<Mutex<Stream>>);

/// What there is of it.
#[derive(Debug)]
struct Stream {
    /// The headers of the request and of the response.
    fields: [Vec<Field>; 2],
    /// The body of the response.
    body: Vec<u8>,
    /// The same, as it comes from the upstream.
    original: Vec<u8>,
}

fn field((name, value): (&str, &str)) -> Field {
    (name.to_owned(), value.into())
}

impl Exchange {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Stream {
            fields: [REQUEST.map(field).into(), RESPONSE.map(field).into()],
            body: Vec::new(),
            original: body(),
        })))
    }

    /// Takes back what the last filter has done.
    pub(super) fn begin(&self) {
        let stream = &mut *self.0.lock();
        stream.fields[0].truncate(REQUEST.len());
        if stream.fields[1].len() < RESPONSE.len() {
            stream.fields[1].push(field(CONTENT_LENGTH));
        }
        stream.body.clone_from(&stream.original);
    }

    pub(super) fn field(&self, name: &str) -> Option<Vec<u8>> {
        find(&self.0.lock().fields[0], name)
    }

    pub(super) fn sent(&self) -> Vec<u8> {
        self.0.lock().body.clone()
    }

    fn part<R>(
        &self,
        part: Part,
        work: impl FnOnce(&mut Vec<Field>) -> R,
    ) -> Result<R, Unavailable> {
        let mut stream = self.0.lock();
        match part {
            Part::RequestHeaders => Ok(work(&mut stream.fields[0])),
            Part::ResponseHeaders => Ok(work(&mut stream.fields[1])),
            _ => Err(Unavailable::NotNow),
        }
    }

    fn bytes<R>(
        &self,
        of: Direction,
        work: impl FnOnce(&mut Vec<u8>) -> R,
    ) -> Result<R, Unavailable> {
        match of {
            Direction::Request => Err(Unavailable::NotNow),
            Direction::Response => Ok(work(&mut self.0.lock().body)),
        }
    }
}

fn find(fields: &[Field], name: &str) -> Option<Vec<u8>> {
    let mut found = fields.iter().filter(|(found, _)| found == name);
    found.next().map(|(_, value)| value.clone())
}

/// The part of so many bytes that is there.
fn range(len: usize, start: u64, size: u64) -> std::ops::Range<usize> {
    let start = usize::try_from(start).unwrap_or(usize::MAX).min(len);
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    start..start.saturating_add(size).min(len)
}

impl host::http::Exchange for Exchange {
    fn fields(&mut self, part: Part) -> Result<Vec<Field>, Unavailable> {
        self.part(part, |fields| fields.clone())
    }

    fn set_fields(&mut self, part: Part, fields: Vec<Field>) -> Result<(), Unavailable> {
        self.part(part, |all| *all = fields)
    }

    fn get_field(&mut self, part: Part, name: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        self.part(part, |fields| find(fields, name))
    }

    fn add_field(&mut self, part: Part, name: &str, value: &[u8]) -> Result<(), Unavailable> {
        self.part(part, |fields| {
            fields.push((name.to_owned(), value.to_vec()))
        })
    }

    fn set_field(&mut self, part: Part, name: &str, value: &[u8]) -> Result<(), Unavailable> {
        self.part(part, |fields| {
            fields.retain(|(found, _)| found != name);
            fields.push((name.to_owned(), value.to_vec()));
        })
    }

    fn remove_field(&mut self, part: Part, name: &str) -> Result<(), Unavailable> {
        self.part(part, |fields| fields.retain(|(found, _)| found != name))
    }

    fn body_size(&mut self, of: Direction) -> Result<u64, Unavailable> {
        self.bytes(of, |body| body.len() as u64)
    }

    fn body(&mut self, of: Direction, start: u64, size: u64) -> Result<Vec<u8>, Unavailable> {
        self.bytes(of, |body| body[range(body.len(), start, size)].to_vec())
    }

    fn replace_body(
        &mut self,
        of: Direction,
        start: u64,
        size: u64,
        bytes: &[u8],
    ) -> Result<(), Unavailable> {
        self.bytes(of, |body| {
            body.splice(range(body.len(), start, size), bytes.iter().copied());
        })
    }

    fn resume(&mut self, _: Direction) -> Result<(), Unavailable> {
        Ok(())
    }

    fn respond(&mut self, _: Response) -> Result<(), Unavailable> {
        Err(Unavailable::Refused)
    }

    fn reset(&mut self, _: Direction) -> Result<(), Unavailable> {
        Ok(())
    }

    fn choose_route(&mut self) {}

    fn property(&mut self, _: Vec<String>) -> Option<Vec<u8>> {
        None
    }

    fn set_property(&mut self, _: Vec<String>, _: &[u8]) -> Result<(), Unavailable> {
        Err(Unavailable::Refused)
    }
}
