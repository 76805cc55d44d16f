//! A guest that is compiled for the machine of whoever writes it.

abide::abi!({ inline: "
    package demo:words@0.1.0;
    interface log { write: func(text: string); }
    interface analyzer {
        record hit { word: string, count: u32 }
        count: func(text: string) -> list<hit>;
    }
    world words { import log; export analyzer; export version: func() -> u32; }
" });

use guest::analyzer::Hit;
use guest::log;

struct Plugin;

impl guest::Analyzer for Plugin {
    fn count(text: String) -> Vec<Hit> {
        log::write(&text);
        vec![analyzer::Hit { word: text, count: 1 }]
    }
}

impl guest::Words for Plugin {
    fn version() -> u32 {
        1
    }
}

export!(Plugin);

fn main() {}
