//! Bodies of the tests: some frames, with time between, and perhaps an end that is none.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::HeaderMap;
use hyper::body::{Body, Frame};
use tokio::time::{Sleep, sleep};

/// One thing that a body does.
#[derive(Debug)]
pub enum Step {
    /// It has a part.
    Data(Bytes),
    /// It has trailers.
    Trailers(HeaderMap),
    /// It has nothing for a while.
    Wait(Duration),
    /// It breaks off.
    Break,
}

/// A body.
#[derive(Debug, Default)]
pub struct Frames {
    steps: VecDeque<Step>,
    waits: Option<Pin<Box<Sleep>>>,
}

impl Frames {
    /// These, one after the other.
    pub fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: steps.into_iter().collect(),
            waits: None,
        }
    }

    /// One frame, if there is something.
    pub fn text(text: impl Into<Bytes>) -> Self {
        let text = text.into();
        Self::of((!text.is_empty()).then_some(Step::Data(text)))
    }

    /// These parts, with time between them.
    #[must_use]
    pub fn parts(parts: &[&'static str]) -> Self {
        let step = |part: &&'static str| {
            [
                Step::Data((*part).into()),
                Step::Wait(Duration::from_millis(30)),
            ]
        };
        Self::of(parts.iter().flat_map(step))
    }

    /// With a trailer at the end.
    #[must_use]
    pub fn with_trailer(mut self, name: &'static str, value: &'static str) -> Self {
        let trailer = (name.parse().unwrap(), value.parse().unwrap());
        self.steps
            .push_back(Step::Trailers([trailer].into_iter().collect()));
        self
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        loop {
            if let Some(waits) = &mut self.waits {
                if waits.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
                self.waits = None;
            }
            return Poll::Ready(match self.steps.pop_front() {
                None => None,
                Some(Step::Data(bytes)) => Some(Ok(Frame::data(bytes))),
                Some(Step::Trailers(trailers)) => Some(Ok(Frame::trailers(trailers))),
                Some(Step::Break) => Some(Err(io::Error::other("broken on purpose"))),
                Some(Step::Wait(time)) => {
                    self.waits = Some(Box::pin(sleep(time)));
                    continue;
                }
            });
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty()
    }
}
