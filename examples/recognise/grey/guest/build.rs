//! Says what to do where somebody builds this guest without `--target`.

fn main() {
    abide_build::only_wasm();
}
