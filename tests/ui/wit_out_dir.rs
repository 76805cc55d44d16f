// A crate without a build script has nothing there.
mod one {
    abide::abi!({ wit: "$OUT_DIR/wit", module: "one" });
}
mod two {
    // Not the folder, but a file of such a name.
    abide::abi!({ wit: "$OUT_DIRS/wit", module: "two" });
}

fn main() {}
