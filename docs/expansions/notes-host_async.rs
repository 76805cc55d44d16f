// What stands beside that in `notes.rs` with the feature `async`. `cargo xtask expand` writes this.

/// The host side of the world `demo:notes/notes@0.1.0`: the handle to call a guest with, and the traits that a host implements for what guests import. Calls of guests are futures, and so are the functions that a host offers. Dropping the future of a call drops the instance that it runs on.
#[allow(
    ambiguous_associated_items,
    clippy::all,
    clippy::pedantic,
    deprecated,
    non_snake_case,
    unused_imports
)]
#[cfg(not(target_family = "wasm"))]
pub mod host_async {
    use super::__abide;
    /// What time it is, as far as the host lets a guest know.
    ///
    /// Implemented by hosts: guests may import `demo:notes/clock@0.1.0`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` does not offer guests the import `demo:notes/clock@0.1.0`",
        label = "needs `impl host_async::Clock for {Self}`"
    )]
    pub trait Clock: ::core::marker::Send {
        /// Milliseconds since the Unix epoch.
        fn now_ms(
            &mut self,
        ) -> impl ::core::future::Future<Output = u64> + ::core::marker::Send;
    }
    /// A host that has an implementation of [`Clock`]: itself, or a part of it that is marked with `#[host(clock)]` under `#[derive(abide::Host)]`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` does not offer guests the import `demo:notes/clock@0.1.0`",
        label = "needs `impl host_async::Clock for {Self}`, or a field with `#[host(clock)]`"
    )]
    pub trait ProvidesClock {
        /// The implementation.
        type Impl: Clock;
        /// The implementation.
        fn provide(&mut self) -> &mut Self::Impl;
    }
    #[diagnostic::do_not_recommend]
    impl<T: self::Clock> ProvidesClock for T {
        type Impl = T;
        fn provide(&mut self) -> &mut T {
            self
        }
    }
    /// Messages from the guest for whoever runs the host.
    ///
    /// Implemented by hosts: guests may import `demo:notes/log@0.1.0`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` does not offer guests the import `demo:notes/log@0.1.0`",
        label = "needs `impl host_async::Log for {Self}`"
    )]
    pub trait Log: ::core::marker::Send {
        /// Hands over one message.
        fn write(
            &mut self,
            level: super::log::Level,
            message: &str,
        ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send;
    }
    /// A host that has an implementation of [`Log`]: itself, or a part of it that is marked with `#[host(log)]` under `#[derive(abide::Host)]`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` does not offer guests the import `demo:notes/log@0.1.0`",
        label = "needs `impl host_async::Log for {Self}`, or a field with `#[host(log)]`"
    )]
    pub trait ProvidesLog {
        /// The implementation.
        type Impl: Log;
        /// The implementation.
        fn provide(&mut self) -> &mut Self::Impl;
    }
    #[diagnostic::do_not_recommend]
    impl<T: self::Log> ProvidesLog for T {
        type Impl = T;
        fn provide(&mut self) -> &mut T {
            self
        }
    }
    /// The traits of hosts that are put together from parts, by the names of the
    /// interfaces.
    pub mod provides {
        pub use super::ProvidesClock as clock;
        pub use super::ProvidesLog as log;
    }
    /// The traits by the names of the interfaces, for ABIs that use them from here.
    #[doc(hidden)]
    pub mod __interfaces {
        pub mod clock {
            pub use super::super::{Clock as Interface, ProvidesClock as Provides};
        }
        pub mod log {
            pub use super::super::{Log as Interface, ProvidesLog as Provides};
        }
    }
    /// A Markdown renderer as a plugin.
    ///
    /// A handle is cheap to clone, and can be used from any number of threads. A call runs in an instance of its own, unless the handle keeps instances for its calls (`Isolation::Warm`) or the call is made through a [`session`](Self::session).
    #[derive(::core::clone::Clone, ::core::fmt::Debug)]
    pub struct Notes(__abide::Handle<Notes>);
    impl Notes {
        /// Loads a guest from the file of a component, with everything at its default.
        ///
        /// `host` is cloned for every instance and serves what the guest imports.
        ///
        /// # Errors
        ///
        /// The file cannot be read or is no component, or the guest does not fit this world.
        pub async fn load<H>(
            path: impl ::core::convert::AsRef<::std::path::Path>,
            host: H,
        ) -> __abide::Result<Self>
        where
            Self: __abide::HostedBy<H>,
        {
            Self::builder(host).load_async(path).await
        }
        /// Sets limits and grants before loading a guest.
        pub fn builder<H>(host: H) -> __abide::Builder<Self>
        where
            Self: __abide::HostedBy<H>,
        {
            __abide::HostedBy::with_host(host)
        }
        /// One instance of one's own: it keeps its state from call to call.
        ///
        /// # Errors
        ///
        /// No instance could be had, or the guest failed while it started.
        pub async fn session(&self) -> __abide::Result<__abide::Session<Self>> {
            self.0.session_async().await
        }
        /// A handle whose calls another thread can end, and what ends them.
        pub fn cancellable(&self) -> (Self, __abide::CancelHandle) {
            let (__handle, __cancel) = self.0.cancellable();
            (Self(__handle), __cancel)
        }
        /// Replaces the guest by the component in a file, for this handle and its clones.
        ///
        /// Calls that are running are finished by the guest that they began with, and sessions
        /// keep theirs.
        ///
        /// # Errors
        ///
        /// Those of loading; the guest is not replaced then.
        pub async fn reload(
            &self,
            path: impl ::core::convert::AsRef<::std::path::Path>,
        ) -> __abide::Result<()> {
            self.0.reload_async(path).await
        }
        /// Replaces the guest by a component, as [`reload`](Self::reload) does.
        ///
        /// # Errors
        ///
        /// Those of loading; the guest is not replaced then.
        pub async fn reload_bytes(
            &self,
            component: impl ::core::convert::AsRef<[::core::primitive::u8]>,
        ) -> __abide::Result<()> {
            self.0.reload_bytes_async(component).await
        }
        /// What happened so far to this handle and its clones, their sessions included.
        pub fn stats(&self) -> __abide::Stats {
            self.0.stats()
        }
        /// The title that `render` would find, for listings: cheaper than rendering. A document that
        /// would be refused has none.
        ///
        /// # Errors
        ///
        /// The call failed, or the guest returned an error where it can.
        pub async fn title(
            &self,
            markdown: &str,
        ) -> __abide::Result<::core::option::Option<::std::string::String>> {
            let (__result,) = self
                .0
                .call_async(0, |__exports| &__exports.title, (markdown,))
                .await?;
            ::core::result::Result::Ok(__result)
        }
        /// The exported interface `demo:notes/render@0.1.0`.
        pub fn render(&self) -> exports::Render<'_> {
            exports::Render(&self.0)
        }
    }
    impl<
        H: self::ProvidesClock + self::ProvidesLog + ::core::clone::Clone
            + ::core::marker::Send + ::core::marker::Sync + 'static,
    > __abide::HostedBy<H> for Notes {
        fn with_host(host: H) -> __abide::Builder<Self> {
            __abide::Builder::new::<
                H,
                (),
            >(
                    host,
                    |__linker: &mut __abide::Linker| -> __abide::Step {
                        {
                            let mut __interface = __linker
                                .interface("demo:notes/clock@0.1.0")?;
                            __interface
                                .func_async(
                                    "now-ms",
                                    |mut __cx: __abide::Cx<'_>, (): ()| {
                                        ::std::boxed::Box::new(async move {
                                            let mut __call = __abide::HostCall::<
                                                H,
                                                (),
                                            >::take(&mut __cx, "demo:notes/clock.now-ms")?;
                                            let __outcome = {
                                                let (__host, __tables, __guest) = __call.parts(&__cx)?;
                                                let __body = async {
                                                    ::core::result::Result::Ok((
                                                        <<H as self::ProvidesClock>::Impl as self::Clock>::now_ms(
                                                                <H as self::ProvidesClock>::provide(__host),
                                                            )
                                                            .await,
                                                    ))
                                                };
                                                let __body = ::core::pin::pin!(
                                                    ::core::option::Option::Some(__body)
                                                );
                                                __abide::caught("demo:notes/clock.now-ms", __body).await
                                            };
                                            __call.put_back(&mut __cx);
                                            __outcome
                                        })
                                    },
                                )?;
                        }
                        {
                            let mut __interface = __linker
                                .interface("demo:notes/log@0.1.0")?;
                            __interface
                                .func_async(
                                    "write",
                                    |
                                        mut __cx: __abide::Cx<'_>,
                                        (level, message): (super::log::Level, __abide::WasmStr)|
                                    {
                                        ::std::boxed::Box::new(async move {
                                            let mut __call = __abide::HostCall::<
                                                H,
                                                (),
                                            >::take(&mut __cx, "demo:notes/log.write")?;
                                            let __outcome = {
                                                let (__host, __tables, __guest) = __call.parts(&__cx)?;
                                                let __body = async {
                                                    let message = __guest.string(&message)?;
                                                    ::core::result::Result::Ok(
                                                        <<H as self::ProvidesLog>::Impl as self::Log>::write(
                                                                <H as self::ProvidesLog>::provide(__host),
                                                                level,
                                                                &message,
                                                            )
                                                            .await,
                                                    )
                                                };
                                                let __body = ::core::pin::pin!(
                                                    ::core::option::Option::Some(__body)
                                                );
                                                __abide::caught("demo:notes/log.write", __body).await
                                            };
                                            __call.put_back(&mut __cx);
                                            __outcome
                                        })
                                    },
                                )?;
                        }
                        ::core::result::Result::Ok(())
                    },
                )
                .on_fibres()
        }
    }
    impl __abide::World for Notes {
        type Exports = super::host::__Exports;
        const DESCRIPTION: &'static __abide::Description = <super::host::Notes as __abide::World>::DESCRIPTION;
        fn exports(
            __check: &mut __abide::Check<'_>,
        ) -> ::core::option::Option<super::host::__Exports> {
            <super::host::Notes as __abide::World>::exports(__check)
        }
    }
    impl __abide::WorldHandle for Notes {
        fn from_handle(__handle: __abide::Handle<Self>) -> Self {
            Self(__handle)
        }
        fn handle(&self) -> &__abide::Handle<Self> {
            &self.0
        }
    }
    /// What guests export: views of the interfaces, which the methods of the handle return, and
    /// handles on resources.
    pub mod exports {
        use super::__abide;
        /// Renders Markdown documents.
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        pub struct Render<'a>(pub(super) &'a __abide::Handle<super::Notes>);
        impl Render<'_> {
            /// Renders a document.
            ///
            /// # Errors
            ///
            /// The call failed, or the guest returned an error where it can.
            pub async fn render(
                &self,
                markdown: &str,
            ) -> ::core::result::Result<
                super::super::render::Page,
                __abide::CallError<super::super::render::Error>,
            > {
                let (__result,) = self
                    .0
                    .call_async(1, |__exports| &__exports.render__render, (markdown,))
                    .await?;
                __result.map_err(__abide::CallError::Guest)
            }
        }
    }
}
