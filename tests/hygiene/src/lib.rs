//! A host crate as hostile as can be to the code that `abi!` generates in it: it has no prelude,
//! every name and every macro of Rust's is taken, the facade has another name, and every lint is
//! denied.
//!
//! `tests/calls.rs` calls the guest `tests/fixtures/hygiene/guest` with it.

#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub)]
#![deny(clippy::all)]

/// Macros with the names of Rust's. They come before Rust's, and whoever calls one is told so.
macro_rules! take {
    ($($name:ident)*) => { take! { @all ($) $($name)* } };
    (@all ($d:tt) $($name:ident)*) => {
        $(
            #[allow(unused_macros)]
            macro_rules! $name {
                ($d($d any:tt)*) => {
                    ::core::compile_error!(::core::concat!("this is not Rust's ", ::core::stringify!($name)));
                };
            }
        )*
    };
}
take! {
    assert assert_eq assert_ne cfg compile_error concat dbg debug_assert debug_assert_eq
    debug_assert_ne env eprintln file format format_args include include_bytes include_str
    line matches module_path option_env panic print println stringify thread_local
    todo unimplemented unreachable vec write writeln
}

::renamed::abi!("../fixtures/hygiene/wit");

// The world itself defines `Result`, `String` and `Vec` here; these are the user's.

/// Named like Rust's.
#[derive(::std::fmt::Debug)]
pub struct Option;

/// Named like Rust's.
#[derive(::std::fmt::Debug)]
pub struct Box;

/// Named like a case of Rust's.
#[derive(::std::fmt::Debug)]
pub struct Some;

/// Named like a case of Rust's.
#[derive(::std::fmt::Debug)]
pub struct None;

/// Named like a case of Rust's.
#[derive(::std::fmt::Debug)]
pub struct Ok;

/// Named like a case of Rust's.
#[derive(::std::fmt::Debug)]
pub struct Err;

/// Named like a trait of Rust's.
pub trait Clone {}

/// Named like a trait of Rust's.
pub trait Send {}

/// Named like a trait of Rust's.
pub trait From {}

/// Named like a trait of Rust's.
pub trait ToOwned {}

/// Named like a trait of Rust's.
pub trait AsRef {}

/// A host made of one part.
#[derive(::std::fmt::Debug, ::renamed::Host)]
#[host(abi = crate)]
pub struct Composed<H>(#[host(prelude, keywords, imports)] pub H);

/// A type that stands for one of WIT's.
#[derive(::std::fmt::Debug, ::renamed::Type)]
#[abide(crate = ::renamed)]
pub struct Record {
    /// Like the trait.
    pub clone: u8,
    /// Like a word of Rust's.
    pub r#ref: ::std::string::String,
}

/// Another, with cases called like Rust's.
#[derive(::std::fmt::Debug, ::renamed::Type)]
#[abide(crate = ::renamed, error)]
pub enum Variant {
    /// Like a case of `Option`.
    None,
    /// Like a case of `Result`.
    Ok(Record),
}

impl ::std::fmt::Display for Variant {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        ::std::fmt::Debug::fmt(self, f)
    }
}

/// And an enum.
#[derive(::std::fmt::Debug, ::renamed::Type)]
#[abide(crate = ::renamed)]
pub enum Enum {
    /// Like a case of `Option`.
    Some,
    /// Like a case of `Result`.
    Err,
}
