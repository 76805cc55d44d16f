//! The numbers that come out.

use abide_image::host::Codec;
use abide_image::host::codec::Picture as _;
use abide_image_host::{Error, Filter, Images, Limits, Pixels, load};

use super::{picture, size};

fn floats(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

#[test]
fn pixels_are_what_the_interface_says() {
    let mut two = picture(2, 1, Pixels::Rgba8, &[255, 0, 51, 9, 0, 102, 255, 255]);
    assert_eq!(two.read(Pixels::Rgb8).unwrap(), [255, 0, 51, 0, 102, 255]);
    assert_eq!(two.read(Pixels::Bgr8).unwrap(), [51, 0, 255, 255, 102, 0]);
    assert_eq!(
        two.read(Pixels::Rgba8).unwrap(),
        [255, 0, 51, 9, 0, 102, 255, 255]
    );
    let (red, blue) = ([1.0, 0.0, 0.2], [0.0, 0.4, 1.0]);
    assert_eq!(
        two.read(Pixels::Rgb32f).unwrap(),
        floats(&[red, blue].concat())
    );
    let turned = [[0.2, 0.0, 1.0], [1.0, 0.4, 0.0]].concat();
    assert_eq!(two.read(Pixels::Bgr32f).unwrap(), floats(&turned));
    // 0.2126 red, 0.7152 green, 0.0722 blue.
    assert_eq!(two.read(Pixels::Gray8).unwrap(), [58, 91]);
}

#[test]
fn pixels_that_a_guest_has_are_taken_as_they_are() {
    let bgr = [51, 0, 255, 255, 102, 0];
    let mut two = picture(2, 1, Pixels::Bgr8, &bgr);
    assert_eq!(two.read(Pixels::Rgb8).unwrap(), [255, 0, 51, 0, 102, 255]);
    let rgb = floats(&[1.0, 0.0, 0.2, 0.0, 0.4, 2.0]);
    let mut two = picture(2, 1, Pixels::Rgb32f, &rgb);
    assert_eq!(two.read(Pixels::Rgb32f).unwrap(), rgb);
    assert_eq!(two.read(Pixels::Rgb8).unwrap(), [255, 0, 51, 0, 102, 255]);
    let bgr = floats(&[0.2, 0.0, 1.0]);
    let mut one = picture(1, 1, Pixels::Bgr32f, &bgr);
    assert_eq!(one.read(Pixels::Bgr32f).unwrap(), bgr);
    assert_eq!(one.read(Pixels::Rgb8).unwrap(), [255, 0, 51]);
}

#[test]
fn shades_of_grey_keep_their_opacity() {
    let mut gray = picture(1, 1, Pixels::Rgba8, &[255, 0, 51, 9])
        .grayscale()
        .unwrap();
    assert_eq!(gray.read(Pixels::Rgba8).unwrap(), [58, 58, 58, 9]);
    let rgb = floats(&[1.0, 0.0, 0.2]);
    let mut gray = picture(1, 1, Pixels::Rgb32f, &rgb).grayscale().unwrap();
    assert_eq!(gray.read(Pixels::Gray8).unwrap(), [58]);
}

#[test]
fn another_size_is_made_of_all_pixels() {
    let data = [0, 100, 200, 100];
    let mut four = picture(4, 1, Pixels::Gray8, &data);
    let mut to = |width, height, filter| {
        let mut resized = four.resize(size(width, height), filter).unwrap();
        assert_eq!(resized.size(), size(width, height));
        resized.read(Pixels::Gray8).unwrap()
    };
    // Under the triangle they count 5, 7, 7 and 5 of 24.
    assert_eq!(to(1, 1, Filter::Bilinear), [108]);
    assert_eq!(to(4, 1, Filter::Bilinear), data);
    assert_eq!(to(4, 3, Filter::Lanczos3), [data, data, data].concat());
    assert_eq!(
        to(8, 1, Filter::Nearest),
        [0, 0, 100, 100, 200, 200, 100, 100]
    );
    assert_eq!(
        to(8, 1, Filter::Bilinear),
        [0, 25, 75, 125, 175, 175, 125, 100]
    );
    let (sharp, smooth) = (to(8, 1, Filter::Bicubic), to(8, 1, Filter::Bilinear));
    assert!(sharp[4] > smooth[4], "{sharp:?}, {smooth:?}");
}

#[test]
fn a_part_is_that_part() {
    let data: Vec<u8> = (0..12).collect();
    let mut whole = picture(4, 3, Pixels::Gray8, &data);
    let mut part = whole.crop(1, 1, size(2, 2)).unwrap();
    assert_eq!(part.size(), size(2, 2));
    assert_eq!(part.read(Pixels::Gray8).unwrap(), [5, 6, 9, 10]);
    for (left, top, part) in [
        (3, 0, size(2, 1)),
        (0, 3, size(1, 1)),
        (u32::MAX, 0, size(2, 1)),
        (0, 0, size(0, 1)),
    ] {
        let error = whole.crop(left, top, part).unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    }
}

#[test]
fn what_makes_no_sense_is_invalid() {
    let mut images = Images::default();
    let mut invalid = |width, height, pixels, data: &[u8]| match images.picture_from_pixels(
        size(width, height),
        pixels,
        data,
    ) {
        Err(Error::Invalid(text)) => text,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        invalid(2, 2, Pixels::Rgb8, &[0; 11]),
        "2 x 2 pixels are 12 bytes, and there are 11"
    );
    assert_eq!(
        invalid(0, 2, Pixels::Rgb8, &[]),
        "a picture of 0 x 2 pixels"
    );
    let not = floats(&[0.0, f32::NAN, 0.0]);
    assert_eq!(
        invalid(1, 1, Pixels::Rgb32f, &not),
        "a pixel has the value NaN"
    );
    let mut one = picture(1, 1, Pixels::Gray8, &[7]);
    let error = one.resize(size(1, 0), Filter::Bilinear).unwrap_err();
    assert_eq!(
        error,
        Error::Invalid("a picture of 1 x 0 pixels".to_owned())
    );
}

#[test]
fn one_call_does_what_three_do() {
    let colours = super::colours(32, 20);
    let mut original = picture(32, 20, Pixels::Rgb8, &colours);
    let file = original.encode(abide_image_host::Format::Png, 1).unwrap();
    let mut three = original.resize(size(7, 9), Filter::Bilinear).unwrap();
    let three = three.read(Pixels::Bgr8).unwrap();
    let one = load(&file, 7, 9, Pixels::Bgr8, &Limits::default()).unwrap();
    assert_eq!(one, three);
    let one = Images::default()
        .load(&file, size(7, 9), Pixels::Bgr8)
        .unwrap();
    assert_eq!(one, three);
}
