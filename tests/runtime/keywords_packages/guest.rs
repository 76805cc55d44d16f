//! Asks the import that each export is named like, and adds a figure of its own.

abide::abi!("test.wit");

struct Plugin;

impl guest::Use for Plugin {
    fn next(of: u32) -> u32 {
        guest::use_::next(of) + 10
    }
}

impl guest::Crate for Plugin {
    fn next(of: u32) -> u32 {
        guest::crate_::next(of) + 20
    }
}

impl guest::Super for Plugin {
    fn next(of: u32) -> u32 {
        guest::super_::next(of) + 30
    }
}

export!(Plugin);
