//! The environment and the command line: which texts can be in one.

use crate::error::BoxedError;

/// Refuses variables and arguments that no environment and no command line can hold.
pub(super) fn check(env: &[(String, String)], args: &[String]) -> Result<(), (String, BoxedError)> {
    for (name, value) in env {
        let wrong = match name {
            name if name.is_empty() => "its name is empty",
            name if name.contains('=') => "there is a `=` in its name",
            name if name.contains('\0') => "there is a NUL in its name",
            _ if value.contains('\0') => "there is a NUL in its value",
            _ => continue,
        };
        let reason = format!(
            "the variable `{}`, which `Wasi::env` was called with, cannot be in an environment; give it \
             another name or value",
            name.escape_debug()
        );
        return Err((reason, wrong.into()));
    }
    match args.iter().find(|arg| arg.contains('\0')) {
        None => Ok(()),
        Some(arg) => Err((
            format!(
                "the argument `{}`, which `Wasi::arg` was called with, cannot be on a command line; leave \
                 out what no text for another program can have",
                arg.escape_debug()
            ),
            "there is a NUL in it".into(),
        )),
    }
}
