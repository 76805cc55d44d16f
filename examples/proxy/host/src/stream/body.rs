//! Bodies as hyper takes them: what comes out of a way.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body as HyperBody, Frame, SizeHint};
use tokio::sync::mpsc::Receiver;

use super::Stream;
use super::stages::Event;
use super::way::Way;

/// A body on its way on.
pub(crate) struct Body {
    from: From,
    /// The stream lives as long as its bodies.
    _stream: Option<Rc<Stream>>,
}

enum From {
    /// It is here, unless it was taken.
    Whole(Bytes),
    Way(Box<Way>),
    /// Somebody sends it, part by part.
    Frames(Receiver<Bytes>),
}

/// A body does not end as it should: its stream has ended otherwise.
#[derive(Debug)]
pub(crate) struct BrokenOff;

impl std::fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the stream has ended otherwise")
    }
}

impl std::error::Error for BrokenOff {}

impl Body {
    /// Nothing but these bytes.
    pub(crate) fn whole(bytes: Bytes, stream: Option<Rc<Stream>>) -> Self {
        Self {
            from: From::Whole(bytes),
            _stream: stream,
        }
    }

    /// Whether all of it is here.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.from, From::Whole(_))
    }

    /// What comes in there.
    pub(crate) fn frames(frames: Receiver<Bytes>) -> Self {
        Self {
            from: From::Frames(frames),
            _stream: None,
        }
    }

    /// What comes out of a way whose head has come out.
    pub(crate) fn of(way: Way) -> Self {
        Self {
            from: From::Way(Box::new(way)),
            _stream: None,
        }
    }
}

impl HyperBody for Body {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        let way = match &mut self.get_mut().from {
            From::Whole(bytes) if bytes.is_empty() => return Poll::Ready(None),
            From::Whole(bytes) => return Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            From::Frames(frames) => {
                return frames
                    .poll_recv(cx)
                    .map(|bytes| Some(Ok(Frame::data(bytes?))));
            }
            From::Way(way) => way,
        };
        loop {
            return Poll::Ready(match ready!(way.poll_next(cx)) {
                None => None,
                Some(Err(_)) => Some(Err(BrokenOff)),
                Some(Ok(Event::Data { bytes, last: false })) if bytes.is_empty() => continue,
                Some(Ok(Event::Data { bytes, last: true })) if bytes.is_empty() => None,
                Some(Ok(Event::Data { bytes, .. })) => Some(Ok(Frame::data(bytes))),
                Some(Ok(Event::Trailers)) => way
                    .trailer_map()
                    .map(|trailers| Ok(Frame::trailers(trailers))),
                // It came out before.
                Some(Ok(Event::Head { .. })) => continue,
            });
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.from {
            From::Whole(bytes) => bytes.is_empty(),
            From::Way(way) => way.is_done(),
            From::Frames(frames) => frames.is_closed() && frames.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.from {
            From::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            From::Way(_) | From::Frames(_) => SizeHint::default(),
        }
    }
}
