//! A WIT file that does not parse: file, line and column.

abide::abi!("wit/syntax.wit");

fn main() {}
