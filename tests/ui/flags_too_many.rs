//! 33 flags in one type.

abide::abi!("wit/flags.wit");

fn main() {}
