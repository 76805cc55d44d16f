//! Getting the code of a guest: read from where it comes from, found where it is in use or kept, compiled where
//! it is not.
//!
//! It knows limits, engines and folders of compiled code. It does not know worlds, and so exists once and not
//! once for each.

use std::sync::Arc;
use std::time::Instant;

use crate::artefacts::{self, Artefacts};
use crate::compile;
use crate::components::{Code, Failure};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::error_kind::LimitKind;
use crate::limits::Limits;
use crate::load_error::LoadError;
use crate::source::{Source, Unread};
use crate::wanted::Wanted;

/// What is called where a guest is loaded, and there is nothing of it that could be called.
const LOAD: &str = "load";

/// Whose code is to be got, and what it may cost.
#[derive(Clone, Copy)]
pub(crate) struct Order<'a> {
    /// The guest's name in errors and logs.
    pub(crate) guest: &'a Arc<str>,
    pub(crate) source: Source<'a>,
    pub(crate) limits: &'a Limits,
}

impl<'a> Order<'a> {
    /// Reads it. What is no guest is refused here.
    pub(crate) fn read(self) -> Result<Wanted<'a>> {
        let limit = self.limits.component_size as u64;
        let bytes = self.source.read(limit).map_err(|unread| match unread {
            Unread::Failed(error) => self.refused(LoadError::Read(error)),
            Unread::TooLarge { size } => self.beyond(LimitKind::ComponentSize, limit, size),
        })?;
        Wanted::new(bytes).map_err(|error| self.refused(error))
    }

    /// The code of what was read: that which is in use, or is kept, or new.
    pub(crate) fn code(
        self,
        wanted: Wanted<'_>,
        engine: &Engine,
        artefacts: Option<&Artefacts>,
    ) -> Result<Arc<Code>> {
        let (begun, components, content) = (Instant::now(), engine.components(), wanted.key());
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
                folder.keep(&key, &code.component);
            }
            return Ok(told(code, "in use"));
        }
        let Some((folder, key)) = kept else {
            return Ok(told(self.compile(wanted, engine)?, "compiler"));
        };
        if let Some(component) = folder.find(engine.wasmtime(), &key) {
            return Ok(told(components.adopt(content, component), "artefact"));
        }
        let code = told(self.compile(wanted, engine)?, "compiler");
        folder.keep(&key, &code.component);
        Ok(code)
    }

    /// Compiles what was read into a folder, unless it is there.
    pub(crate) fn precompile(
        self,
        wanted: Wanted<'_>,
        engine: &Engine,
        folder: &Artefacts,
    ) -> Result<()> {
        let key = artefacts::key(engine.wasmtime(), &wanted.key());
        if folder.find(engine.wasmtime(), &key).is_some() {
            return Ok(());
        }
        let code = self.compile(wanted, engine)?;
        let kept = folder.try_keep(&key, &code.component);
        kept.map_err(|error| folder.not_kept(error))
    }

    fn compile(self, wanted: Wanted<'_>, engine: &Engine) -> Result<Arc<Code>> {
        // A time that no clock can show is for ever.
        let until = Instant::now().checked_add(self.limits.compile_time);
        let (length, key) = (wanted.len(), wanted.key());
        let work = wanted.into_work(engine.wasmtime());
        let components = engine.components();
        let code = components.compile(&compile::PROCESS, key, until, work);
        code.map_err(|failure| self.failed(failure, length))
    }

    /// The error of a compilation of so many bytes.
    fn failed(self, failure: Failure, length: usize) -> Error {
        let reason = match failure {
            Failure::TimedOut => {
                let limit = self.limits.compile_time.as_millis();
                let limit = u64::try_from(limit).unwrap_or(u64::MAX);
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
