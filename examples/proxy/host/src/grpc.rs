//! Calls of gRPC that filters make, from the first byte to the last: messages, and what frames them.

use std::rc::Rc;
use std::time::Duration;

use abide_proxy::types::Field;
use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use http_body_util::BodyExt as _;
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;

use crate::fields::{self, text};
use crate::stream::Body;
use crate::upstream::Upstreams;

/// Statuses that the proxy itself gives a call.
const DEADLINE_EXCEEDED: u32 = 4;
const RESOURCE_EXHAUSTED: u32 = 8;
const INTERNAL: u32 = 13;
const UNAVAILABLE: u32 = 14;

/// A call that begins.
#[derive(Debug)]
pub(crate) struct Begin {
    pub(crate) upstream: String,
    pub(crate) fields: Vec<Field>,
    /// Messages in their frames.
    pub(crate) messages: Receiver<Bytes>,
    /// For ever without.
    pub(crate) limit: Option<Duration>,
}

/// What comes of a call.
#[derive(Debug)]
pub(crate) enum Told {
    Metadata {
        fields: Vec<Field>,
        trailing: bool,
    },
    Message(Vec<u8>),
    /// It is over, with this status and its text.
    Closed(u32, String),
}

/// The fields of a call, which are those of its metadata and more.
pub(crate) fn request(
    upstream: &str,
    service: &str,
    method: &str,
    metadata: Vec<Field>,
) -> Vec<Field> {
    let field = |name: &str, value: &str| (name.to_owned(), value.into());
    let mut fields = vec![
        field(":method", "POST"),
        field(":path", &format!("/{service}/{method}")),
        field(":authority", upstream),
        field("content-type", "application/grpc"),
        field("te", "trailers"),
    ];
    let own = metadata
        .into_iter()
        .filter(|(name, _)| !name.starts_with(':'));
    fields.extend(own);
    fields
}

/// A message in its frame.
pub(crate) fn framed(message: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(5 + message.len());
    frame.put_u8(0);
    frame.put_u32(u32::try_from(message.len()).unwrap_or(u32::MAX));
    frame.extend_from_slice(message);
    frame.freeze()
}

/// Makes a call, and tells what comes of it, its end at last.
pub(crate) async fn make(upstreams: Rc<Upstreams>, begin: Begin, mut tell: impl FnMut(Told)) {
    let limit = begin.limit;
    let made = call(&upstreams, begin, &mut tell);
    let (status, message) = match limit {
        None => made.await,
        Some(limit) => match timeout(limit, made).await {
            Ok(closed) => closed,
            Err(_) => (DEADLINE_EXCEEDED, "it takes too long".to_owned()),
        },
    };
    tell(Told::Closed(status, message));
}

async fn call(upstreams: &Upstreams, begin: Begin, tell: &mut impl FnMut(Told)) -> (u32, String) {
    let Some(upstream) = upstreams.get(&begin.upstream) else {
        return (UNAVAILABLE, "there is no such upstream".to_owned());
    };
    let body = Body::frames(begin.messages);
    let response = match upstream.send(&begin.fields, body).await {
        Ok(response) => response,
        Err(refusal) => return (UNAVAILABLE, refusal.cause().to_owned()),
    };
    let (parts, mut body) = response.into_parts();
    let fields = fields::of_response(&parts);
    // Where there are no messages, the status may stand here.
    let mut closed = closed(&fields);
    tell(Told::Metadata {
        fields,
        trailing: false,
    });
    let mut buffer = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return (UNAVAILABLE, "it broke off".to_owned());
        };
        match frame.into_data() {
            Ok(bytes) => buffer.extend_from_slice(&bytes),
            Err(frame) => {
                let trailers = frame.into_trailers().unwrap_or_default();
                let fields = fields::of_trailers(&trailers);
                closed = self::closed(&fields).or(closed);
                tell(Told::Metadata {
                    fields,
                    trailing: true,
                });
            }
        }
        loop {
            match message(&mut buffer, upstreams.answer_bytes) {
                Ok(Some(message)) => tell(Told::Message(message)),
                Ok(None) => break,
                Err(closed) => return closed,
            }
        }
    }
    closed.unwrap_or_else(|| (INTERNAL, "it has no status".to_owned()))
}

/// The status that some fields tell.
fn closed(fields: &[Field]) -> Option<(u32, String)> {
    let status = text(fields, "grpc-status")?.parse().ok()?;
    let message = text(fields, "grpc-message").unwrap_or_default();
    Some((status, message.to_owned()))
}

/// The first message of what is here, if all of it is.
fn message(buffer: &mut BytesMut, most: usize) -> Result<Option<Vec<u8>>, (u32, String)> {
    let Some((flag, mut rest)) = buffer.split_first() else {
        return Ok(None);
    };
    if *flag != 0 {
        return Err((INTERNAL, "a message is compressed".to_owned()));
    }
    if rest.len() < 4 {
        return Ok(None);
    }
    let length = rest.get_u32() as usize;
    if length > most {
        return Err((RESOURCE_EXHAUSTED, "a message is too large".to_owned()));
    }
    if rest.len() < length {
        return Ok(None);
    }
    buffer.advance(5);
    Ok(Some(buffer.split_to(length).into()))
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;

    use super::{framed, message};

    #[test]
    fn messages_come_out_of_their_frames() {
        let mut buffer = BytesMut::new();
        buffer.extend_from_slice(&framed(b"one"));
        buffer.extend_from_slice(&framed(b""));
        buffer.extend_from_slice(&framed(b"three")[..7]);
        assert_eq!(message(&mut buffer, 10).unwrap().unwrap(), b"one");
        assert_eq!(message(&mut buffer, 10).unwrap().unwrap(), b"");
        assert_eq!(message(&mut buffer, 10).unwrap(), None);
        assert_eq!(message(&mut buffer, 4).unwrap_err().0, 8);
        let mut compressed = BytesMut::from(&b"\x01\0\0\0\0"[..]);
        assert_eq!(message(&mut compressed, 10).unwrap_err().0, 13);
    }
}
