//! A guest that has nothing to do.

abide::abi!("test.wit");

pub fn side() -> only_types::Side {
    only_types::Side::Right
}
