//! The part of a host for guests that use pictures, over the WIT of [`abide_image`].
//!
//! ```standalone_crate
//! use abide_image_host::{Images, Limits};
//!
//! abide::abi!({
//!     inline: "
//!         package demo:thumbnails;
//!         world thumbnails {
//!             import abide:image/codec@0.1.0;
//!             export thumbnail: func(encoded: list<u8>) -> result<list<u8>, string>;
//!         }
//!     ",
//!     wit: "../../abi/image/wit",
//!     with: { "abide:image/codec": abide_image::codec },
//! });
//!
//! # fn main() {
//! let images = Images::new(Limits { pixels: 20_000_000, ..Limits::default() });
//! // There is no such file here, and `load` says so.
//! let error = host::Thumbnails::load("guest.wasm", images).unwrap_err();
//! assert!(error.to_string().contains("guest.wasm"));
//! # }
//! ```
//!
//! - [`Images`] is a host, or a part of one by `#[derive(abide::Host)]` and `#[host(codec)]`, for
//!   `host` and, with the feature `async`, for `host_async`.
//! - [`probe`] and [`load`] are for hosts that have pictures themselves, and for other ABIs.
//!
//! **A picture is hostile.** How large it is is read from its first bytes and compared with
//! [`Limits`] before memory is taken for it; what a guest keeps is counted; a decoder that panics is
//! an error. Decoding cannot be interrupted, so of that, resizing and writing only so much happens at
//! a time ([`Limits::work`]), on the threads for blocking work where calls are awaited.

mod account;
#[cfg(feature = "async")]
mod awaited;
mod change;
mod images;
mod limits;
mod pixels;
mod read;
mod sync;
mod write;

pub use abide_blocking::Bounds;
pub use abide_image::codec::{Error, Filter, Format, Info, Pixels, Size};
pub use images::{Images, Picture};
pub use limits::Limits;
pub use read::probe;

/// Decodes a picture, resizes it by [`Filter::Bilinear`] and gives its pixels, on this thread.
///
/// Of `limits` those of one picture count: [`Limits::pixels`], [`Limits::bytes`] and
/// [`Limits::memory`].
///
/// # Errors
///
/// The bytes are no picture, or it is too large.
pub fn load(
    encoded: &[u8],
    width: u32,
    height: u32,
    pixels: Pixels,
    limits: &Limits,
) -> Result<Vec<u8>, Error> {
    let size = Size { width, height };
    change::check_size(size, limits)?;
    pixels::check_read(size, pixels, limits)?;
    let picture = read::Opened::new(encoded, limits)?.decode()?;
    let picture = change::resize(&picture, size, Filter::Bilinear, limits)?;
    Ok(pixels::read(&picture, pixels))
}
