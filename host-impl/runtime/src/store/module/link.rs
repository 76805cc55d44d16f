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
use super::watch::Watch;
use crate::error::engine_text::chain;
use crate::error::fault::Fault;
use crate::error::kinds::LimitKind;
use crate::error::panic::panicked;
use crate::store::state::{Host, State};

/// The most raw values that a function takes. The C interfaces of old ABIs have eight or so.
const MOST: usize = 20;

/// A host of guests that are modules: a value of it is cloned for each instance.
pub trait Imports: Clone + Send + Sync + 'static {
    /// The functions that a guest's allocator may call while it makes room for a result, by their
    /// names. What others answer then is the ABI's answer to [`Bad::Allocating`]. `None` is all.
    const WHILE_ALLOCATING: Option<&'static [&'static str]> = None;

    /// Offers its functions, by calling what `#[abide::module]` made for each block of them.
    fn offer(linker: &mut Linker<'_, Self>);

    /// A callback of the guest begins: its name, and its raw arguments. Where the first of them says
    /// what the guest works on, this is the place to remember it.
    fn begins(&mut self, callback: &'static str, args: &[u64]) {
        let _ = (callback, args);
    }

    /// A callback of the guest returned, with this raw result.
    fn ended(&mut self, callback: &'static str, result: Option<u64>) {
        let _ = (callback, result);
    }

    /// Whether [`called`](Self::called) and [`answered`](Self::answered) are to be told of imports.
    fn is_watching(&self) -> bool {
        false
    }

    /// The guest calls an import: its module and name, and its raw arguments.
    fn called(&mut self, import: &'static str, args: &[u64]) {
        let _ = (import, args);
    }

    /// An import returned, with this raw result.
    fn answered(&mut self, import: &'static str, result: Option<u64>) {
        let _ = (import, result);
    }
}

/// A function that is offered.
pub(crate) struct Offer {
    pub(crate) module: String,
    pub(crate) name: &'static str,
    pub(crate) ty: FuncType,
}

/// All functions that are offered to guests of one ABI.
pub(crate) struct Offers {
    linker: wasmtime::Linker<State>,
    pub(crate) list: Vec<Offer>,
    /// What the engine refused.
    pub(crate) refused: Option<Box<Fault>>,
    /// Whom callbacks are told to.
    pub(crate) watch: Watch,
}

impl Offers {
    /// Those of the host `E`.
    pub(crate) fn of<E: Imports>(engine: &wasmtime::Engine) -> Self {
        let mut offers = Self {
            linker: wasmtime::Linker::new(engine),
            list: Vec::new(),
            refused: None,
            watch: Watch::of::<E>(),
        };
        E::offer(&mut Linker {
            offers: &mut offers,
            under: None,
            env: PhantomData,
        });
        offers
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

impl<E: Imports> Linker<'_, E> {
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
        let function = Function {
            path,
            first_place,
            while_allocating: E::WHILE_ALLOCATING.is_none_or(|names| names.contains(&name)),
            body,
        };
        let call = move |caller: Caller<'_, State>, slots: &mut [MaybeUninit<ValRaw>]| {
            let mut values = [0; MOST];
            for ((value, slot), ty) in values.iter_mut().zip(&*slots).zip(&types) {
                // SAFETY: the engine initialises the slots of all parameters, and `types` has one for
                // each of them and no more.
                *value = bits(*ty, unsafe { slot.assume_init() });
            }
            let result = called(caller, &function, &values[..count])?;
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

/// A function that is offered, as its calls need to know it.
struct Function<E, A> {
    path: &'static str,
    /// How many raw values stand before the places for results.
    first_place: usize,
    /// Whether it may be called while the guest makes room for a result.
    while_allocating: bool,
    body: fn(&mut E, &mut Raw<'_>, &[u8]) -> Result<A, Bad>,
}

/// Calls the host's method, and finishes what it returns.
fn called<E: Imports, A: Answer>(
    mut caller: Caller<'_, State>,
    function: &Function<E, A>,
    values: &[u64],
) -> wasmtime::Result<u64> {
    let import = function.path;
    let Some(known) = &caller.data().module else {
        let reason = "it was called before the module was there, from its start function";
        let reason = Box::from(reason);
        return Err(Fault::AbiViolation { import, reason }.into());
    };
    let memory = known.memory;
    let is_refused = known.is_allocating && !function.while_allocating;
    let limit = caller.data().charter.limits.host_allocation;
    let mut budget = Budget::new(limit);
    let (outcome, is_watching) = {
        let (bytes, state): (&[u8], &mut State) = match memory {
            Some(memory) => {
                let (bytes, state) = memory.data_and_store_mut(&mut caller);
                (bytes, state)
            }
            None => (&[], caller.data_mut()),
        };
        let host = host::<E>(state)?;
        let mut raw = Raw::new(values, &mut budget);
        let is_watching = host.is_watching();
        // The instance is dropped after a panic and the host with it, so nobody sees either in a state
        // that the panic left broken.
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            if is_watching {
                host.called(import, values);
            }
            match is_refused {
                true => Err(Bad::Allocating),
                false => (function.body)(host, &mut raw, bytes),
            }
        }));
        (outcome, is_watching)
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
    let mut raw = Raw::new(&values[function.first_place..], &mut budget);
    let mut guest = Guest::new(caller);
    let finished = match answer {
        Ok(answer) => answer.finish(&mut raw, &mut guest, import),
        Err(bad) => A::Refusal::from(bad).refuse(import),
    };
    let result = finished.map_err(|ended| ended.0)?;
    if is_watching {
        let host = host::<E>(guest.state())?;
        let told = A::RESULT.map(|_| result);
        let told = catch_unwind(AssertUnwindSafe(|| host.answered(import, told)));
        told.map_err(|panic| panicked(import, &*panic))?;
    }
    Ok(result)
}

/// The host of an instance.
#[inline]
fn host<E: Imports>(state: &mut State) -> wasmtime::Result<&mut E> {
    let host: Option<&mut dyn Any> = match state.host.get() {
        Some(host) => Some(&mut **host),
        None => None,
    };
    match host.and_then(|host| host.downcast_mut::<Host<E, ()>>()) {
        Some(host) => Ok(&mut host.state),
        None => {
            let reason = Box::from("a module was linked for a host of another type");
            Err(Fault::Internal { reason }.into())
        }
    }
}
