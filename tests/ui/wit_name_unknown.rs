//! A folder of several files, one of which uses a name that is not there.

abide::abi!("wit/unresolved");

fn main() {}
