//! Two copies of one WIT package in a guest that do not agree, found in what a linker or the
//! encoder of components said. The encoder's words are those of the crate `wit-parser`.

use crate::{Error, Target};

/// What two copies of a package differ in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clash {
    /// With its version, as in `wasi:io@0.2.0`.
    pub(crate) package: String,
    /// What stands in the one and not like that in the other: the interface or world, and what
    /// about it.
    pub(crate) difference: String,
}

impl Clash {
    pub(crate) fn into_error(self, guest: &str, target: Target) -> Error {
        Error::PackageTwice {
            guest: guest.to_owned(),
            target,
            package: self.package,
            difference: self.difference,
        }
    }
}

/// The first clash that `said` tells of. It may be anything that programs write to their standard
/// error.
pub(crate) fn find(said: &str) -> Option<Clash> {
    let (_, rest) = said.split_once("failed to merge package `")?;
    let (package, rest) = rest.split_once('`')?;
    let rest = rest.trim_start_matches(" into existing copy");
    // On lines of their own with numbers, as a linker writes causes, or on one.
    let causes = rest
        .trim_start_matches(':')
        .lines()
        .map(without_number)
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty());
    let difference = causes.collect::<Vec<_>>().join(": ");
    Some(Clash {
        package: package.to_owned(),
        difference: difference.replace("failed to merge ", "in "),
    })
}

/// `4: some cause` without the number.
fn without_number(line: &str) -> &str {
    let line = line.trim();
    match line.split_once(": ") {
        Some((number, cause)) if number.bytes().all(|byte| byte.is_ascii_digit()) => cause,
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::{Clash, find};

    /// The end of what rustc 1.95 shows of a failing link for `wasm32-wasip2`.
    const LINKER: &str = "\
error: linking with `wasm-component-ld` failed: exit status: 1
  |
  = note:  \"wasm-component-ld\" \"-flavor\" \"wasm\" \"-o\" \"/t/guest.wasm\"
  = note: some arguments are omitted. use `--verbose` to show all linker arguments
  = note: error: failed to encode component

          Caused by:
              0: updating metadata for section component-type:wasip2__wasi_libc
              1: failed to merge WIT package sets together
              2: failed to merge package `wasi:io@0.2.0` into existing copy
              3: failed to merge interface `error`
              4: expected function `[method]error.to-debug-string` to be present
          

error: could not compile `guest` (lib) due to 1 previous error";

    #[test]
    fn the_words_of_the_linker_are_understood() {
        let expected = Clash {
            package: "wasi:io@0.2.0".to_owned(),
            difference: "in interface `error`: expected function `[method]error.to-debug-string` to be present"
                .to_owned(),
        };
        assert_eq!(find(LINKER), Some(expected));
    }

    #[test]
    fn so_are_those_of_the_encoder_in_one_line() {
        let text = "failed to decode world from module: failed to merge WIT package sets together: failed to merge \
                    package `demo:log@1.0.0` into existing copy: failed to merge interface `log`: mismatch in \
                    function `write`: different kinds of types";
        let expected = Clash {
            package: "demo:log@1.0.0".to_owned(),
            difference:
                "in interface `log`: mismatch in function `write`: different kinds of types"
                    .to_owned(),
        };
        assert_eq!(find(text), Some(expected));
    }

    #[test]
    fn other_errors_are_none_of_it() {
        assert_eq!(find(""), None);
        assert_eq!(find("error: linking with `wasm-component-ld` failed"), None);
        // Cut off in the middle.
        assert_eq!(find("failed to merge package `wasi:io"), None);
    }
}
