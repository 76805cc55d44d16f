//! A result that a guest need not want.

use abide::module::{Bad, Bytes, Guest, Out, Raw, Stop, Ty};

/// [`Bytes`] of which either place may be 0: then it is not written to.
pub(crate) struct Wanted(pub(crate) Vec<u8>);

impl Out for Wanted {
    const TYPES: &'static [Ty] = Bytes::TYPES;

    fn check(raw: &mut Raw<'_>, memory: &[u8]) -> Result<(), Bad> {
        for place in [raw.u32(), raw.u32()] {
            let rest = memory.get(place as usize..).map_or(0, <[u8]>::len);
            if place != 0 && rest < size_of::<u32>() {
                return Err(Bad::OutOfBounds);
            }
        }
        Ok(())
    }

    fn put(self, raw: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<(), Stop> {
        let (at, len) = (raw.u32(), raw.u32());
        if at != 0 {
            let room = guest.allocate(self.0.len())?;
            guest.write(room, &self.0)?;
            guest.write(at, &room.to_le_bytes())?;
        }
        if len != 0 {
            let bytes = u32::try_from(self.0.len()).map_err(|_| Bad::NoMemory)?;
            guest.write(len, &bytes.to_le_bytes())?;
        }
        Ok(())
    }
}
