//! The guests: one filter, written twice.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use abide::Limits;
use abide_build::{Error, Target};
use abide_proxy::host;
use abide_proxy_wasm::{Env, Plugin, ProxyWasm};

use crate::app::App;

/// What a guest is built from and for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A component over the WIT.
    Component,
    /// A module of the SDK of proxy-wasm.
    Module(Target),
    /// The same of an older version of it, which leaks every list of fields that it gets.
    Leaky,
}

/// All forms that can be built here.
pub(crate) fn forms() -> impl Iterator<Item = Form> {
    let all = [
        Form::Component,
        Form::Module(Target::Unknown),
        Form::Module(Target::Wasip1),
    ];
    all.into_iter().filter(|form| built(*form).is_some())
}

/// The file of a guest.
pub(crate) fn file(form: Form) -> &'static Path {
    built(form).unwrap_or_else(|| panic!("{form:?} cannot be built here"))
}

/// The file of a guest; none if it is one for `wasm32-wasip1` and there is nothing to compile it with,
/// which is said where nobody can miss it.
fn built(form: Form) -> Option<&'static Path> {
    static FILES: [OnceLock<Option<PathBuf>>; 4] = [const { OnceLock::new() }; 4];
    let (at, folder, target) = match form {
        Form::Component => (0, "proxy/guest", Target::Wasip2),
        Form::Module(Target::Unknown) => (1, "proxy/module", Target::Unknown),
        Form::Module(target) => (2, "proxy/module", target),
        Form::Leaky => (3, "proxy-leaky/module", Target::Unknown),
    };
    let file = FILES[at].get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let guest = abide_build::guest(root.join("tests/fixtures").join(folder));
        let guest = guest.target(target).target_dir(root.join("target/guests"));
        let guest = match form {
            Form::Component => guest,
            Form::Module(_) | Form::Leaky => guest.module(),
        };
        match guest.build() {
            Ok(file) => Some(file),
            Err(Error::NoToolchain { .. }) if target == Target::Wasip1 => {
                // Not by a macro, whose output tests that go well do not show.
                let text =
                    format!("\n!!! NOT TESTED: a filter for {target}, for want of a toolchain\n");
                let _ = std::io::stderr().write_all(text.as_bytes());
                None
            }
            Err(error) => panic!("{error}"),
        }
    });
    file.as_deref()
}

/// Loads a guest, whose calls are to end soon.
pub(crate) fn load(form: Form, app: &App) -> Plugin<App> {
    load_within(form, app, Duration::from_millis(500))
}

/// Loads a guest whose calls have so much time.
pub(crate) fn load_within(form: Form, app: &App, deadline: Duration) -> Plugin<App> {
    let limits = Limits::new().deadline(deadline);
    match form {
        Form::Component => {
            let builder = host::Filter::builder(app.clone()).limits(limits);
            Plugin::Component(builder.load(file(form)).unwrap())
        }
        Form::Module(_) | Form::Leaky => {
            let builder = ProxyWasm::builder(Env::new(app.clone())).limits(limits);
            ProxyWasm::of(builder.load(file(form)).unwrap()).into()
        }
    }
}
