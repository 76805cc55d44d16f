//! The canonical ABI on the guest side: wit-bindgen's code for a world, under Abide's types and names.
//!
//! wit-bindgen is called as a library and not through its macro, so that both halves of a world are made
//! from one reading of the WIT, and so that [`patch`] can mend the names that wit-bindgen leaves broken.
//! Only guests pay for it: the feature `guest` of this crate is off where a host is compiled.

mod patch;

#[cfg(feature = "guest")]
pub(crate) use generate::generate;

/// The call of wit-bindgen.
#[cfg(feature = "guest")]
mod generate {
    use super::patch;
    use crate::args::Args;
    use crate::error::{Errors, Message};
    use crate::model::{Abi, Kind};
    use crate::wit::Package;
    use proc_macro2::TokenStream;
    use wit_bindgen_core::{Files, WorldGenerator as _};
    use wit_bindgen_rust::{Opts, WithOption};
    use wit_parser::{Docs, Resolve, TypeDefKind};

    /// wit-bindgen's code for the world of `package`, to stand in a module of its own.
    pub(crate) fn generate(
        mut package: Package,
        abi: &Abi,
        args: &Args,
    ) -> Result<TokenStream, Errors> {
        without_docs_of_cases(&mut package.resolve);
        let mut files = Files::default();
        let mut generator = options(abi, args).build();
        let world = package.world;
        generator
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
        Ok(patch::patch(tokens, &suffix(args)))
    }

    /// wit-bindgen writes the docs of an enum's cases into string literals as they are, quotes and
    /// backslashes included. Nobody reads them: the enum that guests use is ours.
    fn without_docs_of_cases(resolve: &mut Resolve) {
        for (_, def) in resolve.types.iter_mut() {
            if let TypeDefKind::Enum(of) = &mut def.kind {
                of.cases
                    .iter_mut()
                    .for_each(|case| case.docs = Docs::default());
            }
        }
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
        let mut here = "crate".to_owned();
        for segment in &args.module {
            here.push_str(&format!("::{segment}"));
        }
        // Aliases have no type of their own, and what holds handles holds wit-bindgen's: it writes both.
        let own = abi
            .types
            .iter()
            .filter(|def| !matches!(def.kind, Kind::Alias(_)) && def.handles.is_empty());
        let with = own.map(|def| match &def.module {
            Some(module) => {
                let path = format!("{here}::{module}::{}", def.rust);
                (def.bindings.clone(), WithOption::Path(path))
            }
            None => {
                let key = format!("{}/{}", abi.world.wit, def.bindings);
                let path = format!("{here}::{}", def.rust);
                (key, WithOption::Path(path))
            }
        });
        Opts {
            runtime_path: Some(format!("{here}::__abide::wit_bindgen::rt")),
            generate_all: true,
            pub_export_macro: true,
            export_macro_name: Some("__export".to_owned()),
            type_section_suffix: Some(suffix(args)),
            with: with.collect(),
            ..Opts::default()
        }
    }
}
