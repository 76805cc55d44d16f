//! `abi!` in another module than it was told.

pub mod plugins {
    pub mod v1 {
        abide::abi!({ inline: "package demo:place; world place {}" });
    }

    pub mod v2 {
        abide::abi!({ inline: "package demo:place; world place {}", module: "v2" });
    }
}

fn main() {}
