//! The host of the round trips: every import returns its argument and notes down what it saw.

use std::cell::RefCell;
use std::fmt::Debug;

use crate::{host, types};

/// Implements every import of the world.
#[derive(Clone)]
pub(crate) struct Echo;

thread_local! {
    /// A guest's imports run on the thread that called the guest, so tests do not see each other's.
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// What the imports saw on this thread since the last call, each as `function value`.
pub(crate) fn seen() -> Vec<String> {
    SEEN.take()
}

/// How a value is noted down and compared: as text, which tells -0.0 from 0.0 and takes every NaN
/// for the same.
pub(crate) fn text(function: &str, value: &impl Debug) -> String {
    format!("{function} {value:?}")
}

/// The imports of one interface: what a method gets, and what it returns.
macro_rules! echo {
    ($trait:ident { $($name:ident($given:ty) -> $returned:ty;)* }) => {
        impl host::$trait for Echo {
            $(fn $name(&mut self, v: $given) -> $returned {
                SEEN.with_borrow_mut(|seen| seen.push(text(stringify!($name), &v)));
                v.into()
            })*
        }
    };
}

echo!(Scalars {
    boolean(bool) -> bool;
    unsigned8(u8) -> u8;
    unsigned16(u16) -> u16;
    unsigned32(u32) -> u32;
    unsigned64(u64) -> u64;
    signed8(i8) -> i8;
    signed16(i16) -> i16;
    signed32(i32) -> i32;
    signed64(i64) -> i64;
    float32(f32) -> f32;
    float64(f64) -> f64;
    character(char) -> char;
    text(&str) -> String;
});

echo!(Lists {
    unsigned8(&[u8]) -> Vec<u8>;
    unsigned16(&[u16]) -> Vec<u16>;
    unsigned32(&[u32]) -> Vec<u32>;
    unsigned64(&[u64]) -> Vec<u64>;
    signed8(&[i8]) -> Vec<i8>;
    signed16(&[i16]) -> Vec<i16>;
    signed32(&[i32]) -> Vec<i32>;
    signed64(&[i64]) -> Vec<i64>;
    float32(&[f32]) -> Vec<f32>;
    float64(&[f64]) -> Vec<f64>;
    booleans(Vec<bool>) -> Vec<bool>;
    characters(Vec<char>) -> Vec<char>;
    texts(Vec<String>) -> Vec<String>;
    lists(Vec<Vec<u8>>) -> Vec<Vec<u8>>;
    deep(Vec<Vec<Vec<String>>>) -> Vec<Vec<Vec<String>>>;
    options(Vec<Option<u64>>) -> Vec<Option<u64>>;
    tuples(Vec<(u8, String, f32)>) -> Vec<(u8, String, f32)>;
    points(Vec<types::Point>) -> Vec<types::Point>;
    people(Vec<types::Person>) -> Vec<types::Person>;
    shapes(Vec<types::Shape>) -> Vec<types::Shape>;
    colors(Vec<types::Color>) -> Vec<types::Color>;
    manies(Vec<types::Many>) -> Vec<types::Many>;
    flags(Vec<types::Flags9>) -> Vec<types::Flags9>;
});

echo!(Compound {
    maybe_number(Option<u32>) -> Option<u32>;
    maybe_text(Option<String>) -> Option<String>;
    maybe_list(Option<Vec<f64>>) -> Option<Vec<f64>>;
    maybe_maybe(Option<Option<u8>>) -> Option<Option<u8>>;
    maybe_person(Option<types::Person>) -> Option<types::Person>;
    single((u16,)) -> (u16,);
    pair((bool, i64)) -> (bool, i64);
    mixed((u8, String, Vec<u8>, Option<char>, types::Point))
        -> (u8, String, Vec<u8>, Option<char>, types::Point);
    nested(((u8, (u16,)), Option<(f32, String)>)) -> ((u8, (u16,)), Option<(f32, String)>);
});

echo!(Named {
    one_point(types::Point) -> types::Point;
    one_person(types::Person) -> types::Person;
    one_shape(types::Shape) -> types::Shape;
    one_color(types::Color) -> types::Color;
    one_many(types::Many) -> types::Many;
    one_flags1(types::Flags1) -> types::Flags1;
    one_flags8(types::Flags8) -> types::Flags8;
    one_flags9(types::Flags9) -> types::Flags9;
    one_flags16(types::Flags16) -> types::Flags16;
    one_flags17(types::Flags17) -> types::Flags17;
    one_flags32(types::Flags32) -> types::Flags32;
    one_id(types::Id) -> types::Id;
    one_name(&str) -> types::Name;
    one_nickname(&str) -> types::Nickname;
    one_path(Vec<types::Point>) -> types::Path;
    one_position(types::Point) -> types::Position;
    one_all(types::All) -> types::All;
});

echo!(Results {
    nothing(Result<(), ()>) -> Result<(), ()>;
    only_ok(Result<u32, ()>) -> Result<u32, ()>;
    only_err(Result<(), String>) -> Result<(), String>;
    both(Result<String, u8>) -> Result<String, u8>;
    numbers(Result<Vec<u8>, Vec<f32>>) -> Result<Vec<u8>, Vec<f32>>;
    named(Result<types::Person, types::Problem>) -> Result<types::Person, types::Problem>;
    plain(Result<types::Point, types::Color>) -> Result<types::Point, types::Color>;
    in_ok(Result<Result<u8, String>, types::Problem>) -> Result<Result<u8, String>, types::Problem>;
    in_err(Result<u8, Result<u16, String>>) -> Result<u8, Result<u16, String>>;
    in_list(Vec<Result<u32, String>>) -> Vec<Result<u32, String>>;
    in_option(Option<Result<(), types::Problem>>) -> Option<Result<(), types::Problem>>;
    in_tuple((Result<(), ()>, Result<u64, ()>, Result<(), i8>))
        -> (Result<(), ()>, Result<u64, ()>, Result<(), i8>);
});
