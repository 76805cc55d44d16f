//! The guest of the soak test: hands its payload to the host, and answers with as much or traps. It
//! does not know which call it is in, nor what is measured.

abide::abi!("../wit");

struct Plugin;

impl guest::Soak for Plugin {
    fn work(payload: Vec<u8>, ending: Ending) -> Vec<u8> {
        guest::seen(&payload);
        match ending {
            // In memory of its own: a call needs room for both.
            Ending::Answer => {
                let (first, second) = payload.split_at(payload.len() / 2);
                [second, first].concat()
            }
            Ending::Panic => panic!("told to, with {} bytes in hand", payload.len()),
            Ending::Unreachable => core::arch::wasm32::unreachable(),
        }
    }
}

export!(Plugin);
