//! The part of a host for pictures, as guests use it: what comes out, what is refused, and that the
//! two colours do the same.

#[cfg(feature = "async")]
mod awaited;
mod bombs;
mod broken;
mod formats;
mod kept;
mod values;

use abide_image::host::Codec;
use abide_image_host::{Format, Images, Limits, Picture, Pixels, Size};

const FORMATS: [Format; 5] = [
    Format::Jpeg,
    Format::Png,
    Format::Gif,
    Format::Bmp,
    Format::Webp,
];

fn size(width: u32, height: u32) -> Size {
    Size { width, height }
}

fn picture(width: u32, height: u32, pixels: Pixels, data: &[u8]) -> Picture {
    let mut images = Images::new(Limits::default());
    let picture = images.picture_from_pixels(size(width, height), pixels, data);
    picture.unwrap()
}

/// A smooth picture in colours.
fn colours(width: u32, height: u32) -> Vec<u8> {
    let pixel = |at: u32| {
        let (x, y) = (at % width, at / width);
        [
            x * 255 / width,
            y * 255 / height,
            (x + y) * 127 / (width + height),
        ]
    };
    let pixels = (0..width * height).flat_map(pixel);
    pixels.map(|value| u8::try_from(value).unwrap()).collect()
}

/// A small file of each format.
fn files() -> Vec<(Format, Vec<u8>)> {
    use abide_image::host::codec::Picture as _;
    let file = |format: Format| {
        let mut picture = picture(24, 16, Pixels::Rgb8, &colours(24, 16));
        (format, picture.encode(format, 90).unwrap())
    };
    FORMATS.map(file).into()
}
