//! An exchange and a connection, of which a connection's task and a filter each have a handle.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use abide_proxy::host;
use abide_proxy::types::{Direction, Field, Part, Response, Side, Unavailable};

/// A request and its response.
#[derive(Debug, Clone, Default)]
pub(crate) struct Exchange(Arc<Mutex<Stream>>);

/// A connection: its data are the two bodies.
#[derive(Debug, Clone, Default)]
pub(crate) struct Connection(pub(crate) Exchange);

/// What there is of it, and what a filter asked for.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    pub(crate) fields: [Option<Vec<Field>>; 4],
    /// Whether headers can be read only.
    pub(crate) headers_are_final: bool,
    pub(crate) bodies: [Option<Vec<u8>>; 2],
    pub(crate) resumed: [bool; 2],
    pub(crate) reset: bool,
    pub(crate) route_is_chosen: bool,
    pub(crate) response: Option<Response>,
    pub(crate) properties: HashMap<Vec<String>, Vec<u8>>,
}

impl Exchange {
    /// A request for a path, from one `curl`.
    pub(crate) fn of(path: &str) -> Self {
        let exchange = Self::default();
        let fields = [
            (":method", "GET"),
            (":path", path),
            (":authority", "example.org"),
            ("user-agent", "curl/7.88.1"),
        ];
        exchange.set(Part::RequestHeaders, &fields);
        exchange
    }

    pub(crate) fn stream(&self) -> MutexGuard<'_, Stream> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, part: Part, fields: &[(&str, &str)]) -> u32 {
        let field = |(name, value): &(&str, &str)| ((*name).to_owned(), value.as_bytes().to_vec());
        self.stream().fields[part as usize] = Some(fields.iter().map(field).collect());
        fields.len() as u32
    }

    pub(crate) fn set_body(&self, of: Direction, body: &str) -> u32 {
        self.stream().bodies[of as usize] = Some(body.into());
        body.len() as u32
    }

    pub(crate) fn field(&self, part: Part, name: &str) -> Option<String> {
        let stream = self.stream();
        let mut fields = stream.fields[part as usize].iter().flatten();
        let (_, value) = fields.find(|(found, _)| found == name)?;
        Some(String::from_utf8_lossy(value).into_owned())
    }

    pub(crate) fn body(&self, of: Direction) -> Option<String> {
        let stream = self.stream();
        let body = stream.bodies[of as usize].as_ref()?;
        Some(String::from_utf8_lossy(body).into_owned())
    }

    fn part<R>(
        &self,
        part: Part,
        work: impl FnOnce(&mut Vec<Field>) -> R,
    ) -> Result<R, Unavailable> {
        let mut stream = self.stream();
        let fields = stream.fields[part as usize].as_mut();
        fields.map(work).ok_or(Unavailable::NotNow)
    }

    fn change(&self, part: Part, change: impl FnOnce(&mut Vec<Field>)) -> Result<(), Unavailable> {
        let is_header = matches!(part, Part::RequestHeaders | Part::ResponseHeaders);
        // The lock is let go of before the field is changed.
        let is_final = is_header && self.stream().headers_are_final;
        match is_final {
            true => Err(Unavailable::NotNow),
            false => self.part(part, change),
        }
    }

    fn bytes<R>(
        &self,
        of: Direction,
        work: impl FnOnce(&mut Vec<u8>) -> R,
    ) -> Result<R, Unavailable> {
        let mut stream = self.stream();
        let body = stream.bodies[of as usize].as_mut();
        body.map(work).ok_or(Unavailable::NotNow)
    }
}

/// A part of some bytes, of which there may be fewer.
pub(crate) fn part(bytes: &[u8], start: u64, size: u64) -> Vec<u8> {
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let rest = bytes.get(start..).unwrap_or_default();
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    rest[..rest.len().min(size)].to_vec()
}

fn replace(bytes: &mut Vec<u8>, start: u64, size: u64, with: &[u8]) {
    let start = (start as usize).min(bytes.len());
    let end = start.saturating_add(size as usize).min(bytes.len());
    bytes.splice(start..end, with.iter().copied());
}

impl host::http::Exchange for Exchange {
    fn fields(&mut self, part: Part) -> Result<Vec<Field>, Unavailable> {
        self.part(part, |fields| fields.clone())
    }

    fn set_fields(&mut self, part: Part, fields: Vec<Field>) -> Result<(), Unavailable> {
        self.change(part, |all| *all = fields)
    }

    fn get_field(&mut self, part: Part, name: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        self.part(part, |fields| {
            let mut found = fields.iter().filter(|(found, _)| found == name);
            found.next().map(|(_, value)| value.clone())
        })
    }

    fn add_field(&mut self, part: Part, name: &str, value: &[u8]) -> Result<(), Unavailable> {
        self.change(part, |fields| {
            fields.push((name.to_owned(), value.to_vec()))
        })
    }

    fn set_field(&mut self, part: Part, name: &str, value: &[u8]) -> Result<(), Unavailable> {
        self.change(part, |fields| {
            fields.retain(|(found, _)| found != name);
            fields.push((name.to_owned(), value.to_vec()));
        })
    }

    fn remove_field(&mut self, part: Part, name: &str) -> Result<(), Unavailable> {
        self.change(part, |fields| fields.retain(|(found, _)| found != name))
    }

    fn body_size(&mut self, of: Direction) -> Result<u64, Unavailable> {
        self.bytes(of, |body| body.len() as u64)
    }

    fn body(&mut self, of: Direction, start: u64, size: u64) -> Result<Vec<u8>, Unavailable> {
        self.bytes(of, |body| part(body, start, size))
    }

    fn replace_body(
        &mut self,
        of: Direction,
        start: u64,
        size: u64,
        bytes: &[u8],
    ) -> Result<(), Unavailable> {
        self.bytes(of, |body| replace(body, start, size, bytes))
    }

    fn resume(&mut self, of: Direction) -> Result<(), Unavailable> {
        self.stream().resumed[of as usize] = true;
        Ok(())
    }

    fn respond(&mut self, response: Response) -> Result<(), Unavailable> {
        self.stream().response = Some(response);
        Ok(())
    }

    fn reset(&mut self, _of: Direction) -> Result<(), Unavailable> {
        self.stream().reset = true;
        Ok(())
    }

    fn choose_route(&mut self) {
        self.stream().route_is_chosen = true;
    }

    fn property(&mut self, path: Vec<String>) -> Option<Vec<u8>> {
        self.stream().properties.get(&path).cloned()
    }

    fn set_property(&mut self, path: Vec<String>, value: &[u8]) -> Result<(), Unavailable> {
        self.stream().properties.insert(path, value.to_vec());
        Ok(())
    }
}

/// The data from one end are the body on their way.
fn way(side: Side) -> Direction {
    match side {
        Side::Downstream => Direction::Request,
        Side::Upstream => Direction::Response,
    }
}

impl host::tcp::Connection for Connection {
    fn data_size(&mut self, from: Side) -> Result<u64, Unavailable> {
        self.0.bytes(way(from), |data| data.len() as u64)
    }

    fn data(&mut self, from: Side, start: u64, size: u64) -> Result<Vec<u8>, Unavailable> {
        self.0.bytes(way(from), |data| part(data, start, size))
    }

    fn replace_data(
        &mut self,
        from: Side,
        start: u64,
        size: u64,
        bytes: &[u8],
    ) -> Result<(), Unavailable> {
        self.0
            .bytes(way(from), |data| replace(data, start, size, bytes))
    }

    fn resume(&mut self, of: Side) -> Result<(), Unavailable> {
        self.0.stream().resumed[way(of) as usize] = true;
        Ok(())
    }

    fn close(&mut self, _of: Side) -> Result<(), Unavailable> {
        self.0.stream().reset = true;
        Ok(())
    }

    fn property(&mut self, _path: Vec<String>) -> Option<Vec<u8>> {
        None
    }

    fn set_property(&mut self, _path: Vec<String>, _value: &[u8]) -> Result<(), Unavailable> {
        Err(Unavailable::Refused)
    }
}
