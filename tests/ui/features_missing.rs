//! An item that is left out is used by one that is not.

abide::abi!("wit/gates.wit");

fn main() {}
