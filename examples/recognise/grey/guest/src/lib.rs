//! The service that makes a picture grey. The host decodes and encodes; the pixels are made grey
//! here.

use abide_dapr::sdk::{Request, Response, Routes};
use abide_image::codec::{Filter, Format, Pixels, Size};
use abide_image::guest::codec::Picture;
use recognise_abi::sdk::{Refusal, Timing};

/// The longer side of a grey twin, in pixels, at most.
const LONGEST: u32 = 1024;

/// Of the twin, from 1 to 100.
const QUALITY: u8 = 85;

fn routes() -> Routes {
    Routes::new().method("grey", |request| {
        grey(&request).unwrap_or_else(Refusal::into_response)
    })
}

fn grey(request: &Request) -> Result<Response, Refusal> {
    let mut timing = Timing::start();
    let (size, rgb) = timing.of("decoding", || pixels(&request.data))?;
    let grey = timing.of("kernel", || recognise_kernel::grey(&rgb));
    let twin = timing.of("encoding", || {
        let picture = Picture::from_pixels(size, Pixels::Gray8, &grey)?;
        picture.encode(Format::Jpeg, QUALITY)
    })?;
    Ok(timing.told(Response::new(200, "image/jpeg", twin)))
}

/// The pixels of a picture, which is made smaller where it is very large.
fn pixels(encoded: &[u8]) -> Result<(Size, Vec<u8>), Refusal> {
    let picture = Picture::decode(encoded)?;
    let size = picture.size();
    let fitting = fitting(size);
    if fitting == size {
        return Ok((size, picture.read(Pixels::Rgb8)?));
    }
    let smaller = picture.resize(fitting, Filter::Bilinear)?;
    Ok((fitting, smaller.read(Pixels::Rgb8)?))
}

/// The size that fits, with sides in the same proportion.
fn fitting(size: Size) -> Size {
    let longest = size.width.max(size.height).max(1);
    if longest <= LONGEST {
        return size;
    }
    let scaled = |side: u32| {
        let scaled = u64::from(side) * u64::from(LONGEST) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(LONGEST).max(1)
    };
    Size {
        width: scaled(size.width),
        height: scaled(size.height),
    }
}

abide_dapr::service!(routes);
