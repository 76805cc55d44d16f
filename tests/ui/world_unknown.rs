//! A world that the package does not have: the error is at its name.

mod another {
    abide::abi!({ wit: "wit/several.wit", world: "third" });
}

mod none {
    abide::abi!({ inline: "package demo:types; interface types { type id = u64; }", world: "first" });
}

fn main() {}
