//! What all filters of all workers share, over reloads.

mod data;
mod figures;
mod queues;

pub(crate) use data::Data;
pub(crate) use figures::Figures;
pub(crate) use queues::Queues;

/// What all filters share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) data: Data,
    pub(crate) queues: Queues,
    pub(crate) figures: Figures,
}

impl Shared {
    /// Nothing yet; data and queues may have so many bytes.
    pub(crate) fn new(bytes: usize) -> Self {
        Self {
            data: Data::new(bytes),
            queues: Queues::new(bytes),
            figures: Figures::default(),
        }
    }
}
