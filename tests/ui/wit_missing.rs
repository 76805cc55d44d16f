//! There is no WIT where the path points.

abide::abi!("wit/missing.wit");

fn main() {}
