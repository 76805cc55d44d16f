//! Types and attributes that `#[derive(abide::Type)]` does not take, each at its place.

#[derive(abide::Type)]
union Bits {
    float: f32,
    integer: u32,
}

#[derive(abide::Type)]
struct Generic<'a, T> {
    of: &'a T,
}

#[derive(abide::Type)]
struct Pair(f64, f64);

#[derive(abide::Type)]
struct Unit;

#[derive(abide::Type)]
enum Never {}

#[derive(abide::Type)]
enum Payloads {
    Two(u8, u8),
    Named { size: u8 },
}

#[derive(abide::Type)]
enum Numbered {
    One = 1,
}

#[derive(abide::Type)]
#[abide]
#[abide(variants, crate = abide, crate = abide, crate)]
#[abide(error, error)]
enum Options {
    #[abide(rename = "b")]
    A,
    #[abide(name = "b", name = "c")]
    B,
    #[abide(name)]
    C,
    #[abide("d")]
    D,
}

#[derive(abide::Type)]
#[abide(variant)]
struct Names {
    größe: u8,
    #[abide(name = "not_kebab")]
    other: u8,
    #[abide(name = "more")]
    first: u8,
    more: u8,
}

#[derive(abide::Type)]
#[repr(C, packed(2))]
struct Packed {
    x: f64,
}

fn main() {}
