//! `with` takes names and paths in braces.

abide::abi!({
    inline: "package demo:host; world plugin {}",
    with: ["demo:host/log"],
});

fn main() {}
