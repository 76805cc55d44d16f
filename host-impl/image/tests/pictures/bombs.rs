//! Small files that say that they are large.

use abide_image::host::Codec;
use abide_image::host::codec::Picture as _;
use abide_image_host::{Error, Filter, Format, Images, Limits, Pixels, Size, load, probe};

use super::{files, picture, size};

/// A picture of 30,000 x 30,000 pixels in each format, most of which is not there.
fn bombs() -> Vec<(Format, Vec<u8>)> {
    let side = 30_000_u32;
    files()
        .into_iter()
        .map(|(format, mut file)| {
            match format {
                Format::Png => {
                    file[16..20].copy_from_slice(&side.to_be_bytes());
                    file[20..24].copy_from_slice(&side.to_be_bytes());
                    let sum = crc(&file[12..29]).to_be_bytes();
                    file[29..33].copy_from_slice(&sum);
                }
                Format::Gif => {
                    let side = u16::try_from(side).unwrap().to_le_bytes();
                    file[6..8].copy_from_slice(&side);
                    file[8..10].copy_from_slice(&side);
                }
                Format::Bmp => {
                    file[18..22].copy_from_slice(&side.to_le_bytes());
                    file[22..26].copy_from_slice(&side.to_le_bytes());
                }
                Format::Jpeg => {
                    // The header of the frame: marker, length, precision, height, width.
                    let at = file.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
                    let side = u16::try_from(side).unwrap().to_be_bytes();
                    file[at + 5..at + 7].copy_from_slice(&side);
                    file[at + 7..at + 9].copy_from_slice(&side);
                }
                Format::Webp => {
                    // Without a loss: after its mark 14 bits each, less one.
                    let at = file.windows(4).position(|four| four == b"VP8L").unwrap() + 9;
                    let (side, rest) = (16_382_u32, file[at + 3] & 0xf0);
                    let bits = (side | side << 14).to_le_bytes();
                    file[at..at + 4].copy_from_slice(&bits);
                    file[at + 3] |= rest;
                }
            }
            (format, file)
        })
        .collect()
}

/// The sum that chunks of PNG end with.
fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32, bit: u32| sum >> 1 ^ (if (sum ^ bit) & 1 == 1 { 0xedb8_8320 } else { 0 });
    let byte = |sum, byte: &u8| (0..8).fold(sum, |sum, bit| step(sum, u32::from(byte >> bit & 1)));
    !bytes.iter().fold(u32::MAX, byte)
}

#[test]
fn a_picture_that_says_it_is_large_is_not_decoded() {
    for (format, mut bomb) in bombs() {
        if format == Format::Png {
            // The first chunk alone, as 200 bytes are.
            bomb.truncate(200);
        }
        let side = if format == Format::Webp {
            16_383
        } else {
            30_000
        };
        let says = size(side, side);
        assert_eq!(probe(&bomb).map(|info| info.size), Ok(says), "{format:?}");
        let limits = Limits::default();
        let loaded = load(&bomb, 8, 8, Pixels::Rgb8, &limits);
        assert_eq!(loaded, Err(Error::TooLarge(says)), "{format:?}");
        let error = Images::default().picture_decode(&bomb).unwrap_err();
        assert_eq!(error, Error::TooLarge(says), "{format:?}");
    }
}

#[test]
fn nothing_larger_is_made_of_a_small_one() {
    let limits = Limits {
        pixels: 1000,
        ..Limits::default()
    };
    let mut images = Images::new(limits.clone());
    let mut flat = images
        .picture_from_pixels(size(1000, 1), Pixels::Gray8, &[0; 1000])
        .unwrap();
    let mut tall = images
        .picture_from_pixels(size(1, 1000), Pixels::Gray8, &[0; 1000])
        .unwrap();
    let too_large = |result: Result<_, Error>| match result {
        Err(Error::TooLarge(Size { width, height })) => (width, height),
        other => panic!("{:?}", other.map(|_: abide_image_host::Picture| ())),
    };
    let huge = size(u32::MAX, u32::MAX);
    assert_eq!(
        too_large(flat.resize(huge, Filter::Nearest)),
        (u32::MAX, u32::MAX)
    );
    assert_eq!(
        too_large(flat.resize(size(1001, 1), Filter::Nearest)),
        (1001, 1)
    );
    // On the way from tall to flat there would be a million.
    assert_eq!(
        too_large(tall.resize(size(1000, 1), Filter::Bilinear)),
        (1000, 1000)
    );
    flat.resize(size(1, 1000), Filter::Bilinear).unwrap();
    let error = images.picture_from_pixels(size(1001, 1), Pixels::Gray8, &[0; 1001]);
    assert_eq!(too_large(error), (1001, 1));
    let png = picture(30, 30, Pixels::Gray8, &[0; 900])
        .encode(Format::Png, 1)
        .unwrap();
    let error = load(&png, 1001, 1, Pixels::Gray8, &limits);
    assert_eq!(error, Err(Error::TooLarge(size(1001, 1))));
    let error = load(
        &png,
        33,
        30,
        Pixels::Gray8,
        &Limits {
            pixels: 899,
            ..limits
        },
    );
    assert!(matches!(error, Err(Error::TooLarge(_))), "{error:?}");
}

#[test]
fn what_is_read_is_not_more_than_allowed() {
    let limits = Limits {
        memory: 10_000,
        ..Limits::default()
    };
    let mut images = Images::new(limits.clone());
    let mut gray = images
        .picture_from_pixels(size(50, 50), Pixels::Gray8, &[0; 2500])
        .unwrap();
    assert_eq!(gray.read(Pixels::Rgba8).unwrap().len(), 10_000);
    let error = gray.read(Pixels::Rgb32f).unwrap_err();
    assert!(matches!(error, Error::Limit(_)), "{error:?}");
    let png = picture(8, 8, Pixels::Gray8, &[0; 64])
        .encode(Format::Png, 1)
        .unwrap();
    let error = load(&png, 50, 50, Pixels::Bgr32f, &limits).unwrap_err();
    assert!(matches!(error, Error::Limit(_)), "{error:?}");
}
