//! The types, beside others that are called like Rust's. The facade is called `facade` here.

#![allow(dead_code)]

extern crate abide as facade;

/// Everything that code from a derive could take for Rust's own.
mod names {
    pub(super) struct Option;
    pub(super) struct Result;
    pub(super) struct String;
    pub(super) struct Vec;
    pub(super) struct Some;
    pub(super) struct None;
    pub(super) struct Ok;
    pub(super) struct Err;
    pub(super) struct Mirror;
    pub(super) struct P0;
    pub(super) trait Copy {}
    pub(super) trait Clone {}
    pub(super) trait Send {}
}

pub(crate) mod shapes {
    #[allow(unused_imports)]
    use super::names::*;

    #[derive(::std::fmt::Debug, ::std::clone::Clone, PartialEq, abide::Type)]
    pub(crate) struct Point {
        pub(crate) x: f64,
        pub(crate) y: f64,
    }

    // No `repr`, no `Copy`.
    #[derive(Debug, ::std::clone::Clone, PartialEq, abide::Type)]
    pub(crate) enum Side {
        Left,
        FarRight,
        Io2,
    }

    #[derive(Debug, ::std::clone::Clone, PartialEq, abide::Type)]
    #[abide(crate = crate::hostile::facade)]
    pub(crate) enum Hit {
        None,
        At(Point),
        Named(::std::string::String),
    }

    #[derive(Debug, abide::Type)]
    #[abide(variant, error)]
    pub(crate) enum Flat {
        One,
        Two,
    }

    impl ::std::fmt::Display for Flat {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.write_str("it was ")?;
            f.write_str(match self {
                Self::One => "one",
                Self::Two => "two",
            })
        }
    }

    #[derive(Debug, ::std::clone::Clone, PartialEq, abide::Type)]
    pub(crate) struct Thing {
        pub(crate) name: ::std::string::String,
        pub(crate) hits: ::std::vec::Vec<Hit>,
        #[abide(name = "URL-path")]
        pub(crate) url_path: ::std::option::Option<Point>,
        pub(crate) r#type: u8,
        pub(crate) side: Side,
    }
}
