//! The host: imports that check what they are given and answer, and calls of every export.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Context;
use super::common::arguments;
use super::lend::Caller;
use super::types::ident;
use crate::model::{Dealiased, Function, Role, Sides, Type};
use crate::names;

/// The host's state with its `impl`s, and the function `run` that tests a component.
pub(super) fn items(context: Context<'_>) -> TokenStream {
    let (world, root, names) = (context.world, context.root, context.names);
    let all = std::iter::once(None).chain((0..world.interfaces.len()).map(Some));
    let impls = all.filter_map(|interface| {
        let imported = world
            .functions()
            .filter(|(of, _, sides)| *of == interface && sides.import);
        let methods: Vec<_> = imported
            .map(|(of, function, _)| import(context, of, function))
            .collect();
        let name = match interface {
            None => format_ident!("{}Imports", names.world),
            Some(index) => ident(&names.traits[index]),
        };
        (!methods.is_empty()).then(|| {
            quote! {
                impl #root::host::#name for App {
                    #(#methods)*
                }
            }
        })
    });
    let exported: Vec<_> = world
        .functions()
        .filter(|(.., sides)| sides.export)
        .collect();
    let functions = exported
        .iter()
        .map(|(interface, function, sides)| export(context, *interface, function, *sides));
    let calls = exported
        .iter()
        .map(|(_, function, _)| name_of_call(function));
    let handle = ident(&names.world);
    quote! {
        //! What the host offers, and how it calls the guest.

        use abide_fuzz_values::{Calls, Failure};

        #[derive(Clone)]
        pub struct App(Calls);

        #(#impls)*

        /// Loads a component and calls everything that it exports.
        pub fn run(component: &::std::path::Path, rounds: u64) -> Result<(), Failure> {
            let calls = Calls::default();
            let limits = ::abide::Limits::default();
            let limits = limits.deadline(::core::time::Duration::from_secs(60));
            let guest = #root::host::#handle::builder(App(calls.clone()))
                .limits(limits)
                .load(component)?;
            for round in 0..rounds {
                calls.begin(round);
                let session;
                // Each call in an instance of its own, or all in one.
                let guest = if round % 2 == 0 {
                    &guest
                } else {
                    session = guest.session()?;
                    &*session
                };
                #(#calls(guest, &calls, round)?;)*
            }
            Ok(())
        }

        #(#functions)*
    }
}

fn name_of_call(function: &Function) -> proc_macro2::Ident {
    format_ident!("call_{}", function.id)
}

fn import(context: Context<'_>, interface: Option<usize>, function: &Function) -> TokenStream {
    let name = ident(&names::value(&function.name));
    let params = function
        .params
        .iter()
        .zip(arguments(function))
        .map(|(param, name)| {
            let ty = context.received(&param.ty);
            quote!(#name: #ty)
        });
    let mut result = context.optional(function.result.as_ref());
    let mut answer = match function.role {
        Role::Round => quote!(self.0.round()),
        _ => {
            let id = function.id;
            let rng = context.rng(function, &quote!(self.0.round()));
            let arguments = context.check_arguments(interface, function, "host");
            quote! {{
                self.0.note(#id);
                #rng
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
        fn #name(&mut self, #(#params),*) -> #result {
            #answer
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
    let handle = ident(&context.names.world);
    let method = match interface {
        None => {
            // No other export at the world's level has its name.
            let name = ident(&names::method(&function.name, &Default::default()));
            quote!(guest.#name)
        }
        Some(index) => {
            let view = ident(&context.names.accessors[index]);
            let name = ident(&names::value(&function.name));
            quote!(guest.#view().#name)
        }
    };
    let lent = function.params.iter().zip(arguments(function));
    let lent = lent.map(|(param, name)| context.lend(Caller::Host, &param.ty, &quote!((&#name))));
    let call = quote!(#method(#(#lent),*));
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
    let arguments = context.make_arguments(function);
    let check =
        (function.role == Role::Test).then(|| context.check_result(interface, function, "host"));
    let expected: Vec<u64> = match function.role {
        Role::Drive => world
            .only_imported()
            .map(|(_, function)| function.id)
            .collect(),
        _ => sides.import.then_some(function.id).into_iter().collect(),
    };
    let place = context.place(interface, function);
    let name = name_of_call(function);
    quote! {
        fn #name(
            guest: &#root::host::#handle,
            calls: &Calls,
            round: u64,
        ) -> Result<(), Failure> {
            #rng
            #arguments
            let result = #call;
            #check
            calls.expect(#place, &[#(#expected),*])
        }
    }
}
