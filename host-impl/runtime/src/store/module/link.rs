//! How functions are offered to guests that are modules, and what happens around each call of one.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmtime::{Caller, FuncType, ValRaw};

use super::answer::Answer;
use super::bad::Bad;
use super::guest::Guest;
use super::others::Others;
use super::raw::{Budget, Raw, Ty, Values};
use super::refusal::Refusal;
use super::watch::Watch;
#[cfg(feature = "wasip1")]
use crate::code::preview1::PREVIEW1;
use crate::error::engine_text::chain;
use crate::error::fault::Fault;
use crate::error::kinds::LimitKind;
use crate::error::panic::panicked;
use crate::store::state::{Host, State};
use crate::values::erased::restored_mut;
#[cfg(feature = "wasip1")]
use crate::wasi::preview1;

/// The most raw values that a function takes. The C interfaces of old ABIs have eight or so.
const MOST: usize = 20;

/// A host of guests that are modules: a value of it is cloned for each instance.
pub trait Imports: Clone + Send + Sync + 'static {
    /// The functions that a guest's allocator may call while it makes room for a result, by their
    /// names. What others answer then is the ABI's answer to [`Bad::Allocating`]. `None` is all.
    const WHILE_ALLOCATING: Option<&'static [&'static str]> = None;

    /// What becomes of a function that guests import from a module, and that is not offered.
    fn others(module: &str) -> Others {
        let _ = module;
        Others::Refused
    }

    /// Offers its functions, by calling what `#[abide::module]` made for each block of them.
    fn offer(linker: &mut Linker<'_, Self>);

    /// A callback of the guest begins: its name, and its raw arguments, or none where it is
    /// [visited](crate::module::visit). Where the first of them says what the guest works on, this is
    /// the place to remember it.
    fn begins(&mut self, callback: &'static str, args: &[u64]) {
        let _ = (callback, args);
    }

    /// A callback of the guest returned, with this raw result.
    fn ended(&mut self, callback: &'static str, result: Option<u64>) {
        let _ = (callback, result);
    }

    /// Whether [`called`](Self::called) and [`answered`](Self::answered) are to be told of imports,
    /// [`allocates`](Self::allocates) and [`allocated`](Self::allocated) of room for their results.
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

    /// The guest's allocator, a function of this name, is to make room for so many bytes.
    fn allocates(&mut self, allocator: &'static str, len: u32) {
        let _ = (allocator, len);
    }

    /// It has made it there.
    fn allocated(&mut self, allocator: &'static str, at: u32) {
        let _ = (allocator, at);
    }
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
    pub(super) linker: wasmtime::Linker<State>,
    pub(crate) list: Vec<Offer>,
    /// What becomes of those that are not in it, by their module.
    pub(super) others: fn(&str) -> Others,
    /// Those that are only to say that they were called: module and name.
    pub(super) stubs: HashSet<(Box<str>, Box<str>)>,
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
            others: E::others,
            stubs: HashSet::new(),
            refused: None,
            watch: watch::<E>(),
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
        body: impl Fn(&mut E, &mut Raw<'_>, &[u8]) -> Result<A, Bad> + Send + Sync + 'static,
    ) {
        let module = self.under.unwrap_or(module);
        let engine = self.offers.linker.engine().clone();
        let first_place: usize = params.iter().map(|types| types.len()).sum();
        let types = params.iter().copied().flatten().chain(A::TYPES);
        let types: Vec<Ty> = types.copied().collect();
        let results = A::RESULT.into_iter().map(Ty::engines);
        let ty = FuncType::new(&engine, types.iter().copied().map(Ty::engines), results);
        if types.len() > MOST {
            return self.refuse(format!("`{path}` has more than {MOST} raw parameters"));
        }
        let function = Function {
            path,
            first_place,
            while_allocating: E::WHILE_ALLOCATING.is_none_or(|names| names.contains(&name)),
            body,
        };
        let call = move |caller: Caller<'_, State>, slots: &mut [MaybeUninit<ValRaw>]| {
            // SAFETY: the engine initialises the slots of all parameters with values of their types,
            // which are these.
            let values = unsafe { Values::new(slots, &types) };
            let result = called(caller, &function, values)?;
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

/// Tells hosts of the type `E`.
fn watch<E: Imports>() -> Watch {
    Watch {
        begins: |host, name, args| {
            if let Some(host) = restored_mut::<Host<E, ()>, _>(host) {
                host.state.begins(name, args);
            }
        },
        ended: |host, name, result| {
            if let Some(host) = restored_mut::<Host<E, ()>, _>(host) {
                host.state.ended(name, result);
            }
        },
        allocates: |host, name, len| {
            if let Some(host) = restored_mut::<Host<E, ()>, _>(host) {
                host.state.allocates(name, len);
            }
        },
        allocated: |host, name, at| {
            if let Some(host) = restored_mut::<Host<E, ()>, _>(host) {
                host.state.allocated(name, at);
            }
        },
    }
}

/// A function that is offered, as its calls need to know it.
struct Function<F> {
    path: &'static str,
    /// How many raw values stand before the places for results.
    first_place: usize,
    /// Whether it may be called while the guest makes room for a result.
    while_allocating: bool,
    body: F,
}

/// Calls the host's method, and finishes what it returns.
#[inline]
fn called<E: Imports, A: Answer>(
    mut caller: Caller<'_, State>,
    function: &Function<impl Fn(&mut E, &mut Raw<'_>, &[u8]) -> Result<A, Bad>>,
    values: Values<'_>,
) -> wasmtime::Result<u64> {
    let import = function.path;
    let Some(known) = &caller.data().module else {
        return Err(too_early(import));
    };
    let memory = known.memory;
    let is_refused = known.is_allocating && !function.while_allocating;
    let mut budget = Budget::new(known.most_taken);
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
                tell(host, import, values);
            }
            match is_refused {
                true => Err(Bad::Allocating),
                false => (function.body)(host, &mut raw, bytes),
            }
        }));
        (outcome, is_watching)
    };
    if budget.is_over {
        return Err(too_much(caller.data()));
    }
    let answer = outcome.map_err(|panic| panicked(import, &*panic))?;
    let mut raw = Raw::new(values.behind(function.first_place), &mut budget);
    let mut guest = Guest::new(caller, is_watching);
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

/// Tells a host of a call.
#[cold]
fn tell<E: Imports>(host: &mut E, import: &'static str, values: Values<'_>) {
    let (mut told, mut count) = ([0; MOST], 0);
    for (to, bits) in told.iter_mut().zip(values.bits()) {
        *to = bits;
        count += 1;
    }
    host.called(import, &told[..count]);
}

#[cold]
fn too_early(import: &'static str) -> wasmtime::Error {
    let reason = "it was called before the module was there, from its start function";
    let reason = Box::from(reason);
    Fault::AbiViolation { import, reason }.into()
}

/// A guest hands over more than its host may keep.
#[cold]
pub(crate) fn too_much(state: &State) -> wasmtime::Error {
    Fault::Limit {
        what: LimitKind::HostAllocation,
        limit: state.charter.limits.host_allocation as u64,
        wanted: None,
    }
    .into()
}

/// The host of an instance.
#[inline]
fn host<E: Imports>(state: &mut State) -> wasmtime::Result<&mut E> {
    match state
        .host
        .get()
        .as_mut()
        .and_then(|host| host.of::<E, ()>())
    {
        Some(host) => Ok(&mut host.state),
        None => {
            let reason = Box::from("a module was linked for a host of another type");
            Err(Fault::Internal { reason }.into())
        }
    }
}
