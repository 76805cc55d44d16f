//! Names that no guest can have: wit-bindgen or the linker has something else under them. A host
//! can call guests that were made otherwise, so these are no errors to it.

use super::builder::{Builder, functions};
use super::naming;
use super::scope::{Function, FunctionKind, Scope};
use crate::error::Message;
use wit_parser::{self as wp, Span};

/// The functions and variables of wasi-libc and of the compiler's own library whose names could be
/// names in WIT.
const C_FUNCTIONS: &str = include_str!("c_functions.txt");

/// Functions that wit-bindgen gives every handle on an imported resource.
const HANDLE_FUNCTIONS: [&str; 3] = ["handle", "take-handle", "from-handle"];

impl Builder<'_> {
    /// What there is of such names, each at its place.
    pub(super) fn refused_on_guests(&self, scopes: &[Scope]) -> Vec<Message> {
        let (resolve, own) = (&self.package.resolve, self.world());
        let mut refused: Vec<Message> = functions(&own.exports)
            .filter_map(|function| self.symbol(function))
            .collect();
        if let Some(level) = scopes.first() {
            let spans = functions(&own.imports).map(|function| function.span);
            refused.extend(self.handle_functions(level.imported(), spans));
        }
        for (id, of) in self.scopes() {
            let (interface, built) = (&resolve.interfaces[of.id], &scopes[id.0]);
            let spans = interface.functions.values().map(|function| function.span);
            refused.extend(self.handle_functions(built.imported(), spans));
            if built.export.is_some() {
                let types = interface.types.values();
                refused.extend(types.filter_map(|ty| self.called_guest(*ty, &built.wit)));
            }
        }
        refused
    }

    /// Refuses exports of the world's own level whose names are taken.
    ///
    /// A guest exports them under their plain names, which are symbols to the linker: an export
    /// called `write` becomes the `write` that the guest's own standard library calls. Names with a
    /// hyphen and functions of interfaces cannot clash, nor can names with an underscore, such as
    /// `cabi_realloc` and `_initialize`, which stand in no WIT.
    fn symbol(&self, function: &wp::Function) -> Option<Message> {
        let (at, name) = (self.package.location(function.span), &*function.name);
        if name == "memory" {
            return Some(Message::Memory { at });
        }
        let taken = C_FUNCTIONS.split_whitespace().any(|taken| taken == name);
        taken.then(|| Message::CFunction {
            at,
            name: name.to_owned(),
        })
    }

    /// Refuses methods and static functions of imported resources that every handle has already.
    fn handle_functions<'f>(
        &self,
        functions: impl Iterator<Item = &'f Function>,
        spans: impl Iterator<Item = Span>,
    ) -> Vec<Message> {
        let clashes = functions.zip(spans).filter(|(function, _)| {
            let item = function.item();
            let is_item = matches!(
                function.kind,
                FunctionKind::Method(_) | FunctionKind::Static(_)
            );
            is_item && HANDLE_FUNCTIONS.contains(&item.to_lowercase().as_str())
        });
        let messages = clashes.map(|(function, span)| Message::HandleMethod {
            at: self.package.location(span),
            path: function.path.clone(),
        });
        messages.collect()
    }

    /// Refuses exported types that wit-bindgen would call `Guest`, which is a trait beside them. It
    /// has another name for those called `guest`, but for resources it does not use it everywhere.
    fn called_guest(&self, id: wp::TypeId, interface: &str) -> Option<Message> {
        let def = &self.package.resolve.types[id];
        let name = def.name.as_deref()?;
        let clashes = match def.kind {
            wp::TypeDefKind::Resource => name.eq_ignore_ascii_case("guest"),
            // Other types are Abide's own, if there are no handles in them.
            _ => name == "GUEST" && self.holds_handles(id),
        };
        let interface = naming::unversioned(interface);
        clashes.then(|| Message::TypeGuest {
            at: self.package.location(def.span),
            path: format!("{interface}.{name}"),
        })
    }

    /// Whether a type has handles in it, and so is wit-bindgen's on guests.
    pub(super) fn holds_handles(&self, id: wp::TypeId) -> bool {
        let known = self.ids.get(&id).map(|id| &self.types[id.0]);
        known.is_none_or(|def| !def.facts.handles.is_empty())
    }
}
