//! Reads a crate's files, and finds out which names things of which others: every path, in a `use`,
//! in a type, in an expression or in a macro's input.
//!
//! What is compiled for tests only does not count, nor do paths that begin with `$crate` or stand in
//! code that is printed with `quote!`: who follows them is the crate in which it will stand.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Item, ItemMod};

/// The files of a crate, by their paths below its folder of sources, each with those that it
/// imports from.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) files: BTreeMap<String, BTreeSet<String>>,
}

impl House {
    /// Reads all files that are compiled into the library.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let mut modules = BTreeMap::new();
        collect(folder, "lib.rs", &[], &mut modules)?;
        let mut files = BTreeMap::new();
        for (path, module) in &modules {
            let imports = files
                .entry(module.file.clone())
                .or_insert_with(BTreeSet::new);
            for named in &module.names {
                // The longest beginning of the path that is a module.
                let module = (0..=named.len())
                    .rev()
                    .find_map(|end| modules.get(&named[..end]));
                if let Some(other) = module
                    && other.file != modules[path].file
                {
                    imports.insert(other.file.clone());
                }
            }
        }
        Ok(Self { files })
    }
}

/// A path as its parts, from the crate's root.
type Names = Vec<String>;

/// A module: where it is, and all paths in it, from the crate's root.
struct Module {
    file: String,
    names: BTreeSet<Names>,
}

/// Reads the module in a file, and those below it.
fn collect(
    folder: &Path,
    file: &str,
    module: &[String],
    modules: &mut BTreeMap<Names, Module>,
) -> Result<()> {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).with_context(|| format!("`{}`", path.display()))?;
    let parsed = syn::parse_file(&text).with_context(|| format!("`{}`", path.display()))?;
    items(folder, file, module, parsed.items, modules)
}

fn items(
    folder: &Path,
    file: &str,
    module: &[String],
    items: Vec<Item>,
    modules: &mut BTreeMap<Names, Module>,
) -> Result<()> {
    let items: Vec<Item> = items
        .into_iter()
        .filter(|item| !is_for_tests(item))
        .collect();
    let children: BTreeSet<String> = items
        .iter()
        .filter_map(|item| match item {
            Item::Mod(child) => Some(child.ident.to_string()),
            _ => None,
        })
        .collect();
    let mut names = BTreeSet::new();
    let scope = Scope {
        module,
        children: &children,
    };
    let mut inner = Vec::new();
    for item in items {
        match item {
            Item::Mod(child) => inner.push(child),
            other => scope.names(other.to_token_stream(), &mut names),
        }
    }
    let found = Module {
        file: file.to_owned(),
        names,
    };
    modules.insert(module.to_vec(), found);
    for child in inner {
        below(folder, file, module, child, modules)?;
    }
    Ok(())
}

/// Reads a module that a file declares.
fn below(
    folder: &Path,
    file: &str,
    module: &[String],
    child: ItemMod,
    modules: &mut BTreeMap<Names, Module>,
) -> Result<()> {
    let mut path = module.to_vec();
    path.push(child.ident.to_string());
    if let Some((_, inner)) = child.content {
        return items(folder, file, &path, inner, modules);
    }
    let beside = path.join("/");
    let candidates = [format!("{beside}.rs"), format!("{beside}/mod.rs")];
    let found = candidates.iter().find(|file| folder.join(file).is_file());
    let found = found.with_context(|| format!("{file}: no file of `{beside}`"))?;
    collect(folder, found, &path, modules)
}

fn is_for_tests(item: &Item) -> bool {
    let attributes = match item {
        Item::Mod(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.to_token_stream().to_string() == "cfg (test)"
    })
}

/// The macros whose input is code that is written out, and not code of the file's own.
const PRINTS: [&str; 2] = ["quote", "quote_spanned"];

/// Where paths stand that are not from the crate's root.
struct Scope<'a> {
    module: &'a [String],
    /// The modules that the module declares, by which a path can begin.
    children: &'a BTreeSet<String>,
}

impl Scope<'_> {
    /// Finds all paths in code.
    fn names(&self, code: TokenStream, names: &mut BTreeSet<Names>) {
        let code: Vec<TokenTree> = code.into_iter().collect();
        let mut at = 0;
        while at < code.len() {
            match &code[at] {
                TokenTree::Group(group) => self.names(group.stream(), names),
                // An attribute: docs are not code.
                TokenTree::Punct(hash) if hash.as_char() == '#' => at += 1,
                // Code that is printed: its paths are followed where it will stand.
                TokenTree::Ident(word) if PRINTS.iter().any(|print| word == print) => at += 2,
                TokenTree::Ident(word) if at == 0 || !joins(&code[at - 1]) => {
                    if let Some(start) = self.start(&word.to_string()) {
                        follow(start, &code[at + 1..], Within::Code, names);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Where a path leads that begins with a word, if that is a beginning at all.
    fn start(&self, word: &str) -> Option<Names> {
        match word {
            "crate" => Some(Vec::new()),
            "self" => Some(self.module.to_vec()),
            "super" => Some(self.module[..self.module.len().saturating_sub(1)].to_vec()),
            child if self.children.contains(child) => {
                let mut path = self.module.to_vec();
                path.push(child.to_owned());
                Some(path)
            }
            _ => None,
        }
    }
}

/// Whether what stands before a word makes it the later part of something.
fn joins(before: &TokenTree) -> bool {
    matches!(before, TokenTree::Punct(punct) if matches!(punct.as_char(), ':' | '$' | '.' | '\''))
}

/// Where the beginning of a path stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Code,
    /// In the braces of a `use`, behind the rest of its path.
    Braces,
}

/// Follows a path through `::`, also into the braces of a `use`.
fn follow(mut path: Names, rest: &[TokenTree], within: Within, names: &mut BTreeSet<Names>) {
    let mut rest = rest;
    let mut leads_on = false;
    while let [
        TokenTree::Punct(first),
        TokenTree::Punct(second),
        next,
        after @ ..,
    ] = rest
    {
        if first.as_char() != ':' || second.as_char() != ':' {
            break;
        }
        match next {
            TokenTree::Ident(word) if *word == "super" => {
                path.pop();
            }
            TokenTree::Ident(word) => path.push(word.to_string()),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                let parts = inside.split(
                    |token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','),
                );
                for part in parts {
                    if let [TokenTree::Ident(word), after @ ..] = part {
                        let mut path = path.clone();
                        if *word != "self" {
                            path.push(word.to_string());
                        }
                        follow(path, after, Within::Braces, names);
                    }
                }
                return;
            }
            _ => break,
        }
        rest = after;
        leads_on = true;
    }
    // A word alone is `pub(crate)`, a `self.field` or a variable; as part of a `use` it was one
    // step more already.
    if leads_on || within == Within::Braces {
        names.insert(path);
    }
}
