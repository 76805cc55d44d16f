//! Serves two versions of an interface, and calls three.

abide::abi!("test.wit");

use guest::{log_1_0_0 as first, log_2_0_0_rc_1 as candidate, log_2_1_0 as latest};

struct Plugin;

impl guest::Log1_0_0 for Plugin {
    fn write(line: first::Line) -> u32 {
        line.text.len() as u32
    }
}

impl guest::Log2_1_0 for Plugin {
    fn write(line: latest::Line) -> u32 {
        1000 + line.old.text.len() as u32
    }

    fn upgrade(of: first::Line) -> latest::Line {
        latest::Line {
            text: Some(format!("Gast {}", of.text)),
            old: of,
        }
    }
}

impl guest::Versions for Plugin {
    fn run() {
        let old = first::Line {
            text: "é".to_owned(),
        };
        assert_eq!(first::write(&old), 102);
        let line = candidate::Line {
            level: candidate::Level::High,
            text: "abc".to_owned(),
        };
        assert_eq!(candidate::write(&line), 213);
        let new = latest::upgrade(&old);
        assert_eq!(
            new,
            latest::Line {
                old: old.clone(),
                text: None
            }
        );
        assert_eq!(latest::write(&new), 302);
    }
}

export!(Plugin);
