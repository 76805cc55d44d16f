//! Module paths that are none.

mod v1 {
    abide::abi!({ inline: "package demo:place; world place {}", module: "crate::v1" });
}

mod v2 {
    abide::abi!({ inline: "package demo:place; world place {}", module: "v2::" });
}

fn main() {}
