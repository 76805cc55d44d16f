//! Hosts are made of the fields of structs.

#[derive(abide::Host)]
#[host(abi = some_abi)]
enum Either {
    First(u8),
    Second(u8),
}

#[derive(abide::Host)]
#[host(abi = some_abi)]
union Both {
    first: u8,
    second: i8,
}

fn main() {}
