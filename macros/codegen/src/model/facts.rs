//! What follows from what a type is made of: what Rust's type can do, how it lies in memory, which
//! handles are in it.

use super::resource::Leaf;

/// Facts about a type. Those of a whole follow from those of its parts.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// Whether Rust's type can be `Copy`: handles are parameters of it, on which derives put their
    /// bounds.
    pub(crate) copy: bool,
    /// Whether a float is somewhere in the type: then there is no `Eq` and no `Hash`.
    pub(crate) float: bool,
    /// Whether the canonical ABI lays the type out in a fixed number of bytes that hold no pointer,
    /// no handle and no variant's payload. The runtime reads and writes lists of these in one pass.
    pub(crate) flat: bool,
    /// Whether strings or lists of numbers are somewhere in the type, which can be borrowed from a
    /// guest's memory: see [`view`](super::view).
    pub(crate) lends: bool,
    /// Every sort of handle in the type, each once, in the order of the WIT.
    pub(crate) handles: Vec<Leaf>,
}

impl Facts {
    /// Of a user's own type that stands for one: nobody knows what it can do, and it is read and
    /// written in another way.
    pub(crate) fn of_replaced(self) -> Self {
        Self {
            copy: false,
            float: true,
            flat: false,
            lends: false,
            handles: self.handles,
        }
    }

    /// Of what is made of nothing.
    pub(super) fn nothing() -> Self {
        Self {
            copy: true,
            float: false,
            flat: true,
            lends: false,
            handles: Vec::new(),
        }
    }

    /// Of what is made of both.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.copy &= other.copy;
        self.float |= other.float;
        self.flat &= other.flat;
        self.lends |= other.lends;
        for leaf in other.handles {
            if !self.handles.contains(&leaf) {
                self.handles.push(leaf);
            }
        }
        self
    }
}
