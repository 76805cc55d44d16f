//! What a component says of itself before anything is compiled: what it imports and exports, and
//! how much the compiler would have to make of it.
//!
//! A component may instantiate another one twice, which instantiates a third one twice, and so on;
//! it may pass what has a thousand exports on a thousand times, and use a type of a thousand cases
//! in a thousand parameters. The compiler writes all of that out, so that a file of some kilobytes
//! can take it minutes and all the memory there is. `read` reads the binary form, `module` that of
//! core modules, `types` knows types and what one takes to be written out, `run` instantiates a
//! component as the compiler would, and `count` has how much of what is too much. What cannot be
//! read is left to the compiler, which gets no further than this. What a guest may be made of is up
//! to `Limits`.

mod count;
mod module;
mod read;
mod run;
mod types;

use std::rc::Rc;

use self::count::told;
pub(crate) use self::count::{MOST_INSTANCES, Needs, TooMuch};
pub(crate) use self::types::ItemKind;
use self::types::{Items, Ty};

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

/// Reads a component, of which nothing may be [nested too deep](crate::code::depth), and counts
/// what it is made of. There is nothing to tell of one that cannot be read to its end.
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

#[cfg(test)]
mod tests;
