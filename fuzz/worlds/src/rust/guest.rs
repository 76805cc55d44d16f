//! The guest: exports that check what they are given and hand it on to the import of the same name,
//! where there is one.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::common::arguments;
use super::lend::Caller;
use super::types::ident;
use super::{Context, Handles, resources};
use crate::generate;
use crate::model::{Function, Kind, Member, Role, Sides, TypeId};
use crate::names;

/// The type that implements every export, and its `impl`s.
pub(super) fn items(context: Context<'_>) -> TokenStream {
    let context = context.with(Handles::GuestExport);
    let world = context.world;
    let all = std::iter::once(None).chain((0..world.interfaces.len()).map(Some));
    let impls = all.map(|interface| implementation(context, interface));
    let resources = world
        .interfaces
        .iter()
        .filter(|interface| interface.sides.export);
    let resources = resources.flat_map(|interface| &interface.types);
    let resources = resources
        .filter(|id| matches!(world.def(**id).kind, Kind::Resource))
        .map(|id| resource(context, *id));
    quote! {
        //! What the guest exports.

        pub struct Plugin;

        #(#impls)*
        #(#resources)*
    }
}

/// The `impl` of an interface's trait, or of the world's.
fn implementation(context: Context<'_>, interface: Option<usize>) -> TokenStream {
    let (world, root) = (context.world, context.root);
    let exported = |(of, _, sides): &(_, _, Sides)| *of == interface && sides.export;
    let free = |function: &Function| function.of == Member::None;
    let methods: Vec<_> = world
        .functions()
        .filter(exported)
        .filter(|(_, function, _)| free(function))
        .map(|(of, function, sides)| export(context, of, function, sides))
        .collect();
    if !world.functions().any(|function| exported(&function)) {
        return TokenStream::new();
    }
    let name = match interface {
        None => &context.names.world,
        Some(index) => &context.names.traits[index],
    };
    let name = ident(name);
    let types = interface.map(|index| {
        let types = world.interfaces[index].types.iter();
        let resources = types.filter(|id| matches!(world.def(**id).kind, Kind::Resource));
        let types = resources.map(|id| {
            let (name, own) = (ident(&names::ty(&world.def(*id).name)), own_type(*id));
            quote!(type #name = #own;)
        });
        quote!(#(#types)*)
    });
    quote! {
        impl #root::guest::#name for Plugin {
            #types
            #(#methods)*
        }
    }
}

/// The guest's own type for a resource: it holds the number that tells one from others.
pub(super) fn own_type(id: TypeId) -> TokenStream {
    let (calls, name) = (ident(super::CALLS), own_name(id));
    quote!(crate::#calls::#name)
}

fn own_name(id: TypeId) -> Ident {
    format_ident!("Own{}", id.0)
}

/// A resource that the guest provides.
fn resource(context: Context<'_>, id: TypeId) -> TokenStream {
    let (world, root) = (context.world, context.root);
    let own = own_name(id);
    let functions = world.functions();
    let functions = functions.filter(|(_, function, _)| function.of.resource() == Some(id));
    let functions: Vec<_> = functions.collect();
    let methods = functions
        .iter()
        .map(|(of, function, sides)| match function.role {
            Role::Make => quote! {
                fn new(label: u64) -> Self {
                    Self(label)
                }
            },
            Role::Label => {
                let name = ident(&names::function(&function.name));
                quote! {
                    fn #name(&self) -> u64 {
                        self.0
                    }
                }
            }
            _ => export(context, *of, function, *sides),
        });
    let index = functions
        .first()
        .and_then(|(of, ..)| *of)
        .unwrap_or_default();
    let module = ident(&context.names.modules[index]);
    let name = format_ident!("Guest{}", names::ty(&world.def(id).name));
    quote! {
        pub struct #own(pub u64);

        impl #root::guest::exports::#module::#name for #own {
            #(#methods)*
        }
    }
}

/// The path of an imported function that is no resource's.
fn import(context: Context<'_>, interface: Option<usize>, function: &Function) -> TokenStream {
    let (root, name) = (context.root, ident(&names::function(&function.name)));
    match interface {
        None => quote!(#root::guest::#name),
        Some(index) => {
            let module = ident(&context.names.modules[index]);
            quote!(#root::guest::#module::#name)
        }
    }
}

/// Asks the host for the round.
fn round(context: Context<'_>) -> TokenStream {
    let mut functions = context.world.functions();
    let round = functions.find(|(_, function, _)| function.role == Role::Round);
    let path = round.map(|(interface, function, _)| import(context, interface, function));
    quote!(let round = #path();)
}

fn export(
    context: Context<'_>,
    interface: Option<usize>,
    function: &Function,
    sides: Sides,
) -> TokenStream {
    let name = ident(&names::function(&function.name));
    let round = round(context);
    if function.role == Role::Drive {
        let calls = context.world.driven();
        let context = context.with(Handles::GuestImport);
        let calls = calls.map(|(of, function)| drive(context, of, function));
        return quote! {
            fn #name() {
                #round
                #(#calls)*
            }
        };
    }
    let params = function
        .params
        .iter()
        .zip(arguments(function))
        .map(|(param, name)| {
            let ty = context.lent(&param.ty, &|id| resources::borrowed(context, id));
            quote!(#name: #ty)
        });
    let me = matches!(function.of, Member::Method(_)).then(|| quote!(&self,));
    let receiver = me
        .as_ref()
        .map(|_| context.check_receiver(interface, function, "guest", &quote!(self.0)));
    let result = context.optional(function.result.as_ref());
    let rng = context.rng(function, &quote!(round));
    let arguments = context.check_arguments(interface, function, "guest");
    let answer = if context.world.hands_on(function, sides) {
        let call = call(context, interface, function);
        let check = context.check_result(interface, function, "guest");
        quote! {
            let result = #call;
            #check
            result
        }
    } else {
        quote!(::abide_fuzz_values::Any::any(&mut rng))
    };
    quote! {
        fn #name(#me #(#params),*) -> #result {
            #round
            #rng
            #receiver
            #arguments
            #answer
        }
    }
}

/// Calls an import that no export hands anything on to.
fn drive(context: Context<'_>, interface: Option<usize>, function: &Function) -> TokenStream {
    let rng = context.rng(function, &quote!(round));
    let receiver = context.make_receiver(function);
    let arguments = context.make_arguments(function);
    let call = call(context, interface, function);
    let check = context.check_result(interface, function, "guest");
    quote! {{
        #rng
        #receiver
        #arguments
        let result = #call;
        #check
    }}
}

fn call(context: Context<'_>, interface: Option<usize>, function: &Function) -> TokenStream {
    let name = ident(&names::function(&function.name));
    let path = match function.of {
        Member::Method(_) => quote!(receiver.#name),
        Member::Static(id) | Member::Constructor(id) => {
            let of = context.handle(id);
            quote!(<#of>::#name)
        }
        Member::None => import(context, interface, function),
    };
    let lent = function.params.iter().zip(arguments(function));
    let lent = lent.map(|(param, name)| context.argument(Caller::Guest, &param.ty, &name));
    quote!(#path(#(#lent),*))
}

/// What a function is called where the constructors and static functions of resources stand among
/// those of the interface.
pub(super) fn in_interface(context: Context<'_>, function: &Function) -> Ident {
    let resource = |id: TypeId| &context.world.def(id).name;
    ident(&match function.of {
        Member::None | Member::Method(_) => names::function(&function.name),
        Member::Constructor(id) => generate::in_interface(resource(id), "new"),
        Member::Static(id) => generate::in_interface(resource(id), &function.name),
    })
}
