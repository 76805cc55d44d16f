//! A value of the wrong kind.

mod world {
    abide::abi!({ inline: "package demo:value; world value {}", world: value });
}

mod derives {
    abide::abi!({ inline: "package demo:value; world value {}", derives: Eq });
}

mod trappable {
    abide::abi!({ inline: "package demo:value; world value {}", trappable: [now] });
}

mod module {
    abide::abi!({ inline: "package demo:value; world value {}", module: module });
}

mod wit {
    abide::abi!({ wit: ["wit"] });
}

mod features {
    abide::abi!({ wit: "wit", features: some });
}

fn main() {}
