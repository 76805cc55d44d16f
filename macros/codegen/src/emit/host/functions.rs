//! The functions of a world in the order in which the runtime has them.

use crate::model::{Abi, Function, Scope};
use proc_macro2::Literal;

/// A function, and where it is.
pub(super) type Entry<'a> = (&'a Scope, &'a Function);

/// The functions of a world, each once. A function's number is its place in the list.
pub(super) struct Functions<'a> {
    pub(super) list: Vec<Entry<'a>>,
    /// How many are exported: the first.
    pub(super) exported: usize,
    /// The first that is imported. So are all behind it.
    pub(super) imported: usize,
}

impl<'a> Functions<'a> {
    /// Those that guests export only come first, those that hosts offer only last.
    pub(super) fn of(abi: &'a Abi) -> Self {
        let is_imported = |scope: &Scope| abi.imports().any(|(other, _)| other.id == scope.id);
        let is_both = |scope: &&Scope| !scope.is_world() && is_imported(scope);
        let exported = |scope: &'a Scope| scope.exported().map(move |function| (scope, function));
        let only = abi.exported().filter(|scope| !is_both(scope));
        let mut list: Vec<Entry<'a>> = exported(abi.level()).collect();
        list.extend(only.flat_map(exported));
        let imported = list.len();
        list.extend(abi.exported().filter(is_both).flat_map(exported));
        let exported = list.len();
        // The world's own level comes first.
        let mut others: Vec<&Scope> = abi.imports().map(|(scope, _)| scope).collect();
        others.retain(|scope| scope.is_world() || scope.export.is_none());
        others.sort_by_key(|scope| !scope.is_world());
        list.extend(others.into_iter().flat_map(|scope| {
            let functions = scope.imported();
            functions.map(move |function| (scope, function))
        }));
        Self {
            list,
            exported,
            imported,
        }
    }

    /// Those that guests export, in the order of their numbers.
    pub(super) fn exports(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.list.iter().take(self.exported)
    }

    /// The number of an export.
    pub(super) fn number(&self, scope: &Scope, function: &Function) -> Literal {
        let is_it = |(of, other): &Entry<'_>| of.id == scope.id && other.wit == function.wit;
        let number = self.exports().position(is_it);
        Literal::usize_unsuffixed(number.unwrap_or_default())
    }
}
