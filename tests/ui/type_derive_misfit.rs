//! Types that do not fit the WIT types they are to stand for.

abide::abi!({
    inline: "
        package demo:shapes@0.1.0;
        interface shapes {
            record point { x: f64, y: f64 }
            record swapped { x: f64, y: f64 }
            record number { x: f64 }
            enum side { left, right, top }
            variant mood { good, bad }
            variant shape { dot, square(f64), line(list<number>) }
            draw: func(at: point, to: swapped, n: number, on: side, mood: mood, what: shape);
        }
        world drawing { import shapes; }
    ",
    with: {
        "demo:shapes/shapes.point": crate::own::Point,
        "demo:shapes/shapes.swapped": crate::own::Swapped,
        "demo:shapes/shapes.number": crate::own::Loose,
        "demo:shapes/shapes.side": crate::own::Side,
        "demo:shapes/shapes.mood": crate::own::Mood,
        "demo:shapes/shapes.shape": crate::own::Shape,
    },
});

mod own {
    #[derive(Debug, Clone, PartialEq, abide::Type)]
    #[repr(C)]
    pub struct Point {
        pub x: f32,
        pub height: f64,
    }

    #[derive(Debug, Clone, PartialEq, abide::Type)]
    #[repr(C)]
    pub struct Swapped {
        pub y: f64,
        pub x: f64,
    }

    // Numbers only: guests pass lists of such records as they lie in memory.
    #[derive(Debug, Clone, PartialEq, abide::Type)]
    pub struct Loose {
        pub x: f64,
    }

    #[derive(Debug, Clone, PartialEq, abide::Type)]
    pub enum Side {
        Left,
        Right,
        Bottom,
    }

    #[derive(Debug, Clone, PartialEq, abide::Type)]
    pub enum Mood {
        Good,
        Bad,
    }

    #[derive(Debug, Clone, PartialEq, abide::Type)]
    pub enum Shape {
        Dot(u8),
        Square,
        Line(String),
    }
}

fn main() {}
