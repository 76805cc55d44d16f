//! Asks WASI for the time and for random bytes, in one way that is deprecated.

#![deny(deprecated, unfulfilled_lint_expectations)]

abide::abi!("test.wit");

struct Plugin;

impl guest::WasiLinked for Plugin {
    fn now() -> u64 {
        let now = guest::wall_clock::now();
        guest::log(&format!("{:?}", now.seconds > 0));
        now.seconds
    }

    fn bytes(len: u64) -> Vec<u8> {
        if len == 8 {
            #[expect(deprecated, reason = "to see that it is")]
            let number = guest::random::get_random_u64();
            return number.to_le_bytes().to_vec();
        }
        guest::random::get_random_bytes(len)
    }
}

export!(Plugin);
