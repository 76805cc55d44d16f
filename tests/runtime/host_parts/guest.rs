//! Uses every import of its world.

abide::abi!("test.wit");

use guest::store::{self, Bucket};
use guest::{answer, log};

struct Plugin;

impl guest::HostParts for Plugin {
    fn report(name: String) -> String {
        let begun = log::write(&name);
        let bucket = Bucket::new(&name);
        let put = bucket.put(&[1, 2, 3]);
        let done = log::write("done");
        let name = store::name_of(&bucket);
        format!("{begun} {name} {put} {done} {}", answer())
    }
}

export!(Plugin);
