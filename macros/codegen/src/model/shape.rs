//! Types written out in WIT without the names that a component does not keep: for the messages of
//! `load`, which compare what the ABI says with what a component has.
//!
//! The host runtime prints the types of a component by the same rules; the two texts are compared.

use super::abi::Abi;
use super::scope::{Function, ImportedFunction, Scope};
use super::types::{Kind, Type};
use std::fmt::Write;

/// Types nested deeper than this are cut.
const MAX_DEPTH: usize = 12;
/// A type that begins behind this many bytes is cut: types may use one another many times at every
/// level.
const MAX_LENGTH: usize = 2_000;

impl Abi {
    /// `record { title: string, words: u32 }`.
    pub(crate) fn shape(&self, ty: &Type) -> String {
        let mut shape = Shape {
            abi: self,
            text: String::new(),
        };
        shape.ty(ty, 0);
        shape.text
    }

    /// The types, resources and functions of an interface by name, written out.
    pub(crate) fn items(&self, scope: &Scope) -> Vec<(String, String)> {
        let types = scope.types.iter().map(|id| {
            let name = self.def(*id).wit.clone();
            (name, self.shape(&Type::Named(*id)))
        });
        let resources = scope.resources.iter().map(|id| {
            let name = self.resource(*id).wit.clone();
            (name, "resource".to_owned())
        });
        let functions: Vec<(String, String)> = match &scope.import {
            Some(import) => {
                let functions = import.functions.iter();
                functions.map(|function| self.imported(function)).collect()
            }
            None => {
                let functions = scope.exported();
                functions
                    .map(|of| (of.wit.clone(), self.signature(of)))
                    .collect()
            }
        };
        types.chain(resources).chain(functions).collect()
    }

    /// What the options of `abi!` change in the traits has to agree as well.
    fn imported(&self, imported: &ImportedFunction) -> (String, String) {
        let function = &imported.function;
        let mut shape = self.signature(function);
        for (is, option) in [
            (imported.borrowed, "borrowed"),
            (imported.trappable, "trappable"),
        ] {
            if is {
                shape = format!("{option} {shape}");
            }
        }
        (function.wit.clone(), shape)
    }

    fn signature(&self, function: &Function) -> String {
        let params = function.params.iter().map(|param| {
            let shape = self.shape(&param.ty);
            format!("{}: {shape}", param.wit)
        });
        let params: Vec<_> = params.collect();
        let result = function.result.as_ref().map(|ty| self.shape(ty));
        let result = result.map_or(String::new(), |ty| format!(" -> {ty}"));
        format!("func({}){result}", params.join(", "))
    }
}

struct Shape<'a> {
    abi: &'a Abi,
    text: String,
}

impl Shape<'_> {
    fn ty(&mut self, ty: &Type, depth: usize) {
        if depth > MAX_DEPTH || self.text.len() >= MAX_LENGTH {
            self.text.push('…');
            return;
        }
        let abi = self.abi;
        let ty = abi.dealias(ty);
        if let Some((name, of)) = ty.generic() {
            return self.generic(name, of, depth);
        }
        match ty {
            // A component does not keep the names of resources; who compares ignores them.
            Type::Handle(leaf) => {
                let name = &abi.resource(leaf.resource).wit;
                let handle = if leaf.own { "own" } else { "borrow" };
                let _ = write!(self.text, "{handle}<{name}>");
            }
            Type::Named(id) => self.kind(&abi.def(*id).kind, depth),
            plain => self.text.push_str(plain.keyword()),
        }
    }

    fn generic(&mut self, name: &str, mut of: Vec<Option<&Type>>, depth: usize) {
        self.text.push_str(name);
        // What is not there at the end is not written.
        while let Some(None) = of.last() {
            of.pop();
        }
        if of.is_empty() {
            return;
        }
        self.text.push('<');
        for (index, ty) in of.into_iter().enumerate() {
            self.separate(index);
            match ty {
                Some(ty) => self.ty(ty, depth + 1),
                None => self.text.push('_'),
            }
        }
        self.text.push('>');
    }

    fn kind(&mut self, kind: &Kind, depth: usize) {
        match kind {
            Kind::Record(fields) => {
                self.text.push_str("record { ");
                for (index, field) in fields.iter().enumerate() {
                    self.separate(index);
                    let _ = write!(self.text, "{}: ", field.wit);
                    self.ty(&field.ty, depth + 1);
                }
            }
            Kind::Variant(cases) | Kind::Enum(cases) | Kind::Flags(cases) => {
                self.text.push_str(match kind {
                    Kind::Variant(_) => "variant { ",
                    Kind::Enum(_) => "enum { ",
                    _ => "flags { ",
                });
                for (index, case) in cases.iter().enumerate() {
                    self.separate(index);
                    self.text.push_str(&case.wit);
                    if let Some(ty) = &case.ty {
                        self.text.push('(');
                        self.ty(ty, depth + 1);
                        self.text.push(')');
                    }
                }
            }
            // Followed by `dealias` before.
            Kind::Alias(_) => {}
        }
        self.text.push_str(" }");
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.text.push_str(", ");
        }
    }
}
