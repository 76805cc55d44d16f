//! The canonical ABI on the guest side: wit-bindgen's code for a world, under Abide's types and
//! names.
//!
//! wit-bindgen is called as a library and not through its macro, so that both halves of a world are
//! made from one reading of the WIT, and so that [`patch`] and [`modules`] can mend what
//! wit-bindgen leaves broken. Only guests pay for it: the feature `guest` of this crate is off
//! where a host is compiled.

mod aliases;
#[cfg(feature = "guest")]
mod disguise;
mod docs;
#[cfg(feature = "guest")]
mod inline;
mod lent;
#[cfg(feature = "guest")]
mod messages;
mod modules;
mod patch;
mod prepare;
mod scope;
mod standins;
mod traits;

#[cfg(feature = "guest")]
pub(crate) use generate::generate;

/// The call of wit-bindgen.
#[cfg(feature = "guest")]
mod generate {
    use super::disguise::Disguise;
    use super::patch::Patch;
    use super::{aliases, docs, lent, messages, modules, prepare, scope, traits};
    use crate::args::{Args, Place};
    use crate::error::{Errors, Message};
    use crate::model::{Abi, Function, FunctionKind, Kind, TypeId, naming};
    use crate::wit::Package;
    use proc_macro2::TokenStream;
    use quote::{format_ident, quote};
    use std::collections::HashMap;
    use std::collections::HashSet;
    use wit_bindgen_core::{Files, WorldGenerator as _};
    use wit_bindgen_rust::{Opts, WithOption};

    /// wit-bindgen's code for the world of `package`, to stand in a module of its own.
    pub(crate) fn generate(
        mut package: Package,
        abi: &Abi,
        args: &Args,
    ) -> Result<TokenStream, Errors> {
        let mut files = Files::default();
        let world = package.world;
        prepare::unname_handles(&mut package.resolve);
        prepare::drop_docs_of_cases(&mut package.resolve);
        let generator = Box::new(options(abi, args).build());
        Disguise::new(generator, &mut package.resolve)
            .generate(&mut package.resolve, world, &mut files)
            .map_err(|error| failed(args, &format!("{error:#}")))?;
        let mut tokens = TokenStream::new();
        for (_, text) in files.iter() {
            let text = String::from_utf8_lossy(text);
            let part: TokenStream = text
                .parse()
                .map_err(|error| failed(args, &format!("its code cannot be read: {error}")))?;
            tokens.extend(part);
        }
        let patch = Patch {
            suffix: suffix(args),
            deprecated: deprecated(abi),
        };
        let tokens = aliases::mended(modules::merged(patch.apply(tokens)));
        let here = format_ident!("{}", scope::HERE);
        let tokens = lent::mended(tokens, &quote!(#here::__abide::Borrows));
        let tokens = traits::explained(tokens, &messages::all(abi));
        Ok(scope::independent(docs::written(tokens)))
    }

    fn failed(args: &Args, reason: &str) -> Errors {
        let reason = reason.to_owned();
        (args.wit_span(), Message::Bindings { reason }).into()
    }

    /// What tells apart the macros and link sections of several `abi!` in one crate.
    fn suffix(args: &Args) -> String {
        let segments = args.module.iter().map(|segment| format!("_{segment}"));
        segments.collect()
    }

    fn options(abi: &Abi, args: &Args) -> Opts {
        let here = scope::HERE;
        let used = abi.interfaces().iter();
        let used = used.filter(|scope| abi.is_used_whole(scope));
        let used = used.filter_map(|scope| {
            let Place { abi, module } = args.place(scope.replacement?, &scope.plain_module())?;
            let path = quote!(#abi::guest::#module).to_string().replace(' ', "");
            Some((scope, path))
        });
        let whole: Vec<_> = used.collect();
        // Of an interface that is replaced as a whole, wit-bindgen looks at no type.
        let replaced: HashSet<_> = whole.iter().map(|(scope, _)| scope.id).collect();
        let whole = whole
            .iter()
            .map(|(scope, path)| (scope.wit.clone(), WithOption::Path(path.clone())));
        // Aliases have no type of their own.
        let types = abi.types.iter().enumerate();
        let types = types.map(|(index, def)| (TypeId(index), def));
        let own = types
            .filter(|(_, def)| !matches!(def.kind, Kind::Alias(_)))
            .filter(|(id, _)| !abi.bindings.writes(*id))
            .filter(|(_, def)| !replaced.contains(&def.scope));
        let with = own.map(|(id, def)| {
            let (key, name) = (abi.bindings.key(id), def.rust());
            match abi.names.module(def.scope) {
                Some(module) => {
                    let path = format!("{here}::{module}::{name}");
                    (key.to_owned(), WithOption::Path(path))
                }
                None => {
                    let key = format!("{}/{key}", abi.world.wit);
                    (key, WithOption::Path(format!("{here}::{name}")))
                }
            }
        });
        Opts {
            runtime_path: Some(format!("{here}::__abide::wit_bindgen::rt")),
            generate_all: true,
            // Types with handles are exported from here, also those that no function names.
            generate_unused_types: true,
            pub_export_macro: true,
            export_macro_name: Some("__export".to_owned()),
            type_section_suffix: Some(suffix(args)),
            with: whole.chain(with).collect(),
            ..Opts::default()
        }
    }

    /// What guests call or name and should not, by its path in wit-bindgen's code.
    fn deprecated(abi: &Abi) -> HashMap<String, String> {
        let mut all = HashMap::new();
        // Also those that the runtime links: the guest calls them all the same.
        let imported = abi.scopes.iter();
        for scope in imported.filter(|scope| scope.import.is_some()) {
            let module = abi.bindings.module(scope.id).iter();
            let path: String = module.map(|segment| format!("{segment}::")).collect();
            for function in scope.imported() {
                let name = in_bindings(abi, function);
                let note = function.deprecated.iter();
                all.extend(note.map(|note| (format!("{path}{name}"), note.clone())));
            }
            for id in &scope.resources {
                let resource = abi.resource(*id);
                let note = resource.deprecated.iter();
                let name = resource.in_bindings();
                all.extend(note.map(|note| (format!("{path}{name}"), note.clone())));
            }
        }
        all
    }

    /// `now_ms`, `Bucket::new`, `Bucket::get`.
    fn in_bindings(abi: &Abi, function: &Function) -> String {
        let of = match function.kind {
            FunctionKind::Free => return function.rust(),
            FunctionKind::Constructor(id) => return abi.resource(id).in_bindings() + "::new",
            FunctionKind::Method(id) | FunctionKind::Static(id) => abi.resource(id),
        };
        format!(
            "{}::{}",
            of.in_bindings(),
            naming::function(function.item())
        )
    }

    #[cfg(test)]
    mod tests {
        use super::generate;
        use crate::{args, model, wit};
        use proc_macro2::TokenStream;

        /// What is generated for a world whose model was made from another text.
        fn generated(model_of: &str, code_of: &str) -> Result<TokenStream, String> {
            let args = |wit: &str| {
                let input = format!("(abide) {{ inline: {wit:?} }}");
                args::parse(input.parse().unwrap()).ok().unwrap()
            };
            let load = |wit: &str| wit::load(&args(wit)).ok().unwrap();
            let abi = model::build(&load(model_of), &args(model_of)).ok().unwrap();
            let tokens = generate(load(code_of), &abi, &args(code_of));
            tokens.map_err(|errors| errors.into_tokens().to_string())
        }

        #[test]
        fn interfaces_inside_the_world_pass_the_parsers_own_checks() {
            // They are compiled where this test is, and in the dev profile of a guest.
            let same = "interface { record r { a: u8 } f: func(r: r); }";
            let wit = format!("package t:t; world w {{ import i: {same} export i: {same} }}");
            let code = generated(&wit, &wit).unwrap().to_string();
            assert!(code.contains("mod exports"), "{code}");
        }

        #[test]
        fn what_wit_bindgen_says_is_passed_on() {
            let wit = |interface: &str| {
                format!(
                    "package t:t; interface i {{ {interface} f: func(); }} world w {{ import i; }}"
                )
            };
            let with_type = wit("record r { a: u8 }");
            assert!(generated(&with_type, &with_type).is_ok());
            // It is told of a type that is not there.
            let error = generated(&with_type, &wit("")).unwrap_err();
            for expected in [
                "compile_error",
                "wit-bindgen, which writes the guest's half of this world, cannot: unused remappings",
                "the host's half is not affected",
            ] {
                assert!(error.contains(expected), "no `{expected}` in\n{error}");
            }
        }
    }
}
