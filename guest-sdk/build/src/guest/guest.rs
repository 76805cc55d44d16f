//! The one thing that users of this crate hold: a guest to build. Puts the other files in order:
//! read the manifest, find a toolchain, run cargo, make a component.

use std::env;
use std::path::{self, Path, PathBuf};

use super::cargo::{Build, Cargo};
use super::{clash, componentize, exports, metadata, owner, rerun};
use crate::{Error, Target, Toolchain};

/// The stack of an optimised guest, in bytes. Linkers would take 1 MiB, which is most of a small
/// guest's memory and has to be wiped for every new instance.
const STACK: u32 = 128 * 1024;

/// What linkers of WebAssembly want a stack to be a multiple of.
const STACK_UNIT: u32 = 16;

/// A guest crate to be built, by the folder that holds its `Cargo.toml`.
///
/// A relative path starts at the current folder, which in a build script and in a test is the
/// folder of the package they belong to.
///
/// ```no_run
/// use abide_build::Target;
///
/// let wasm = abide_build::guest("guest").target(Target::Unknown).build()?;
/// # Ok::<(), abide_build::Error>(())
/// ```
pub fn guest(dir: impl Into<PathBuf>) -> Guest {
    Guest {
        dir: dir.into(),
        target: Target::default(),
        profile: "release".to_owned(),
        stack: None,
        target_dir: None,
        features: Vec::new(),
        default_features: true,
        module: false,
        show_output: false,
        rerun_if_changed: false,
    }
}

/// How a guest is to be built; made by [`guest`].
#[derive(Debug, Clone)]
#[must_use = "nothing happens before `build`"]
pub struct Guest {
    dir: PathBuf,
    target: Target,
    profile: String,
    stack: Option<u32>,
    target_dir: Option<PathBuf>,
    features: Vec<String>,
    default_features: bool,
    module: bool,
    show_output: bool,
    rerun_if_changed: bool,
}

impl Guest {
    /// The target to compile for; [`Target::Wasip2`] unless told.
    pub fn target(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    /// The cargo profile; `release` unless told. Guests in `dev` are many times larger and slower.
    pub fn profile(mut self, profile: impl Into<String>) -> Self {
        self.profile = profile.into();
        self
    }

    /// The stack in the guest's memory, in bytes, rounded up to a multiple of 16: 128 KiB unless
    /// told, or in the profile `dev`, whose code needs more, what the linker takes by itself, which
    /// is 1 MiB.
    ///
    /// On it are arrays, structs and whatever else is used by its address; numbers are elsewhere. A
    /// guest that runs out of it stops with a memory access out of bounds. Hosts make new instances
    /// of guests with a small memory faster: Abide's in less than half of the time where it is at
    /// most 256 KiB in all.
    ///
    /// Takes precedence over a `-zstack-size` in the guest's own configuration of cargo.
    ///
    /// ```no_run
    /// let wasm = abide_build::guest("guest").stack(1024 * 1024).build()?;
    /// # Ok::<(), abide_build::Error>(())
    /// ```
    pub fn stack(mut self, bytes: u32) -> Self {
        self.stack = Some(bytes);
        self
    }

    /// The folder for everything that is compiled.
    ///
    /// Unless told, it is `abide-guests` in the target folder of whoever asks: the one that the
    /// running build script writes to, or an absolute `$CARGO_TARGET_DIR`, or the one of the
    /// package whose test or program is running, or else the guest's own. So the guests of one
    /// workspace share what they have in common, and a build inside another build never waits for
    /// it. Guests that share a folder need names of their own. What is compiled with a standard
    /// library of another toolchain than rustc's own is in the folder `from-source` below it.
    pub fn target_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.target_dir = Some(dir.into());
        self
    }

    /// Features of the guest crate to turn on, besides those of earlier calls.
    pub fn features<S: Into<String>>(mut self, features: impl IntoIterator<Item = S>) -> Self {
        self.features.extend(features.into_iter().map(Into::into));
        self
    }

    /// Turns off the guest crate's default features.
    pub fn no_default_features(mut self) -> Self {
        self.default_features = false;
        self
    }

    /// Leaves the guest the plain module that cargo wrote, for a host of an older ABI. For
    /// [`Target::Wasip1`] it is one in any case, and for [`Target::Wasip2`] never.
    pub fn module(mut self) -> Self {
        self.module = true;
        self
    }

    /// Lets cargo's messages through to standard error as they come. Otherwise nothing is printed
    /// but a warning where the guest exports nothing, and they are in the error if the guest does
    /// not compile.
    pub fn show_output(mut self, show: bool) -> Self {
        self.show_output = show;
        self
    }

    /// For build scripts: prints `cargo::rerun-if-changed` lines for every file that the guest is
    /// made of, the crates in other folders of this machine that it uses included.
    pub fn rerun_if_changed(mut self) -> Self {
        self.rerun_if_changed = true;
        self
    }

    /// Builds the guest and returns the absolute path of its component.
    ///
    /// For `wasm32-wasip2` that is the file that cargo wrote, for `wasm32-unknown-unknown` the
    /// `<name>.component.wasm` beside it, unless it is to be a [module](Self::module). A guest that is up to date is not compiled again.
    ///
    /// # Errors
    ///
    /// Every variant of [`Error`]; each says what to do.
    pub fn build(&self) -> Result<PathBuf, Error> {
        let dir = absolute(&self.dir)?;
        let manifest = dir.join("Cargo.toml");
        if !manifest.is_file() {
            return Err(Error::NoManifest { dir });
        }
        if self.rerun_if_changed {
            // Before the build: a guest that does not compile is tried again once it has changed.
            rerun::print(&rerun::of_folder(&dir));
        }

        let cargo = Cargo::new(&dir);
        let guest = metadata::read(&cargo, &manifest)?;
        let cargo = cargo.respect_toolchain_file(&guest.workspace_root);
        let toolchain = Toolchain::find_with(&cargo, self.target)?;
        let target_dir = match &self.target_dir {
            Some(dir) => absolute(dir)?,
            None => default_target_dir(&guest.target_directory)?,
        };
        owner::claim(&target_dir, &guest.library, &manifest)?;
        let target_dir = toolchain.folder_in(target_dir);

        let artifact = Build {
            package: &guest.package,
            manifest: &manifest,
            target: self.target,
            target_dir: &target_dir,
            profile: &self.profile,
            stack: self.linked_stack(),
            features: &self.features,
            default_features: self.default_features,
            show_output: self.show_output,
        }
        .run(&cargo, &toolchain)?;
        if self.rerun_if_changed {
            rerun::print(&rerun::of_artifact(&artifact));
        }
        let component = match self.target {
            Target::Wasip1 => return Ok(artifact),
            Target::Unknown if self.module => return Ok(artifact),
            Target::Wasip2 => artifact,
            Target::Unknown => componentize::componentize(&artifact)
                .map_err(|error| self.in_words(error, &guest.package))?,
        };
        exports::warn_if_none(&component, &guest.package);
        Ok(component)
    }

    /// An encoder's error as the guest's author understands it.
    fn in_words(&self, error: Error, guest: &str) -> Error {
        let clash = match &error {
            Error::Componentize { reason, .. } => clash::find(reason),
            _ => None,
        };
        clash.map_or(error, |clash| clash.into_error(guest, self.target))
    }

    /// The stack that the linker makes, where it is not the linker's own choice.
    fn linked_stack(&self) -> Option<u32> {
        let default = (self.profile != "dev").then_some(STACK);
        let bytes = self.stack.or(default)?;
        // Too large for any memory either way, so the linker refuses both.
        Some(bytes.checked_next_multiple_of(STACK_UNIT).unwrap_or(bytes))
    }
}

fn absolute(path: &Path) -> Result<PathBuf, Error> {
    path::absolute(path).map_err(|source| Error::Io {
        action: "find the folder",
        path: path.to_owned(),
        source,
    })
}

/// The folder described at [`Guest::target_dir`]; `guests_own` is the guest's own target folder.
fn default_target_dir(guests_own: &Path) -> Result<PathBuf, Error> {
    const NAME: &str = "abide-guests";
    // Cargo marks its target folder with this file.
    let of_build_script = env::var_os("OUT_DIR").map(PathBuf::from).and_then(|out| {
        out.ancestors()
            .find(|folder| folder.join("CACHEDIR.TAG").is_file())
            .map(Path::to_owned)
    });
    if let Some(folder) = of_build_script {
        return Ok(folder.join(NAME));
    }
    // A relative one starts at a folder that only the outer cargo knew.
    let told = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    if let Some(folder) = told.filter(|folder| folder.is_absolute()) {
        return Ok(folder.join(NAME));
    }
    let caller = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    if let Some(caller) = caller.filter(|folder| folder.join("Cargo.toml").is_file()) {
        let folder = metadata::target_directory(&Cargo::new(&caller), &caller.join("Cargo.toml"))?;
        return Ok(folder.join(NAME));
    }
    Ok(guests_own.join(NAME))
}

#[cfg(test)]
mod tests {
    use super::default_target_dir;
    use std::path::Path;

    #[test]
    fn guests_of_a_test_share_a_folder_in_the_callers_target_folder() {
        let folder = default_target_dir(Path::new("/guests/own")).unwrap();
        assert!(folder.is_absolute());
        assert!(folder.ends_with("abide-guests"));
        assert!(!folder.starts_with("/guests/own"), "{}", folder.display());
    }
}
