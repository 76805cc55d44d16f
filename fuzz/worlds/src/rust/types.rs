//! A type of WIT → the Rust type that owns its values, and the paths to what `abi!` makes.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{Context, Handles};
use crate::model::{Kind, Owner, Type, TypeId};
use crate::names;

/// An identifier of the generated code.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

impl Context<'_> {
    /// The path of a named type.
    pub(super) fn path(self, id: TypeId) -> TokenStream {
        let (root, def) = (self.root, self.world.def(id));
        let name = ident(&match def.kind {
            Kind::Flags(_) => names::flags(&def.name),
            _ => names::ty(&def.name),
        });
        match def.owner {
            Owner::Interface(index) => {
                let module = ident(&self.names.modules[index]);
                quote!(#root::#module::#name)
            }
            Owner::World => quote!(#root::#name),
        }
    }

    /// The module with an interface's handles, and on a guest with the types that hold them.
    fn handles_module(self, owner: Owner) -> TokenStream {
        let root = self.root;
        let module = match owner {
            Owner::Interface(index) => ident(&self.names.modules[index]),
            // No world has resources of its own.
            Owner::World => ident("none"),
        };
        match self.handles {
            // The host's own value.
            Handles::HostImport => quote!(::abide_fuzz_values),
            Handles::HostExport => quote!(#root::host::exports::#module),
            Handles::GuestImport => quote!(#root::guest::#module),
            Handles::GuestExport => quote!(#root::guest::exports::#module),
        }
    }

    /// The type that a resource has here.
    pub(super) fn handle(self, id: TypeId) -> TokenStream {
        let def = self.world.def(id);
        let module = self.handles_module(def.owner);
        let name = match self.handles {
            Handles::HostImport => ident("Thing"),
            _ => ident(&names::ty(&def.name)),
        };
        quote!(#module::#name)
    }

    /// The type of a parameter: like [`owned`](Self::owned), and with handles that are only lent.
    pub(super) fn lent(self, ty: &Type, borrow: &dyn Fn(TypeId) -> TokenStream) -> TokenStream {
        match ty {
            Type::Borrow(id) => borrow(*id),
            Type::List(of) => {
                let of = self.lent(of, borrow);
                quote!(::std::vec::Vec<#of>)
            }
            Type::Option(of) => {
                let of = self.lent(of, borrow);
                quote!(::core::option::Option<#of>)
            }
            Type::Tuple(of) => {
                let of = of.iter().map(|of| self.lent(of, borrow));
                quote!((#(#of,)*))
            }
            ty => self.owned(ty),
        }
    }

    /// The type whose values own all that is in them, also where handles are lent.
    pub(super) fn owned(self, ty: &Type) -> TokenStream {
        match ty {
            Type::Plain(plain) => {
                let rust = ident(&plain.replace('s', "i"));
                quote!(#rust)
            }
            Type::String => quote!(::std::string::String),
            Type::List(of) => {
                let of = self.owned(of);
                quote!(::std::vec::Vec<#of>)
            }
            Type::Option(of) => {
                let of = self.owned(of);
                quote!(::core::option::Option<#of>)
            }
            Type::Result(ok, err) => {
                let [ok, err] = [ok, err].map(|of| self.optional(of.as_deref()));
                quote!(::core::result::Result<#ok, #err>)
            }
            Type::Tuple(of) => {
                let of = of.iter().map(|of| self.owned(of));
                quote!((#(#of,)*))
            }
            Type::Named(id) => {
                let handles = self.world.handles(ty);
                if handles.is_empty() {
                    return self.path(*id);
                }
                let handles = handles.iter().map(|id| self.handle(*id));
                match self.handles {
                    Handles::HostImport | Handles::HostExport => {
                        let path = self.path(*id);
                        quote!(#path<#(#handles),*>)
                    }
                    Handles::GuestImport | Handles::GuestExport => {
                        let def = self.world.def(*id);
                        let module = self.handles_module(def.owner);
                        let name = ident(&names::ty(&def.name));
                        quote!(#module::#name)
                    }
                }
            }
            Type::Own(id) | Type::Borrow(id) => self.handle(*id),
        }
    }

    /// A type that may be absent: `()` then.
    pub(super) fn optional(self, ty: Option<&Type>) -> TokenStream {
        ty.map_or(quote!(()), |ty| self.owned(ty))
    }
}
