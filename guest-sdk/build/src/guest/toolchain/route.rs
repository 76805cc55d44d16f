//! The ways to a toolchain for guests, and the environment variable that chooses between them.
//! Knows their names and where their compilers are.

use std::env;
use std::fmt;

use crate::Error;

/// The environment variable that leaves one way.
const VARIABLE: &str = "ABIDE_TOOLCHAIN";

/// A way to a toolchain that compiles guests.
///
/// Both are tried, in this order, unless the environment variable `ABIDE_TOOLCHAIN` names one of
/// them: to find out, on a machine that has both, whether guests build with the one that another
/// machine has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Route {
    /// `rustup`: the rustc on the PATH, which has the standard library of a target by `rustup
    /// target add`.
    Rustup,
    /// `debian`: the rustc of the distribution, which compiles the standard library from source,
    /// with the linkers of the one on the PATH where it has none.
    Debian,
}

impl Route {
    /// Every route, in the order in which they are tried.
    pub const ALL: [Route; 2] = [Route::Rustup, Route::Debian];

    /// Its name, as in `ABIDE_TOOLCHAIN`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Route::Rustup => "rustup",
            Route::Debian => "debian",
        }
    }

    pub(super) fn rustc(self) -> &'static str {
        match self {
            Route::Rustup => "rustc",
            Route::Debian => "/usr/bin/rustc",
        }
    }

    /// The routes that the environment leaves: all, or the one that `ABIDE_TOOLCHAIN` names.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRoute`] if it names none of them.
    pub fn wanted() -> Result<Vec<Route>, Error> {
        let found = env::var_os(VARIABLE).unwrap_or_default();
        Self::named(&found.to_string_lossy())
    }

    fn named(name: &str) -> Result<Vec<Route>, Error> {
        if name.is_empty() {
            return Ok(Self::ALL.to_vec());
        }
        match Self::ALL.into_iter().find(|route| route.name() == name) {
            Some(route) => Ok(vec![route]),
            None => Err(Error::UnknownRoute {
                found: name.to_owned(),
            }),
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn a_name_leaves_one_route() {
        assert_eq!(Route::named("").unwrap(), Route::ALL);
        assert_eq!(Route::named("rustup").unwrap(), [Route::Rustup]);
        assert_eq!(Route::named("debian").unwrap(), [Route::Debian]);
        assert_eq!(
            Route::named("fedora").unwrap_err().to_string(),
            "`ABIDE_TOOLCHAIN` is `fedora`; expected `rustup` or `debian`, or no such variable"
        );
    }
}
