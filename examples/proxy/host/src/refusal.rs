//! Why the proxy itself answers a client, and what it then says.

use std::sync::Arc;

use abide_proxy::types::Field;

/// Why the proxy answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A filter holds back more of a request than may be.
    RequestTooLarge,
    /// The same of a response.
    ResponseTooLarge,
    /// A filter does not work, and nothing passes without it.
    Filter(Arc<str>),
    /// A filter holds back a stream for too long.
    Stuck(Arc<str>),
    /// What filters made of it is no message of HTTP.
    NoMessage,
    /// No route leads anywhere.
    NoRoute,
    /// The upstream cannot be reached.
    Unreachable,
    /// The upstream broke off.
    Broken,
    /// The upstream takes too long.
    Late,
    /// The client takes too long to send its body.
    Slow,
    /// The client broke off; nobody reads it.
    Gone,
}

impl Refusal {
    /// The status of HTTP.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::RequestTooLarge => 413,
            Self::ResponseTooLarge | Self::NoMessage | Self::Unreachable | Self::Broken => 502,
            Self::Filter(_) => 503,
            Self::NoRoute => 404,
            Self::Late | Self::Stuck(_) => 504,
            Self::Slow => 408,
            Self::Gone => 499,
        }
    }

    /// A word for it, in the answer's `x-proxy-cause`, the log and the metrics.
    pub(crate) fn cause(&self) -> &'static str {
        match self {
            Self::RequestTooLarge => "request-too-large",
            Self::ResponseTooLarge => "response-too-large",
            Self::Filter(_) => "filter-failed",
            Self::Stuck(_) => "filter-stuck",
            Self::NoMessage => "no-message",
            Self::NoRoute => "no-route",
            Self::Unreachable => "upstream-unreachable",
            Self::Broken => "upstream-broke",
            Self::Late => "upstream-late",
            Self::Slow => "client-slow",
            Self::Gone => "client-gone",
        }
    }

    /// Whether filters see the answer: those that are no reason for it, if anybody reads it.
    pub(crate) fn is_shown(&self) -> bool {
        !matches!(
            self,
            Self::Stuck(_) | Self::Slow | Self::Gone | Self::NoMessage
        )
    }

    /// What the client reads.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Filter(name) => format!("filter-failed: the filter `{name}` does not work\n"),
            Self::Stuck(name) => format!("filter-stuck: the filter `{name}` takes too long\n"),
            other => format!("{}\n", other.cause()),
        }
    }

    /// The fields of the answer.
    pub(crate) fn fields(&self) -> Vec<Field> {
        let field = |name: &str, value: &str| (name.to_owned(), value.into());
        vec![
            field(":status", &self.status().to_string()),
            field("content-type", "text/plain"),
            field("x-proxy-cause", self.cause()),
        ]
    }
}
