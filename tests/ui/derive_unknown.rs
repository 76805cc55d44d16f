//! A derive that is not in scope: the error is rustc's, at the derive.

abide::abi!({
    inline: "
        package demo:derives;
        interface shapes {
            record point { x: u32, y: u32 }
        }
        world derives {
            import shapes;
        }
    ",
    derives: [Serialise],
});

fn main() {}
