//! The file is there and is not text.

abide::abi!("wit/not-text.wit");

fn main() {}
