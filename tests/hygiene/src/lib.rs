//! A host crate as hostile as can be to the code that `abi!` generates in it: every name of Rust's prelude
//! is taken, the facade has another name, and every lint is denied.
//!
//! `tests/calls.rs` calls the guest `tests/fixtures/hygiene/guest` with it.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub)]
#![deny(clippy::all)]

renamed::abi!("../fixtures/hygiene/wit");

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
