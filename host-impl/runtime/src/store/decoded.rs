//! Texts that have to be decoded before a host can borrow them, kept for as long as it does.
//!
//! A string of a guest whose strings are UTF-8 is borrowed as it lies in the guest's memory. Others
//! (UTF-16, Latin-1) are decoded, and the text has to be somewhere for the time of the call.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// As many blocks as there are bits in a length: each is twice as long as the one before.
const BLOCKS: usize = usize::BITS as usize;

type Block = Box<[OnceLock<Box<str>>]>;

/// Texts to which more can be added while those in there are borrowed, also by a task that moves
/// between threads.
///
/// They stand in blocks that never move: 1 text in the first, 2 in the next, then 4, 8 and so on.
#[derive(Default)]
pub(crate) struct Decoded {
    blocks: OnceLock<Box<[OnceLock<Block>; BLOCKS]>>,
    len: AtomicUsize,
}

impl Decoded {
    /// Keeps a text.
    pub(crate) fn keep(&self, text: Box<str>) -> &str {
        let number = self.len.fetch_add(1, Ordering::Relaxed) + 1;
        let block = number.ilog2();
        let blocks = self
            .blocks
            .get_or_init(|| Box::new([const { OnceLock::new() }; BLOCKS]));
        let texts = blocks[block as usize].get_or_init(|| {
            let empty = std::iter::repeat_with(OnceLock::new);
            empty.take(1 << block).collect()
        });
        texts[number - (1 << block)].get_or_init(|| text)
    }
}

impl fmt::Debug for Decoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoded")
            .field("len", &self.len.load(Ordering::Relaxed))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_where_they_are_while_others_are_added() {
        let decoded = Decoded::default();
        let texts: Vec<&str> = (0..1000)
            .map(|number| decoded.keep(number.to_string().into()))
            .collect();
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(*text, number.to_string());
        }
    }
}
