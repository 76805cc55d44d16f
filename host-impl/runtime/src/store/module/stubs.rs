//! Functions that a guest imports and its host's ABI does not have are offered as stubs, or are those of
//! another module, where the ABI wants that.

use wasmtime::{ExternType, FuncType, Module};

use super::link::{Offer, Offers};
use super::others::Others;
use crate::error::engine_text::chain;
use crate::error::fault::Fault;
use crate::error::untrusted;

/// The most stubs that one guest has. What it imports beyond them is refused.
const MOST: usize = 1_000;

/// How much of a function's name is shown, in bytes.
const SHOWN: usize = 200;

impl Offers {
    /// Offers what a guest imports beyond what is offered, where the ABI wants that.
    pub(crate) fn offer_others(&mut self, guest: &Module) {
        for import in guest.imports() {
            let (module, name) = (import.module(), import.name());
            let ExternType::Func(ty) = import.ty() else {
                continue;
            };
            if self.is_offered(module, name) {
                continue;
            }
            let others = (self.others)(module);
            let known = match others {
                Others::Refused => continue,
                Others::Stubs => None,
                Others::Of(other) => self.list.iter().find(|offer| offer.is(other, name)),
            };
            let linked = match known {
                Some(known) => {
                    let (of, name, ty) = (known.module.clone(), known.name, known.ty.clone());
                    let module = module.to_owned();
                    let linked = self.linker.alias(&of, name, &module, name).map(drop);
                    self.list.push(Offer { module, name, ty });
                    linked
                }
                None if self.stubs.len() < MOST => self.stub(module, name, ty),
                None => continue,
            };
            if let Err(error) = linked {
                let reason = chain(&error);
                self.refused
                    .get_or_insert_with(|| Box::new(Fault::Internal { reason }));
            }
        }
    }

    fn is_offered(&self, module: &str, name: &str) -> bool {
        self.is_stub(module, name) || self.list.iter().any(|offer| offer.is(module, name))
    }

    /// Whether a function is only there to say that it was called.
    pub(crate) fn is_stub(&self, module: &str, name: &str) -> bool {
        !self.stubs.is_empty() && self.stubs.contains(&(module.into(), name.into()))
    }

    /// Offers a function that ends the guest which calls it.
    fn stub(&mut self, module: &str, name: &str, ty: FuncType) -> wasmtime::Result<()> {
        self.stubs.insert((module.into(), name.into()));
        let path = untrusted::line(format_args!("{module}.{name}"), SHOWN);
        self.linker.func_new(module, name, ty, move |_, _, _| {
            let reason = format!("it called its import `{path}`, which its host does not have");
            let (import, reason) = ("", reason.into());
            Err(Fault::AbiViolation { import, reason }.into())
        })?;
        Ok(())
    }
}
