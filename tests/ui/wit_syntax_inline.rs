//! WIT in the macro that does not parse.

abide::abi!({
    inline: "
        package demo:notes@0.1.0;
        world notes {
            import now-ms: func( -> u64;
        }
    ",
});

fn main() {}
