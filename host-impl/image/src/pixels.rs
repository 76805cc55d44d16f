//! Pixels as guests see them, in both directions.

use std::borrow::Cow;

use image::{DynamicImage, GrayImage, Rgb32FImage, RgbImage, RgbaImage};

use crate::limits::pixels as count;
use crate::{Error, Limits, Pixels, Size};

fn bytes_per_pixel(pixels: Pixels) -> u64 {
    match pixels {
        Pixels::Gray8 => 1,
        Pixels::Rgb8 | Pixels::Bgr8 => 3,
        Pixels::Rgba8 => 4,
        Pixels::Rgb32f | Pixels::Bgr32f => 12,
    }
}

/// That what is read is not more than a guest may have.
pub(crate) fn check_read(size: Size, pixels: Pixels, limits: &Limits) -> Result<(), Error> {
    limits.check_memory(count(size).saturating_mul(bytes_per_pixel(pixels)))
}

pub(crate) fn read(picture: &DynamicImage, pixels: Pixels) -> Vec<u8> {
    match pixels {
        Pixels::Gray8 => picture.to_luma8().into_raw(),
        Pixels::Rgb8 => rgb8(picture).into_owned(),
        Pixels::Bgr8 => {
            let mut bytes = rgb8(picture).into_owned();
            swap(&mut bytes);
            bytes
        }
        Pixels::Rgba8 => picture.to_rgba8().into_raw(),
        Pixels::Rgb32f => floats(picture, false),
        Pixels::Bgr32f => floats(picture, true),
    }
}

fn rgb8(picture: &DynamicImage) -> Cow<'_, [u8]> {
    match picture {
        DynamicImage::ImageRgb8(picture) => Cow::Borrowed(picture.as_raw()),
        picture => Cow::Owned(picture.to_rgb8().into_raw()),
    }
}

fn floats(picture: &DynamicImage, blue_first: bool) -> Vec<u8> {
    let mut floats = picture.to_rgb32f().into_raw();
    if blue_first {
        swap(&mut floats);
    }
    floats.into_iter().flat_map(f32::to_le_bytes).collect()
}

/// Red where blue was.
fn swap<T>(values: &mut [T]) {
    for pixel in values.chunks_exact_mut(3) {
        pixel.swap(0, 2);
    }
}

/// A picture of what a guest sent.
pub(crate) fn picture(size: Size, pixels: Pixels, data: &[u8]) -> Result<DynamicImage, Error> {
    let expected = count(size).saturating_mul(bytes_per_pixel(pixels));
    let invalid = || {
        let Size { width, height } = size;
        let found = data.len();
        Error::Invalid(format!(
            "{width} x {height} pixels are {expected} bytes, and there are {found}"
        ))
    };
    if data.len() as u64 != expected {
        return Err(invalid());
    }
    let Size { width, height } = size;
    let swapped = || {
        let mut data = data.to_vec();
        swap(&mut data);
        data
    };
    let picture = match pixels {
        Pixels::Gray8 => GrayImage::from_raw(width, height, data.to_vec()).map(DynamicImage::from),
        Pixels::Rgb8 => RgbImage::from_raw(width, height, data.to_vec()).map(DynamicImage::from),
        Pixels::Bgr8 => RgbImage::from_raw(width, height, swapped()).map(DynamicImage::from),
        Pixels::Rgba8 => RgbaImage::from_raw(width, height, data.to_vec()).map(DynamicImage::from),
        Pixels::Rgb32f | Pixels::Bgr32f => {
            let mut floats = read_floats(data)?;
            if pixels == Pixels::Bgr32f {
                swap(&mut floats);
            }
            Rgb32FImage::from_raw(width, height, floats).map(DynamicImage::from)
        }
    };
    picture.ok_or_else(invalid)
}

fn read_floats(data: &[u8]) -> Result<Vec<f32>, Error> {
    let (floats, _) = data.as_chunks();
    let floats = floats.iter().map(|bytes| {
        let float = f32::from_le_bytes(*bytes);
        match float.is_finite() {
            true => Ok(float),
            false => Err(Error::Invalid(format!("a pixel has the value {float}"))),
        }
    });
    floats.collect()
}
