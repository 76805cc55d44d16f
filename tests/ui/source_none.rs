//! No WIT at all.

mod nothing {
    abide::abi!();
}

mod only_a_world {
    abide::abi!({ world: "plugin" });
}

fn main() {}
