//! Has cargo notice WIT files that are added.

fn main() {
    abide_build::wit("wit");
}
