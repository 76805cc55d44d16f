//! Names and types that Rust or wit-bindgen cannot have.

abide::abi!("wit/names.wit");

fn main() {}
