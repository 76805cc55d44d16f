//! What a guest may keep in the host's memory.

use abide_image::host::Codec;
use abide_image::host::codec::Picture as _;
use abide_image_host::{Error, Filter, Images, Limits, Pixels};

use super::size;

const KIB: usize = 1024;

fn gray(images: &mut Images, kib: u32) -> Result<abide_image_host::Picture, Error> {
    let data = vec![0; kib as usize * KIB];
    images.picture_from_pixels(size(1024, kib), Pixels::Gray8, &data)
}

#[test]
fn so_many_pictures_at_a_time() {
    let mut images = Images::new(Limits {
        pictures: 2,
        ..Limits::default()
    });
    let mut first = gray(&mut images, 1).unwrap();
    let second = first.resize(size(1, 1), Filter::Nearest).unwrap();
    for error in [
        gray(&mut images, 1).unwrap_err(),
        first.resize(size(1, 1), Filter::Nearest).unwrap_err(),
        first.crop(0, 0, size(1, 1)).unwrap_err(),
        first.grayscale().unwrap_err(),
    ] {
        let text = "a guest may have 2 pictures at a time".to_owned();
        assert_eq!(error, Error::Limit(text));
    }
    // Another instance has its own.
    let mut other = images.clone();
    gray(&mut other, 1).unwrap();
    drop(second);
    gray(&mut images, 1).unwrap();
}

#[test]
fn so_many_bytes_at_a_time() {
    let mut images = Images::new(Limits {
        memory: 10 * KIB,
        ..Limits::default()
    });
    let error = gray(&mut images, 11).unwrap_err();
    assert!(matches!(error, Error::Limit(_)), "{error:?}");
    let mut six = gray(&mut images, 6).unwrap();
    for error in [
        gray(&mut images, 5).unwrap_err(),
        six.resize(size(1024, 5), Filter::Nearest).unwrap_err(),
        six.crop(0, 0, size(1024, 5)).unwrap_err(),
        six.grayscale().unwrap_err(),
    ] {
        assert!(matches!(error, Error::Limit(_)), "{error:?}");
    }
    let four = gray(&mut images, 4).unwrap();
    drop(six);
    let six = gray(&mut images, 6).unwrap();
    drop((four, six));
    gray(&mut images, 10).unwrap();
}

#[test]
fn what_failed_holds_nothing() {
    let mut images = Images::new(Limits {
        pictures: 1,
        memory: 4 * KIB,
        ..Limits::default()
    });
    let (_, mut png) = super::files().remove(1);
    let end = png.len() - 30;
    png.truncate(end);
    for _ in 0..10 {
        let error = images.picture_decode(&png).unwrap_err();
        assert!(matches!(error, Error::Broken(_)), "{error:?}");
    }
    gray(&mut images, 4).unwrap();
}

#[test]
fn all_guests_together() {
    let mut one = Images::new(Limits {
        memory_of_all: 10 * KIB,
        ..Limits::default()
    });
    let mut other = one.clone();
    let six = gray(&mut one, 6).unwrap();
    assert_eq!(gray(&mut other, 5).unwrap_err(), Error::Busy);
    let _four = gray(&mut other, 4).unwrap();
    drop(six);
    gray(&mut other, 6).unwrap();
}

#[test]
fn files_have_an_end() {
    let mut images = Images::new(Limits {
        bytes: 100,
        ..Limits::default()
    });
    for file in [&[0_u8; 101][..], &[0xff; 5000]] {
        let text = format!("a file may have 100 bytes, and this one has {}", file.len());
        let limit = Error::Limit(text);
        assert_eq!(images.probe(file).unwrap_err(), limit);
        assert_eq!(images.picture_decode(file).unwrap_err(), limit);
        let loaded = images.load(file, size(1, 1), Pixels::Gray8);
        assert_eq!(loaded.unwrap_err(), limit);
    }
}
