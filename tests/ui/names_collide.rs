//! Names that differ in WIT and are the same in Rust.

abide::abi!("wit/collide.wit");

fn main() {}
