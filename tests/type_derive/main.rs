//! Types of the user's own that derive `abide::Type`: what they are to the engine, in a module
//! where every name that generated code could rely on means something else.

mod engine;
mod hostile;

use hostile::shapes::{Flat, Hit, Point, Side, Thing};

// What `abi!` writes where such a type stands for one of WIT's. That it refuses is in `tests/ui`.
abide::__private::check_type!(Point as "Point", Record "demo:shapes/shapes.point" {
    "x": f64 = ("f64", "f64"),
    "y": f64 = ("f64", "f64"),
});
abide::__private::check_type!(Side as "Side", Enum "demo:shapes/shapes.side" { "left", "far-right", "io2" });
abide::__private::check_type!(crate::Hit as "Hit", Variant "demo:shapes/shapes.hit" {
    "none",
    "at": crate::Point = ("point", "Point"),
    "named": ::std::string::String = ("string", "String"),
});
abide::__private::check_type!(Flat as "Flat", Variant "demo:shapes/shapes.flat" { "one", "two" });
abide::__private::check_type!(Thing as "Thing", Record "demo:shapes/shapes.thing" {
    "name": ::std::string::String = ("string", "String"),
    "hits": ::std::vec::Vec<crate::Hit> = ("list<hit>", "Vec<Hit>"),
    "URL-path": ::core::option::Option<crate::Point> = ("option<point>", "Option<Point>"),
    "type": u8 = ("u8", "u8"),
    "side": Side = ("side", "Side"),
});

#[test]
fn the_error_of_a_result_is_shown_by_its_display() {
    let error: abide::CallError<Flat> = abide::CallError::Guest(Flat::Two);
    let text = "the guest answered with an error: it was two";
    assert_eq!(error.to_string(), text);
}
