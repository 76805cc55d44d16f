//! Running cargo for a guest: which cargo, in which folder, with which environment, and what it
//! says it made.

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use serde_json::Value;

use super::metadata::{is_at, kinds};
use super::{clash, environment};
use crate::{Error, Target, Toolchain};

/// The cargo for the crate in one folder.
#[derive(Debug, Clone)]
pub(crate) struct Cargo {
    program: OsString,
    dir: PathBuf,
    /// Whether a toolchain that an outer rustup chose is to be forgotten.
    choose_toolchain: bool,
}

impl Cargo {
    /// The cargo that a person would get in `dir`, or the one that is running already.
    pub(crate) fn new(dir: &Path) -> Self {
        // Under another cargo this is that very cargo, which need not be the first on the PATH.
        let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self {
            program,
            dir: dir.to_owned(),
            choose_toolchain: false,
        }
    }

    /// Lets rustup choose the toolchain anew if the guest says which one it wants.
    ///
    /// rustup's proxies pass their choice on in `RUSTUP_TOOLCHAIN`. It is right for a guest too
    /// (`cargo +nightly test` means nightly), unless the guest's workspace, which begins at
    /// `workspace_root`, has a toolchain file.
    pub(crate) fn respect_toolchain_file(mut self, workspace_root: &Path) -> Self {
        self.choose_toolchain = self
            .dir
            .ancestors()
            .take_while(|folder| folder.starts_with(workspace_root))
            .any(|folder| {
                ["rust-toolchain.toml", "rust-toolchain"]
                    .iter()
                    .any(|name| folder.join(name).is_file())
            });
        if self.choose_toolchain {
            self.program = "cargo".into();
        }
        self
    }

    /// A cargo command that starts in the guest's folder, so that the configuration and the
    /// toolchain found there apply.
    pub(crate) fn command(&self) -> Command {
        self.companion(&self.program)
    }

    /// The same for another program of the toolchain, such as rustc.
    pub(crate) fn companion(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.dir).stdin(Stdio::null());
        environment::clean(&mut command);
        if self.choose_toolchain {
            command.env_remove("RUSTUP_TOOLCHAIN");
        }
        command
    }

    /// The error for a cargo that did not start.
    pub(crate) fn start_error(&self, source: io::Error) -> Error {
        Error::Start {
            program: self.program.to_string_lossy().into_owned(),
            source,
        }
    }
}

/// One build of one guest: its library, or a program.
#[derive(Debug)]
pub(crate) struct Build<'a> {
    pub(crate) package: &'a str,
    /// The program, if it is none of a library.
    pub(crate) program: Option<&'a str>,
    pub(crate) manifest: &'a Path,
    pub(crate) target: Target,
    pub(crate) target_dir: &'a Path,
    pub(crate) profile: &'a str,
    /// In bytes; without it the linker decides.
    pub(crate) stack: Option<u32>,
    pub(crate) features: &'a [String],
    pub(crate) default_features: bool,
    pub(crate) show_output: bool,
}

impl Build<'_> {
    /// Runs the build; returns the WebAssembly file that cargo wrote.
    pub(crate) fn run(&self, cargo: &Cargo, toolchain: &Toolchain) -> Result<PathBuf, Error> {
        let mut command = cargo.command();
        // As `cargo build`, and can pass on what is for the linker of the guest itself.
        command.args(["rustc", "--message-format=json-render-diagnostics"]);
        match self.program {
            Some(program) => command.args(["--bin", program]),
            None => command.arg("--lib"),
        };
        command.arg("--manifest-path").arg(self.manifest);
        command.arg("--target").arg(self.target.triple());
        command.arg("--target-dir").arg(self.target_dir);
        command.arg("--profile").arg(self.profile);
        if !self.features.is_empty() {
            command.arg("--features").arg(self.features.join(","));
        }
        if !self.default_features {
            command.arg("--no-default-features");
        }
        // A configured build folder may be the one that the outer cargo has locked.
        command.env("CARGO_BUILD_BUILD_DIR", self.target_dir);
        toolchain.apply(&mut command);
        command.arg("--");
        if let Some(stack) = self.stack {
            command.arg(format!("-Clink-arg=-zstack-size={stack}"));
        }
        if let (Some(_), Some(start)) = (self.program, toolchain.start_of_programs()) {
            command.arg(format!("-Clink-arg={}", start.display()));
        }

        let output = match self.show_output {
            true => shown(&mut command),
            false => command.output(),
        }
        .map_err(|source| cargo.start_error(source))?;
        if !output.status.success() {
            return Err(self.failure(&output));
        }
        let kind = match self.program {
            Some(_) => "bin",
            None => "cdylib",
        };
        artifact(&output.stdout, self.manifest, kind).ok_or_else(|| Error::NoArtifact {
            package: self.package.to_owned(),
            target: self.target,
            manifest: self.manifest.to_owned(),
        })
    }

    /// Why a build failed whose output this is.
    fn failure(&self, output: &Output) -> Error {
        let stderr = said(&output.stderr);
        if let Some(clash) = clash::find(&stderr) {
            return clash.into_error(self.package, self.target);
        }
        Error::Compile {
            package: self.package.to_owned(),
            target: self.target,
            status: output.status.to_string(),
            // Once is enough.
            stderr: if self.show_output {
                String::new()
            } else {
                stderr
            },
        }
    }
}

/// Runs a program whose standard error is to be seen as it comes, and is read here, too.
fn shown(command: &mut Command) -> io::Result<Output> {
    // The program sees no terminal any more, and would write as for a file.
    if io::stderr().is_terminal() && env::var_os("CARGO_TERM_COLOR").is_none() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stderr = child
        .stderr
        .take()
        .map(|said| thread::spawn(|| pass_on(said)));
    let mut output = child.wait_with_output()?;
    if let Some(Ok(said)) = stderr.map(thread::JoinHandle::join) {
        output.stderr = said;
    }
    Ok(output)
}

/// Copies to standard error, and returns, all that can be read.
fn pass_on(mut from: impl Read) -> Vec<u8> {
    let (mut all, mut some) = (Vec::new(), [0; 4096]);
    // Who cannot be heard any more has no more to say.
    while let Ok(length @ 1..) = from.read(&mut some) {
        // Nor is it the guest's fault if nobody listens here.
        let _ = io::stderr().write_all(&some[..length]);
        all.extend_from_slice(&some[..length]);
    }
    all
}

/// What a program wrote to its standard error, as text.
pub(crate) fn said(stderr: &[u8]) -> String {
    String::from_utf8_lossy(stderr).trim().to_owned()
}

/// The `.wasm` file among cargo's messages that is what of `manifest`'s is of a kind.
fn artifact(messages: &[u8], manifest: &Path, wanted: &str) -> Option<PathBuf> {
    messages
        .split(|byte| *byte == b'\n')
        // Anything may print lines between cargo's: what is no message is not meant for us.
        .filter_map(|line| serde_json::from_slice::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter(|message| kinds(&message["target"]).any(|kind| kind == wanted))
        .filter(|message| is_at(&message["manifest_path"], manifest))
        .filter_map(|message| {
            message["filenames"]
                .as_array()?
                .iter()
                .filter_map(Value::as_str)
                .find(|name| name.ends_with(".wasm"))
                .map(PathBuf::from)
        })
        .next_back()
}

#[cfg(test)]
mod tests {
    use super::artifact;
    use std::path::{Path, PathBuf};

    #[test]
    fn the_artifact_is_the_cdylib_of_the_right_package() {
        let messages = br#"
a line from somebody else
{"reason":"compiler-artifact","manifest_path":"/no/dep/Cargo.toml","target":{"kind":["cdylib"]},"filenames":["/t/dep.wasm"]}
{"reason":"compiler-artifact","manifest_path":"/no/g/Cargo.toml","target":{"kind":["bin"]},"filenames":["/t/bin.wasm"]}
{"reason":"compiler-artifact","manifest_path":"/no/g/Cargo.toml","target":{"kind":["cdylib","rlib"]},"filenames":["/t/libg.rlib","/t/g.wasm"]}
{"reason":"build-finished","success":true}
"#;
        let found = |manifest: &str, kind| artifact(messages, Path::new(manifest), kind);
        let manifest = "/no/g/Cargo.toml";
        assert_eq!(found(manifest, "cdylib"), Some(PathBuf::from("/t/g.wasm")));
        assert_eq!(found(manifest, "bin"), Some(PathBuf::from("/t/bin.wasm")));
        assert_eq!(found("/no/other/Cargo.toml", "cdylib"), None);
    }
}
