// What `abide::abi!("wit")` expands to in `abi/notes`, on both sides. `cargo xtask expand` writes this.

#[doc(hidden)]
pub use ::abide::__private as __abide;
const _: () = if let ::core::option::Option::Some(text) = __abide::misplaced(
    ::core::module_path!(),
    "",
) {
    ::core::panic!("{}", text.get());
};
/// Messages from the guest for whoever runs the host.
#[allow(
    ambiguous_associated_items,
    clippy::all,
    clippy::pedantic,
    deprecated,
    non_snake_case,
    unused_imports
)]
pub mod log {
    use super::__abide;
    #[allow(unused_imports)]
    use __abide::prelude::*;
    #[allow(unused_macros)]
    macro_rules! assert {
        ($($all:tt)*) => {
            ::core::assert!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! assert_eq {
        ($($all:tt)*) => {
            ::core::assert_eq!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! assert_ne {
        ($($all:tt)*) => {
            ::core::assert_ne!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! cfg {
        ($($all:tt)*) => {
            ::core::cfg!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! debug_assert {
        ($($all:tt)*) => {
            ::core::debug_assert!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! debug_assert_eq {
        ($($all:tt)*) => {
            ::core::debug_assert_eq!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! debug_assert_ne {
        ($($all:tt)*) => {
            ::core::debug_assert_ne!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! format_args {
        ($($all:tt)*) => {
            ::core::format_args!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! matches {
        ($($all:tt)*) => {
            ::core::matches!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! panic {
        ($($all:tt)*) => {
            ::core::panic!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! todo {
        ($($all:tt)*) => {
            ::core::todo!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! unimplemented {
        ($($all:tt)*) => {
            ::core::unimplemented!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! unreachable {
        ($($all:tt)*) => {
            ::core::unreachable!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! write {
        ($($all:tt)*) => {
            ::core::write!($($all)*)
        };
    }
    /// How much a message matters.
    #[derive(
        ::core::fmt::Debug,
        ::core::clone::Clone,
        ::core::marker::Copy,
        ::core::cmp::PartialEq,
        ::core::cmp::Eq,
        ::core::hash::Hash,
        __abide::ComponentType,
        __abide::Lift,
        __abide::Lower
    )]
    #[component(enum)]
    #[component(wasmtime_crate = __abide::wasmtime)]
    #[repr(u8)]
    pub enum Level {
        /// For whoever works on the guest.
        #[component(name = "debug")]
        Debug,
        /// What went as it should.
        #[component(name = "info")]
        Info,
        /// What somebody may want to change.
        #[component(name = "warn")]
        Warn,
        /// What went wrong.
        #[component(name = "error")]
        Error,
    }
    #[cfg(target_family = "wasm")]
    impl Level {
        #[doc(hidden)]
        pub fn _lift(value: u8) -> Self {
            match value {
                0 => Self::Debug,
                1 => Self::Info,
                2 => Self::Warn,
                3 => Self::Error,
                other => {
                    ::core::panic!(
                        "the host passed {}, which is no case of the enum `demo:notes/log.level`",
                        other
                    )
                }
            }
        }
    }
    #[cfg(not(target_family = "wasm"))]
    __abide::flat_enum!(Level : u8 { Debug, Info, Warn, Error });
}
/// Renders Markdown documents.
#[allow(
    ambiguous_associated_items,
    clippy::all,
    clippy::pedantic,
    deprecated,
    non_snake_case,
    unused_imports
)]
pub mod render {
    use super::__abide;
    #[allow(unused_imports)]
    use __abide::prelude::*;
    #[allow(unused_macros)]
    macro_rules! assert {
        ($($all:tt)*) => {
            ::core::assert!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! assert_eq {
        ($($all:tt)*) => {
            ::core::assert_eq!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! assert_ne {
        ($($all:tt)*) => {
            ::core::assert_ne!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! cfg {
        ($($all:tt)*) => {
            ::core::cfg!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! debug_assert {
        ($($all:tt)*) => {
            ::core::debug_assert!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! debug_assert_eq {
        ($($all:tt)*) => {
            ::core::debug_assert_eq!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! debug_assert_ne {
        ($($all:tt)*) => {
            ::core::debug_assert_ne!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! format_args {
        ($($all:tt)*) => {
            ::core::format_args!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! matches {
        ($($all:tt)*) => {
            ::core::matches!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! panic {
        ($($all:tt)*) => {
            ::core::panic!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! todo {
        ($($all:tt)*) => {
            ::core::todo!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! unimplemented {
        ($($all:tt)*) => {
            ::core::unimplemented!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! unreachable {
        ($($all:tt)*) => {
            ::core::unreachable!($($all)*)
        };
    }
    #[allow(unused_macros)]
    macro_rules! write {
        ($($all:tt)*) => {
            ::core::write!($($all)*)
        };
    }
    /// One entry of a table of contents.
    #[derive(
        ::core::fmt::Debug,
        ::core::clone::Clone,
        ::core::cmp::PartialEq,
        ::core::cmp::Eq,
        ::core::hash::Hash,
        __abide::ComponentType,
        __abide::Lift,
        __abide::Lower
    )]
    #[component(record)]
    #[component(wasmtime_crate = __abide::wasmtime)]
    pub struct Heading {
        /// From 1, the most important, to 6.
        #[component(name = "level")]
        pub level: u8,
        /// The text, without its markup.
        #[component(name = "text")]
        pub text: ::std::string::String,
        /// The `id` in the HTML: what a link to the heading has behind the `#`.
        #[component(name = "anchor")]
        pub anchor: ::std::string::String,
    }
    /// Where a link leads to.
    #[derive(
        ::core::fmt::Debug,
        ::core::clone::Clone,
        ::core::cmp::PartialEq,
        ::core::cmp::Eq,
        ::core::hash::Hash,
        __abide::ComponentType,
        __abide::Lift,
        __abide::Lower
    )]
    #[component(variant)]
    #[component(wasmtime_crate = __abide::wasmtime)]
    pub enum Link {
        /// To an anchor in the same document; the text behind the `#`.
        #[component(name = "anchor")]
        Anchor(::std::string::String),
        /// To another file, by its path as it stands in the document.
        #[component(name = "file")]
        File(::std::string::String),
        /// To the web, or to anything else with a scheme.
        #[component(name = "url")]
        Url(::std::string::String),
    }
    /// A document, rendered.
    #[derive(
        ::core::fmt::Debug,
        ::core::clone::Clone,
        ::core::cmp::PartialEq,
        ::core::cmp::Eq,
        ::core::hash::Hash,
        __abide::ComponentType,
        __abide::Lift,
        __abide::Lower
    )]
    #[component(record)]
    #[component(wasmtime_crate = __abide::wasmtime)]
    pub struct Page {
        /// The text of the first heading of level 1 that has any.
        #[component(name = "title")]
        pub title: ::core::option::Option<::std::string::String>,
        /// The document as HTML, without `<html>` and `<body>`. Every heading has its anchor as `id`.
        #[component(name = "html")]
        pub html: ::std::string::String,
        /// How many words the text has, code left out.
        #[component(name = "words")]
        pub words: u32,
        /// The headings, in the order of the document.
        #[component(name = "toc")]
        pub toc: ::std::vec::Vec<super::render::Heading>,
        /// The links, in the order of the document. Images are no links.
        #[component(name = "links")]
        pub links: ::std::vec::Vec<super::render::Link>,
    }
    /// Why a document is refused.
    #[derive(
        ::core::fmt::Debug,
        ::core::clone::Clone,
        ::core::marker::Copy,
        ::core::cmp::PartialEq,
        ::core::cmp::Eq,
        ::core::hash::Hash,
        __abide::ComponentType,
        __abide::Lift,
        __abide::Lower
    )]
    #[component(variant)]
    #[component(wasmtime_crate = __abide::wasmtime)]
    pub enum Error {
        /// There is nothing in it but white space.
        #[component(name = "empty")]
        Empty,
        /// It has more bytes than this, the most that the guest takes.
        #[component(name = "too-large")]
        TooLarge(u64),
        /// It holds a NUL character, first at this offset in bytes: most likely it is no text.
        #[component(name = "binary")]
        Binary(u64),
    }
    impl ::core::fmt::Display for Error {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self {
                Self::Empty => f.write_str("empty"),
                Self::TooLarge(payload) => ::core::write!(f, "too large: {}", payload),
                Self::Binary(payload) => ::core::write!(f, "binary: {}", payload),
            }
        }
    }
    impl ::std::error::Error for Error {}
    #[cfg(not(target_family = "wasm"))]
    impl __abide::GuestError for Error {
        fn fmt_guest(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Display::fmt(self, f)
        }
    }
}
#[doc(hidden)]
#[allow(non_upper_case_globals)]
pub mod __shapes {
    pub const clock: &[(&str, &str)] = &[("now-ms", "func() -> u64")];
    pub const log: &[(&str, &str)] = &[
        ("level", "enum { debug, info, warn, error }"),
        ("write", "func(level: enum { debug, info, warn, error }, message: string)"),
    ];
    pub const render: &[(&str, &str)] = &[
        ("heading", "record { level: u8, text: string, anchor: string }"),
        ("link", "variant { anchor(string), file(string), url(string) }"),
        (
            "page",
            "record { title: option<string>, html: string, words: u32, toc: list<record { level: u8, text: string, anchor: string }>, links: list<variant { anchor(string), file(string), url(string) }> }",
        ),
        ("error", "variant { empty, too-large(u64), binary(u64) }"),
        (
            "render",
            "func(markdown: string) -> result<record { title: option<string>, html: string, words: u32, toc: list<record { level: u8, text: string, anchor: string }>, links: list<variant { anchor(string), file(string), url(string) }> }, variant { empty, too-large(u64), binary(u64) }>",
        ),
    ];
}
/// The ABI `demo:notes/notes@0.1.0`: its name, its version and its WIT.
pub const ABI: __abide::Abi = __abide::Abi {
    package: "demo:notes",
    world: "notes",
    version: ::core::option::Option::Some("0.1.0"),
    fingerprint: 10644344474833878101u64,
    wit: &[
        __abide::WitFile {
            path: "wit/notes.wit",
            text: ::core::include_str!(
                "wit/notes.wit"
            ),
        },
    ],
};
/// The host side of the world `demo:notes/notes@0.1.0`: the handle to call a guest with, and the traits that a host implements for what guests import.
#[allow(
    ambiguous_associated_items,
    clippy::all,
    clippy::pedantic,
    deprecated,
    non_snake_case,
    unused_imports
)]
#[cfg(not(target_family = "wasm"))]
pub mod host {
    use super::__abide;
    /// What time it is, as far as the host lets a guest know.
    ///
    /// Implemented by hosts: guests may import `demo:notes/clock@0.1.0`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` does not offer guests the import `demo:notes/clock@0.1.0`",
        label = "needs `impl host::Clock for {Self}`"
    )]
    pub trait Clock {
        /// Milliseconds since the Unix epoch.
        fn now_ms(&mut self) -> u64;
    }
    /// A host that has an implementation of [`Clock`]: itself, or a part of it that is marked with `#[host(clock)]` under `#[derive(abide::Host)]`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` does not offer guests the import `demo:notes/clock@0.1.0`",
        label = "needs `impl host::Clock for {Self}`, or a field with `#[host(clock)]`"
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
        label = "needs `impl host::Log for {Self}`"
    )]
    pub trait Log {
        /// Hands over one message.
        fn write(&mut self, level: super::log::Level, message: &str);
    }
    /// A host that has an implementation of [`Log`]: itself, or a part of it that is marked with `#[host(log)]` under `#[derive(abide::Host)]`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` does not offer guests the import `demo:notes/log@0.1.0`",
        label = "needs `impl host::Log for {Self}`, or a field with `#[host(log)]`"
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
        pub fn load<H>(
            path: impl ::core::convert::AsRef<::std::path::Path>,
            host: H,
        ) -> __abide::Result<Self>
        where
            Self: __abide::HostedBy<H>,
        {
            Self::builder(host).load(path)
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
        pub fn session(&self) -> __abide::Result<__abide::Session<Self>> {
            self.0.session()
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
        pub fn reload(
            &self,
            path: impl ::core::convert::AsRef<::std::path::Path>,
        ) -> __abide::Result<()> {
            self.0.reload(path)
        }
        /// Replaces the guest by a component, as [`reload`](Self::reload) does.
        ///
        /// # Errors
        ///
        /// Those of loading; the guest is not replaced then.
        pub fn reload_bytes(
            &self,
            component: impl ::core::convert::AsRef<[::core::primitive::u8]>,
        ) -> __abide::Result<()> {
            self.0.reload_bytes(component)
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
        pub fn title(
            &self,
            markdown: &str,
        ) -> __abide::Result<::core::option::Option<::std::string::String>> {
            let (__result,) = self.0.call(0, |__exports| &__exports.title, (markdown,))?;
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
                            .func(
                                "now-ms",
                                |__cx: __abide::Cx<'_>, (): ()| {
                                    __abide::call_host(
                                        __cx,
                                        "demo:notes/clock.now-ms",
                                        |__host: &mut H, __tables: &mut (), __guest| {
                                            ::core::result::Result::Ok((
                                                <<H as self::ProvidesClock>::Impl as self::Clock>::now_ms(
                                                    <H as self::ProvidesClock>::provide(__host),
                                                ),
                                            ))
                                        },
                                    )
                                },
                            )?;
                    }
                    {
                        let mut __interface = __linker
                            .interface("demo:notes/log@0.1.0")?;
                        __interface
                            .func(
                                "write",
                                |
                                    __cx: __abide::Cx<'_>,
                                    (level, message): (super::log::Level, __abide::WasmStr)|
                                {
                                    __abide::call_host(
                                        __cx,
                                        "demo:notes/log.write",
                                        |__host: &mut H, __tables: &mut (), __guest| {
                                            let message = __guest.string(&message)?;
                                            ::core::result::Result::Ok(
                                                <<H as self::ProvidesLog>::Impl as self::Log>::write(
                                                    <H as self::ProvidesLog>::provide(__host),
                                                    level,
                                                    &message,
                                                ),
                                            )
                                        },
                                    )
                                },
                            )?;
                    }
                    ::core::result::Result::Ok(())
                },
            )
        }
    }
    #[doc(hidden)]
    #[derive(::core::fmt::Debug)]
    pub struct __Exports {
        pub(super) title: __abide::Export<
            (&'static str,),
            (::core::option::Option<::std::string::String>,),
        >,
        pub(super) render__render: __abide::Export<
            (&'static str,),
            (::core::result::Result<super::render::Page, super::render::Error>,),
        >,
    }
    impl __abide::World for Notes {
        type Exports = __Exports;
        const DESCRIPTION: &'static __abide::Description = &__abide::Description {
            name: "demo:notes/notes@0.1.0",
            functions: &[
                __abide::Signature {
                    interface: "",
                    name: "title",
                    params: &[("markdown", "string")],
                    result: ::core::option::Option::Some("option<string>"),
                },
                __abide::Signature {
                    interface: "demo:notes/render@0.1.0",
                    name: "render",
                    params: &[("markdown", "string")],
                    result: ::core::option::Option::Some(
                        "result<record { title: option<string>, html: string, words: u32, toc: list<record { level: u8, text: string, anchor: string }>, links: list<variant { anchor(string), file(string), url(string) }> }, variant { empty, too-large(u64), binary(u64) }>",
                    ),
                },
                __abide::Signature {
                    interface: "demo:notes/clock@0.1.0",
                    name: "now-ms",
                    params: &[],
                    result: ::core::option::Option::Some("u64"),
                },
                __abide::Signature {
                    interface: "demo:notes/log@0.1.0",
                    name: "write",
                    params: &[
                        ("level", "enum { debug, info, warn, error }"),
                        ("message", "string"),
                    ],
                    result: ::core::option::Option::None,
                },
            ],
            exports: ..2,
            imports: 2..,
            resources: &[],
        };
        fn exports(
            __check: &mut __abide::Check<'_>,
        ) -> ::core::option::Option<__Exports> {
            let title = __check.export(0);
            let render__render = __check.export(1);
            ::core::option::Option::Some(__Exports {
                title: title?,
                render__render: render__render?,
            })
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
            pub fn render(
                &self,
                markdown: &str,
            ) -> ::core::result::Result<
                super::super::render::Page,
                __abide::CallError<super::super::render::Error>,
            > {
                let (__result,) = self
                    .0
                    .call(1, |__exports| &__exports.render__render, (markdown,))?;
                __result.map_err(__abide::CallError::Guest)
            }
        }
    }
}
/// The guest side of the world `demo:notes/notes@0.1.0`: traits to implement for what it exports, functions to call for what it imports.
#[cfg(target_family = "wasm")]
#[allow(deprecated)]
pub mod guest {
    #[doc(hidden)]
    #[allow(clippy::all, clippy::pedantic, missing_docs)]
    pub mod __bindings {
        super::super::__abide::bindings! {
            (::abide) "wit"
        }
    }
    pub use self::__bindings::Guest as Notes;
    pub use self::__bindings::exports::demo::notes::render::Guest as Render;
    /// What time it is, as far as the host lets a guest know.
    pub mod clock {
        pub use super::__bindings::demo::notes::clock::now_ms;
    }
    /// Messages from the guest for whoever runs the host.
    pub mod log {
        pub use super::super::log::*;
        pub use super::__bindings::demo::notes::log::write;
    }
    /// Renders Markdown documents.
    pub mod render {
        pub use super::super::render::*;
    }
    #[doc(hidden)]
    pub const fn __export<T: self::Render + self::Notes>() -> ::core::primitive::usize {
        0
    }
    #[doc(hidden)]
    pub trait __Exported<T> {
        type Plugin;
    }
    impl<T> __Exported<T> for [(); 0] {
        type Plugin = T;
    }
}
#[cfg(target_family = "wasm")]
#[doc(hidden)]
#[macro_export]
macro_rules! __abide_export {
    ($plugin:ty $(,)?) => {
        #[doc(hidden)] #[macro_export] macro_rules!
        export_demo_notes_notes_0_1_0_only_once { () => {}; } const _ : () = { const
        __FITS : ::core::primitive::usize = $crate::guest::__export:: < $plugin > ();
        type __Plugin = < [(); __FITS] as $crate::guest::__Exported < $plugin >>
        ::Plugin; $crate::guest::__bindings::__export!(__Plugin with_types_in
        $crate::guest::__bindings); }; $crate::__abide::report_panics!();
    };
    ($($other:tt)*) => {
        ::core::compile_error!("`export!` takes the type that implements the guest's traits: `export!(Plugin);`");
    };
}
/// Exports a type as the guest's implementation of this world: `export!(Plugin);`, once.
#[cfg(target_family = "wasm")]
pub use __abide_export as export;
#[cfg(not(target_family = "wasm"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __abide_export {
    ($($plugin:tt)*) => {
        ::core::compile_error!("a guest of `demo:notes/notes@0.1.0` is compiled for WebAssembly, and this is compiled for another target: `cargo build --target wasm32-wasip2`");
    };
}
#[cfg(not(target_family = "wasm"))]
#[allow(deprecated, unreachable_pub)]
mod __native {
    #[doc(hidden)]
    #[allow(unused_imports)]
    pub use __abide_export as export;
    /// The guest side of the world `demo:notes/notes@0.1.0`. Here are its types alone; traits to implement and functions to call are there where a guest is compiled: for `wasm32-wasip2` or `wasm32-unknown-unknown`.
    pub mod guest {
        /// What time it is, as far as the host lets a guest know.
        pub mod clock {}
        /// Messages from the guest for whoever runs the host.
        pub mod log {
            pub use super::super::super::log::*;
        }
        /// Renders Markdown documents.
        pub mod render {
            pub use super::super::super::render::*;
        }
    }
}
#[cfg(not(target_family = "wasm"))]
#[allow(unused_imports)]
pub use self::__native::*;
const _: ::core::option::Option<&::core::primitive::str> = ::core::option_env!(
    "ABIDE_DEBUG"
);
