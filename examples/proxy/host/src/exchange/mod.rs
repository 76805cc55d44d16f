//! An exchange: the handle that a filter has on a stream, with what it may see and change there.
//!
//! Nothing here calls a filter or waits. What a filter asks for is noted, and who passes on the
//! stream is woken.

mod properties;
mod state;

use std::ops::Range;
use std::sync::Arc;

use abide_proxy::host;
use abide_proxy::types::{Direction, Field, Part, Response, Unavailable};
use parking_lot::{Mutex, MutexGuard};

use crate::fields::first;

pub(crate) use state::{Ending, State, Waiting};

/// A stream, as one of its filters sees it. A clone is the same.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    stream: Arc<Mutex<State>>,
    stage: usize,
}

impl Exchange {
    /// What the filter at `stage` sees of a stream.
    pub(crate) fn new(stream: Arc<Mutex<State>>, stage: usize) -> Self {
        Self { stream, stage }
    }

    /// The stream. Whoever has it calls no filter.
    pub(crate) fn stream(&self) -> MutexGuard<'_, State> {
        self.stream.lock()
    }

    /// The filter is gone. Without it the stream goes on, or it ends.
    pub(crate) fn lose(&self, ending: Option<Ending>) {
        let mut stream = self.stream();
        stream.stages[self.stage].is_gone = true;
        match ending {
            Some(ending) => stream.end(ending),
            None => stream.wake(),
        }
    }

    /// Whether nothing waits for the filter any more.
    pub(crate) fn is_lost(&self) -> bool {
        self.stream().stages[self.stage].is_gone
    }

    fn part<R>(
        &self,
        part: Part,
        work: impl FnOnce(&mut Vec<Field>) -> R,
    ) -> Result<R, Unavailable> {
        let mut stream = self.stream();
        let is_logged = stream.is_through && part != Part::RequestTrailers;
        let is_shown = is_logged || stream.stages[self.stage].shown[part as usize];
        let fields = stream.fields[part as usize].as_mut();
        let fields = fields.filter(|_| is_shown);
        fields.map(work).ok_or(Unavailable::NotNow)
    }

    /// The same to change it, which is too late for headers when the stream is through.
    fn open_part<R>(
        &self,
        part: Part,
        work: impl FnOnce(&mut Vec<Field>) -> R,
    ) -> Result<R, Unavailable> {
        {
            let mut stream = self.stream();
            let is_shown = stream.stages[self.stage].shown[part as usize];
            let is_header = matches!(part, Part::RequestHeaders | Part::ResponseHeaders);
            if stream.is_through && (is_header || !is_shown) {
                return Err(Unavailable::NotNow);
            }
            // At the end of a body there may be trailers that only the filter knows of.
            let stage = &mut stream.stages[self.stage];
            if stage.may_add == Some(part) {
                stage.shown[part as usize] = true;
                stream.fields[part as usize].get_or_insert_default();
            }
        }
        self.part(part, work)
    }

    /// Changes a part, which has room for so many bytes more.
    fn change(
        &self,
        part: Part,
        more: usize,
        work: impl FnOnce(&mut Vec<Field>),
    ) -> Result<(), Unavailable> {
        self.open_part(part, |fields| match State::has_room(fields, more) {
            true => {
                work(fields);
                Ok(())
            }
            false => Err(Unavailable::Refused),
        })?
    }

    fn bytes<R>(&self, of: Direction, work: impl FnOnce(&[u8]) -> R) -> Result<R, Unavailable> {
        let stream = self.stream();
        let body = stream.stages[self.stage].bodies[of as usize].as_deref();
        body.map(work).ok_or(Unavailable::NotNow)
    }
}

/// A part of some bytes, of which there may be fewer.
pub(crate) fn part_of(bytes: &[u8], start: u64, size: u64) -> Vec<u8> {
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let rest = bytes.get(start..).unwrap_or_default();
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    rest[..rest.len().min(size)].to_vec()
}

/// Adds a field, at the end; one of HTTP/2's own, which stand first, at their end.
fn put(fields: &mut Vec<Field>, name: String, value: &[u8]) {
    let at = match name.starts_with(':') {
        true => fields
            .iter()
            .take_while(|(name, _)| name.starts_with(':'))
            .count(),
        false => fields.len(),
    };
    fields.insert(at, (name, value.to_vec()));
}

/// Replaces a part of some bytes.
fn replace(bytes: &mut Vec<u8>, part: Range<usize>, with: &[u8]) {
    if part == (0..bytes.len()) {
        // Most filters replace all, and this copies it at once.
        bytes.clear();
        return bytes.extend_from_slice(with);
    }
    bytes.splice(part, with.iter().copied());
}

/// Several values of one name are one, with commas between.
fn joined(fields: &[Field], name: &str) -> Option<Vec<u8>> {
    let is_it = |(found, _): &&Field| found.eq_ignore_ascii_case(name);
    let mut values = fields.iter().filter(is_it);
    let mut joined = values.next()?.1.clone();
    for (_, value) in values {
        joined.push(b',');
        joined.extend_from_slice(value);
    }
    Some(joined)
}

impl host::http::Exchange for Exchange {
    fn fields(&mut self, part: Part) -> Result<Vec<Field>, Unavailable> {
        self.part(part, |fields| fields.clone())
    }

    fn set_fields(&mut self, part: Part, mut fields: Vec<Field>) -> Result<(), Unavailable> {
        if !State::has_room(&fields, 0) {
            return Err(Unavailable::Refused);
        }
        for (name, _) in &mut fields {
            name.make_ascii_lowercase();
        }
        self.open_part(part, |all| *all = fields)
    }

    fn get_field(&mut self, part: Part, name: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        self.part(part, |fields| first(fields, name).map(<[u8]>::to_vec))
    }

    fn add_field(&mut self, part: Part, name: &str, value: &[u8]) -> Result<(), Unavailable> {
        let name = name.to_ascii_lowercase();
        let more = name.len() + value.len();
        self.change(part, more, |fields| put(fields, name, value))
    }

    /// It stands where it would if those of its name had not been there, as in Envoy.
    fn set_field(&mut self, part: Part, name: &str, value: &[u8]) -> Result<(), Unavailable> {
        let name = name.to_ascii_lowercase();
        self.change(part, name.len() + value.len(), |fields| {
            fields.retain(|(found, _)| *found != name);
            put(fields, name, value);
        })
    }

    fn remove_field(&mut self, part: Part, name: &str) -> Result<(), Unavailable> {
        self.open_part(part, |fields| {
            fields.retain(|(found, _)| !found.eq_ignore_ascii_case(name));
        })
    }

    fn body_size(&mut self, of: Direction) -> Result<u64, Unavailable> {
        self.bytes(of, |body| body.len() as u64)
    }

    fn body(&mut self, of: Direction, start: u64, size: u64) -> Result<Vec<u8>, Unavailable> {
        self.bytes(of, |body| part_of(body, start, size))
    }

    fn replace_body(
        &mut self,
        of: Direction,
        start: u64,
        size: u64,
        bytes: &[u8],
    ) -> Result<(), Unavailable> {
        let mut stream = self.stream();
        let limit = stream.limits[of as usize];
        let body = stream.stages[self.stage].bodies[of as usize].as_mut();
        let body = body.ok_or(Unavailable::NotNow)?;
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(body.len());
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let end = start.saturating_add(size).min(body.len());
        // A chunk may be larger than what may be held back; filters may not make it grow further.
        if body.len() - (end - start) + bytes.len() > limit.max(body.len()) {
            return Err(Unavailable::Refused);
        }
        replace(body, start..end, bytes);
        stream.is_rewritten[of as usize] = true;
        Ok(())
    }

    fn resume(&mut self, of: Direction) -> Result<(), Unavailable> {
        let mut stream = self.stream();
        let stage = &mut stream.stages[self.stage];
        stage.resumed[of as usize] = true;
        // It has let go of the request, as in Envoy: whichever way it resumes.
        stage.shown[Part::RequestHeaders as usize] = false;
        stage.shown[Part::RequestTrailers as usize] = false;
        stream.wake();
        Ok(())
    }

    fn respond(&mut self, response: Response) -> Result<(), Unavailable> {
        if !(200..=599).contains(&response.status) || !State::has_room(&response.fields, 0) {
            return Err(Unavailable::Refused);
        }
        self.stream().end(Ending::Answered(response));
        Ok(())
    }

    fn reset(&mut self, _of: Direction) -> Result<(), Unavailable> {
        self.stream().end(Ending::Reset);
        Ok(())
    }

    fn choose_route(&mut self) {
        self.stream().is_rerouted = true;
    }

    fn property(&mut self, path: Vec<String>) -> Option<Vec<u8>> {
        properties::of(&self.stream(), &path)
    }

    fn set_property(&mut self, path: Vec<String>, value: &[u8]) -> Result<(), Unavailable> {
        match self.stream().set_property(path, value.to_vec()) {
            true => Ok(()),
            false => Err(Unavailable::Refused),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use abide_proxy::host::http::Exchange as _;
    use abide_proxy::types::{Direction, Part, Unavailable};
    use parking_lot::Mutex;

    use super::{Exchange, State};

    fn exchange(names: &[&str]) -> Exchange {
        let field = |name: &&str| ((*name).to_owned(), b"0".to_vec());
        let fields = names.iter().map(field).collect();
        let nowhere = ([127, 0, 0, 1], 1).into();
        let mut state = State::new(1, fields, [nowhere; 2], [8, 8]);
        state.stages[0].shown[Part::RequestHeaders as usize] = true;
        Exchange::new(Arc::new(Mutex::new(state)), 0)
    }

    #[test]
    fn fields_are_changed_in_their_places() {
        let mut exchange = exchange(&["a", "b", "a", "c"]);
        let part = Part::RequestHeaders;
        assert_eq!(exchange.get_field(part, "A").unwrap().unwrap(), b"0");
        exchange.set_field(part, "A", b"1").unwrap();
        exchange.add_field(part, "b", b"2").unwrap();
        exchange.add_field(part, ":d", b"3").unwrap();
        let fields = exchange.fields(part).unwrap();
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, [":d", "b", "c", "a", "b"]);
        assert_eq!(fields[3].1, b"1");
        let early = exchange.fields(Part::ResponseHeaders);
        assert_eq!(early, Err(Unavailable::NotNow));
        exchange.resume(Direction::Request).unwrap();
        assert_eq!(exchange.fields(part), Err(Unavailable::NotNow));
        exchange.stream().is_through = true;
        assert_eq!(exchange.fields(part).unwrap(), fields);
        let late = exchange.remove_field(part, "a");
        assert_eq!(late, Err(Unavailable::NotNow));
    }

    #[test]
    fn what_would_be_too_large_is_refused() {
        let mut exchange = exchange(&["a"]);
        let large = vec![0; 300 << 10];
        let part = Part::RequestHeaders;
        let refused = Err(Unavailable::Refused);
        assert_eq!(exchange.add_field(part, "b", &large), refused);
        assert_eq!(exchange.set_field(part, "a", &large), refused);
        assert_eq!(exchange.fields(part).unwrap().len(), 1);
        let way = Direction::Request;
        assert_eq!(
            exchange.replace_body(way, 0, 0, b"a"),
            Err(Unavailable::NotNow)
        );
        exchange.stream().stages[0].bodies[0] = Some(b"12345678".to_vec());
        assert_eq!(exchange.replace_body(way, 8, 0, b"a"), refused);
        exchange.replace_body(way, 2, 99, b"ab").unwrap();
        assert_eq!(exchange.body(way, 1, 99).unwrap(), b"2ab");
        assert_eq!(exchange.body(way, 9, 1).unwrap(), b"");
        assert!(exchange.stream().is_rewritten[0]);
    }

    #[test]
    fn what_is_known_of_a_request_are_properties() {
        let mut exchange = exchange(&[":path"]);
        let path = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(exchange.property(path(&["request", "path"])).unwrap(), b"0");
        let port = exchange.property(path(&["source", "port"])).unwrap();
        assert_eq!(port, 1_i64.to_le_bytes());
        assert_eq!(exchange.property(path(&["no"])), None);
        exchange.set_property(path(&["my", "own"]), b"1").unwrap();
        assert_eq!(exchange.property(path(&["my", "own"])).unwrap(), b"1");
    }
}
