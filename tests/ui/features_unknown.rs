//! Features that nothing in the WIT is behind, each with its place in the macro.

mod some {
    abide::abi!({ wit: "wit/gates.wit", features: ["fancier", "fancy", "hiden"], module: "some" });
}

mod none {
    abide::abi!({ wit: "wit/collide.wit", features: ["fancy"], module: "none" });
}

fn main() {}
