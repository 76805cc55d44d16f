//! Files that are there and are not text: the one that is named, and one in a folder.

mod file {
    abide::abi!("wit/not-text/world.wit");
}

mod folder {
    abide::abi!("wit/not-text");
}

fn main() {}
