//! The part for hosts of `host_async`: the work is done on threads for such work, with copies of
//! what guests lend.

use abide_image::host_async;

use crate::images::undone;
use crate::{Error, Filter, Format, Images, Info, Picture, Pixels, Size, load, probe, write};

impl Images {
    /// Has it done when it is its turn.
    async fn away<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let images = self.same();
        let done = self.work().away(move || job(&images)).await;
        done.unwrap_or_else(|error| Err(undone(error)))
    }
}

impl Picture {
    async fn away<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let picture = self.same();
        self.images().away(move |_| job(&picture)).await
    }
}

impl host_async::Codec for Images {
    type Picture = Picture;

    async fn probe(&mut self, encoded: &[u8]) -> Result<Info, Error> {
        self.limits().check_encoded(encoded.len())?;
        let encoded = encoded.to_vec();
        self.away(move |_| probe(&encoded)).await
    }

    async fn picture_decode(&mut self, encoded: &[u8]) -> Result<Picture, Error> {
        // Before it is copied.
        self.limits().check_encoded(encoded.len())?;
        let encoded = encoded.to_vec();
        self.away(move |images| images.decode(&encoded)).await
    }

    async fn picture_from_pixels(
        &mut self,
        size: Size,
        pixels: Pixels,
        data: &[u8],
    ) -> Result<Picture, Error> {
        self.limits().check_memory(data.len() as u64)?;
        let data = data.to_vec();
        self.away(move |images| images.of_pixels(size, pixels, &data))
            .await
    }

    async fn load(&mut self, encoded: &[u8], size: Size, pixels: Pixels) -> Result<Vec<u8>, Error> {
        self.limits().check_encoded(encoded.len())?;
        let encoded = encoded.to_vec();
        self.away(move |images| load(&encoded, size.width, size.height, pixels, images.limits()))
            .await
    }
}

impl host_async::codec::Picture for Picture {
    async fn size(&mut self) -> Size {
        self.dimensions()
    }

    async fn resize(&mut self, to: Size, by: Filter) -> Result<Self, Error> {
        self.away(move |picture| picture.resized(to, by)).await
    }

    async fn crop(&mut self, left: u32, top: u32, size: Size) -> Result<Self, Error> {
        self.away(move |picture| picture.part(left, top, size))
            .await
    }

    async fn grayscale(&mut self) -> Result<Self, Error> {
        self.away(|picture| picture.gray()).await
    }

    async fn read(&mut self, pixels: Pixels) -> Result<Vec<u8>, Error> {
        self.away(move |picture| picture.pixels(pixels)).await
    }

    async fn encode(&mut self, format: Format, quality: u8) -> Result<Vec<u8>, Error> {
        self.away(move |picture| write::encode(picture.image(), format, quality))
            .await
    }
}
