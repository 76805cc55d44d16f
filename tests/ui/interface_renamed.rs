//! An interface that stands in the world under another name than its own.

abide::abi!("wit/interface_renamed.wit");

fn main() {}
