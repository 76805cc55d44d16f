//! Several worlds, and none named.

abide::abi!("wit/several.wit");

fn main() {}
