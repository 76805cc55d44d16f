//! A world that the package does not have: the error is at its name.

abide::abi!({ wit: "wit/several.wit", world: "third" });

fn main() {}
