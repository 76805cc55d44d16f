//! Says one thing to the host and one to its caller.

abide::abi!("test.wit");

struct Plugin;

impl guest::Smoke for Plugin {
    fn run(name: String) -> String {
        let number = guest::log(&format!("asked by {name}"));
        format!("answer {number} for {name}")
    }
}

export!(Plugin);
