//! What a guest's context ids stand for.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::host::{Connection, Exchange, Host};

/// The context of the plugin itself.
pub(crate) const ROOT: u32 = 1;

/// What a guest works on under one id.
pub(crate) enum Context<H: Host> {
    Http(Exchange<H>),
    Tcp(Connection<H>),
}

/// The contexts of one VM, without its root.
pub(crate) type Contexts<H> = HashMap<u32, Context<H>, BuildHasherDefault<Spread>>;

/// A hash for ids, which the host itself counts up: nobody chooses them so that they collide.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32((*byte).into());
        }
    }

    fn write_u32(&mut self, id: u32) {
        // By the golden ratio, which spreads neighbours far apart.
        self.0 = (self.0 ^ u64::from(id)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
