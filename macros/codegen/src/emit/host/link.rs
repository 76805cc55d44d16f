//! Linking: the function that offers a host's imports to guests.

use super::arguments::Argument;
use super::calls;
use super::names::Host;
use super::tables;
use crate::emit::colour;
use crate::emit::convert::{self, Conversion as _};
use crate::emit::passing::{Cx, Passing};
use crate::emit::tokens::ident;
use crate::model::{
    Abi, Function, FunctionKind, Import, ImportedFunction, Leaf, Param, ResourceId, Scope,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Index;

/// The function, as a closure that knows the host as `H`.
pub(super) fn closure(host: Host<'_>) -> TokenStream {
    let imports = host.abi.imports();
    let interfaces = imports.map(|(scope, import)| interface(host, scope, import));
    quote! {
        |__linker: &mut __abide::Linker| -> __abide::Step {
            #(#interfaces)*
            ::core::result::Result::Ok(())
        }
    }
}

fn interface(host: Host<'_>, scope: &Scope, import: &Import) -> TokenStream {
    let id = &scope.wit;
    let resources = scope.resources.iter().map(|id| resource(host, *id));
    let functions = import.functions.iter();
    let functions = functions.map(|function| link_function(host, scope, function));
    quote! {{
        let mut __interface = __linker.interface(#id)?;
        #(#resources)*
        #(#functions)*
    }}
}

/// A resource: what happens when a guest drops a handle that owns it.
fn resource(host: Host<'_>, id: ResourceId) -> TokenStream {
    let resource = host.abi.resource(id);
    let (wit, path, field) = (
        &resource.wit,
        &resource.path,
        ident(&host.abi.names.field(resource)),
    );
    let (tables, common) = (tables::ty(host), host.colour.common());
    quote! {
        __interface.resource::<#common::__resources::#field, H, #tables>(
            #wit,
            #path,
            |__tables, __rep| __tables.#field.drop_value(__rep),
        )?;
    }
}

/// One import: lifts the arguments, borrows from guest memory what can be borrowed, calls the
/// host's method, lowers the result.
fn link_function(host: Host<'_>, import: &Scope, imported: &ImportedFunction) -> TokenStream {
    let (abi, colour, function) = (host.abi, host.colour, &imported.function);
    let types = host.passed(false);
    let (wit, path) = (&function.wit, &function.path);
    let params = &function.params;
    let names: Vec<Ident> = params.iter().map(|param| ident(&param.rust())).collect();
    let arguments = params
        .iter()
        .map(|param| Argument::new(types, &param.ty, imported.borrowed));
    let arguments: Vec<_> = arguments.collect();
    let lifted: Vec<_> = arguments.iter().map(Argument::lifted).collect();

    let opened = arguments.iter().zip(&names);
    let opened = opened.filter_map(|(argument, name)| argument.opened(name));
    let owned = convert::params(&owned_handles(abi), params.iter().zip(&names));
    let lent = lent_handles(abi, function, params.iter().zip(&names));
    let passed = arguments.iter().zip(&names);
    let mut passed = passed.map(|(argument, name)| argument.passed(name));

    let method = ident(&function.rust());
    let call = match function.kind {
        FunctionKind::Method(id) => {
            let (ty, of) = (
                host.resource_type(id),
                host.resource_trait(abi.resource(id)),
            );
            quote!(<#ty as #of>::#method(#(#passed),*))
        }
        _ => {
            let (of, host_trait) = (host.implementation(import), host.trait_path(import));
            let provides = host.provides(import);
            let me = quote!(<H as #provides>::provide(__host));
            let passed = std::iter::once(me).chain(&mut passed);
            quote!(<#of as #host_trait>::#method(#(#passed),*))
        }
    };
    let call = colour.awaited(call);
    let trap = imported
        .trappable
        .then(|| quote!(.map_err(|__error| __abide::aborted(#path, __error))?));
    let call = quote!(#call #trap);
    let result = match &function.result {
        None => call,
        Some(ty) => {
            let lower = new_handles(abi);
            match lower.concerns(ty) {
                true => {
                    let value = convert::value(&lower, ty, quote!(__result));
                    quote!({ let __result = #call; (#value,) })
                }
                false => quote!((#call,)),
            }
        }
    };
    let import = colour::Import {
        wit,
        path,
        params: (calls::values(&names), calls::types(&lifted)),
        tables: tables::ty(host),
    };
    let body = quote! {
        #(#opened)*
        #owned
        #lent
        ::core::result::Result::Ok(#result)
    };
    colour.linked(&import, &body)
}

/// Handles that a guest gives away become the host's values.
fn owned_handles(abi: &Abi) -> Passing<'_> {
    Passing {
        abi,
        cx: Cx::reference("__tables"),
        handle: Box::new(|leaf, cx, handle| {
            let table = ident(&abi.names.field(abi.resource(leaf.resource)));
            leaf.own.then(|| quote!(#cx.#table.take(&#handle)))
        }),
    }
}

/// The host's values become handles that a guest owns.
fn new_handles(abi: &Abi) -> Passing<'_> {
    Passing {
        abi,
        cx: Cx::reference("__tables"),
        handle: Box::new(|leaf, cx, handle| {
            let table = ident(&abi.names.field(abi.resource(leaf.resource)));
            Some(quote!(#cx.#table.insert(#handle)))
        }),
    }
}

/// Handles that a guest lends become references to the host's values: exclusive ones where no more
/// than one of a resource can be lent.
fn lent_handles<'p>(
    abi: &Abi,
    function: &Function,
    arguments: impl Iterator<Item = (&'p Param, &'p Ident)>,
) -> Option<TokenStream> {
    let mut lent: Vec<ResourceId> = Vec::new();
    for leaf in abi.mentioned(function) {
        if !leaf.own && !lent.contains(&leaf.resource) {
            lent.push(leaf.resource);
        }
    }
    if lent.is_empty() {
        return None;
    }
    let shared = abi.shared(function);
    let tables = lent.iter().map(|id| {
        let table = ident(&abi.names.field(abi.resource(*id)));
        match shared.contains(id) {
            true => quote!(&__tables.#table),
            false => quote!(::core::option::Option::Some(&mut __tables.#table)),
        }
    });
    let passing = Passing {
        abi,
        cx: Cx::local("__lent"),
        handle: Box::new(|leaf: Leaf, cx, handle| {
            let index = lent.iter().position(|id| *id == leaf.resource)?;
            let index = Index::from(index);
            match (leaf.own, shared.contains(&leaf.resource)) {
                (true, _) => None,
                (false, true) => Some(quote!(__abide::Table::get(#cx.#index, &#handle))),
                (false, false) => Some(quote!(__abide::exclusive(&mut #cx.#index, &#handle))),
            }
        }),
    };
    let params = convert::params(&passing, arguments);
    Some(quote! {
        let mut __lent = (#(#tables,)*);
        #params
    })
}
