// What `bindings!` in `notes.rs` expands to where a guest is compiled: wit-bindgen's code under our names.
// `cargo xtask expand` writes this.

#[doc(hidden)]
#[allow(non_snake_case, unused_unsafe)]
pub unsafe fn _export_title_cabi<T_: Guest>(arg0: *mut u8, arg1: usize) -> *mut u8 {
    unsafe {
        #[cfg(target_arch = "wasm32")] _rt::run_ctors_once();
        let result1 = {
            let len0 = arg1;
            let bytes0 = _rt::Vec::from_raw_parts(arg0.cast(), len0, len0);
            T_::title(_rt::string_lift(bytes0))
        };
        let ptr2 = (&raw mut _RET_AREA.0).cast::<u8>();
        match result1 {
            Some(e) => {
                *ptr2.add(0).cast::<u8>() = (1i32) as u8;
                let vec3 = (e.into_bytes()).into_boxed_slice();
                let ptr3 = vec3.as_ptr().cast::<u8>();
                let len3 = vec3.len();
                ::core::mem::forget(vec3);
                *ptr2.add(2 * ::core::mem::size_of::<*const u8>()).cast::<usize>() = len3;
                *ptr2.add(::core::mem::size_of::<*const u8>()).cast::<*mut u8>() = ptr3
                    .cast_mut();
            }
            None => {
                *ptr2.add(0).cast::<u8>() = (0i32) as u8;
            }
        };
        ptr2
    }
}
#[doc(hidden)]
#[allow(non_snake_case)]
pub unsafe fn __post_return_title<T_: Guest>(arg0: *mut u8) {
    unsafe {
        let l0 = i32::from(*arg0.add(0).cast::<u8>());
        match l0 {
            0 => {}
            _ => {
                let l1 = *arg0
                    .add(::core::mem::size_of::<*const u8>())
                    .cast::<*mut u8>();
                let l2 = *arg0
                    .add(2 * ::core::mem::size_of::<*const u8>())
                    .cast::<usize>();
                _rt::cabi_dealloc(l1, l2, 1);
            }
        }
    }
}
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement the functions that `demo:notes/notes@0.1.0` exports at its own level",
    label = "needs `impl guest::Notes for {Self}`"
)]
pub trait Guest {
    /// The title that `render` would find, for listings: cheaper than rendering. A document that
    /// would be refused has none.
    #[allow(async_fn_in_trait)]
    fn title(markdown: _rt::String) -> ::core::option::Option<_rt::String>;
}
#[doc(hidden)]
#[macro_export]
macro_rules! __export_world_notes_cabi {
    ($ty:ident with_types_in $($path_to_types:tt)*) => {
        const _ : () = { #[unsafe (export_name = "title")] unsafe extern "C" fn
        export_title(arg0 : * mut u8, arg1 : usize,) -> * mut u8 { unsafe {
        $($path_to_types)*:: _export_title_cabi::<$ty > (arg0, arg1) } } #[unsafe
        (export_name = "cabi_post_title")] unsafe extern "C" fn _post_return_title(arg0 :
        * mut u8,) { unsafe { $($path_to_types)*:: __post_return_title::<$ty > (arg0) } }
        };
    };
}
#[doc(hidden)]
pub use __export_world_notes_cabi;
#[cfg_attr(target_pointer_width = "64", repr(align(8)))]
#[cfg_attr(target_pointer_width = "32", repr(align(4)))]
struct _RetArea([::core::mem::MaybeUninit<u8>; 3 * ::core::mem::size_of::<*const u8>()]);
static mut _RET_AREA: _RetArea = _RetArea(
    [::core::mem::MaybeUninit::uninit(); 3 * ::core::mem::size_of::<*const u8>()],
);
#[allow(dead_code, clippy::all)]
pub mod demo {
    pub mod notes {
        /// What time it is, as far as the host lets a guest know.
        #[allow(dead_code, async_fn_in_trait, unused_imports, clippy::all)]
        pub mod clock {
            #[used]
            #[doc(hidden)]
            static __FORCE_SECTION_REF: fn() = super::super::super::__link_custom_section_describing_imports;
            #[allow(unused_unsafe, clippy::all)]
            /// Milliseconds since the Unix epoch.
            #[allow(async_fn_in_trait)]
            pub fn now_ms() -> u64 {
                unsafe {
                    #[cfg(target_arch = "wasm32")]
                    #[link(wasm_import_module = "demo:notes/clock@0.1.0")]
                    unsafe extern "C" {
                        #[link_name = "now-ms"]
                        fn wit_import0() -> i64;
                    }
                    #[cfg(not(target_arch = "wasm32"))]
                    unsafe extern "C" fn wit_import0() -> i64 {
                        ::core::unreachable!()
                    }
                    let ret = wit_import0();
                    ret as u64
                }
            }
            #[allow(unused_imports)]
            use super::super::super::super::super::__abide::prelude::*;
        }
        /// Messages from the guest for whoever runs the host.
        #[allow(dead_code, async_fn_in_trait, unused_imports, clippy::all)]
        pub mod log {
            #[used]
            #[doc(hidden)]
            static __FORCE_SECTION_REF: fn() = super::super::super::__link_custom_section_describing_imports;
            #[allow(unused_unsafe, clippy::all)]
            /// Hands over one message.
            #[allow(async_fn_in_trait)]
            pub fn write(
                level: super::super::super::super::super::log::Level,
                message: &str,
            ) -> () {
                let (level_wit, message_wit) = (level, message);
                unsafe {
                    let vec0 = message_wit;
                    let ptr0 = vec0.as_ptr().cast::<u8>();
                    let len0 = vec0.len();
                    #[cfg(target_arch = "wasm32")]
                    #[link(wasm_import_module = "demo:notes/log@0.1.0")]
                    unsafe extern "C" {
                        #[link_name = "write"]
                        fn wit_import1(_: i32, _: *mut u8, _: usize);
                    }
                    #[cfg(not(target_arch = "wasm32"))]
                    unsafe extern "C" fn wit_import1(_: i32, _: *mut u8, _: usize) {
                        ::core::unreachable!()
                    }
                    wit_import1(level_wit.clone() as i32, ptr0.cast_mut(), len0);
                }
            }
            #[allow(unused_imports)]
            use super::super::super::super::super::__abide::prelude::*;
        }
        #[allow(unused_imports)]
        use super::super::super::super::__abide::prelude::*;
    }
    #[allow(unused_imports)]
    use super::super::super::__abide::prelude::*;
}
#[allow(dead_code, clippy::all)]
pub mod exports {
    pub mod demo {
        pub mod notes {
            /// Renders Markdown documents.
            #[allow(dead_code, async_fn_in_trait, unused_imports, clippy::all)]
            pub mod render {
                #[used]
                #[doc(hidden)]
                static __FORCE_SECTION_REF: fn() = super::super::super::super::__link_custom_section_describing_imports;
                use super::super::super::super::_rt;
                /// One entry of a table of contents.
                #[derive(Clone)]
                pub struct Heading {
                    /// From 1, the most important, to 6.
                    pub level: u8,
                    /// The text, without its markup.
                    pub text: _rt::String,
                    /// The `id` in the HTML: what a link to the heading has behind the `#`.
                    pub anchor: _rt::String,
                }
                impl ::core::fmt::Debug for Heading {
                    fn fmt(
                        &self,
                        f: &mut ::core::fmt::Formatter<'_>,
                    ) -> ::core::fmt::Result {
                        f.debug_struct("Heading")
                            .field("level", &self.level)
                            .field("text", &self.text)
                            .field("anchor", &self.anchor)
                            .finish()
                    }
                }
                /// Where a link leads to.
                #[derive(Clone)]
                pub enum Link {
                    /// To an anchor in the same document; the text behind the `#`.
                    Anchor(_rt::String),
                    /// To another file, by its path as it stands in the document.
                    File(_rt::String),
                    /// To the web, or to anything else with a scheme.
                    Url(_rt::String),
                }
                impl ::core::fmt::Debug for Link {
                    fn fmt(
                        &self,
                        f: &mut ::core::fmt::Formatter<'_>,
                    ) -> ::core::fmt::Result {
                        match self {
                            Link::Anchor(e) => {
                                f.debug_tuple("Link::Anchor").field(e).finish()
                            }
                            Link::File(e) => {
                                f.debug_tuple("Link::File").field(e).finish()
                            }
                            Link::Url(e) => f.debug_tuple("Link::Url").field(e).finish(),
                        }
                    }
                }
                /// A document, rendered.
                #[derive(Clone)]
                pub struct Page {
                    /// The text of the first heading of level 1 that has any.
                    pub title: ::core::option::Option<_rt::String>,
                    /// The document as HTML, without `<html>` and `<body>`. Every heading has its anchor as `id`.
                    pub html: _rt::String,
                    /// How many words the text has, code left out.
                    pub words: u32,
                    /// The headings, in the order of the document.
                    pub toc: _rt::Vec<
                        super::super::super::super::super::super::render::Heading,
                    >,
                    /// The links, in the order of the document. Images are no links.
                    pub links: _rt::Vec<
                        super::super::super::super::super::super::render::Link,
                    >,
                }
                impl ::core::fmt::Debug for Page {
                    fn fmt(
                        &self,
                        f: &mut ::core::fmt::Formatter<'_>,
                    ) -> ::core::fmt::Result {
                        f.debug_struct("Page")
                            .field("title", &self.title)
                            .field("html", &self.html)
                            .field("words", &self.words)
                            .field("toc", &self.toc)
                            .field("links", &self.links)
                            .finish()
                    }
                }
                /// Why a document is refused.
                #[derive(Clone, Copy)]
                pub enum Error {
                    /// There is nothing in it but white space.
                    Empty,
                    /// It has more bytes than this, the most that the guest takes.
                    TooLarge(u64),
                    /// It holds a NUL character, first at this offset in bytes: most likely it is no text.
                    Binary(u64),
                }
                impl ::core::fmt::Debug for Error {
                    fn fmt(
                        &self,
                        f: &mut ::core::fmt::Formatter<'_>,
                    ) -> ::core::fmt::Result {
                        match self {
                            Error::Empty => f.debug_tuple("Error::Empty").finish(),
                            Error::TooLarge(e) => {
                                f.debug_tuple("Error::TooLarge").field(e).finish()
                            }
                            Error::Binary(e) => {
                                f.debug_tuple("Error::Binary").field(e).finish()
                            }
                        }
                    }
                }
                impl ::core::fmt::Display for Error {
                    fn fmt(
                        &self,
                        f: &mut ::core::fmt::Formatter<'_>,
                    ) -> ::core::fmt::Result {
                        ::core::write!(f, "{:?}", self)
                    }
                }
                impl ::core::error::Error for Error {}
                #[doc(hidden)]
                #[allow(non_snake_case, unused_unsafe)]
                pub unsafe fn _export_render_cabi<T_: Guest>(
                    arg0: *mut u8,
                    arg1: usize,
                ) -> *mut u8 {
                    unsafe {
                        #[cfg(target_arch = "wasm32")] _rt::run_ctors_once();
                        let result1 = {
                            let len0 = arg1;
                            let bytes0 = _rt::Vec::from_raw_parts(
                                arg0.cast(),
                                len0,
                                len0,
                            );
                            T_::render(_rt::string_lift(bytes0))
                        };
                        let ptr2 = (&raw mut _RET_AREA.0).cast::<u8>();
                        match result1 {
                            Ok(e) => {
                                *ptr2.add(0).cast::<u8>() = (0i32) as u8;
                                let super::super::super::super::super::super::render::Page {
                                    title: title_wit_3,
                                    html: html_wit_3,
                                    words: words_wit_3,
                                    toc: toc_wit_3,
                                    links: links_wit_3,
                                } = e;
                                match title_wit_3 {
                                    Some(e) => {
                                        *ptr2.add(8).cast::<u8>() = (1i32) as u8;
                                        let vec4 = (e.into_bytes()).into_boxed_slice();
                                        let ptr4 = vec4.as_ptr().cast::<u8>();
                                        let len4 = vec4.len();
                                        ::core::mem::forget(vec4);
                                        *ptr2
                                            .add(8 + 2 * ::core::mem::size_of::<*const u8>())
                                            .cast::<usize>() = len4;
                                        *ptr2
                                            .add(8 + 1 * ::core::mem::size_of::<*const u8>())
                                            .cast::<*mut u8>() = ptr4.cast_mut();
                                    }
                                    None => {
                                        *ptr2.add(8).cast::<u8>() = (0i32) as u8;
                                    }
                                };
                                let vec5 = (html_wit_3.into_bytes()).into_boxed_slice();
                                let ptr5 = vec5.as_ptr().cast::<u8>();
                                let len5 = vec5.len();
                                ::core::mem::forget(vec5);
                                *ptr2
                                    .add(8 + 4 * ::core::mem::size_of::<*const u8>())
                                    .cast::<usize>() = len5;
                                *ptr2
                                    .add(8 + 3 * ::core::mem::size_of::<*const u8>())
                                    .cast::<*mut u8>() = ptr5.cast_mut();
                                *ptr2
                                    .add(8 + 5 * ::core::mem::size_of::<*const u8>())
                                    .cast::<i32>() = _rt::as_i32(words_wit_3);
                                let vec9 = toc_wit_3;
                                let len9 = vec9.len();
                                let layout9 = _rt::alloc::Layout::from_size_align(
                                        vec9.len() * (5 * ::core::mem::size_of::<*const u8>()),
                                        ::core::mem::size_of::<*const u8>(),
                                    )
                                    .unwrap();
                                let (result9, _cleanup9) = super::super::super::super::super::super::__abide::wit_bindgen::rt::Cleanup::new(
                                    layout9,
                                );
                                if let Some(cleanup) = _cleanup9 {
                                    cleanup.forget();
                                }
                                for (i, e) in vec9.into_iter().enumerate() {
                                    let base = result9
                                        .add(i * (5 * ::core::mem::size_of::<*const u8>()));
                                    {
                                        let super::super::super::super::super::super::render::Heading {
                                            level: level_wit_6,
                                            text: text_wit_6,
                                            anchor: anchor_wit_6,
                                        } = e;
                                        *base.add(0).cast::<u8>() = (_rt::as_i32(level_wit_6))
                                            as u8;
                                        let vec7 = (text_wit_6.into_bytes()).into_boxed_slice();
                                        let ptr7 = vec7.as_ptr().cast::<u8>();
                                        let len7 = vec7.len();
                                        ::core::mem::forget(vec7);
                                        *base
                                            .add(2 * ::core::mem::size_of::<*const u8>())
                                            .cast::<usize>() = len7;
                                        *base
                                            .add(::core::mem::size_of::<*const u8>())
                                            .cast::<*mut u8>() = ptr7.cast_mut();
                                        let vec8 = (anchor_wit_6.into_bytes()).into_boxed_slice();
                                        let ptr8 = vec8.as_ptr().cast::<u8>();
                                        let len8 = vec8.len();
                                        ::core::mem::forget(vec8);
                                        *base
                                            .add(4 * ::core::mem::size_of::<*const u8>())
                                            .cast::<usize>() = len8;
                                        *base
                                            .add(3 * ::core::mem::size_of::<*const u8>())
                                            .cast::<*mut u8>() = ptr8.cast_mut();
                                    }
                                }
                                *ptr2
                                    .add(8 + 7 * ::core::mem::size_of::<*const u8>())
                                    .cast::<usize>() = len9;
                                *ptr2
                                    .add(8 + 6 * ::core::mem::size_of::<*const u8>())
                                    .cast::<*mut u8>() = result9;
                                let vec14 = links_wit_3;
                                let len14 = vec14.len();
                                let layout14 = _rt::alloc::Layout::from_size_align(
                                        vec14.len() * (3 * ::core::mem::size_of::<*const u8>()),
                                        ::core::mem::size_of::<*const u8>(),
                                    )
                                    .unwrap();
                                let (result14, _cleanup14) = super::super::super::super::super::super::__abide::wit_bindgen::rt::Cleanup::new(
                                    layout14,
                                );
                                if let Some(cleanup) = _cleanup14 {
                                    cleanup.forget();
                                }
                                for (i, e) in vec14.into_iter().enumerate() {
                                    let base = result14
                                        .add(i * (3 * ::core::mem::size_of::<*const u8>()));
                                    {
                                        use super::super::super::super::super::super::render::Link as V13_;
                                        match e {
                                            V13_::Anchor(e) => {
                                                *base.add(0).cast::<u8>() = (0i32) as u8;
                                                let vec10 = (e.into_bytes()).into_boxed_slice();
                                                let ptr10 = vec10.as_ptr().cast::<u8>();
                                                let len10 = vec10.len();
                                                ::core::mem::forget(vec10);
                                                *base
                                                    .add(2 * ::core::mem::size_of::<*const u8>())
                                                    .cast::<usize>() = len10;
                                                *base
                                                    .add(::core::mem::size_of::<*const u8>())
                                                    .cast::<*mut u8>() = ptr10.cast_mut();
                                            }
                                            V13_::File(e) => {
                                                *base.add(0).cast::<u8>() = (1i32) as u8;
                                                let vec11 = (e.into_bytes()).into_boxed_slice();
                                                let ptr11 = vec11.as_ptr().cast::<u8>();
                                                let len11 = vec11.len();
                                                ::core::mem::forget(vec11);
                                                *base
                                                    .add(2 * ::core::mem::size_of::<*const u8>())
                                                    .cast::<usize>() = len11;
                                                *base
                                                    .add(::core::mem::size_of::<*const u8>())
                                                    .cast::<*mut u8>() = ptr11.cast_mut();
                                            }
                                            V13_::Url(e) => {
                                                *base.add(0).cast::<u8>() = (2i32) as u8;
                                                let vec12 = (e.into_bytes()).into_boxed_slice();
                                                let ptr12 = vec12.as_ptr().cast::<u8>();
                                                let len12 = vec12.len();
                                                ::core::mem::forget(vec12);
                                                *base
                                                    .add(2 * ::core::mem::size_of::<*const u8>())
                                                    .cast::<usize>() = len12;
                                                *base
                                                    .add(::core::mem::size_of::<*const u8>())
                                                    .cast::<*mut u8>() = ptr12.cast_mut();
                                            }
                                        }
                                    }
                                }
                                *ptr2
                                    .add(8 + 9 * ::core::mem::size_of::<*const u8>())
                                    .cast::<usize>() = len14;
                                *ptr2
                                    .add(8 + 8 * ::core::mem::size_of::<*const u8>())
                                    .cast::<*mut u8>() = result14;
                            }
                            Err(e) => {
                                *ptr2.add(0).cast::<u8>() = (1i32) as u8;
                                use super::super::super::super::super::super::render::Error as V15_;
                                match e {
                                    V15_::Empty => {
                                        *ptr2.add(8).cast::<u8>() = (0i32) as u8;
                                    }
                                    V15_::TooLarge(e) => {
                                        *ptr2.add(8).cast::<u8>() = (1i32) as u8;
                                        *ptr2.add(16).cast::<i64>() = _rt::as_i64(e);
                                    }
                                    V15_::Binary(e) => {
                                        *ptr2.add(8).cast::<u8>() = (2i32) as u8;
                                        *ptr2.add(16).cast::<i64>() = _rt::as_i64(e);
                                    }
                                }
                            }
                        };
                        ptr2
                    }
                }
                #[doc(hidden)]
                #[allow(non_snake_case)]
                pub unsafe fn __post_return_render<T_: Guest>(arg0: *mut u8) {
                    unsafe {
                        let l0 = i32::from(*arg0.add(0).cast::<u8>());
                        match l0 {
                            0 => {
                                let l1 = i32::from(*arg0.add(8).cast::<u8>());
                                match l1 {
                                    0 => {}
                                    _ => {
                                        let l2 = *arg0
                                            .add(8 + 1 * ::core::mem::size_of::<*const u8>())
                                            .cast::<*mut u8>();
                                        let l3 = *arg0
                                            .add(8 + 2 * ::core::mem::size_of::<*const u8>())
                                            .cast::<usize>();
                                        _rt::cabi_dealloc(l2, l3, 1);
                                    }
                                }
                                let l4 = *arg0
                                    .add(8 + 3 * ::core::mem::size_of::<*const u8>())
                                    .cast::<*mut u8>();
                                let l5 = *arg0
                                    .add(8 + 4 * ::core::mem::size_of::<*const u8>())
                                    .cast::<usize>();
                                _rt::cabi_dealloc(l4, l5, 1);
                                let l6 = *arg0
                                    .add(8 + 6 * ::core::mem::size_of::<*const u8>())
                                    .cast::<*mut u8>();
                                let l7 = *arg0
                                    .add(8 + 7 * ::core::mem::size_of::<*const u8>())
                                    .cast::<usize>();
                                let base12 = l6;
                                let len12 = l7;
                                for i in 0..len12 {
                                    let base = base12
                                        .add(i * (5 * ::core::mem::size_of::<*const u8>()));
                                    {
                                        let l8 = *base
                                            .add(::core::mem::size_of::<*const u8>())
                                            .cast::<*mut u8>();
                                        let l9 = *base
                                            .add(2 * ::core::mem::size_of::<*const u8>())
                                            .cast::<usize>();
                                        _rt::cabi_dealloc(l8, l9, 1);
                                        let l10 = *base
                                            .add(3 * ::core::mem::size_of::<*const u8>())
                                            .cast::<*mut u8>();
                                        let l11 = *base
                                            .add(4 * ::core::mem::size_of::<*const u8>())
                                            .cast::<usize>();
                                        _rt::cabi_dealloc(l10, l11, 1);
                                    }
                                }
                                _rt::cabi_dealloc(
                                    base12,
                                    len12 * (5 * ::core::mem::size_of::<*const u8>()),
                                    ::core::mem::size_of::<*const u8>(),
                                );
                                let l13 = *arg0
                                    .add(8 + 8 * ::core::mem::size_of::<*const u8>())
                                    .cast::<*mut u8>();
                                let l14 = *arg0
                                    .add(8 + 9 * ::core::mem::size_of::<*const u8>())
                                    .cast::<usize>();
                                let base22 = l13;
                                let len22 = l14;
                                for i in 0..len22 {
                                    let base = base22
                                        .add(i * (3 * ::core::mem::size_of::<*const u8>()));
                                    {
                                        let l15 = i32::from(*base.add(0).cast::<u8>());
                                        match l15 {
                                            0 => {
                                                let l16 = *base
                                                    .add(::core::mem::size_of::<*const u8>())
                                                    .cast::<*mut u8>();
                                                let l17 = *base
                                                    .add(2 * ::core::mem::size_of::<*const u8>())
                                                    .cast::<usize>();
                                                _rt::cabi_dealloc(l16, l17, 1);
                                            }
                                            1 => {
                                                let l18 = *base
                                                    .add(::core::mem::size_of::<*const u8>())
                                                    .cast::<*mut u8>();
                                                let l19 = *base
                                                    .add(2 * ::core::mem::size_of::<*const u8>())
                                                    .cast::<usize>();
                                                _rt::cabi_dealloc(l18, l19, 1);
                                            }
                                            _ => {
                                                let l20 = *base
                                                    .add(::core::mem::size_of::<*const u8>())
                                                    .cast::<*mut u8>();
                                                let l21 = *base
                                                    .add(2 * ::core::mem::size_of::<*const u8>())
                                                    .cast::<usize>();
                                                _rt::cabi_dealloc(l20, l21, 1);
                                            }
                                        }
                                    }
                                }
                                _rt::cabi_dealloc(
                                    base22,
                                    len22 * (3 * ::core::mem::size_of::<*const u8>()),
                                    ::core::mem::size_of::<*const u8>(),
                                );
                            }
                            _ => {}
                        }
                    }
                }
                #[diagnostic::on_unimplemented(
                    message = "`{Self}` does not implement the export `demo:notes/render@0.1.0`",
                    label = "needs `impl guest::Render for {Self}`"
                )]
                pub trait Guest {
                    /// Renders a document.
                    #[allow(async_fn_in_trait)]
                    fn render(
                        markdown: _rt::String,
                    ) -> ::core::result::Result<
                        super::super::super::super::super::super::render::Page,
                        super::super::super::super::super::super::render::Error,
                    >;
                }
                #[doc(hidden)]
                #[macro_export]
                macro_rules! __export_demo_notes_render_0_1_0_cabi {
                    ($ty:ident with_types_in $($path_to_types:tt)*) => {
                        const _ : () = { #[unsafe (export_name =
                        "demo:notes/render@0.1.0#render")] unsafe extern "C" fn
                        export_render(arg0 : * mut u8, arg1 : usize,) -> * mut u8 {
                        unsafe { $($path_to_types)*:: _export_render_cabi::<$ty > (arg0,
                        arg1) } } #[unsafe (export_name =
                        "cabi_post_demo:notes/render@0.1.0#render")] unsafe extern "C" fn
                        _post_return_render(arg0 : * mut u8,) { unsafe {
                        $($path_to_types)*:: __post_return_render::<$ty > (arg0) } } };
                    };
                }
                #[doc(hidden)]
                pub use __export_demo_notes_render_0_1_0_cabi;
                #[repr(align(8))]
                struct _RetArea(
                    [::core::mem::MaybeUninit<
                        u8,
                    >; 8 + 10 * ::core::mem::size_of::<*const u8>()],
                );
                static mut _RET_AREA: _RetArea = _RetArea(
                    [::core::mem::MaybeUninit::uninit(); 8
                        + 10 * ::core::mem::size_of::<*const u8>()],
                );
                #[allow(unused_imports)]
                use super::super::super::super::super::super::__abide::prelude::*;
            }
            #[allow(unused_imports)]
            use super::super::super::super::super::__abide::prelude::*;
        }
        #[allow(unused_imports)]
        use super::super::super::super::__abide::prelude::*;
    }
    #[allow(unused_imports)]
    use super::super::super::__abide::prelude::*;
}
mod _rt {
    #![allow(dead_code, unused_imports, clippy::all)]
    #[cfg(target_arch = "wasm32")]
    pub fn run_ctors_once() {
        super::super::super::__abide::wit_bindgen::rt::run_ctors_once();
    }
    pub use alloc_crate::vec::Vec;
    pub unsafe fn string_lift(bytes: Vec<u8>) -> String {
        if ::core::cfg!(debug_assertions) {
            String::from_utf8(bytes).unwrap()
        } else {
            unsafe { String::from_utf8_unchecked(bytes) }
        }
    }
    pub unsafe fn cabi_dealloc(ptr: *mut u8, size: usize, align: usize) {
        if size == 0 {
            return;
        }
        unsafe {
            let layout = alloc::Layout::from_size_align_unchecked(size, align);
            alloc::dealloc(ptr, layout);
        }
    }
    pub use alloc_crate::string::String;
    pub fn as_i32<T: AsI32>(t: T) -> i32 {
        t.as_i32()
    }
    pub trait AsI32 {
        fn as_i32(self) -> i32;
    }
    impl<'a, T: Copy + AsI32> AsI32 for &'a T {
        fn as_i32(self) -> i32 {
            (*self).as_i32()
        }
    }
    impl AsI32 for i32 {
        #[inline]
        fn as_i32(self) -> i32 {
            self as i32
        }
    }
    impl AsI32 for u32 {
        #[inline]
        fn as_i32(self) -> i32 {
            self as i32
        }
    }
    impl AsI32 for i16 {
        #[inline]
        fn as_i32(self) -> i32 {
            self as i32
        }
    }
    impl AsI32 for u16 {
        #[inline]
        fn as_i32(self) -> i32 {
            self as i32
        }
    }
    impl AsI32 for i8 {
        #[inline]
        fn as_i32(self) -> i32 {
            self as i32
        }
    }
    impl AsI32 for u8 {
        #[inline]
        fn as_i32(self) -> i32 {
            self as i32
        }
    }
    impl AsI32 for char {
        #[inline]
        fn as_i32(self) -> i32 {
            self as i32
        }
    }
    impl AsI32 for usize {
        #[inline]
        fn as_i32(self) -> i32 {
            self as i32
        }
    }
    pub use alloc_crate::alloc;
    pub fn as_i64<T: AsI64>(t: T) -> i64 {
        t.as_i64()
    }
    pub trait AsI64 {
        fn as_i64(self) -> i64;
    }
    impl<'a, T: Copy + AsI64> AsI64 for &'a T {
        fn as_i64(self) -> i64 {
            (*self).as_i64()
        }
    }
    impl AsI64 for i64 {
        #[inline]
        fn as_i64(self) -> i64 {
            self as i64
        }
    }
    impl AsI64 for u64 {
        #[inline]
        fn as_i64(self) -> i64 {
            self as i64
        }
    }
    extern crate alloc as alloc_crate;
    #[allow(unused_imports)]
    use super::super::super::__abide::prelude::*;
}
#[cfg_attr(
    not(doctest),
    doc = " Generates `#[unsafe(no_mangle)]` functions to export the specified type as\n the root implementation of all generated traits.\n\n For more information see the documentation of `wit_bindgen::generate!`.\n\n ```rust\n # macro_rules! __export{ ($($t:tt)*) => (); }\n # trait Guest {}\n struct MyType;\n\n impl Guest for MyType {\n     // ...\n }\n\n __export!(MyType);\n ```",
    allow(rustdoc::invalid_codeblock_attributes, rustdoc::invalid_rust_codeblocks)
)]
#[allow(unused_macros)]
#[doc(hidden)]
#[macro_export]
macro_rules! __export_notes_impl {
    ($ty:ident) => {
        self::__export!($ty with_types_in self);
    };
    ($ty:ident with_types_in $($path_to_types_root:tt)*) => {
        $($path_to_types_root)*:: __export_world_notes_cabi!($ty with_types_in
        $($path_to_types_root)*); $($path_to_types_root)*::
        exports::demo::notes::render::__export_demo_notes_render_0_1_0_cabi!($ty
        with_types_in $($path_to_types_root)*:: exports::demo::notes::render); const _ :
        () = { #[cfg(target_arch = "wasm32")] #[unsafe (link_section =
        "component-type:wit-bindgen:0.61.1:demo:notes@0.1.0:notes:imports and exports")]
        #[doc(hidden)] #[allow(clippy::octal_escapes)] pub static
        __WIT_BINDGEN_COMPONENT_TYPE : [u8; 563] = *
        b"\
\0asm\x0d\0\x01\0\0\x19\x16wit-component-encoding\x04\0\x07\xb7\x03\x01A\x02\x01\
A\x09\x01B\x02\x01@\0\0w\x04\0\x06now-ms\x01\0\x03\0\x16demo:notes/clock@0.1.0\x05\
\0\x01B\x04\x01m\x04\x05debug\x04info\x04warn\x05error\x04\0\x05level\x03\0\0\x01\
@\x02\x05level\x01\x07messages\x01\0\x04\0\x05write\x01\x02\x03\0\x14demo:notes/\
log@0.1.0\x05\x01\x01ks\x01@\x01\x08markdowns\0\x02\x04\0\x05title\x01\x03\x01B\x0e\
\x01r\x03\x05level}\x04texts\x06anchors\x04\0\x07heading\x03\0\0\x01q\x03\x06anc\
hor\x01s\0\x04file\x01s\0\x03url\x01s\0\x04\0\x04link\x03\0\x02\x01ks\x01p\x01\x01\
p\x03\x01r\x05\x05title\x04\x04htmls\x05wordsy\x03toc\x05\x05links\x06\x04\0\x04\
page\x03\0\x07\x01q\x03\x05empty\0\0\x09too-large\x01w\0\x06binary\x01w\0\x04\0\x05\
error\x03\0\x09\x01j\x01\x08\x01\x0a\x01@\x01\x08markdowns\0\x0b\x04\0\x06render\
\x01\x0c\x04\0\x17demo:notes/render@0.1.0\x05\x04\x04\0\x16demo:notes/notes@0.1.\
0\x04\0\x0b\x0b\x01\0\x05notes\x03\0\0\0G\x09producers\x01\x0cprocessed-by\x02\x0d\
wit-component\x070.258.3\x10wit-bindgen-rust\x060.61.1";
        };
    };
}
#[doc(inline)]
pub use __export_notes_impl as __export;
#[cfg(target_arch = "wasm32")]
#[unsafe(
    link_section = "component-type:wit-bindgen:0.61.1:demo:notes@0.1.0:notes-with-all-of-its-exports-removed:encoded world"
)]
#[doc(hidden)]
#[allow(clippy::octal_escapes)]
pub static __WIT_BINDGEN_COMPONENT_TYPE: [u8; 362] = *b"\
\0asm\x0d\0\x01\0\0\x19\x16wit-component-encoding\x04\0\x07\xce\x01\x01A\x02\x01\
A\x04\x01B\x02\x01@\0\0w\x04\0\x06now-ms\x01\0\x03\0\x16demo:notes/clock@0.1.0\x05\
\0\x01B\x04\x01m\x04\x05debug\x04info\x04warn\x05error\x04\0\x05level\x03\0\0\x01\
@\x02\x05level\x01\x07messages\x01\0\x04\0\x05write\x01\x02\x03\0\x14demo:notes/\
log@0.1.0\x05\x01\x04\06demo:notes/notes-with-all-of-its-exports-removed@0.1.0\x04\
\0\x0b+\x01\0%notes-with-all-of-its-exports-removed\x03\0\0\0G\x09producers\x01\x0c\
processed-by\x02\x0dwit-component\x070.258.3\x10wit-bindgen-rust\x060.61.1";
#[inline(never)]
#[doc(hidden)]
pub fn __link_custom_section_describing_imports() {
    super::super::__abide::wit_bindgen::rt::maybe_link_cabi_realloc();
}
#[allow(unused_imports)]
use super::super::__abide::prelude::*;
