//! The guests: one filter, written twice.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use abide::{Builder, Limits};
use abide_build::Target;
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
}

/// All forms that there are.
pub(crate) const FORMS: [Form; 3] = [
    Form::Component,
    Form::Module(Target::Unknown),
    Form::Module(Target::Wasip1),
];

pub(crate) fn file(form: Form) -> &'static Path {
    static FILES: [OnceLock<PathBuf>; 3] = [const { OnceLock::new() }; 3];
    let (at, folder, target) = match form {
        Form::Component => (0, "guest", Target::Wasip2),
        Form::Module(Target::Unknown) => (1, "module", Target::Unknown),
        Form::Module(target) => (2, "module", target),
    };
    FILES[at].get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let guest = abide_build::guest(root.join("tests/fixtures/proxy").join(folder));
        let guest = guest.target(target).target_dir(root.join("target/guests"));
        let guest = match form {
            Form::Component => guest,
            Form::Module(_) => guest.module(),
        };
        guest.build().unwrap_or_else(|error| panic!("{error}"))
    })
}

fn settings<W: abide::HostedBy<H>, H>(builder: Builder<W>) -> Builder<W> {
    builder.limits(Limits::new().deadline(Duration::from_millis(500)))
}

/// Loads a guest.
pub(crate) fn load(form: Form, app: &App) -> Plugin<App> {
    match form {
        Form::Component => {
            let builder = settings::<_, App>(host::Filter::builder(app.clone()));
            Plugin::Component(builder.load(file(form)).unwrap())
        }
        Form::Module(_) => {
            let builder = settings::<_, Env<App>>(ProxyWasm::builder(Env::new(app.clone())));
            ProxyWasm::of(builder.load(file(form)).unwrap()).into()
        }
    }
}
