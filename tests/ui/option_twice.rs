//! An option that is given twice.

abide::abi!({
    inline: "package demo:twice; world one {} world two {}",
    world: "one",
    world: "two",
});

fn main() {}
