//! Options behind a plain path.

abide::abi!("wit/several.wit", world: "first");

fn main() {}
