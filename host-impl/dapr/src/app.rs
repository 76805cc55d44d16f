//! What is called: a guest, or whatever else has an application's id.

use abide_dapr::app::{Event, Subscription, Verdict};
use abide_dapr::configuration::Item;
use abide_dapr::invocation::{Request, Response};
use async_trait::async_trait;

use crate::failure::{Error, Result};

/// An application. Without a word to the contrary it is not called for anything.
///
/// The handle of the world `service`, [`abide_dapr::host_async::Service`], is one. Of handles of
/// other worlds that include it, [`app!`](crate::app!) makes one.
#[async_trait]
pub trait App: Send + Sync {
    /// The topics that it wants.
    async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        Ok(Vec::new())
    }

    /// An event. An error is that it comes again.
    async fn on_event(&self, event: &Event) -> Result<Verdict> {
        let _ = event;
        Ok(Verdict::Drop)
    }

    /// A call.
    async fn on_invoke(&self, request: &Request) -> Result<Response> {
        Err(Error::NotFound(request.method.clone()))
    }

    /// The bindings that it wants.
    async fn bindings(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    /// Something happened at a binding.
    async fn on_binding(
        &self,
        name: &str,
        data: &[u8],
        metadata: &[(String, String)],
    ) -> Result<Vec<u8>> {
        let _ = (data, metadata);
        Err(Error::NotFound(name.to_owned()))
    }

    /// Items have changed.
    async fn on_configuration(
        &self,
        store: &str,
        id: &str,
        items: &[(String, Item)],
    ) -> Result<()> {
        let _ = (store, id, items);
        Ok(())
    }
}

/// Makes an [`App`] of the handle of a guest whose world includes `abide:dapr/service`: its type,
/// and the handle. `app!(shop_abi::host_async::Shop, shop)` is an `Arc<dyn App>`.
#[macro_export]
macro_rules! app {
    ($world:ty, $guest:expr $(,)?) => {{
        struct Guest($world);
        $crate::__impl_app!(Guest, |guest| &guest.0);
        ::std::sync::Arc::new(Guest($guest)) as ::std::sync::Arc<dyn $crate::App>
    }};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __impl_app {
    ($ty:ty, |$this:ident| $guest:expr) => {
        #[$crate::__private::async_trait]
        impl $crate::App for $ty {
            async fn subscriptions(
                &self,
            ) -> $crate::Result<::std::vec::Vec<$crate::__private::Subscription>> {
                let $this = self;
                let called = ($guest).app().subscriptions().await;
                called.map_err(|error| $crate::__private::failed("subscriptions", &error))
            }

            async fn on_event(
                &self,
                event: &$crate::__private::Event,
            ) -> $crate::Result<$crate::__private::Verdict> {
                let $this = self;
                let called = ($guest).app().on_event(event).await;
                called.map_err(|error| $crate::__private::failed("on-event", &error))
            }

            async fn on_invoke(
                &self,
                request: &$crate::__private::Request,
            ) -> $crate::Result<$crate::__private::Response> {
                let $this = self;
                let called = ($guest).app().on_invoke(request).await;
                called.map_err(|error| $crate::__private::failed("on-invoke", &error))
            }

            async fn bindings(&self) -> $crate::Result<::std::vec::Vec<::std::string::String>> {
                let $this = self;
                let called = ($guest).app().bindings().await;
                called.map_err(|error| $crate::__private::failed("bindings", &error))
            }

            async fn on_binding(
                &self,
                name: &str,
                data: &[u8],
                metadata: &[(::std::string::String, ::std::string::String)],
            ) -> $crate::Result<::std::vec::Vec<u8>> {
                let $this = self;
                let called = ($guest).app().on_binding(name, data, metadata).await;
                called.map_err($crate::__private::not_handled)
            }

            async fn on_configuration(
                &self,
                store: &str,
                id: &str,
                items: &[(::std::string::String, $crate::__private::Item)],
            ) -> $crate::Result<()> {
                let $this = self;
                let called = ($guest).app().on_configuration(store, id, items).await;
                called.map_err(|error| $crate::__private::failed("on-configuration", &error))
            }
        }
    };
}

__impl_app!(abide_dapr::host_async::Service, |guest| guest);

/// What [`app!`] uses.
#[doc(hidden)]
pub mod private {
    pub use abide_dapr::app::{Event, Subscription, Verdict};
    pub use abide_dapr::configuration::Item;
    pub use abide_dapr::invocation::{Request, Response};
    pub use async_trait::async_trait;

    use crate::failure::{Error, failed as failure, of_guest};

    /// A call that failed. What the guest's fault is is for the log only.
    pub fn failed(function: &str, error: &abide::Error) -> Error {
        tracing::warn!(function, "a call of an application failed: {error}");
        of_guest(error)
    }

    /// What became of a call that the guest may refuse.
    pub fn not_handled(error: abide::CallError<String>) -> Error {
        match error {
            abide::CallError::Guest(reason) => failure("NOT_HANDLED", reason),
            abide::CallError::Failed(error) => failed("on-binding", &error),
        }
    }
}
