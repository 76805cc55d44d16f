//! Files that were written are read again.

use abide_image::host::Codec;
use abide_image::host::codec::Picture as _;
use abide_image_host::{Error, Format, Images, Info, Limits, Pixels, load, probe};

use super::{colours, files, picture, size};

#[test]
fn what_was_written_is_found_out() {
    for (format, file) in files() {
        let size = size(24, 16);
        assert_eq!(probe(&file), Ok(Info { format, size }));
        assert_eq!(Images::default().probe(&file), Ok(Info { format, size }));
    }
    for nothing in [&b""[..], b"G", b"just a text", b"%PDF-1.7", b"\0\0\x01\0"] {
        assert_eq!(probe(nothing), Err(Error::UnknownFormat));
    }
}

#[test]
fn formats_without_a_loss_give_back_what_went_in() {
    let colours = colours(24, 16);
    for format in [Format::Png, Format::Bmp, Format::Webp] {
        let file = picture(24, 16, Pixels::Rgb8, &colours)
            .encode(format, 1)
            .unwrap();
        let mut read = Images::default().picture_decode(&file).unwrap();
        assert_eq!(read.size(), size(24, 16));
        assert_eq!(read.read(Pixels::Rgb8).unwrap(), colours, "{format:?}");
    }
    let opacity = [10, 20, 30, 40, 50, 60, 70, 80];
    for format in [Format::Png, Format::Webp] {
        let file = picture(2, 1, Pixels::Rgba8, &opacity)
            .encode(format, 1)
            .unwrap();
        let mut read = Images::default().picture_decode(&file).unwrap();
        assert_eq!(read.read(Pixels::Rgba8).unwrap(), opacity, "{format:?}");
    }
    // As many colours as fit in a palette.
    let few: Vec<u8> = (0..16).flat_map(|at| [at * 16, 255 - at * 16, 0]).collect();
    let file = picture(4, 4, Pixels::Rgb8, &few)
        .encode(Format::Gif, 1)
        .unwrap();
    let mut read = Images::default().picture_decode(&file).unwrap();
    assert_eq!(read.read(Pixels::Rgb8).unwrap(), few);
    let gray = [0, 1, 254, 255];
    let file = picture(2, 2, Pixels::Gray8, &gray)
        .encode(Format::Png, 1)
        .unwrap();
    let mut read = Images::default().picture_decode(&file).unwrap();
    assert_eq!(read.read(Pixels::Gray8).unwrap(), gray);
}

#[test]
fn the_quality_of_a_photo_is_what_was_asked_for() {
    let colours = colours(64, 64);
    let mut original = picture(64, 64, Pixels::Rgb8, &colours);
    let mut of_quality = |quality| {
        let file = original.encode(Format::Jpeg, quality).unwrap();
        let read = load(&file, 64, 64, Pixels::Rgb8, &Limits::default()).unwrap();
        let off = read
            .iter()
            .zip(&colours)
            .map(|(a, b)| u64::from(a.abs_diff(*b)));
        (file.len(), off.sum::<u64>() / colours.len() as u64)
    };
    let (good, poor) = (of_quality(100), of_quality(5));
    assert!(good.1 <= 1, "{good:?}");
    assert!(poor.0 < good.0 / 2 && poor.1 > good.1, "{good:?}, {poor:?}");
    for quality in [0, 101, 255] {
        let error = original.encode(Format::Jpeg, quality);
        assert_eq!(
            error,
            Err(Error::Invalid(format!("a quality of {quality}")))
        );
    }
}

#[test]
fn every_kind_of_pixel_is_written_in_every_format() {
    for pixels in [
        Pixels::Gray8,
        Pixels::Rgb8,
        Pixels::Bgr8,
        Pixels::Rgba8,
        Pixels::Rgb32f,
        Pixels::Bgr32f,
    ] {
        let data = picture(4, 4, Pixels::Rgb8, &colours(4, 4))
            .read(pixels)
            .unwrap();
        let mut again = picture(4, 4, pixels, &data);
        for format in super::FORMATS {
            let file = again.encode(format, 80).unwrap();
            assert_eq!(
                probe(&file).unwrap().size,
                size(4, 4),
                "{pixels:?}, {format:?}"
            );
            Images::default().picture_decode(&file).unwrap();
        }
    }
}

#[test]
fn a_format_has_room_for_so_much() {
    let mut long = picture(16_384, 1, Pixels::Gray8, &[0; 16_384]);
    let error = long.encode(Format::Webp, 80).unwrap_err();
    assert_eq!(
        error,
        Error::Unsupported("sides of more than 16383 pixels in this format".to_owned())
    );
    long.encode(Format::Jpeg, 80).unwrap();
    let mut longer = picture(65_536, 1, Pixels::Gray8, &[0; 65_536]);
    for format in [Format::Jpeg, Format::Gif] {
        let error = longer.encode(format, 80);
        assert!(matches!(error, Err(Error::Unsupported(_))), "{error:?}");
    }
    longer.encode(Format::Png, 80).unwrap();
}
