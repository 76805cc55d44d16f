//! A guest that is compiled for the machine of whoever writes it.

abide::abi!({ inline: "
    package demo:words@0.1.0;
    interface analyzer { tokenize: func(text: string) -> list<string>; }
    world words { export analyzer; export version: func() -> u32; }
" });

struct Plugin;

impl guest::Analyzer for Plugin {
    fn tokenize(text: String) -> Vec<String> {
        vec![text]
    }
}

impl guest::Words for Plugin {
    fn version() -> u32 {
        1
    }
}

export!(Plugin);

fn main() {}
