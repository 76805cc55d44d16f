//! What proxy-wasm says by numbers.

use abide_proxy::log::Level;
use abide_proxy::metrics::Kind;
use abide_proxy::types::{Direction, Part, Peer, Side};

/// Makes `TryFrom<u32>` of a list in which each stands at the place of its number.
macro_rules! numbered {
    ($($(#[$docs:meta])* $name:ident($of:ty) = [$($value:expr),* $(,)?];)*) => {$(
        $(#[$docs])*
        #[derive(Debug, Clone, Copy)]
        pub(crate) struct $name(pub(crate) $of);

        impl TryFrom<u32> for $name {
            type Error = ();

            fn try_from(number: u32) -> Result<Self, ()> {
                const ALL: &[$of] = &[$($value),*];
                ALL.get(number as usize).copied().map(Self).ok_or(())
            }
        }
    )*};
}

numbered! {
    /// How much a message matters.
    LogLevel(Level) = [
        Level::Trace,
        Level::Debug,
        Level::Info,
        Level::Warn,
        Level::Error,
        Level::Critical,
    ];
    /// A list of fields.
    MapType(Map) = [
        Map::Of(Part::RequestHeaders),
        Map::Of(Part::RequestTrailers),
        Map::Of(Part::ResponseHeaders),
        Map::Of(Part::ResponseTrailers),
        Map::GrpcHeaders,
        Map::GrpcTrailers,
        Map::AnswerHeaders,
        Map::AnswerTrailers,
    ];
    /// A run of bytes.
    BufferType(Buffer) = [
        Buffer::Body(Direction::Request),
        Buffer::Body(Direction::Response),
        Buffer::Data(Side::Downstream),
        Buffer::Data(Side::Upstream),
        Buffer::AnswerBody,
        Buffer::GrpcMessage,
        Buffer::VmConfiguration,
        Buffer::Configuration,
        Buffer::Arguments,
    ];
    /// One way of a stream.
    StreamType(Stream) = [
        Stream::Http(Direction::Request),
        Stream::Http(Direction::Response),
        Stream::Tcp(Side::Downstream),
        Stream::Tcp(Side::Upstream),
    ];
    /// What a figure is.
    MetricType(Kind) = [Kind::Counter, Kind::Gauge, Kind::Histogram];
}

/// A list of fields.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Map {
    Of(Part),
    GrpcHeaders,
    GrpcTrailers,
    AnswerHeaders,
    AnswerTrailers,
}

/// A run of bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Buffer {
    Body(Direction),
    Data(Side),
    AnswerBody,
    GrpcMessage,
    VmConfiguration,
    Configuration,
    Arguments,
}

/// One way of a stream.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    Http(Direction),
    Tcp(Side),
}

/// The number of who closed a connection.
pub(crate) fn peer(peer: Peer) -> u32 {
    match peer {
        Peer::Unknown => 0,
        Peer::Local => 1,
        Peer::Remote => 2,
    }
}

/// The number of a level.
pub(crate) fn level(level: Level) -> u32 {
    level as u32
}
