//! Asks WASI for the time and for random bytes.

abide::abi!("test.wit");

struct Plugin;

impl guest::WasiLinked for Plugin {
    fn now() -> u64 {
        let now = guest::wall_clock::now();
        guest::log(&format!("{:?}", now.seconds > 0));
        now.seconds
    }

    fn bytes(len: u64) -> Vec<u8> {
        guest::random::get_random_bytes(len)
    }
}

export!(Plugin);
