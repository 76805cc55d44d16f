//! Where a body comes from.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::Version;
use hyper::body::{Body, Frame, Incoming};

/// Where a body comes from.
#[derive(Debug)]
pub(crate) enum Source {
    /// A connection. Of HTTP/1 the end of a body is told apart from the last of it, as filters know
    /// it from Envoy.
    Incoming { body: Incoming, ends_apart: bool },
    /// It is here, unless it was taken.
    Whole(Bytes),
}

impl Source {
    /// The body of a message of some version of HTTP.
    pub(crate) fn incoming(body: Incoming, version: Version) -> Self {
        Self::Incoming {
            body,
            ends_apart: version < Version::HTTP_2,
        }
    }

    /// Whether what was read last is not the end, even if nothing more comes.
    pub(crate) fn ends_apart(&self) -> bool {
        matches!(
            self,
            Self::Incoming {
                ends_apart: true,
                ..
            }
        )
    }

    /// Whether nothing more comes.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Incoming { body, .. } => body.is_end_stream(),
            Self::Whole(bytes) => bytes.is_empty(),
        }
    }

    pub(crate) fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match self.get_mut() {
            Self::Incoming { body, .. } => Pin::new(body).poll_frame(cx),
            Self::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
        }
    }
}
