//! What host and guest do alike: making and checking the values of one call.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Context;
use crate::model::Function;

/// The names of a function's arguments in generated code.
pub(super) fn arguments(function: &Function) -> Vec<Ident> {
    (0..function.params.len())
        .map(|index| format_ident!("p{index}"))
        .collect()
}

impl Context<'_> {
    /// How messages call a function.
    pub(super) fn place(self, interface: Option<usize>, function: &Function) -> String {
        match interface {
            Some(index) => format!("{}.{}", self.world.interfaces[index].name, function.name),
            None => function.name.clone(),
        }
    }

    /// Makes the generator of numbers that all values of one call come from: the arguments in their
    /// order, then the result.
    pub(super) fn rng(self, function: &Function, round: &TokenStream) -> TokenStream {
        let (seed, number, id) = (self.world.seed, self.world.number, function.id);
        quote! {
            let mut rng = ::abide_fuzz_values::Rng::new(&[#seed, #number, #id, #round]);
        }
    }

    /// Makes the arguments, as the caller.
    pub(super) fn make_arguments(self, function: &Function) -> TokenStream {
        let made = function
            .params
            .iter()
            .zip(arguments(function))
            .map(|(param, name)| {
                let ty = self.owned(&param.ty);
                quote!(let #name: #ty = ::abide_fuzz_values::Any::any(&mut rng);)
            });
        quote!(#(#made)*)
    }

    /// Checks the arguments, as who is called.
    pub(super) fn check_arguments(
        self,
        interface: Option<usize>,
        function: &Function,
        side: &str,
    ) -> TokenStream {
        let place = self.place(interface, function);
        let checks = function
            .params
            .iter()
            .zip(arguments(function))
            .map(|(param, name)| {
                let ty = self.owned(&param.ty);
                let place = format!("{side}: parameter `{}` of `{place}`", param.name);
                quote! {
                    let expected: #ty = ::abide_fuzz_values::Any::any(&mut rng);
                    ::abide_fuzz_values::same(#place, &expected, &#name);
                }
            });
        quote!(#(#checks)*)
    }

    /// Checks `result`, as the caller.
    pub(super) fn check_result(
        self,
        interface: Option<usize>,
        function: &Function,
        side: &str,
    ) -> TokenStream {
        let ty = self.optional(function.result.as_ref());
        let place = format!(
            "{side}: the result of `{}`",
            self.place(interface, function)
        );
        quote! {
            let expected: #ty = ::abide_fuzz_values::Any::any(&mut rng);
            ::abide_fuzz_values::same(#place, &expected, &result);
        }
    }
}
