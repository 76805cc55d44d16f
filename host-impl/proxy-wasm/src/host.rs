//! What a proxy's host is: everything that the generated traits of `abide-proxy` ask for.

use abide_proxy::host;

/// Makes [`Host`] of the interfaces that filters import, which are said once: a trait that every
/// type has which has these would say them twice.
macro_rules! host_of {
    ($($interface:ident)*) => {
        /// A host of filters: it has an implementation of every interface that they import, itself or in
        /// parts (`#[derive(abide::Host)]`). It is cloned for every VM.
        pub trait Host: $(host::$interface +)* Clone + Send + Sync + 'static {}

        impl<H: $(host::$interface +)* Clone + Send + Sync + 'static> Host for H {}
    };
}

host_of! {
    ProvidesLog
    ProvidesTimer
    ProvidesHttp
    ProvidesTcp
    ProvidesCallout
    ProvidesGrpc
    ProvidesShared
    ProvidesQueues
    ProvidesMetrics
    ProvidesProperties
    ProvidesForeign
    ProvidesEnding
}

/// The host's type of a request and its response.
pub type Exchange<H> = <<H as host::ProvidesHttp>::Impl as host::Http>::Exchange;

/// The host's type of a connection.
pub type Connection<H> = <<H as host::ProvidesTcp>::Impl as host::Tcp>::Connection;

/// The host's type of the answer to a request of a filter's own.
pub type Answer<H> = <<H as host::ProvidesCallout>::Impl as host::Callout>::Answer;
