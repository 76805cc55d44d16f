//! An interface that is used from an ABI of another version of the WIT: everything that differs is named.

mod shapes {
    abide::abi!({
        inline: "
            package demo:shapes@0.1.0;
            interface geometry {
                record point { x: f64, y: f64 }
                enum side { left, right }
                area: func(of: list<point>) -> f64;
            }
            world shapes { import geometry; }
        ",
        module: "shapes",
    });
}

mod user {
    abide::abi!({
        inline: "
            package demo:user@0.1.0;
            interface geometry {
                record point { x: f64, y: f32 }
                enum side { left, right }
                enum corner { top, bottom }
                area: func(of: list<point>) -> f64;
            }
            world user { import geometry; }
        ",
        module: "user",
        with: { "demo:user/geometry": crate::shapes::geometry },
    });
}

fn main() {}
