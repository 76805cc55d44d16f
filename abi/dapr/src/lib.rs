//! The ABI of services on [Dapr](https://dapr.io): state, events, invocation, secrets, bindings,
//! locks and configuration, whatever stands behind them.
//!
//! Everything but the module `sdk` and the names of verbs is made from `wit/dapr.wit`.
//!
//! **A service** is a guest. It says what it wants to be called for, and calls what it needs:
//!
//! ```ignore
//! use abide_dapr::sdk::{Event, Request, Response, Routes, Store, Verdict};
//!
//! #[derive(Default, serde::Serialize, serde::Deserialize)]
//! struct Stock {
//!     left: u32,
//! }
//!
//! fn routes() -> Routes {
//!     Routes::new()
//!         .topic("pubsub", "orders", ordered)
//!         .method("stock", |_: Request| match Store::new("store").get::<Stock>("stock") {
//!             Ok(stock) => Response::json(200, &stock.map(|stock| stock.value)),
//!             Err(error) => Response::text(500, error),
//!         })
//! }
//!
//! fn ordered(_: Event) -> Verdict {
//!     // Somebody else may write it meanwhile: then it is read and changed once more.
//!     let taken = Store::new("store").update("stock", |stock: Option<Stock>| {
//!         let left = stock.unwrap_or_default().left;
//!         Stock { left: left.saturating_sub(1) }
//!     });
//!     taken.map_or(Verdict::Retry, |_| Verdict::Success)
//! }
//!
//! abide_dapr::service!(routes);
//! ```
//!
//! `cargo build --release --target wasm32-wasip2` makes the component of it.
//!
//! **A world of one's own** includes what is here, and shares its types and its host's traits:
//! put a copy of the WIT into the `deps` folder, and have `abi!` use this crate for it.
//!
//! ```wit
//! world shop {
//!     include abide:dapr/service@0.1.0;
//!     export orders;
//! }
//! ```
//!
//! ```text
//! abide::abi!({
//!     wit: "wit",
//!     with: {
//!         "abide:dapr": abide_dapr,
//!     },
//! });
//! ```
//!
//! **A host** is in [`abide-dapr-host`](https://docs.rs/abide-dapr-host), for these worlds and for
//! those that include them.

abide::abi!({ wit: "wit", world: "service" });

/// The world `client`: guests that use Dapr and are not called by it.
pub mod client {
    abide::abi!({
        wit: "wit",
        world: "client",
        module: "client",
        with: {
            "abide:dapr": crate,
        },
    });
}

#[cfg(target_family = "wasm")]
pub mod sdk;
mod verb;

/// Makes this guest the service whose [`Routes`](https://docs.rs/abide-dapr) a function returns:
/// `service!(routes);`, once. Each instance calls the function once.
#[macro_export]
macro_rules! service {
    ($routes:path $(,)?) => {
        const _: () = {
            /// What the service exports.
            struct Service;

            ::std::thread_local! {
                static ROUTES: $crate::sdk::Routes = $routes();
            }

            impl $crate::guest::App for Service {
                fn subscriptions() -> ::std::vec::Vec<$crate::app::Subscription> {
                    ROUTES.with($crate::sdk::Routes::subscriptions)
                }

                fn on_event(event: $crate::app::Event) -> $crate::app::Verdict {
                    ROUTES.with(|routes| routes.handle_event(event))
                }

                fn on_invoke(request: $crate::invocation::Request) -> $crate::invocation::Response {
                    ROUTES.with(|routes| routes.handle_call(request))
                }

                fn bindings() -> ::std::vec::Vec<::std::string::String> {
                    ROUTES.with($crate::sdk::Routes::input_bindings)
                }

                fn on_binding(
                    name: ::std::string::String,
                    data: ::std::vec::Vec<u8>,
                    metadata: ::std::vec::Vec<(::std::string::String, ::std::string::String)>,
                ) -> ::std::result::Result<::std::vec::Vec<u8>, ::std::string::String> {
                    ROUTES.with(|routes| routes.handle_binding(&name, data, metadata))
                }

                fn on_configuration(
                    store: ::std::string::String,
                    id: ::std::string::String,
                    items: ::std::vec::Vec<(::std::string::String, $crate::configuration::Item)>,
                ) {
                    ROUTES.with(|routes| routes.handle_changes(&store, &id, items));
                }
            }

            $crate::export!(Service);
        };
    };
}
