//! From one picture to another.

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::{ColorType, DynamicImage};

use crate::{Error, Filter, Limits, Size};

/// That a picture of this size can be made.
pub(crate) fn check_size(size: Size, limits: &Limits) -> Result<(), Error> {
    if size.width == 0 || size.height == 0 {
        let text = format!("a picture of {} x {} pixels", size.width, size.height);
        return Err(Error::Invalid(text));
    }
    limits.check_pixels(size)
}

pub(crate) fn size(picture: &DynamicImage) -> Size {
    Size {
        width: picture.width(),
        height: picture.height(),
    }
}

/// How many bytes a picture of that size has, if its pixels are like those of another.
pub(crate) fn bytes(size: Size, like: &DynamicImage) -> usize {
    let pixel = usize::from(like.color().bytes_per_pixel());
    let pixels = usize::try_from(crate::limits::pixels(size)).unwrap_or(usize::MAX);
    pixels.saturating_mul(pixel)
}

/// Another size. All pixels that fall on one count for it, unless the filter is `nearest`.
pub(crate) fn resize(
    picture: &DynamicImage,
    to: Size,
    by: Filter,
    limits: &Limits,
) -> Result<DynamicImage, Error> {
    check_size(to, limits)?;
    // Rows are done first, then columns: between the two stands a picture of this size.
    let between = Size {
        width: to.width,
        height: picture.height(),
    };
    limits.check_pixels(between)?;
    limits.check_memory(bytes(between, picture) as u64)?;
    let algorithm = match by {
        Filter::Nearest => ResizeAlg::Nearest,
        Filter::Bilinear => ResizeAlg::Convolution(FilterType::Bilinear),
        Filter::Bicubic => ResizeAlg::Convolution(FilterType::CatmullRom),
        Filter::Lanczos3 => ResizeAlg::Convolution(FilterType::Lanczos3),
    };
    let options = ResizeOptions::new().resize_alg(algorithm);
    let mut resized = DynamicImage::new(to.width, to.height, picture.color());
    let done = Resizer::new().resize(picture, &mut resized, &options);
    done.map_err(|error| Error::Unsupported(error.to_string()))?;
    Ok(resized)
}

/// That a part lies inside.
pub(crate) fn check_part(of: Size, left: u32, top: u32, part: Size) -> Result<(), Error> {
    let inside = |start: u32, length: u32, of: u32| {
        length > 0 && start.checked_add(length).is_some_and(|end| end <= of)
    };
    if inside(left, part.width, of.width) && inside(top, part.height, of.height) {
        return Ok(());
    }
    Err(Error::Invalid(format!(
        "a part of {} x {} pixels at {left}, {top} of a picture of {} x {}",
        part.width, part.height, of.width, of.height
    )))
}

/// Shades of grey, in as many bits as there were.
pub(crate) fn grayscale(picture: &DynamicImage) -> DynamicImage {
    match picture.color() {
        ColorType::La8 | ColorType::Rgba8 => picture.to_luma_alpha8().into(),
        ColorType::L16 | ColorType::Rgb16 => picture.to_luma16().into(),
        ColorType::La16 | ColorType::Rgba16 => picture.to_luma_alpha16().into(),
        _ => picture.to_luma8().into(),
    }
}

/// How many bytes that will have.
pub(crate) fn bytes_of_grayscale(picture: &DynamicImage) -> usize {
    let pixel = match picture.color() {
        ColorType::L8 | ColorType::Rgb8 | ColorType::Rgb32F | ColorType::Rgba32F => 1,
        ColorType::La8 | ColorType::Rgba8 | ColorType::L16 | ColorType::Rgb16 => 2,
        _ => 4,
    };
    let pixels = crate::limits::pixels(size(picture)).saturating_mul(pixel);
    usize::try_from(pixels).unwrap_or(usize::MAX)
}
