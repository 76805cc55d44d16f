//! How functions are offered to guests that are modules, and what happens around each call of one.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmtime::{Caller, FuncType, ValRaw};

use super::answer::Answer;
use super::bad::Bad;
use super::guest::Guest;
use super::raw::{Budget, Raw, Ty};
use super::refusal::Refusal;
#[cfg(feature = "wasip1")]
use crate::code::preview1::PREVIEW1;
use crate::error::engine_text::chain;
use crate::error::fault::Fault;
use crate::error::kinds::LimitKind;
use crate::error::panic::panicked;
use crate::store::state::{Host, State};
#[cfg(feature = "wasip1")]
use crate::wasi::preview1;

/// The most raw values that a function takes. The C interfaces of old ABIs have eight or so.
const MOST: usize = 20;

/// A host of guests that are modules: a value of it is cloned for each instance.
pub trait Imports: Clone + Send + Sync + 'static {
    /// Offers its functions, by calling what `#[abide::module]` made for each block of them.
    fn offer(linker: &mut Linker<'_, Self>);
}

/// A function that is offered.
pub(crate) struct Offer {
    pub(crate) module: String,
    pub(crate) name: &'static str,
    pub(crate) ty: FuncType,
}

impl Offer {
    /// Whether it is the function of a name.
    pub(crate) fn is(&self, module: &str, name: &str) -> bool {
        self.module == module && self.name == name
    }
}

/// All functions that are offered to guests of one ABI.
pub(crate) struct Offers {
    linker: wasmtime::Linker<State>,
    pub(crate) list: Vec<Offer>,
    /// What the engine refused.
    pub(crate) refused: Option<Box<Fault>>,
}

impl Offers {
    /// Those of the host `E`.
    pub(crate) fn of<E: Imports>(engine: &wasmtime::Engine) -> Self {
        let mut offers = Self {
            linker: wasmtime::Linker::new(engine),
            list: Vec::new(),
            refused: None,
        };
        E::offer(&mut Linker {
            offers: &mut offers,
            under: None,
            env: PhantomData,
        });
        offers
    }

    /// Offers what a guest wants of WASI preview 1 and the ABI itself does not offer. Whether there
    /// is anything.
    #[cfg(feature = "wasip1")]
    pub(crate) fn offer_preview1(&mut self, guest: &wasmtime::Module) -> bool {
        let Self { linker, list, .. } = self;
        let wanted = |name: &str| {
            let mut imports = guest.imports();
            imports.any(|import| import.module() == PREVIEW1 && import.name() == name)
                && !list.iter().any(|offer| offer.is(PREVIEW1, name))
        };
        match preview1::link(linker, wanted) {
            Ok(added) => {
                let is_any = !added.is_empty();
                list.extend(added.into_iter().map(|(name, ty)| Offer {
                    module: PREVIEW1.to_owned(),
                    name,
                    ty,
                }));
                is_any
            }
            Err(error) => {
                let reason = chain(&error);
                self.refused
                    .get_or_insert_with(|| Box::new(Fault::Internal { reason }));
                false
            }
        }
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Linker<State> {
        &self.linker
    }
}

/// Where a host's functions are offered.
pub struct Linker<'a, E> {
    offers: &'a mut Offers,
    /// The name of the module in place of the functions' own.
    under: Option<&'a str>,
    env: PhantomData<fn() -> E>,
}

impl<E> fmt::Debug for Linker<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linker").finish_non_exhaustive()
    }
}

impl<E: Send + 'static> Linker<'_, E> {
    /// Offers what comes under another module's name.
    pub fn under<'b>(&'b mut self, module: &'b str) -> Linker<'b, E> {
        Linker {
            offers: self.offers,
            under: Some(module),
            env: PhantomData,
        }
    }

    /// For generated code: offers the function `path`, which is called `name` in `module`. `params`
    /// are the types of its parameters. `body` takes them, looks at the places, and calls the method.
    #[doc(hidden)]
    pub fn func<A: Answer + 'static>(
        &mut self,
        module: &str,
        name: &'static str,
        path: &'static str,
        params: &[&[Ty]],
        body: fn(&mut E, &mut Raw<'_>, &[u8]) -> Result<A, Bad>,
    ) {
        let module = self.under.unwrap_or(module);
        let engine = self.offers.linker.engine().clone();
        let first_place: usize = params.iter().map(|types| types.len()).sum();
        let types = params.iter().copied().flatten().chain(A::TYPES);
        let types: Vec<Ty> = types.copied().collect();
        let results = A::RESULT.into_iter().map(Ty::engines);
        let ty = FuncType::new(&engine, types.iter().copied().map(Ty::engines), results);
        let count = types.len();
        if count > MOST {
            return self.refuse(format!("`{path}` has more than {MOST} raw parameters"));
        }
        let call = move |caller: Caller<'_, State>, slots: &mut [MaybeUninit<ValRaw>]| {
            let mut values = [0; MOST];
            for ((value, slot), ty) in values.iter_mut().zip(&*slots).zip(&types) {
                // SAFETY: the engine initialises the slots of all parameters, and `types` has one for
                // each of them and no more.
                *value = bits(*ty, unsafe { slot.assume_init() });
            }
            let result = called(caller, path, &values[..count], first_place, body)?;
            if let (Some(ty), Some(slot)) = (A::RESULT, slots.first_mut()) {
                slot.write(ty.value(result));
            }
            Ok(())
        };
        // SAFETY: parameters are read as what `ty` says they are, as many as there are, and the one
        // result that it has, if any, is written with its type: both come from the same constants.
        let linked = unsafe {
            let linker = &mut self.offers.linker;
            linker.func_new_unchecked(module, name, ty.clone(), call)
        };
        match linked {
            Ok(_) => self.offers.list.push(Offer {
                module: module.to_owned(),
                name,
                ty,
            }),
            Err(error) => {
                let error = chain(&error);
                self.refuse(format!(
                    "the engine did not accept `{path}` as an import ({error}); offer each once"
                ));
            }
        }
    }

    fn refuse(&mut self, problem: String) {
        let problem = problem.into();
        self.offers
            .refused
            .get_or_insert_with(|| Box::new(Fault::Misuse { problem }));
    }
}

/// The bits of a raw value.
fn bits(ty: Ty, value: ValRaw) -> u64 {
    match ty {
        Ty::I32 => value.get_u32().into(),
        Ty::I64 => value.get_u64(),
        Ty::F32 => value.get_f32().into(),
        Ty::F64 => value.get_f64(),
    }
}

/// Calls the host's method, and finishes what it returns.
fn called<E: Send + 'static, A: Answer>(
    mut caller: Caller<'_, State>,
    import: &'static str,
    values: &[u64],
    first_place: usize,
    body: fn(&mut E, &mut Raw<'_>, &[u8]) -> Result<A, Bad>,
) -> wasmtime::Result<u64> {
    let Some(known) = &caller.data().module else {
        let reason = "it was called before the module was there, from its start function";
        let reason = Box::from(reason);
        return Err(Fault::AbiViolation { import, reason }.into());
    };
    let memory = known.memory;
    let limit = caller.data().charter.limits.host_allocation;
    let mut budget = Budget::new(limit);
    let outcome = {
        let (bytes, state): (&[u8], &mut State) = match memory {
            Some(memory) => {
                let (bytes, state) = memory.data_and_store_mut(&mut caller);
                (bytes, state)
            }
            None => (&[], caller.data_mut()),
        };
        let host: Option<&mut dyn Any> = match state.host.get() {
            Some(host) => Some(&mut **host),
            None => None,
        };
        let Some(host) = host.and_then(|host| host.downcast_mut::<Host<E, ()>>()) else {
            let reason = Box::from("a module was linked for a host of another type");
            return Err(Fault::Internal { reason }.into());
        };
        let mut raw = Raw::new(values, &mut budget);
        // The instance is dropped after a panic and the host with it, so nobody sees either in a state
        // that the panic left broken.
        catch_unwind(AssertUnwindSafe(|| body(&mut host.state, &mut raw, bytes)))
    };
    if budget.is_over {
        return Err(Fault::Limit {
            what: LimitKind::HostAllocation,
            limit: limit as u64,
            wanted: None,
        }
        .into());
    }
    let answer = outcome.map_err(|panic| panicked(import, &*panic))?;
    let mut raw = Raw::new(&values[first_place..], &mut budget);
    let finished = match answer {
        Ok(answer) => answer.finish(&mut raw, &mut Guest::new(caller), import),
        Err(bad) => A::Refusal::from(bad).refuse(import),
    };
    finished.map_err(|ended| ended.0)
}
