//! What a component says of itself before anything is compiled: what it imports and exports, and
//! how much the compiler would have to make of it.
//!
//! A component may instantiate another one twice, which instantiates a third one twice, and so on;
//! it may pass what has a thousand exports on a thousand times, and use a type of a thousand cases
//! in a thousand parameters. The compiler writes all of that out, so that a file of some kilobytes
//! can take it minutes and all the memory there is. `read` reads the binary form, `module` that of
//! core modules, `types` knows types and what one takes to be written out, `run` instantiates a
//! component as the compiler would, counting. What cannot be read is left to the compiler, which
//! gets no further than this. Nothing here knows worlds; what a guest may be made of is up to
//! `Limits`.

mod module;
mod read;
mod run;
mod types;

use std::rc::Rc;

pub(crate) use self::types::Kind;
use self::types::{Items, Ty};
use crate::depth;

/// The most instances, of components and of core modules, that a component may be made of.
pub(crate) const MOST_INSTANCES: u64 = 10_000;

/// The most work that a component may be. A type takes about one for each of its parts each time
/// that it is written out; what else there is takes what is below. A large guest of today's
/// languages comes to some ten thousand.
pub(crate) const MOST_WORK: u64 = 4_000_000;

/// What it takes to pass one item on: a few hundred bytes are copied.
const ITEM: u64 = 8;

/// What it takes to make a function that calls out of a module: it is compiled.
const TRAMPOLINE: u64 = 200;

/// What it takes to compile a function, however small it is.
const FUNCTION: u64 = 16;

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
enum Stop {
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

type Read<T = ()> = Result<T, Stop>;

/// What was found out, if it could be.
fn told<T>(read: Read<T>) -> Result<Option<T>, TooMuch> {
    match read {
        Ok(told) => Ok(Some(told)),
        Err(Stop::Unreadable) => Ok(None),
        Err(Stop::TooMuch(too_much)) => Err(too_much),
    }
}

/// How deep something is that has what is `inside` in it.
fn deeper(inside: impl Iterator<Item = usize>) -> Result<usize, TooMuch> {
    let depth = 1 + inside.max().unwrap_or(0);
    match depth > depth::MOST {
        true => Err(TooMuch::Deep),
        false => Ok(depth),
    }
}

/// What a component declares.
#[derive(Debug, Default)]
pub(crate) struct Declared<'a> {
    pub(crate) imports: Vec<(&'a str, Rc<Ty<'a>>)>,
    pub(crate) exports: Items<'a>,
    pub(crate) needs: Needs,
}

impl Declared<'_> {
    /// Whether there is an export of an interface, or of the component itself if `interface` is
    /// empty.
    pub(crate) fn exports(&self, interface: &str, name: &str) -> bool {
        match interface {
            "" => self.exports.contains_key(name),
            interface => {
                let interface = self.exports.get(interface);
                interface.is_some_and(|ty| ty.item(name).is_some())
            }
        }
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
    fn and(self, other: Self) -> Self {
        Self {
            instances: self.instances.saturating_add(other.instances),
            memories: self.memories.saturating_add(other.memories),
            tables: self.tables.saturating_add(other.tables),
            pages: self.pages.max(other.pages),
            elements: self.elements.max(other.elements),
        }
    }
}

/// Reads a component, of which nothing may be [nested too deep](crate::depth), and counts what it
/// is made of. There is nothing to tell of one that cannot be read to its end.
pub(crate) fn survey(component: &[u8]) -> Result<Option<Declared<'_>>, TooMuch> {
    let Some(file) = told(read::file(component))? else {
        return Ok(None);
    };
    let needs = told(run::run(&file))?;
    Ok(Some(Declared {
        imports: file.imports,
        exports: file.exports,
        needs: needs.unwrap_or_default(),
    }))
}

/// What has been counted.
#[derive(Debug, Default)]
struct Count {
    instances: u64,
    work: u64,
    /// The most that a module imports, or can according to its type.
    imports: u64,
}

impl Count {
    /// Takes notice of so many bytes of types, among which may be those of modules: an import of
    /// one takes six at least.
    fn core_types(&mut self, bytes: usize) {
        self.imports = self.imports.max(bytes as u64 / 6);
    }

    fn work(&mut self, work: u64) -> Result<(), TooMuch> {
        self.work = self.work.saturating_add(work);
        match self.work > MOST_WORK {
            true => Err(TooMuch::Work),
            false => Ok(()),
        }
    }

    fn instances(&mut self, instances: u64) -> Result<(), TooMuch> {
        self.instances = self.instances.saturating_add(instances);
        match self.instances > MOST_INSTANCES {
            true => Err(TooMuch::Instances),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
