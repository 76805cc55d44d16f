//! Goes through gates of which the host may shut some in its face.

abide::abi!("test.wit");

use guest::gates as host;

struct Plugin;

impl guest::Trappable for Plugin {
    fn pass(name: String) -> u32 {
        host::pass(&name) + 1
    }

    fn try_open(name: String) -> Result<String, u8> {
        host::open(&name).map(|text| text + "!")
    }

    fn try_close(name: String) -> u32 {
        host::close(&name);
        host::count()
    }

    fn stopped(reason: String) {
        guest::stop(&reason);
        panic!("the host was to stop this");
    }
}

export!(Plugin);
