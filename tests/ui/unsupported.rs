//! What WIT has and Abide does not: all at once, each at its place in the WIT.

abide::abi!("wit/unsupported.wit");

fn main() {}
