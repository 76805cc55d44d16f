//! A host that lacks an interface that guests may import, and one that lacks the world's own imports.

abide::abi!({
    inline: "
        package demo:host@0.1.0;
        interface clock {
            now-ms: func() -> u64;
        }
        world plugin {
            import clock;
            import random: func() -> u64;
        }
    ",
});

#[derive(Clone)]
struct OnlyRandom;

impl host::PluginImports for OnlyRandom {
    fn random(&mut self) -> u64 {
        4
    }
}

#[derive(Clone)]
struct OnlyClock;

impl host::Clock for OnlyClock {
    fn now_ms(&mut self) -> u64 {
        0
    }
}

fn main() {
    let _ = host::Plugin::load("plugin.wasm", OnlyRandom);
    let _ = host::Plugin::builder(OnlyClock);
}
