//! Writes into files through what another package defines.

abide::abi!("test.wit");

use guest::files::{self as host, File};

struct Plugin;

impl guest::ResourceUsedElsewhere for Plugin {
    fn run() {
        let file = File::new("ä.txt");
        let output = file.append();
        assert_eq!(output.write(b"four"), 4);
        assert_eq!(output.write(&[0; 1000]), 1004);
        assert_eq!(file.size(), 1004);
        // The file goes first: what it made lives on.
        let null = host::null();
        assert_eq!(null.name, "null");
        assert_eq!(null.output.write(&[1, 2]), 2);
        assert_eq!(host::copy(&file, &null.output), 1006);
        drop(file);
        assert_eq!(output.write(&[]), 1004);
    }
}

export!(Plugin);
