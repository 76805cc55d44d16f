//! A host whose type for a resource has not the resource's methods.

abide::abi!({
    inline: "
        package demo:store@0.1.0;
        interface kv {
            resource bucket {
                open: static func(name: string) -> bucket;
                get: func(key: string) -> option<string>;
            }
        }
        world store { import kv; }
    ",
});

#[derive(Clone)]
struct App;

struct Dir;

impl host::Kv for App {
    type Bucket = Dir;

    fn bucket_open(&mut self, _name: &str) -> Dir {
        Dir
    }
}

fn main() {
    let _ = host::Store::load("guest.wasm", App);
}
