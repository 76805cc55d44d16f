//! A type that stands for a WIT type without deriving `abide::Type`.

abide::abi!({
    inline: "
        package demo:shapes@0.1.0;
        interface shapes {
            record label { text: string }
            draw: func(what: label);
        }
        world drawing { import shapes; }
    ",
    with: { "demo:shapes/shapes.label": crate::Label },
});

#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    pub text: String,
}

fn main() {}
