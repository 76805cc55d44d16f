//! Worlds that a host can serve, and for which no guest can be compiled: hosts are warned.
#![deny(warnings)]

mod c_function {
    abide::abi!({
        inline: "package demo:refused; world w { export write: func(); }",
        module: "c_function",
    });
}

mod memory {
    abide::abi!({
        inline: "package demo:refused; world w { export memory: func(); }",
        module: "memory",
    });
}

mod handle {
    abide::abi!({
        inline: "
            package demo:refused;
            interface kv { resource bucket { handle: func(); } }
            world w { import kv; }
        ",
        module: "handle",
    });
}

mod trait_of_guests {
    abide::abi!({
        inline: "
            package demo:refused;
            interface kv { resource guest { get: func(); } }
            world w { export kv; }
        ",
        module: "trait_of_guests",
    });
}

fn main() {}
