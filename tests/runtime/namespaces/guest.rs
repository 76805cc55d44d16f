//! Calls from every export the import that it is named like.

abide::abi!("test.wit");

use guest::node::Point;

struct Plugin;

struct Line(guest::node::Line);

impl guest::Node for Plugin {
    type Line = Line;

    fn mirror(of: Point) -> Point {
        guest::node::mirror(of)
    }
}

impl guest::exports::node::GuestLine for Line {
    fn new(of: Vec<Point>) -> Self {
        Self(guest::node::Line::new(&of))
    }

    fn length(&self) -> u32 {
        self.0.length() + 1
    }
}

impl guest::ExportedIf for Plugin {
    fn x86(of: Point) -> i32 {
        let on = guest::if_::x86(guest::if_::Mode::On);
        on.x + of.x * on.y + of.y
    }
}

impl guest::SideKv for Plugin {
    fn get(key: String) -> Option<String> {
        guest::side_kv::get(&key)
    }
}

impl guest::ExportsKv for Plugin {
    fn put(key: String, value: String) -> u32 {
        guest::exports_kv::put(&key, &value)
    }
}

impl guest::ExportsExports for Plugin {
    fn exports() -> u8 {
        guest::exports_exports::exports() + 1
    }
}

impl guest::Side for Plugin {
    fn exports(of: u32) -> u32 {
        guest::exports_::side(of) * 2
    }
}

export!(Plugin);
