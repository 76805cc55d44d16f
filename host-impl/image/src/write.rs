//! From a picture to bytes in a format.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{ColorType, DynamicImage, ImageFormat};

use crate::{Error, Format, read};

/// How much of a picture is looked at for the colours of a GIF: 1 is all of it, 30 the least.
const GIF_SPEED: i32 = 10;

/// The longest sides that the formats have room for.
fn longest_side(format: Format) -> u32 {
    match format {
        Format::Jpeg | Format::Gif => 65_535,
        Format::Webp => 16_383,
        Format::Png | Format::Bmp => i32::MAX.unsigned_abs(),
    }
}

pub(crate) fn encode(
    picture: &DynamicImage,
    format: Format,
    quality: u8,
) -> Result<Vec<u8>, Error> {
    if !(1..=100).contains(&quality) {
        return Err(Error::Invalid(format!("a quality of {quality}")));
    }
    let longest = longest_side(format);
    if picture.width().max(picture.height()) > longest {
        let text = format!("sides of more than {longest} pixels in this format");
        return Err(Error::Unsupported(text));
    }
    let mut bytes = Cursor::new(Vec::new());
    let picture = eight_bits(picture, format != Format::Jpeg);
    let written = match format {
        Format::Jpeg => {
            picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
        }
        Format::Gif => {
            let frame = image::Frame::new(picture.to_rgba8());
            GifEncoder::new_with_speed(&mut bytes, GIF_SPEED).encode_frame(frame)
        }
        Format::Png => picture.write_to(&mut bytes, ImageFormat::Png),
        Format::Bmp => picture.write_to(&mut bytes, ImageFormat::Bmp),
        Format::Webp => picture.write_to(&mut bytes, ImageFormat::WebP),
    };
    written.map_err(read::error)?;
    Ok(bytes.into_inner())
}

/// What every encoder takes.
fn eight_bits(picture: &DynamicImage, with_opacity: bool) -> Cow<'_, DynamicImage> {
    let color = picture.color();
    let is_kept = with_opacity || !color.has_alpha();
    match color {
        ColorType::L8 | ColorType::Rgb8 => Cow::Borrowed(picture),
        ColorType::La8 | ColorType::Rgba8 if is_kept => Cow::Borrowed(picture),
        _ if !color.has_color() && color.has_alpha() && is_kept => {
            Cow::Owned(picture.to_luma_alpha8().into())
        }
        _ if !color.has_color() => Cow::Owned(picture.to_luma8().into()),
        _ if color.has_alpha() && is_kept => Cow::Owned(picture.to_rgba8().into()),
        _ => Cow::Owned(picture.to_rgb8().into()),
    }
}
