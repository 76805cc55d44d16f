//! There is no WIT where the path points, in a plain path and as an option.

mod file {
    abide::abi!("wit/missing.wit");
}

mod folder {
    abide::abi!({ world: "plugin", wit: "../elsewhere/wit" });
}

fn main() {}
