//! Options that `abi!` does not have, each at its name; the known ones beside them are still read.

abide::abi!({
    path: "wit",
    worlds: ["a", "b"],
    module: "not a path",
});

fn main() {}
