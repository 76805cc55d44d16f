//! Everything that can be wrong in the attributes of `#[derive(abide::Host)]`, each at its place.

#[derive(abide::Host)]
struct NoAbi {
    #[host(clock)]
    clock: u8,
    #[host(kv, log)]
    store: u8,
}

#[derive(abide::Host)]
#[host(abi = some_abi)]
struct Twice {
    #[host(clock)]
    clock: u8,
    #[host(kv, clock)]
    store: u8,
    #[host(some_abi::kv)]
    other: u8,
}

#[derive(abide::Host)]
#[host(abi = some_abi, abi = other_abi)]
#[host(world = other)]
#[host(clock)]
#[host]
struct Options {
    #[host(clock)]
    clock: u8,
}

#[derive(abide::Host)]
#[host(abi = "some_abi")]
struct Text(#[host(clock)] u8);

#[derive(abide::Host)]
#[host(abi = some_abi)]
struct Fields {
    #[host]
    nothing: u8,
    #[host()]
    empty: u8,
    #[host("demo:some/clock")]
    text: u8,
    #[host(abi = other_abi)]
    option: u8,
    #[host(provides = clock)]
    provides: u8,
}

#[derive(abide::Host)]
#[host(abi = some_abi)]
struct Unmarked {
    clock: u8,
}

fn main() {}
