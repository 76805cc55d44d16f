//! The ABI of filters of proxies: what modules of proxy-wasm 0.2.1 can do, as components.
//!
//! Everything but the module `sdk` is made from `wit/proxy.wit`.
//!
//! **A filter** is a guest. It implements [`Filter`](https://docs.rs/abide-proxy), of whose methods
//! each has a default, and says of which phases it wants to be told:
//!
//! ```ignore
//! use abide_proxy::sdk::{Action, Exchange, Filter, Part, Phases};
//!
//! struct AddHeader(Exchange);
//!
//! impl Filter for AddHeader {
//!     type Root = ();
//!     const PHASES: Phases = Phases::REQUEST_HEADERS;
//!
//!     fn new(exchange: Exchange, _: &()) -> Self {
//!         Self(exchange)
//!     }
//!
//!     fn request_headers(&mut self, _fields: u32, _last: bool) -> Action {
//!         let _ = self.0.add_field(Part::RequestHeaders, "x-filter", b"abide");
//!         Action::Proceed
//!     }
//! }
//!
//! abide_proxy::filter!(AddHeader);
//! ```
//!
//! There are no context ids and no effective context: a filter has the exchange that it works on.
//! `cargo build --release --target wasm32-wasip2` makes the component of it.
//!
//! **A proxy** is a host. It implements the traits of [`host`], and what calls the plugins is in
//! `abide-proxy-wasm`, which serves modules of proxy-wasm by the same traits.

abide::abi!("wit");

#[cfg(target_family = "wasm")]
pub mod sdk;

/// Makes a [`Filter`](https://docs.rs/abide-proxy) the plugin that this guest is: `filter!(AddHeader);`,
/// once.
#[macro_export]
macro_rules! filter {
    ($filter:ty $(,)?) => {
        $crate::export!($crate::sdk::Plugin<
            $filter,
            $crate::sdk::Unused<<$filter as $crate::sdk::Filter>::Root>,
        >);
    };
}

/// Makes a filter of connections the plugin that this guest is.
#[macro_export]
macro_rules! tcp_filter {
    ($filter:ty $(,)?) => {
        $crate::export!(
            $crate::sdk::Plugin<
                $crate::sdk::Unused<<$filter as $crate::sdk::TcpFilter>::Root>,
                $filter,
            >
        );
    };
}
