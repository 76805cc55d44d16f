//! What host and guest do alike: making and checking the values of one call.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Context;
use crate::model::{Function, Member, Type};

/// The names of a function's arguments in generated code.
pub(super) fn arguments(function: &Function) -> Vec<Ident> {
    (0..function.params.len())
        .map(|index| format_ident!("p{index}"))
        .collect()
}

impl Context<'_> {
    /// How messages call a function.
    pub(super) fn place(self, interface: Option<usize>, function: &Function) -> String {
        let own = match function.of.resource() {
            Some(id) => format!("{}.{}", self.world.def(id).name, function.name),
            None => function.name.clone(),
        };
        match interface {
            Some(index) => format!("{}.{own}", self.world.interfaces[index].name),
            None => own,
        }
    }

    /// Makes the value that a method is called on, as the caller.
    pub(super) fn make_receiver(self, function: &Function) -> TokenStream {
        let Member::Method(id) = function.of else {
            return TokenStream::new();
        };
        let ty = self.handle(id);
        quote!(let receiver: #ty = ::abide_fuzz_values::Any::any(&mut rng);)
    }

    /// Checks the value that a method is called on, as who is called; `label` is its number.
    pub(super) fn check_receiver(
        self,
        interface: Option<usize>,
        function: &Function,
        side: &str,
        label: &TokenStream,
    ) -> TokenStream {
        let place = self.place(interface, function);
        let place = format!("{side}: whose method `{place}` is called");
        quote! {
            ::abide_fuzz_values::same(#place, &::abide_fuzz_values::label(&mut rng), &#label);
        }
    }

    /// Compares two values at a place.
    fn same(
        self,
        ty: Option<&Type>,
        place: &str,
        expected: &TokenStream,
        got: &Ident,
    ) -> TokenStream {
        match ty {
            // A handle cannot be shown as it is: the two sides have different ones on one resource.
            Some(ty) if !self.world.handles(ty).is_empty() => {
                quote!(::abide_fuzz_values::same_shown(#place, #expected, &#got);)
            }
            _ => quote!(::abide_fuzz_values::same(#place, #expected, &#got);),
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
                let same = self.same(Some(&param.ty), &place, &quote!(&expected), &name);
                quote! {
                    let expected: #ty = ::abide_fuzz_values::Any::any(&mut rng);
                    #same
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
        let result = format_ident!("result");
        let same = self.same(
            function.result.as_ref(),
            &place,
            &quote!(&expected),
            &result,
        );
        quote! {
            let expected: #ty = ::abide_fuzz_values::Any::any(&mut rng);
            #same
        }
    }
}
