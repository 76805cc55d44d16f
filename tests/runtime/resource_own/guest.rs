//! Makes boxes, gives them away and gets them.

abide::abi!("test.wit");

use guest::boxes::{self as host, CrateBox};

struct Plugin;

impl guest::ResourceOwn for Plugin {
    fn run() {
        let made = CrateBox::new("größe\0");
        assert_eq!(made.text(), "größe\0");
        assert_eq!(host::take(made), "größe\0");

        let (first, second) = (host::give(1), host::give(2));
        assert_eq!(
            (first.text(), second.text()),
            ("gift 1".to_owned(), "gift 2".to_owned())
        );
        let first = host::exchange(first, true);
        assert_eq!(first.text(), "gift 1");
        let second = host::exchange(second, false);
        assert_eq!(second.text(), "for gift 2");
        assert_eq!(host::take(second), "for gift 2");
        drop(first);
    }
}

export!(Plugin);
