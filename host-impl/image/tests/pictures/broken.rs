//! Files that are broken.

use abide_image::host::Codec;
use abide_image_host::{Error, Format, Images, Limits, Pixels, load, probe};

use super::{files, picture};

#[test]
fn a_file_that_is_cut_short_is_no_picture() {
    for (format, file) in files() {
        for length in 0..file.len() {
            let cut = &file[..length];
            // What is behind the pixels may be missing: the end of a GIF, the padding of a WebP.
            if length + 4 > file.len() && matches!(format, Format::Gif | Format::Webp | Format::Bmp)
            {
                continue;
            }
            let error = match load(cut, 24, 16, Pixels::Rgb8, &Limits::default()) {
                Err(error) => error,
                Ok(_) if format == Format::Png && length + 16 > file.len() => continue,
                Ok(_) => panic!("{format:?}, {length} of {} bytes", file.len()),
            };
            let is_said = matches!(error, Error::UnknownFormat | Error::Broken(_));
            assert!(is_said, "{format:?}, {length} bytes: {error:?}");
            let _ = probe(cut);
        }
    }
}

#[test]
fn a_photo_with_a_small_one_inside_is_seen_to_be_cut_short() {
    use abide_image::host::codec::Picture as _;
    let (_, file) = files().remove(0);
    let small = picture(2, 2, Pixels::Gray8, &[0; 4])
        .encode(Format::Jpeg, 1)
        .unwrap();
    // As cameras do it: in a segment at the beginning.
    let length = u16::try_from(small.len() + 2).unwrap().to_be_bytes();
    let with = [&file[..2], &[0xff, 0xe1], &length, &small, &file[2..]].concat();
    load(&with, 24, 16, Pixels::Rgb8, &Limits::default()).unwrap();
    let error = load(
        &with[..with.len() - 20],
        24,
        16,
        Pixels::Rgb8,
        &Limits::default(),
    );
    assert_eq!(error, Err(Error::Broken("it is cut short".to_owned())));
}

#[test]
fn no_bytes_bring_the_host_down() {
    let mut images = Images::new(Limits {
        pixels: 100_000,
        ..Limits::default()
    });
    let mut number = 1_u64;
    let mut random = |below: usize| {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(number >> 33).unwrap() % below
    };
    let (mut read, mut refused) = (0, 0);
    for (_, file) in files() {
        for _ in 0..400 {
            let mut bad = file.clone();
            for _ in 0..=random(4) {
                let (at, to) = (random(bad.len()), random(256));
                bad[at] = u8::try_from(to).unwrap();
            }
            match images.picture_decode(&bad) {
                Ok(_) => read += 1,
                Err(error) => {
                    // The text may not be as long as the file likes.
                    assert!(error.to_string().len() < 400, "{error}");
                    refused += 1;
                }
            }
        }
    }
    assert!(
        read > 100 && refused > 100,
        "{read} read, {refused} refused"
    );
    // Whatever happened, it still works.
    for (_, file) in files() {
        images.picture_decode(&file).unwrap();
    }
}
