//! A host that does not implement everything that a guest may import from an interface.

abide::abi!({
    inline: "
        package demo:host@0.1.0;
        interface clock {
            now-ms: func() -> u64;
            zone: func() -> string;
        }
        world plugin {
            import clock;
        }
    ",
});

#[derive(Clone)]
struct App;

impl host::Clock for App {
    fn now_ms(&mut self) -> u64 {
        0
    }
}

fn main() {}
