//! What a proxy's host is: everything that the generated traits of `abide-proxy` ask for.

use abide_proxy::host;

/// A host of filters: it has an implementation of every interface that they import, itself or in parts
/// (`#[derive(abide::Host)]`). It is cloned for every VM.
pub trait Host:
    host::ProvidesLog
    + host::ProvidesTimer
    + host::ProvidesHttp
    + host::ProvidesTcp
    + host::ProvidesCallout
    + host::ProvidesGrpc
    + host::ProvidesShared
    + host::ProvidesQueues
    + host::ProvidesMetrics
    + host::ProvidesProperties
    + host::ProvidesForeign
    + host::ProvidesEnding
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<H> Host for H where
    H: host::ProvidesLog
        + host::ProvidesTimer
        + host::ProvidesHttp
        + host::ProvidesTcp
        + host::ProvidesCallout
        + host::ProvidesGrpc
        + host::ProvidesShared
        + host::ProvidesQueues
        + host::ProvidesMetrics
        + host::ProvidesProperties
        + host::ProvidesForeign
        + host::ProvidesEnding
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// The host's type of a request and its response.
pub type Exchange<H> = <<H as host::ProvidesHttp>::Impl as host::Http>::Exchange;

/// The host's type of a connection.
pub type Connection<H> = <<H as host::ProvidesTcp>::Impl as host::Tcp>::Connection;

/// The host's type of the answer to a request of a filter's own.
pub type Answer<H> = <<H as host::ProvidesCallout>::Impl as host::Callout>::Answer;
