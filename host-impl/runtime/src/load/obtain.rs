//! Getting the code of a guest: read from where it comes from, found where it is in use or kept,
//! compiled where it is not.
//!
//! No world is named here, so that this is compiled once and not once for each.

use std::sync::Arc;
use std::time::Instant;

use crate::code::artefacts::{self, Artefacts};
use crate::code::candidate::Candidate;
use crate::code::compile;
use crate::code::components::{Code, Failure};
use crate::code::form::Form;
use crate::code::source::{Source, Unread};
use crate::code::survey::Declared;
use crate::engine::Engine;
use crate::error::kinds::LimitKind;
use crate::error::load::LoadError;
use crate::error::{Error, Result};
use crate::guard::allowance;
use crate::guard::limits::Limits;

/// What is called where a guest is loaded, and there is nothing of it that could be called.
pub(crate) const LOAD: &str = "load";

/// What is called where an instance would be made.
const START: &str = "start";

/// What is too large is still looked at, for what else its limits do not allow, if it is not so
/// many times too large and has no more bytes than this.
const LOOKED_AT: u64 = 4;
const MOST_LOOKED_AT: u64 = 64 * 1024 * 1024;

/// Whether what a component declares does not fit its world.
pub(crate) type Misfit<'a> = &'a dyn Fn(&Declared<'_>) -> Option<Error>;

/// Whose code is to be got, and what it may cost.
#[derive(Clone, Copy)]
pub(crate) struct Order<'a> {
    /// The guest's name in errors and logs.
    pub(crate) guest: &'a Arc<str>,
    pub(crate) source: Source<'a>,
    pub(crate) limits: &'a Limits,
    /// What is wanted.
    pub(crate) form: Form,
}

impl<'a> Order<'a> {
    /// Reads it. What is no guest is refused here.
    pub(crate) fn read(self) -> Result<Candidate<'a>> {
        let limit = self.limits.component_size as u64;
        let bytes = self.source.read(limit).map_err(|unread| match unread {
            Unread::Failed(error) => self.refused(LoadError::Read(error)),
            Unread::TooLarge { size } => self.too_large(limit, size),
        })?;
        Candidate::new(bytes, self.form).map_err(|error| self.refused(error))
    }

    /// The code of what was read: that which is in use, or is kept, or new.
    pub(crate) fn code(
        self,
        candidate: Candidate<'_>,
        engine: &Engine,
        artefacts: Option<&Artefacts>,
        misfit: Misfit<'_>,
    ) -> Result<Arc<Code>> {
        let (begun, components, content) = (Instant::now(), engine.components(), candidate.key());
        let told = |code, from| {
            let (guest, took) = (&**self.guest, begun.elapsed());
            tracing::debug!(target: "abide::load", guest, from, ?took, "has its code");
            code
        };
        let kept = artefacts.map(|folder| (folder, artefacts::key(engine.wasmtime(), &content)));
        if let Some(code) = components.in_use(&content) {
            // It may have been loaded without this folder.
            if let Some((folder, key)) = kept
                && !folder.has(&key)
            {
                folder.keep(&key, &code.compiled);
            }
            return Ok(told(code, "in use"));
        }
        let Some((folder, key)) = kept else {
            return Ok(told(self.compile(candidate, engine, misfit)?, "compiler"));
        };
        if let Some(compiled) = folder.find(engine.wasmtime(), &key, self.form) {
            return Ok(told(components.adopt(content, compiled), "artefact"));
        }
        let code = told(self.compile(candidate, engine, misfit)?, "compiler");
        folder.keep(&key, &code.compiled);
        Ok(code)
    }

    /// Compiles what was read into a folder, unless it is there.
    pub(crate) fn precompile(
        self,
        candidate: Candidate<'_>,
        engine: &Engine,
        folder: &Artefacts,
    ) -> Result<()> {
        let key = artefacts::key(engine.wasmtime(), &candidate.key());
        if folder.find(engine.wasmtime(), &key, self.form).is_some() {
            return Ok(());
        }
        let code = self.compile(candidate, engine, &|_| None)?;
        let kept = folder.try_keep(&key, &code.compiled);
        kept.map_err(|error| folder.not_kept(error))
    }

    fn compile(
        self,
        candidate: Candidate<'_>,
        engine: &Engine,
        misfit: Misfit<'_>,
    ) -> Result<Arc<Code>> {
        let length = candidate.len();
        let declared = candidate.declared();
        if let Some(declared) = declared.map_err(|failure| self.failed(failure, length))? {
            if let Some(error) = misfit(&declared) {
                return Err(error);
            }
            let beyond = allowance::to_start(&declared.needs, self.limits);
            allowance::check(self.guest, START, beyond)?;
        }
        // A time that no clock can show is for ever.
        let until = Instant::now().checked_add(self.limits.compile_time);
        let key = candidate.key();
        let work = candidate.into_work(engine.wasmtime());
        let components = engine.components();
        let code = components.compile(&compile::PROCESS, key, until, work);
        code.map_err(|failure| self.failed(failure, length))
    }

    /// The error of what has more bytes than it may, and whatever else can be said of it.
    fn too_large(self, limit: u64, size: Option<u64>) -> Error {
        let start = self.source.start().unwrap_or_default();
        // Raising the limit would be of no use.
        if let Err(
            reason @ (LoadError::Native { .. }
            | LoadError::Compiled
            | LoadError::Text
            | LoadError::NotWasm { .. }),
        ) = LoadError::from_preamble(&start)
        {
            return self.refused(reason);
        }
        let most = limit.saturating_mul(LOOKED_AT).min(MOST_LOOKED_AT);
        let all = size.filter(|size| *size <= most).and_then(|size| {
            let bytes = self.source.read(size).ok()?;
            let candidate = Candidate::new(bytes, self.form).ok()?;
            let declared = candidate.declared().ok().flatten().unwrap_or_default();
            let mut beyond = allowance::to_load(size, self.limits);
            beyond.extend(allowance::to_start(&declared.needs, self.limits));
            allowance::check(self.guest, LOAD, beyond).err()
        });
        all.unwrap_or_else(|| self.beyond(LimitKind::ComponentSize, limit, size))
    }

    /// The error of a compilation of so many bytes.
    fn failed(self, failure: Failure, length: usize) -> Error {
        let reason = match failure {
            Failure::TimedOut => {
                let limit = allowance::milliseconds(self.limits.compile_time);
                return self.beyond(LimitKind::CompileTime, limit, None);
            }
            Failure::NoThreads(reason) => {
                return Error::Engine {
                    reason: Box::from(
                        "the threads to compile a guest on could not be started; \
                         check the limit on threads of this process (`ulimit -u`)",
                    ),
                    source: Box::from(&*reason),
                };
            }
            Failure::Refused(detail) => LoadError::from_compiler(length, &detail),
            Failure::TooComplex(detail) => LoadError::TooComplex {
                detail: Box::from(&*detail),
            },
            Failure::NotAdapted(detail) => LoadError::NotAdapted {
                detail: Box::from(&*detail),
            },
            Failure::Panicked(message) => LoadError::Compiler {
                message: Box::from(&*message),
            },
            Failure::Busy { running, given_up } => LoadError::AllBusy { running, given_up },
        };
        self.refused(reason)
    }

    fn refused(self, reason: LoadError) -> Error {
        Error::Load {
            guest: Arc::clone(self.guest),
            path: self.source.path().map(Into::into),
            reason: Box::new(reason),
        }
    }

    fn beyond(self, what: LimitKind, limit: u64, wanted: Option<u64>) -> Error {
        Error::Limit {
            guest: Arc::clone(self.guest),
            function: Box::from(LOAD),
            what,
            limit,
            wanted,
        }
    }
}
