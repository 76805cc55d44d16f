//! The arguments of `abi!`, parsed once. No file is touched here.

use crate::error::{Errors, Message};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, LitBool, LitStr, Token, braced, bracketed, parenthesized, token};

/// What the user wrote in `abi!`, and where.
pub(crate) struct Args {
    /// The path of the facade crate, `$crate` of `abide::abi!`: right however `abide` is renamed.
    pub(crate) abide: TokenStream,
    /// All that was given: the macro for guests is called with the same.
    pub(crate) input: TokenStream,
    pub(crate) wit: Option<LitStr>,
    pub(crate) inline: Option<LitStr>,
    pub(crate) world: Option<LitStr>,
    /// Derives for every generated type, beside our own.
    pub(crate) derives: Vec<syn::Path>,
    /// Imports whose methods return `abide::Result`, so that a host can abort the guest.
    pub(crate) trappable: Imports,
    /// Imports whose arguments are borrowed from the guest's memory as far as they can be.
    pub(crate) borrowed: Imports,
    pub(crate) features: Features,
    /// Whether there is a module for hosts that wait without a thread. No option: the facade says so.
    pub(crate) host_async: bool,
    /// What stands for interfaces and types of the WIT, instead of what would be generated.
    pub(crate) with: Vec<With>,
    /// The module that `abi!` stands in, from the crate's root: empty at the root itself.
    pub(crate) module: Vec<Ident>,
    /// Where errors go that belong to no single option.
    pub(crate) span: Span,
}

/// An entry of `with`.
pub(crate) struct With {
    key: LitStr,
    path: syn::Path,
}

impl With {
    /// The name in WIT of what is replaced.
    pub(crate) fn key(&self) -> String {
        self.key.value()
    }

    /// Where the key stands.
    pub(crate) fn span(&self) -> Span {
        self.key.span()
    }

    /// Whether the path means something else in every module.
    pub(crate) fn is_relative(&self) -> bool {
        let first = self.path.segments.first();
        first.is_some_and(|first| first.ident == "self" || first.ident == "super")
    }

    /// Whether it stands for all interfaces of a package, `demo:shapes`, by the path of an ABI.
    pub(crate) fn is_package(&self) -> bool {
        let key = self.key();
        key.contains(':') && !key.contains('/')
    }

    /// Whether the path can be that of a module in a crate.
    pub(crate) fn has_module(&self) -> bool {
        self.path.segments.len() > 1 || self.path.leading_colon.is_some()
    }
}

/// An index into the entries of `with`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Replacement(pub(crate) usize);

/// Where another ABI's crate has an interface.
pub(crate) struct Place {
    /// The module that its `abi!` stands in.
    pub(crate) abi: TokenStream,
    /// The module of the interface in there.
    pub(crate) module: Ident,
}

/// Imports that an option chooses.
pub(crate) enum Imports {
    None,
    All,
    /// Functions as `interface.function`, or `function` at world level.
    Some(Vec<LitStr>),
}

impl Imports {
    /// The names that are given, and where.
    pub(crate) fn names(&self) -> Vec<(String, Span)> {
        match self {
            Self::None | Self::All => Vec::new(),
            Self::Some(names) => names
                .iter()
                .map(|name| (name.value(), name.span()))
                .collect(),
        }
    }

    /// Whether the function at `path` is among them.
    pub(crate) fn choose(&self, path: &str) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Some(names) => names.iter().any(|name| names_function(&name.value(), path)),
        }
    }
}

/// Whether a user means the function at `path` by `name`: `demo:notes/clock.now-ms` in full, or
/// `clock.now-ms`.
pub(crate) fn names_function(name: &str, path: &str) -> bool {
    path == name || path.split_once('/').is_some_and(|(_, short)| short == name)
}

/// Which items behind `@unstable(feature = …)` are part of the ABI.
pub(crate) enum Features {
    All,
    Some(Vec<LitStr>),
}

impl Args {
    /// The span of the WIT's path or text: the place for errors in the WIT.
    pub(crate) fn wit_span(&self) -> Span {
        let source = self.inline.as_ref().or(self.wit.as_ref());
        source.map_or(self.span, LitStr::span)
    }

    /// The span for errors about the choice of the world.
    pub(crate) fn world_span(&self) -> Span {
        self.world.as_ref().map_or(self.wit_span(), LitStr::span)
    }

    /// The path that an entry of `with` gives.
    pub(crate) fn path(&self, replacement: Replacement) -> TokenStream {
        let path = self.with.get(replacement.0).map(|entry| &entry.path);
        quote!(#path)
    }

    /// Where an entry of `with` says that an interface is, whose module is called `module` where
    /// the entry names none.
    pub(crate) fn place(&self, replacement: Replacement, module: &str) -> Option<Place> {
        let entry = self.with.get(replacement.0)?;
        let path = &entry.path;
        let last = &path.segments.last()?.ident;
        if entry.is_package() {
            return Some(Place {
                abi: quote!(#path),
                // What is wrong with it the compiler tells of the user's path.
                module: Ident::new(module, last.span()),
            });
        }
        let colon = path.leading_colon;
        let before = path.segments.iter().take(path.segments.len() - 1);
        Some(Place {
            abi: quote!(#colon #(#before)::*),
            module: last.clone(),
        })
    }
}

/// Parses `(facade) "wit"`, `(facade) { option: value, … }` or the options without braces.
pub(crate) fn parse(input: TokenStream) -> Result<Args, Errors> {
    let mut args = Args {
        abide: TokenStream::new(),
        input: input.clone(),
        wit: None,
        inline: None,
        world: None,
        derives: Vec::new(),
        trappable: Imports::None,
        borrowed: Imports::None,
        features: Features::Some(Vec::new()),
        host_async: false,
        with: Vec::new(),
        module: Vec::new(),
        span: Span::call_site(),
    };
    let mut errors = Errors::default();
    let all = |input: ParseStream<'_>| parse_all(input, &mut args, &mut errors);
    if let Err(error) = all.parse2(input) {
        errors.extend(error);
    }
    errors.finish()?;
    Ok(args)
}

fn parse_all(input: ParseStream<'_>, args: &mut Args, errors: &mut Errors) -> syn::Result<()> {
    let facade;
    parenthesized!(facade in input);
    args.abide = facade.parse()?;
    if input.peek(LitStr) {
        args.wit = Some(input.parse()?);
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            let text = "expected nothing after the path; options go in braces: \
                        `abi!({ wit: \"wit\", world: \"…\" })`";
            return Err(input.error(text));
        }
    } else if input.peek(token::Brace) {
        let options;
        braced!(options in input);
        parse_options(&options, args, errors)?;
    } else {
        parse_options(input, args, errors)?;
    }
    if args.wit.is_none() && args.inline.is_none() {
        errors.push(args.span, Message::NoSource);
    }
    Ok(())
}

fn parse_options(input: ParseStream<'_>, args: &mut Args, errors: &mut Errors) -> syn::Result<()> {
    let mut seen: Vec<String> = Vec::new();
    while !input.is_empty() {
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let known = name.to_string();
        if seen.contains(&known) {
            errors.push(
                name.span(),
                Message::OptionTwice {
                    name: known.clone(),
                },
            );
        }
        // Says for the value of this option what it should have been.
        let expecting = |expected, example| {
            let name = known.clone();
            move |error: syn::Error| {
                let message = Message::OptionValue {
                    name,
                    expected,
                    example,
                };
                syn::Error::new(error.span(), message)
            }
        };
        let text = |example| {
            let value = input.parse::<LitStr>();
            value.map_err(expecting("a string", example))
        };
        match known.as_str() {
            "wit" => args.wit = Some(text("\"wit\"")?),
            "inline" => args.inline = Some(text("\"package …\"")?),
            "world" => args.world = Some(text("\"plugin\"")?),
            "derives" => {
                args.derives = list(input, syn::Path::parse_mod_style)
                    .map_err(expecting("a list of paths", "[Eq, serde::Serialize]"))?;
            }
            "trappable" | "borrowed" => {
                let chosen = imports(input).map_err(expecting(
                    "`true`, `false` or a list of strings",
                    "[\"clock.now-ms\"]",
                ))?;
                match known.as_str() {
                    "trappable" => args.trappable = chosen,
                    _ => args.borrowed = chosen,
                }
            }
            "features" => {
                args.features = features(input)
                    .map_err(expecting("a list of strings or `all`", "[\"fancier-foo\"]"))?;
            }
            "with" => {
                args.with = with(input).map_err(expecting(
                    "names of WIT with paths in braces",
                    "{ \"demo:shapes/geometry\": shapes_abi::geometry }",
                ))?;
            }
            "module" => args.module = module(&text("\"plugins::v1\"")?, errors),
            _ => {
                errors.push(
                    name.span(),
                    Message::UnknownOption {
                        found: known.clone(),
                    },
                );
                skip_value(input)?;
            }
        }
        seen.push(known);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(())
}

fn list<T>(
    input: ParseStream<'_>,
    item: fn(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<Vec<T>> {
    let items;
    bracketed!(items in input);
    let items = Punctuated::<T, Token![,]>::parse_terminated_with(&items, item)?;
    Ok(items.into_iter().collect())
}

fn imports(input: ParseStream<'_>) -> syn::Result<Imports> {
    if input.peek(LitBool) {
        let all: LitBool = input.parse()?;
        return Ok(if all.value {
            Imports::All
        } else {
            Imports::None
        });
    }
    Ok(Imports::Some(list(input, |item| item.parse())?))
}

fn features(input: ParseStream<'_>) -> syn::Result<Features> {
    if input.peek(Ident) {
        let all: Ident = input.parse()?;
        return match all == "all" {
            true => Ok(Features::All),
            false => Err(syn::Error::new(all.span(), "not `all`")),
        };
    }
    Ok(Features::Some(list(input, |item| item.parse())?))
}

fn with(input: ParseStream<'_>) -> syn::Result<Vec<With>> {
    let entries;
    braced!(entries in input);
    let entry = |entry: ParseStream<'_>| {
        let key = entry.parse()?;
        entry.parse::<Token![:]>()?;
        let path = entry.call(syn::Path::parse_mod_style)?;
        Ok(With { key, path })
    };
    let entries = Punctuated::<_, Token![,]>::parse_terminated_with(&entries, entry)?;
    Ok(entries.into_iter().collect())
}

fn module(path: &LitStr, errors: &mut Errors) -> Vec<Ident> {
    let found = path.value();
    let parts: Result<Vec<Ident>, _> = found.split("::").map(syn::parse_str::<Ident>).collect();
    parts.unwrap_or_else(|_| {
        errors.push(path.span(), Message::NotAModulePath { found });
        Vec::new()
    })
}

/// Skips the value of an option that is not known, so that the options after it are still checked.
fn skip_value(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}

/// The last segment of a derive's path: two derives of the same name are the same derive.
pub(crate) fn derive_name(path: &syn::Path) -> String {
    let last = path.segments.last();
    last.map_or_else(
        || quote!(#path).to_string(),
        |segment| segment.ident.to_string(),
    )
}
