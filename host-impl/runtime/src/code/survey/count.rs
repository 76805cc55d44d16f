//! How much there is of a component, and how much is too much.

use crate::code::depth;

/// The most instances, of components and of core modules, that a component may be made of.
pub(crate) const MOST_INSTANCES: u64 = 10_000;

/// The most work that a component may be. A type takes about one for each of its parts each time
/// that it is written out; what else there is takes what is below. A large guest of today's
/// languages comes to some ten thousand.
const MOST_WORK: u64 = 4_000_000;

/// What it takes to pass one item on: a few hundred bytes are copied.
pub(super) const ITEM: u64 = 8;

/// What it takes to make a function that calls out of a module: it is compiled.
pub(super) const TRAMPOLINE: u64 = 200;

/// What it takes to compile a function, however small it is.
pub(super) const FUNCTION: u64 = 16;

/// Why a component is not compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TooMuch {
    /// It is made of more than [`MOST_INSTANCES`].
    Instances,
    /// It takes more than [`MOST_WORK`].
    Work,
    /// Instances in instances, or types of them in one another, are deeper than [`depth::MOST`].
    Deep,
}

/// Why nothing more is read or counted.
pub(super) enum Stop {
    /// It is not what it should be: the compiler will say so.
    Unreadable,
    TooMuch(TooMuch),
}

impl From<TooMuch> for Stop {
    fn from(too_much: TooMuch) -> Self {
        Self::TooMuch(too_much)
    }
}

impl From<wasmparser::BinaryReaderError> for Stop {
    fn from(_: wasmparser::BinaryReaderError) -> Self {
        Self::Unreadable
    }
}

pub(super) type Read<T = ()> = Result<T, Stop>;

/// What was found out, if it could be.
pub(super) fn told<T>(read: Read<T>) -> Result<Option<T>, TooMuch> {
    match read {
        Ok(told) => Ok(Some(told)),
        Err(Stop::Unreadable) => Ok(None),
        Err(Stop::TooMuch(too_much)) => Err(too_much),
    }
}

/// How deep something is that has what is `inside` in it.
pub(super) fn deeper(inside: impl Iterator<Item = usize>) -> Result<usize, TooMuch> {
    let depth = 1 + inside.max().unwrap_or(0);
    match depth > depth::MOST {
        true => Err(TooMuch::Deep),
        false => Ok(depth),
    }
}

/// What an instance of a component takes, as far as its declarations tell.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Core instances.
    pub(crate) instances: u64,
    pub(crate) memories: u64,
    pub(crate) tables: u64,
    /// Pages of the largest memory.
    pub(crate) pages: u64,
    /// Elements of the largest table.
    pub(crate) elements: u64,
}

impl Needs {
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            instances: self.instances.saturating_add(other.instances),
            memories: self.memories.saturating_add(other.memories),
            tables: self.tables.saturating_add(other.tables),
            pages: self.pages.max(other.pages),
            elements: self.elements.max(other.elements),
        }
    }
}

/// What has been counted.
#[derive(Debug, Default, Clone)]
pub(super) struct Count {
    instances: u64,
    work: u64,
    /// The most that a module imports, or can according to its type.
    pub(super) imports: u64,
}

impl Count {
    /// Takes notice of so many bytes of types, among which may be those of modules: an import of
    /// one takes six at least.
    pub(super) fn core_types(&mut self, bytes: usize) {
        self.imports = self.imports.max(bytes as u64 / 6);
    }

    pub(super) fn work(&mut self, work: u64) -> Result<(), TooMuch> {
        self.work = self.work.saturating_add(work);
        match self.work > MOST_WORK {
            true => Err(TooMuch::Work),
            false => Ok(()),
        }
    }

    pub(super) fn instances(&mut self, instances: u64) -> Result<(), TooMuch> {
        self.instances = self.instances.saturating_add(instances);
        match self.instances > MOST_INSTANCES {
            true => Err(TooMuch::Instances),
            false => Ok(()),
        }
    }
}
