//! Types that do not fit the WIT types they are to stand for.

#[derive(abide::Type)]
struct Point {
    x: f32,
    height: f64,
}

#[derive(abide::Type)]
struct Swapped {
    y: f64,
    x: f64,
}

#[derive(abide::Type)]
enum Side {
    Left,
    Right,
}

#[derive(abide::Type)]
enum Shape {
    Dot(u8),
    Square,
    Line(String),
}

struct Underived {
    x: f64,
}

abide::__private::check_type!(Point, Record "demo:shapes/shapes.point" {
    "x": "f64" = f64,
    "y": "f64" = f64,
});
abide::__private::check_type!(crate::Swapped, Record "demo:shapes/shapes.point" {
    "x": "f64" = f64,
    "y": "f64" = f64,
});
abide::__private::check_type!(Side, Variant "demo:shapes/shapes.side" { "left", "right" });
abide::__private::check_type!(Side, Enum "demo:shapes/shapes.side" { "left", "right", "top" });
abide::__private::check_type!(Shape, Variant "demo:shapes/shapes.shape" {
    "dot",
    "square": "f64" = f64,
    "line": "list<point>" = ::std::vec::Vec<crate::Swapped>,
});
abide::__private::check_type!(Underived, Record "demo:shapes/shapes.point" { "x": "f64" = f64 });

// Numbers only: guests take such records out of lists as they lie in memory.
#[derive(abide::Type)]
struct Loose {
    x: f64,
}

#[derive(abide::Type)]
#[repr(C)]
struct Fits {
    x: f64,
}

abide::__private::check_type!(Loose, Record "demo:shapes/shapes.number" as it lies { "x": "f64" = f64 });
abide::__private::check_type!(Fits, Record "demo:shapes/shapes.number" as it lies { "x": "f64" = f64 });

fn main() {}
