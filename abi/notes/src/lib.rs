//! The ABI of the notes example: a Markdown renderer as a plugin.

abide::abi!("wit");
