//! The ABI of pictures: decoded, resized, changed and written by the host.
//!
//! All of it is made from `wit/image.wit`, which says what each function promises.
//!
//! **A guest** imports `abide:image/codec` into its world and shares the types from here:
//!
//! ```wit
//! world thumbnails {
//!     import abide:image/codec@0.1.0;
//!     export thumbnail: func(encoded: list<u8>) -> result<list<u8>, string>;
//! }
//! ```
//!
//! ```ignore
//! abide::abi!({
//!     wit: "wit",
//!     with: { "abide:image/codec": abide_image::codec },
//! });
//!
//! use codec::{Filter, Format, Size};
//! use guest::codec::Picture;
//!
//! struct Thumbnails;
//!
//! impl guest::Thumbnails for Thumbnails {
//!     fn thumbnail(encoded: Vec<u8>) -> Result<Vec<u8>, String> {
//!         let picture = Picture::decode(&encoded).map_err(|error| error.to_string())?;
//!         let small = picture.resize(Size { width: 64, height: 64 }, Filter::Bilinear);
//!         let small = small.map_err(|error| error.to_string())?;
//!         small.encode(Format::Jpeg, 80).map_err(|error| error.to_string())
//!     }
//! }
//!
//! export!(Thumbnails);
//! ```
//!
//! A copy of the WIT goes into the world's `deps` folder; a fixture of the tests,
//! `tests/fixtures/recognition/guest`, is a whole one.
//!
//! **A host** has the part that [`abide-image-host`](https://docs.rs/abide-image-host) is, or
//! implements [`host`] itself.

abide::abi!("wit");
