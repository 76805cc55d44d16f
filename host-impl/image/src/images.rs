//! The part of a host: what guests' pictures are made of and charged to. Both colours call what is
//! here; how the work is done for each is in `sync.rs` and `awaited.rs`.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use abide_blocking::{Undone, Work};
use image::DynamicImage;

use crate::account::{Account, Held};
use crate::{Error, Filter, Limits, Pixels, Size, change, limits, pixels, read};

/// Pictures for guests: a host for worlds that import `abide:image/codec`, or a part of one.
///
/// A host is cloned for each instance of a guest. Each clone counts its own pictures; the line of work
/// and the memory of all are shared.
#[derive(Debug)]
pub struct Images {
    shared: Arc<Shared>,
    account: Arc<Account>,
}

#[derive(Debug)]
struct Shared {
    limits: Limits,
    work: Work,
}

impl Images {
    /// Within these limits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let work = Work::new(limits.work);
        Self {
            shared: Arc::new(Shared { limits, work }),
            account: Account::new(Arc::new(AtomicUsize::new(0))),
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    pub(crate) fn work(&self) -> &Work {
        &self.shared.work
    }

    /// For work on behalf of the same instance.
    pub(crate) fn same(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            account: Arc::clone(&self.account),
        }
    }

    pub(crate) fn decode(&self, encoded: &[u8]) -> Result<Picture, Error> {
        let opened = read::Opened::new(encoded, self.limits())?;
        let held = self.hold(opened.bytes())?;
        Ok(self.picture(opened.decode()?, held))
    }

    pub(crate) fn of_pixels(
        &self,
        size: Size,
        kind: Pixels,
        data: &[u8],
    ) -> Result<Picture, Error> {
        change::check_size(size, self.limits())?;
        let held = self.hold(data.len())?;
        Ok(self.picture(pixels::picture(size, kind, data)?, held))
    }

    fn hold(&self, bytes: usize) -> Result<Held, Error> {
        self.account.hold(bytes, self.limits())
    }

    fn picture(&self, image: DynamicImage, held: Held) -> Picture {
        Picture(Arc::new(Inner {
            image,
            images: self.same(),
            _held: held,
        }))
    }
}

impl Clone for Images {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            account: self.account.another(),
        }
    }
}

impl Default for Images {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

/// A picture of a guest, in the host's memory.
pub struct Picture(Arc<Inner>);

struct Inner {
    image: DynamicImage,
    images: Images,
    _held: Held,
}

impl Picture {
    pub(crate) fn images(&self) -> &Images {
        &self.0.images
    }

    pub(crate) fn image(&self) -> &DynamicImage {
        &self.0.image
    }

    /// For work on another thread. What it holds is held until that is done.
    #[cfg(feature = "async")]
    pub(crate) fn same(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    pub(crate) fn dimensions(&self) -> Size {
        change::size(self.image())
    }

    pub(crate) fn resized(&self, to: Size, by: Filter) -> Result<Self, Error> {
        let images = self.images();
        change::check_size(to, images.limits())?;
        let held = images.hold(change::bytes(to, self.image()))?;
        let resized = change::resize(self.image(), to, by, images.limits())?;
        Ok(images.picture(resized, held))
    }

    pub(crate) fn part(&self, left: u32, top: u32, size: Size) -> Result<Self, Error> {
        change::check_part(self.dimensions(), left, top, size)?;
        let images = self.images();
        let held = images.hold(change::bytes(size, self.image()))?;
        let part = self.image().crop_imm(left, top, size.width, size.height);
        Ok(images.picture(part, held))
    }

    pub(crate) fn gray(&self) -> Result<Self, Error> {
        let images = self.images();
        let held = images.hold(change::bytes_of_grayscale(self.image()))?;
        Ok(images.picture(change::grayscale(self.image()), held))
    }

    pub(crate) fn pixels(&self, kind: Pixels) -> Result<Vec<u8>, Error> {
        pixels::check_read(self.dimensions(), kind, self.images().limits())?;
        Ok(pixels::read(self.image(), kind))
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Size { width, height } = self.dimensions();
        let pixels = limits::pixels(self.dimensions());
        write!(f, "Picture({width} x {height}, {pixels} pixels)")
    }
}

/// What a guest is told of work that was not done.
pub(crate) fn undone(undone: Undone) -> Error {
    match undone {
        Undone::Busy => Error::Busy,
        Undone::Panicked(_) => Error::Broken("the codec does not stand it".to_owned()),
        Undone::NoRuntime => Error::Unsupported("work of this host, which is ending".to_owned()),
    }
}
