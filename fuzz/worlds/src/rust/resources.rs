//! Random values of what has to do with resources: handles, and types that hold them. Both can be
//! shown, too: a handle as the number of what it is on, which is the same on both sides.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::types::ident;
use super::{Context, Handles};
use crate::model::{Kind, Member, Owner, Role, Sides, Type, TypeDef, TypeId};
use crate::names;

/// The `impl`s beside those of plain types; nothing where the world has no resource.
pub(super) fn items(context: Context<'_>) -> TokenStream {
    let world = context.world;
    let types = || {
        world
            .types
            .iter()
            .enumerate()
            .map(|(index, def)| (TypeId(index), def))
    };
    if !types().any(|(_, def)| matches!(def.kind, Kind::Resource)) {
        return TokenStream::new();
    }
    let sides = |def: &TypeDef| match def.owner {
        Owner::Interface(index) => world.interfaces[index].sides,
        Owner::World => Sides {
            import: true,
            export: false,
        },
    };
    let items = types()
        .filter(|(_, def)| sides(def).any())
        .map(|(id, def)| {
            let sides = sides(def);
            let handles = world.handles(&Type::Named(id));
            match &def.kind {
                Kind::Alias(_) | Kind::Use(_) => TokenStream::new(),
                Kind::Resource => resource(context, id, sides),
                _ if handles.is_empty() => {
                    let path = context.path(id);
                    quote!(abide_fuzz_values::shown_by_debug!(#path);)
                }
                kind => holder(context, id, kind, handles.len(), sides),
            }
        });
    quote!(#(#items)*)
}

/// A record or a variant that holds handles. On a host there is one type for imports and exports.
fn holder(
    context: Context<'_>,
    id: TypeId,
    kind: &Kind,
    count: usize,
    sides: Sides,
) -> TokenStream {
    let body = super::values::body(kind);
    let shown = shown(kind);
    let implement = |generics: TokenStream, path: TokenStream| {
        quote! {
            impl #generics Any for #path {
                fn any(rng: &mut Rng) -> Self {
                    #body
                }
            }
        }
    };
    let show = |generics: TokenStream, path: TokenStream| {
        quote! {
            impl #generics ::abide_fuzz_values::Show for #path {
                fn show(&self, out: &mut String) {
                    #shown
                }
            }
        }
    };
    match context.handles {
        Handles::HostImport | Handles::HostExport => {
            let path = context.path(id);
            let names = (0..count).map(|index| format_ident!("FuzzH{index}"));
            let names: Vec<_> = names.collect();
            let any = implement(quote!(<#(#names: Any),*>), quote!(#path<#(#names),*>));
            let bounds = quote!(<#(#names: ::abide_fuzz_values::Show),*>);
            let show = show(bounds, quote!(#path<#(#names),*>));
            quote!(#any #show)
        }
        _ => {
            let ty = Type::Named(id);
            let import = sides
                .import
                .then(|| context.with(Handles::GuestImport).owned(&ty));
            let export = sides
                .export
                .then(|| context.with(Handles::GuestExport).owned(&ty));
            let impls = import.into_iter().chain(export).map(|path| {
                let any = implement(TokenStream::new(), path.clone());
                let show = show(TokenStream::new(), path);
                quote!(#any #show)
            });
            quote!(#(#impls)*)
        }
    }
}

/// The body of `show`.
fn shown(kind: &Kind) -> TokenStream {
    let show = quote!(::abide_fuzz_values::show_parts);
    match kind {
        Kind::Record(fields) => {
            let fields = fields.iter().map(|field| ident(&names::value(&field.name)));
            quote!(#show(out, "", &[#(&self.#fields),*]);)
        }
        Kind::Variant(cases) => {
            let arms = cases.iter().map(|case| {
                let (name, text) = (ident(&names::case(&case.name)), &case.name);
                match case.ty {
                    Some(_) => quote!(Self::#name(payload) => #show(out, #text, &[payload])),
                    None => quote!(Self::#name => #show(out, #text, &[])),
                }
            });
            quote!(match self { #(#arms,)* })
        }
        _ => TokenStream::new(),
    }
}

/// The handles on a resource.
fn resource(context: Context<'_>, id: TypeId, sides: Sides) -> TokenStream {
    let of = |handles: Handles| context.with(handles).handle(id);
    let label = names::value("label-of");
    let label = ident(&label);
    match context.handles {
        Handles::HostImport | Handles::HostExport => {
            // What it has for imports is `Thing`, which knows all this.
            let export = sides.export.then(|| {
                let path = of(Handles::HostExport);
                let make = make_on_host(context, id);
                handle(
                    &path,
                    &quote!(#make),
                    &quote!(self.#label().expect("the guest tells its label")),
                )
            });
            quote!(#export)
        }
        Handles::GuestImport | Handles::GuestExport => {
            let import = sides.import.then(|| {
                let path = of(Handles::GuestImport);
                handle(&path, &quote!(Self::new(label)), &quote!(self.#label()))
            });
            let export = sides.export.then(|| {
                let path = of(Handles::GuestExport);
                let own = super::guest::own_type(id);
                let lent = borrowed(context, id);
                let handle = handle(
                    &path,
                    &quote!(Self::new(#own(label))),
                    &quote!(self.get::<#own>().0),
                );
                quote! {
                    #handle

                    impl ::abide_fuzz_values::Show for #lent {
                        fn show(&self, out: &mut String) {
                            ::abide_fuzz_values::show_handle(out, self.get::<#own>().0);
                        }
                    }
                }
            });
            quote!(#import #export)
        }
    }
}

fn handle(path: &TokenStream, make: &TokenStream, label: &TokenStream) -> TokenStream {
    quote! {
        impl Any for #path {
            fn any(rng: &mut Rng) -> Self {
                let label = ::abide_fuzz_values::label(rng);
                #make
            }
        }

        impl ::abide_fuzz_values::Show for #path {
            fn show(&self, out: &mut String) {
                ::abide_fuzz_values::show_handle(out, #label);
            }
        }
    }
}

/// The type of a handle that an export of the guest is lent.
pub(super) fn borrowed(context: Context<'_>, id: TypeId) -> TokenStream {
    let def = context.world.def(id);
    let (root, name) = (
        context.root,
        format_ident!("{}Borrow", names::ty(&def.name)),
    );
    let module = match def.owner {
        Owner::Interface(index) => ident(&context.names.modules[index]),
        Owner::World => ident("none"),
    };
    quote!(#root::guest::exports::#module::#name<'_>)
}

/// Has the guest of the session that there is make a resource.
fn make_on_host(context: Context<'_>, id: TypeId) -> TokenStream {
    let calls = format_ident!("{}", super::CALLS);
    let mut functions = context.world.functions();
    let make = functions.find(|(_, function, _)| {
        function.role == Role::Make && function.of == Member::Constructor(id)
    });
    let index = make.and_then(|(index, ..)| index).unwrap_or_default();
    let view = ident(&context.names.accessors[index]);
    let name = crate::generate::in_interface(&context.world.def(id).name, "new");
    let name = ident(&name);
    let (root, handle) = (context.root, ident(&context.names.world));
    quote! {
        super::#calls::SESSION.with_borrow(|session| {
            let session = session.as_ref().expect("values of a guest are made in a session");
            // By its own type: exports may be called like methods of others.
            let guest: &#root::host::#handle = session;
            guest.#view().#name(label).expect("the guest makes what it exports")
        })
    }
}
