//! The part for hosts of `host`: the work is done on the thread that calls.

use abide_image::host;

use crate::images::undone;
use crate::{Error, Filter, Format, Images, Info, Picture, Pixels, Size, load, probe, write};

impl Images {
    /// Does it when it is its turn.
    fn here<T>(&self, job: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        self.work()
            .here(job)
            .unwrap_or_else(|error| Err(undone(error)))
    }
}

impl host::Codec for Images {
    type Picture = Picture;

    fn probe(&mut self, encoded: &[u8]) -> Result<Info, Error> {
        self.limits().check_encoded(encoded.len())?;
        self.here(|| probe(encoded))
    }

    fn picture_decode(&mut self, encoded: &[u8]) -> Result<Picture, Error> {
        self.here(|| self.decode(encoded))
    }

    fn picture_from_pixels(
        &mut self,
        size: Size,
        pixels: Pixels,
        data: &[u8],
    ) -> Result<Picture, Error> {
        self.here(|| self.of_pixels(size, pixels, data))
    }

    fn load(&mut self, encoded: &[u8], size: Size, pixels: Pixels) -> Result<Vec<u8>, Error> {
        let limits = self.limits();
        self.here(|| load(encoded, size.width, size.height, pixels, limits))
    }
}

impl host::codec::Picture for Picture {
    fn size(&mut self) -> Size {
        self.dimensions()
    }

    fn resize(&mut self, to: Size, by: Filter) -> Result<Self, Error> {
        self.images().here(|| self.resized(to, by))
    }

    fn crop(&mut self, left: u32, top: u32, size: Size) -> Result<Self, Error> {
        self.images().here(|| self.part(left, top, size))
    }

    fn grayscale(&mut self) -> Result<Self, Error> {
        self.images().here(|| self.gray())
    }

    fn read(&mut self, pixels: Pixels) -> Result<Vec<u8>, Error> {
        self.images().here(|| self.pixels(pixels))
    }

    fn encode(&mut self, format: Format, quality: u8) -> Result<Vec<u8>, Error> {
        let encode = || write::encode(self.image(), format, quality);
        self.images().here(encode)
    }
}
