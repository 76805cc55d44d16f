//! From bytes that somebody sent to a picture. Nothing is decoded before it is known how large it is.

use std::io::Cursor;

use image::error::{ImageError, LimitErrorKind};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use crate::{Error, Format, Info, Limits, Size};

/// What a decoder may take beside the picture itself, such as for a profile of colours.
const BESIDE: u64 = 16 * 1024 * 1024;

/// The longest text of a decoder that is passed on, in bytes.
const LONGEST_TEXT: usize = 256;

/// What the first bytes say of a picture.
///
/// # Errors
///
/// They are of no known format, or broken.
pub fn probe(encoded: &[u8]) -> Result<Info, Error> {
    let (format, decoder) = open(encoded)?;
    let (width, height) = decoder.dimensions();
    let size = Size { width, height };
    Ok(Info { format, size })
}

/// A picture whose first bytes were read.
pub(crate) struct Opened<'a> {
    encoded: &'a [u8],
    format: Format,
    decoder: Box<dyn ImageDecoder + 'a>,
}

impl<'a> Opened<'a> {
    /// One that is not too large.
    pub(crate) fn new(encoded: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        limits.check_encoded(encoded.len())?;
        let (format, decoder) = open(encoded)?;
        let (width, height) = decoder.dimensions();
        limits.check_pixels(Size { width, height })?;
        limits.check_memory(decoder.total_bytes())?;
        Ok(Self {
            encoded,
            format,
            decoder,
        })
    }

    /// How much memory it will take.
    pub(crate) fn bytes(&self) -> usize {
        usize::try_from(self.decoder.total_bytes()).unwrap_or(usize::MAX)
    }

    pub(crate) fn decode(self) -> Result<DynamicImage, Error> {
        if self.format == Format::Jpeg {
            check_end_of_jpeg(self.encoded)?;
        }
        let picture = DynamicImage::from_decoder(self.decoder).map_err(error)?;
        match picture.width().min(picture.height()) {
            0 => Err(Error::Broken("it has no pixels".to_owned())),
            _ => Ok(picture),
        }
    }
}

fn open(encoded: &[u8]) -> Result<(Format, Box<dyn ImageDecoder + '_>), Error> {
    let mut reader = ImageReader::new(Cursor::new(encoded))
        .with_guessed_format()
        .map_err(|error| broken(&error))?;
    let format = match reader.format() {
        Some(ImageFormat::Jpeg) => Format::Jpeg,
        Some(ImageFormat::Png) => Format::Png,
        Some(ImageFormat::Gif) => Format::Gif,
        Some(ImageFormat::Bmp) => Format::Bmp,
        Some(ImageFormat::WebP) => Format::Webp,
        _ => return Err(Error::UnknownFormat),
    };
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(BESIDE);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(error)?;
    Ok((format, Box::new(decoder)))
}

/// The decoder of JPEG makes up what is missing at the end. A picture that is cut short is none here.
fn check_end_of_jpeg(encoded: &[u8]) -> Result<(), Error> {
    const START_OF_SCAN: u8 = 0xda;
    let mut at = 2;
    // Segments have lengths; small pictures in them may have ends of their own.
    while let Some(&[0xff, marker, high, low]) = encoded.get(at..).and_then(<[u8]>::first_chunk) {
        match marker {
            // Markers may have any number of these before them.
            0xff => at += 1,
            START_OF_SCAN => break,
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    let rest = encoded.get(at..).unwrap_or_default();
    match rest.windows(2).rev().any(|pair| pair == [0xff, 0xd9]) {
        true => Ok(()),
        false => Err(Error::Broken("it is cut short".to_owned())),
    }
}

/// What the decoder said.
pub(crate) fn error(error: ImageError) -> Error {
    match error {
        ImageError::Unsupported(error) => Error::Unsupported(cut(error.to_string())),
        ImageError::Limits(error) if error.kind() == LimitErrorKind::InsufficientMemory => {
            Error::Limit("what the picture has beside its pixels is too much".to_owned())
        }
        error => broken(&error),
    }
}

fn broken(error: &impl ToString) -> Error {
    Error::Broken(cut(error.to_string()))
}

/// Texts of decoders may repeat what is in the file.
fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(LONGEST_TEXT));
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
