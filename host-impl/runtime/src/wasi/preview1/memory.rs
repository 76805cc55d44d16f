//! A guest's memory, as the functions of preview 1 read and write it: every address is looked at.

use std::str;

use super::errno::{Done, Errno};

/// How many bytes a guest reads or writes at once. It is told how many they were, and asks for the
/// rest.
const AT_ONCE: u32 = 64 * 1024;

/// The longest path that is read, in bytes. No system opens longer ones.
const LONGEST: u32 = 4096;

/// The size of a buffer among several: an address and a length.
const PAIR: u32 = 8;

/// A guest that called one of the functions: its memory, and the data of its store.
pub(super) struct Guest<'a, T> {
    pub(super) memory: &'a mut [u8],
    pub(super) state: &'a mut T,
}

/// A part of a guest's memory: where it is, and how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) at: u32,
    pub(super) len: u32,
}

impl<T> Guest<'_, T> {
    /// The bytes of a part.
    pub(super) fn bytes(&self, at: u32, len: u32) -> Done<&[u8]> {
        let rest = self.memory.get(at as usize..);
        let part = rest.and_then(|rest| rest.get(..len as usize));
        part.ok_or(Errno::Fault.into())
    }

    /// A place of so many bytes.
    pub(super) fn place(&mut self, at: u32, len: usize) -> Done<&mut [u8]> {
        let rest = self.memory.get_mut(at as usize..);
        let part = rest.and_then(|rest| rest.get_mut(..len));
        part.ok_or(Errno::Fault.into())
    }

    /// Writes bytes to a place.
    pub(super) fn write(&mut self, at: u32, bytes: &[u8]) -> Done<()> {
        self.place(at, bytes.len())?.copy_from_slice(bytes);
        Ok(())
    }

    pub(super) fn write_u32(&mut self, at: u32, value: u32) -> Done<()> {
        self.write(at, &value.to_le_bytes())
    }

    pub(super) fn write_u64(&mut self, at: u32, value: u64) -> Done<()> {
        self.write(at, &value.to_le_bytes())
    }

    /// A path, which is text.
    pub(super) fn path(&self, at: u32, len: u32) -> Done<String> {
        if len > LONGEST {
            return Err(Errno::Nametoolong.into());
        }
        let text = str::from_utf8(self.bytes(at, len)?);
        Ok(text.map_err(|_| Errno::Ilseq)?.to_owned())
    }

    /// The first buffer of several in which there is something, as much as is read or written at
    /// once. Guests that pass several are told how much was, as of a file that is short.
    pub(super) fn buffer(&self, at: u32, count: u32) -> Done<Part> {
        let bytes = count.checked_mul(PAIR).ok_or(Errno::Fault)?;
        let (pairs, _) = self.bytes(at, bytes)?.as_chunks::<{ PAIR as usize }>();
        for [a, b, c, d, e, f, g, h] in pairs {
            let (at, len) = ([*a, *b, *c, *d], [*e, *f, *g, *h]);
            let (at, len) = (u32::from_le_bytes(at), u32::from_le_bytes(len));
            if len > 0 {
                self.bytes(at, len)?;
                let len = len.min(AT_ONCE);
                return Ok(Part { at, len });
            }
        }
        Ok(Part { at: 0, len: 0 })
    }
}
