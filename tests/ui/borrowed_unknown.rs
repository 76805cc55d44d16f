//! `borrowed` names that are no imports: misspelled, and an export.

abide::abi!({
    inline: "
        package demo:trap@0.1.0;
        interface clock {
            now-ms: func() -> u64;
        }
        world trap {
            import clock;
            import log: func(text: string);
            export run: func();
        }
    ",
    borrowed: ["clock.now", "run", "log"],
});

mod nothing_imported {
    abide::abi!({
        inline: "package demo:trap; world trap { export run: func(); }",
        borrowed: ["run"],
        module: "nothing_imported",
    });
}

fn main() {}
