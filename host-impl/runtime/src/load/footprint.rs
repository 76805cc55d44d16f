//! How much memory a host needs for what a component hands over, in terms of what the engine counts
//! of it.
//!
//! The engine counts the bytes of texts and the elements of lists. What is alone in memory it
//! counts so well enough. Texts and lists that are themselves in a list are many pieces of memory,
//! of which each may be a byte that takes what the allocator's smallest piece takes, and the list
//! may have to be there in two forms at once, the engine's and the host's.

use wasmtime::component::Component;
use wasmtime::component::types::{ComponentFunc, ComponentItem, Type};

/// The most that is needed for a counted byte where there are pieces in lists. A list of one byte
/// counts as 25 bytes, 24 of them for where it is. Those take up to 24 more in a second form, and
/// the byte 32: with common allocators no piece is smaller.
const WITH_PIECES: usize = 4;

/// How many types are looked at. A type may be made of others many times over; of one that takes
/// longer than this, the worst is assumed.
const PATIENCE: usize = 100_000;

/// How many bytes the engine may count, so that the host needs no more than `limit` for any call of
/// a component.
pub(crate) fn countable(limit: usize, component: &Component) -> usize {
    let mut search = Search { left: PATIENCE };
    match search.finds_pieces(component) {
        true => limit / WITH_PIECES,
        false => limit,
    }
}

/// Where a type stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// In an argument or a result, in no list.
    Value,
    List,
}

/// A search for texts and lists in lists.
struct Search {
    left: usize,
}

impl Search {
    fn finds_pieces(&mut self, component: &Component) -> bool {
        let (engine, ty) = (component.engine(), component.component_type());
        let arguments = ty.imports(engine).any(|(_, import)| match import.ty {
            ComponentItem::ComponentFunc(func) => self.in_arguments(&func),
            ComponentItem::ComponentInstance(interface) => {
                let mut items = interface.exports(engine).map(|(_, item)| item.ty);
                items.any(|item| self.is_func(&item, Self::in_arguments))
            }
            _ => false,
        });
        arguments
            || ty.exports(engine).any(|(_, export)| match export.ty {
                ComponentItem::ComponentFunc(func) => self.in_results(&func),
                ComponentItem::ComponentInstance(interface) => {
                    let mut items = interface.exports(engine).map(|(_, item)| item.ty);
                    items.any(|item| self.is_func(&item, Self::in_results))
                }
                _ => false,
            })
    }

    fn is_func(
        &mut self,
        item: &ComponentItem,
        look: fn(&mut Self, &ComponentFunc) -> bool,
    ) -> bool {
        match item {
            ComponentItem::ComponentFunc(func) => look(self, func),
            _ => false,
        }
    }

    fn in_arguments(&mut self, func: &ComponentFunc) -> bool {
        func.params()
            .any(|(_, ty)| self.in_type(&ty, Within::Value))
    }

    fn in_results(&mut self, func: &ComponentFunc) -> bool {
        func.results().any(|ty| self.in_type(&ty, Within::Value))
    }

    /// Whether a type has a text or a list in a list, or is one and stands in a list itself.
    fn in_type(&mut self, ty: &Type, within: Within) -> bool {
        if self.left == 0 {
            return true;
        }
        self.left -= 1;
        match ty {
            Type::String => within == Within::List,
            Type::List(list) => within == Within::List || self.in_type(&list.ty(), Within::List),
            Type::Map(_) => true,
            Type::FixedLengthList(list) => self.in_type(&list.ty(), within),
            Type::Option(option) => self.in_type(&option.ty(), within),
            Type::Result(result) => {
                let mut types = [result.ok(), result.err()].into_iter().flatten();
                types.any(|ty| self.in_type(&ty, within))
            }
            Type::Tuple(tuple) => tuple.types().any(|ty| self.in_type(&ty, within)),
            Type::Record(record) => record.fields().any(|field| self.in_type(&field.ty, within)),
            Type::Variant(variant) => {
                let mut types = variant.cases().filter_map(|case| case.ty);
                types.any(|ty| self.in_type(&ty, within))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What may be counted of 4,000 bytes where an export returns a type, or an import takes it.
    /// Records and variants have a name: a type that is `named` is called `$n`.
    fn counted(named: &str, ty: &str) -> [usize; 2] {
        let exporting = format!(
            r#"(component
              (core module $main
                (memory (export "memory") 1)
                (func (export "f") (result i32) (i32.const 0)))
              (core instance $main (instantiate $main))
              (type $named {named})
              (export $n "n" (type $named))
              (func (export "f") (result {ty})
                (canon lift (core func $main "f") (memory $main "memory"))))"#
        );
        let importing = format!(
            r#"(component
              (type $named {named})
              (import "n" (type $n (eq $named)))
              (import "f" (func (param "x" {ty}))))"#
        );
        [exporting, importing].map(|text| {
            let bytes = wat::parse_str(text).expect("the test's component is valid");
            let component = Component::new(&wasmtime::Engine::default(), bytes);
            countable(4000, &component.expect("the test's component is valid"))
        })
    }

    #[test]
    fn what_is_alone_is_counted_as_it_is() {
        for (named, ty) in [
            ("(enum \"a\")", "string"),
            ("(enum \"a\")", "(list u8)"),
            ("(enum \"a\")", "(list $n)"),
            ("(enum \"a\")", "(option string)"),
            (
                "(record (field \"a\" string) (field \"b\" (list u64)))",
                "$n",
            ),
            (
                "(record (field \"a\" u8) (field \"b\" (option f64)))",
                "(list $n)",
            ),
        ] {
            assert_eq!(counted(named, ty), [4000; 2], "{named} {ty}");
        }
    }

    #[test]
    fn small_pieces_count_for_more() {
        for (named, ty) in [
            ("(enum \"a\")", "(list string)"),
            ("(enum \"a\")", "(list (list u8))"),
            ("(enum \"a\")", "(list (option string))"),
            ("(enum \"a\")", "(list (tuple $n (list u8)))"),
            ("(enum \"a\")", "(option (list (result string (error $n))))"),
            ("(variant (case \"a\") (case \"b\" string))", "(list $n)"),
            ("(record (field \"a\" (list u8)))", "(list $n)"),
            ("(record (field \"a\" (list string)))", "$n"),
        ] {
            assert_eq!(counted(named, ty), [1000; 2], "{named} {ty}");
        }
    }
}
