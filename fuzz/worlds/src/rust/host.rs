//! The host: imports that check what they are given and answer, and calls of every export.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::common::arguments;
use super::guest::in_interface;
use super::lend::{Caller, most_lent};
use super::types::ident;
use super::{Context, Handles};
use crate::model::{Dealiased, Function, Kind, Member, Role, Sides, Type, TypeId};
use crate::names;

/// The host's state with its `impl`s, and the function `run` that tests a component.
pub(super) fn items(context: Context<'_>) -> TokenStream {
    let (world, root, names) = (context.world, context.root, context.names);
    let imports = context.with(Handles::HostImport);
    let all = std::iter::once(None).chain((0..world.interfaces.len()).map(Some));
    let impls = all.map(|interface| implementations(imports, interface));
    let exports = context.with(Handles::HostExport);
    let called = |function: &Function| !matches!(function.role, Role::Make | Role::Label);
    let exported: Vec<_> = world
        .functions()
        .filter(|(_, function, sides)| sides.export && called(function))
        .collect();
    let functions = exported
        .iter()
        .map(|(interface, function, sides)| export(exports, *interface, function, *sides));
    let calls: Vec<_> = exported
        .iter()
        .map(|(_, function, _)| name_of_call(function))
        .collect();
    let handle = ident(&names.world);
    // Handles on what a guest provides are there in a session only.
    let always = world
        .functions()
        .any(|(_, function, sides)| sides.export && function.role == Role::Make);
    quote! {
        //! What the host offers, and how it calls the guest.

        use ::abide_fuzz_values::{Calls, Failure, Thing};
        use ::std::cell::RefCell;
        use ::std::rc::Rc;

        #[derive(Clone)]
        pub struct App;

        #(#impls)*

        thread_local! {
            /// The session in which values of the guest are made.
            pub static SESSION: RefCell<Option<Rc<::abide::Session<#root::host::#handle>>>> =
                const { RefCell::new(None) };
        }

        /// Loads a component and calls everything that it exports.
        pub fn run(component: &::std::path::Path, rounds: u64) -> Result<(), Failure> {
            let limits = ::abide::Limits::default();
            let limits = limits.deadline(::core::time::Duration::from_secs(60));
            let guest = #root::host::#handle::builder(App).limits(limits).load(component)?;
            for round in 0..rounds {
                Calls::begin(round);
                // Each call in an instance of its own, or all in one.
                if round % 2 == 1 || #always {
                    let session = Rc::new(guest.session()?);
                    SESSION.set(Some(Rc::clone(&session)));
                    #(#calls(&session, round)?;)*
                    SESSION.set(None);
                } else {
                    #(#calls(&guest, round)?;)*
                }
            }
            drop(guest);
            Thing::all_gone()
        }

        #(#functions)*
    }
}

fn name_of_call(function: &Function) -> Ident {
    format_ident!("call_{}", function.id)
}

/// What the host implements for an import: the trait of the interface or of the world, and those of
/// resources.
fn implementations(context: Context<'_>, interface: Option<usize>) -> TokenStream {
    let (world, root, names) = (context.world, context.root, context.names);
    let imported: Vec<&Function> = world
        .functions()
        .filter(|(of, _, sides)| *of == interface && sides.import)
        .map(|(_, function, _)| function)
        .collect();
    if imported.is_empty() {
        return TokenStream::new();
    }
    let name = match interface {
        None => format_ident!("{}Imports", names.world),
        Some(index) => ident(&names.traits[index]),
    };
    let methods = |of: Option<TypeId>| {
        let of = imported.iter().filter(move |function| match function.of {
            Member::Method(id) => of == Some(id),
            _ => of.is_none(),
        });
        let methods = of.map(|function| import(context, interface, function));
        quote!(#(#methods)*)
    };
    let own = interface
        .map(|index| &*world.interfaces[index].types)
        .unwrap_or_default();
    let resources = || {
        own.iter()
            .filter(|id| matches!(world.def(**id).kind, Kind::Resource))
    };
    let types = resources().map(|id| {
        let name = ident(&names::ty(&world.def(*id).name));
        quote!(type #name = Thing;)
    });
    let things = resources().map(|id| {
        let module = interface.map(|index| ident(&names.modules[index]));
        let name = ident(&names::ty(&world.def(*id).name));
        let methods = methods(Some(*id));
        quote! {
            impl #root::host::#module::#name for Thing {
                #methods
            }
        }
    });
    let methods = methods(None);
    quote! {
        impl #root::host::#name for App {
            #(#types)*
            #methods
        }

        #(#things)*
    }
}

fn import(context: Context<'_>, interface: Option<usize>, function: &Function) -> TokenStream {
    let name = in_interface(context, function);
    let lent: usize = function
        .params
        .iter()
        .map(|param| most_lent(&param.ty))
        .sum();
    let is_method = matches!(function.of, Member::Method(_));
    // The guest may lend one thing twice.
    let shared = lent + usize::from(is_method) > 1;
    let me = if is_method && shared {
        quote!(&self)
    } else {
        quote!(&mut self)
    };
    let names = match function.role {
        Role::Make => vec![ident("label")],
        _ => arguments(function),
    };
    let params = function.params.iter().zip(names).map(|(param, name)| {
        let ty = context.received(&param.ty, shared);
        quote!(#name: #ty)
    });
    let mut result = match function.of {
        Member::Constructor(id) => context.handle(id),
        _ => context.optional(function.result.as_ref()),
    };
    let mut answer = match function.role {
        Role::Round => quote!(Calls::round()),
        Role::Make => quote!(Thing::new(label)),
        Role::Label => quote!(self.label()),
        Role::Test | Role::Drive => {
            let id = function.id;
            let rng = context.rng(function, &quote!(Calls::round()));
            let receiver = is_method.then(|| {
                context.check_receiver(interface, function, "host", &quote!(self.label()))
            });
            let arguments = context.check_arguments(interface, function, "host");
            quote! {{
                Calls::note(#id);
                #rng
                #receiver
                #arguments
                ::abide_fuzz_values::Any::any(&mut rng)
            }}
        }
    };
    if context.world.options.trappable {
        result = quote!(::abide::Result<#result>);
        answer = quote!(::core::result::Result::Ok(#answer));
    }
    quote! {
        fn #name(#me, #(#params),*) -> #result {
            #answer
        }
    }
}

/// What an export is called on, up to its parameters.
fn callee(context: Context<'_>, interface: Option<usize>, function: &Function) -> TokenStream {
    let name = in_interface(context, function);
    match interface {
        _ if matches!(function.of, Member::Method(_)) => quote!(receiver.#name),
        None => {
            // No other export at the world's level has its name.
            let name = ident(&names::method(&function.name, &Default::default()));
            quote!(guest.#name)
        }
        Some(index) => {
            let view = ident(&context.names.accessors[index]);
            quote!(guest.#view().#name)
        }
    }
}

fn export(
    context: Context<'_>,
    interface: Option<usize>,
    function: &Function,
    sides: Sides,
) -> TokenStream {
    let (root, world) = (context.root, context.world);
    let callee = callee(context, interface, function);
    let lent = function.params.iter().zip(arguments(function));
    let lent = lent.map(|(param, name)| context.argument(Caller::Host, &param.ty, &name));
    let call = quote!(#callee(#(#lent),*));
    let returns_result = function
        .result
        .as_ref()
        .is_some_and(|ty| matches!(world.dealias(ty), Dealiased::Plain(Type::Result(..))));
    let call = if returns_result {
        quote! {
            match #call {
                Ok(value) => Ok(value),
                Err(::abide::CallError::Guest(error)) => Err(error),
                Err(::abide::CallError::Failed(error)) => return Err(error.into()),
            }
        }
    } else {
        quote!(#call?)
    };
    let rng = context.rng(function, &quote!(round));
    let receiver = context.make_receiver(function);
    let arguments = context.make_arguments(function);
    let check =
        (function.role == Role::Test).then(|| context.check_result(interface, function, "host"));
    let expected: Vec<u64> = match function.role {
        Role::Drive => world.driven().map(|(_, function)| function.id).collect(),
        _ => world
            .hands_on(function, sides)
            .then_some(function.id)
            .into_iter()
            .collect(),
    };
    let place = context.place(interface, function);
    let name = name_of_call(function);
    let handle = ident(&context.names.world);
    quote! {
        fn #name(guest: &#root::host::#handle, round: u64) -> Result<(), Failure> {
            #rng
            #receiver
            #arguments
            let result = #call;
            #check
            Calls::expect(#place, &[#(#expected),*])
        }
    }
}
