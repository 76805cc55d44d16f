//! Types that no component can have: all at once, each at its place in the WIT.

abide::abi!("wit/limits.wit");

fn main() {}
