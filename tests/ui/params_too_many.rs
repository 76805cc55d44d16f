//! A function with more parameters than the runtime takes.

abide::abi!("wit/params.wit");

fn main() {}
