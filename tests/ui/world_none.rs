//! A package without a world.

abide::abi!({ inline: "package demo:types@0.1.0; interface types { type id = u64; }" });

fn main() {}
