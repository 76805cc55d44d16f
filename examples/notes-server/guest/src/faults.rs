//! What a broken guest does, on the orders of its notes. Tests alone compile it.

use std::hint::black_box;

/// Does what a note orders, if it does, instead of going on.
pub(crate) fn obey(note: &str) {
    match note.trim() {
        "!panic" => panic!("told to"),
        "!loop" => loop {
            black_box(());
        },
        "!eat" => {
            let mut eaten = Vec::new();
            loop {
                eaten.push(black_box(vec![1_u8; 1 << 20]));
            }
        }
        _ => {}
    }
}
