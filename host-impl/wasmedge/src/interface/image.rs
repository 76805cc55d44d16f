//! What guests import of `wasmedge_image`.

use abide::module::{Code, Dst, Trap, Written};
use abide_image_host::{Pixels, load};

use super::places::{Data, Loaded, Room};
use super::status::Fail;
use super::wasmedge::WasmEdge;

/// What a pixel is made of, as 0.3.0 passes it.
#[derive(Debug, Clone, Copy)]
struct Kind(Pixels);

impl TryFrom<u32> for Kind {
    type Error = ();

    fn try_from(code: u32) -> Result<Self, ()> {
        Ok(Self(match code {
            0 => Pixels::Rgb8,
            1 => Pixels::Bgr8,
            2 => Pixels::Rgb32f,
            3 => Pixels::Bgr32f,
            _ => return Err(()),
        }))
    }
}

/// How many bytes a picture has as pixels; none for more than there can be.
fn size(width: u32, height: u32, pixels: Pixels) -> Option<usize> {
    let bytes = match pixels {
        Pixels::Rgb32f | Pixels::Bgr32f => 12,
        _ => 3,
    };
    let pixels = u64::from(width) * u64::from(height);
    usize::try_from(pixels.checked_mul(bytes)?).ok()
}

/// A picture as a guest wants it.
struct Picture<'a> {
    encoded: &'a [u8],
    width: u32,
    height: u32,
    pixels: Pixels,
}

impl WasmEdge {
    fn decode(&self, picture: &Picture<'_>, len: usize) -> Option<Vec<u8>> {
        let Picture {
            encoded,
            width,
            height,
            pixels,
        } = *picture;
        match load(encoded, width, height, pixels, &self.pictures) {
            Ok(bytes) => (bytes.len() == len && len > 0).then_some(bytes),
            Err(error) => {
                tracing::debug!(target: "abide::wasmedge", %error, "a guest's picture is not decoded");
                None
            }
        }
    }

    /// As 0.2.2 has it: the guest has made room, and does not say how much.
    fn early(&self, picture: &Picture<'_>, at: Dst) -> Result<Loaded, Trap> {
        let Picture {
            width,
            height,
            pixels,
            ..
        } = *picture;
        let len = size(width, height, pixels).unwrap_or(usize::MAX);
        at.room(len)?;
        let bytes = self.decode(picture, len);
        Ok(Loaded(Data(bytes.map(|bytes| (at, bytes)))))
    }

    /// As 0.3.0 has it.
    fn late(&self, picture: &Picture<'_>, room: Room) -> Result<Written, Fail> {
        let Picture {
            width,
            height,
            pixels,
            ..
        } = *picture;
        let len = size(width, height, pixels).filter(|len| *len <= room.len);
        let bytes = self.decode(picture, len.ok_or(Fail)?).ok_or(Fail)?;
        Ok(Written(room.at, bytes))
    }
}

macro_rules! picture {
    ($encoded:ident, $width:ident, $height:ident, $pixels:expr) => {
        &Picture {
            encoded: $encoded,
            width: $width,
            height: $height,
            pixels: $pixels,
        }
    };
}

// Which format a picture has is said by its first bytes, and not by the function's name: WasmEdge looks
// at these too.
#[abide::module("wasmedge_image")]
impl WasmEdge {
    fn wasmedge_image_load_jpg_to_rgb8(
        &mut self,
        encoded: &[u8],
        width: u32,
        height: u32,
        at: Dst,
    ) -> Result<Loaded, Trap> {
        self.early(picture!(encoded, width, height, Pixels::Rgb8), at)
    }

    fn wasmedge_image_load_jpg_to_bgr8(
        &mut self,
        encoded: &[u8],
        width: u32,
        height: u32,
        at: Dst,
    ) -> Result<Loaded, Trap> {
        self.early(picture!(encoded, width, height, Pixels::Bgr8), at)
    }

    fn wasmedge_image_load_jpg_to_rgb32f(
        &mut self,
        encoded: &[u8],
        width: u32,
        height: u32,
        at: Dst,
    ) -> Result<Loaded, Trap> {
        self.early(picture!(encoded, width, height, Pixels::Rgb32f), at)
    }

    fn wasmedge_image_load_jpg_to_bgr32f(
        &mut self,
        encoded: &[u8],
        width: u32,
        height: u32,
        at: Dst,
    ) -> Result<Loaded, Trap> {
        self.early(picture!(encoded, width, height, Pixels::Bgr32f), at)
    }

    fn wasmedge_image_load_png_to_rgb8(
        &mut self,
        encoded: &[u8],
        width: u32,
        height: u32,
        at: Dst,
    ) -> Result<Loaded, Trap> {
        self.early(picture!(encoded, width, height, Pixels::Rgb8), at)
    }

    fn wasmedge_image_load_png_to_bgr8(
        &mut self,
        encoded: &[u8],
        width: u32,
        height: u32,
        at: Dst,
    ) -> Result<Loaded, Trap> {
        self.early(picture!(encoded, width, height, Pixels::Bgr8), at)
    }

    fn wasmedge_image_load_png_to_rgb32f(
        &mut self,
        encoded: &[u8],
        width: u32,
        height: u32,
        at: Dst,
    ) -> Result<Loaded, Trap> {
        self.early(picture!(encoded, width, height, Pixels::Rgb32f), at)
    }

    fn wasmedge_image_load_png_to_bgr32f(
        &mut self,
        encoded: &[u8],
        width: u32,
        height: u32,
        at: Dst,
    ) -> Result<Loaded, Trap> {
        self.early(picture!(encoded, width, height, Pixels::Bgr32f), at)
    }

    fn load_jpg(
        &mut self,
        encoded: &[u8],
        width: u32,
        height: u32,
        kind: Code<Kind>,
        room: Room,
    ) -> Result<Written, Fail> {
        self.late(picture!(encoded, width, height, kind.0.0), room)
    }

    fn load_png(
        &mut self,
        encoded: &[u8],
        width: u32,
        height: u32,
        kind: Code<Kind>,
        room: Room,
    ) -> Result<Written, Fail> {
        self.late(picture!(encoded, width, height, kind.0.0), room)
    }
}
