//! Entries of `with` that name nothing, that cannot be replaced, or whose paths cannot be used.

mod other {}

abide::abi!({
    inline: "
        package demo:host@0.1.0;
        interface shapes {
            record point { x: f64 }
            flags set { one }
        }
        interface log { write: func(line: string); }
        world plugin { import shapes; import log; }
    ",
    with: {
        "demo:host/shapes.pint": crate::other::Point,
        "demo:host/logs": crate::other::log,
        "demo:host/shapes.set": crate::other::Set,
        "demo:host/shapes.point": self::other::Point,
        "demo:host/log@0.1.0": log,
        "demo:hosts": crate::other,
        "demo:host@0.2.0": crate::other,
    },
});

fn main() {}
