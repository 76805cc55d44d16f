//! The ABI of a guest that says what it sees of each part of WASI, all of which its world imports.

abide::abi!("$OUT_DIR/wit");
