//! Where the programs of servers are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of `cargo xtask setup` for servers, in that of the workspace.
const FOLDER: &str = "target/servers";

/// A program, with what it needs.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    path: PathBuf,
    /// Where its libraries are, if it was unpacked rather than installed.
    libraries: Option<PathBuf>,
    /// What runs it, if it is not to be run as it is.
    runner: Vec<String>,
}

impl Program {
    /// The same, run by another, which takes it and its arguments as the last of its own.
    pub(crate) fn run_by(mut self, runner: &[&str]) -> Self {
        self.runner = runner.iter().map(|&word| word.to_owned()).collect();
        self
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = match &*self.runner {
            [] => Command::new(&self.path),
            [runner, arguments @ ..] => {
                let mut command = Command::new(runner);
                command.args(arguments).arg(&self.path);
                command
            }
        };
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command
    }
}

/// A program of the `PATH`.
pub(crate) fn installed(name: &str) -> Option<Program> {
    let path = env::var_os("PATH")?;
    let mut folders = env::split_paths(&path);
    let path = folders.find_map(|folder| {
        let program = folder.join(name);
        program.is_file().then_some(program)
    })?;
    Some(Program {
        path,
        libraries: None,
        runner: Vec::new(),
    })
}

/// A program that was put into a folder of its own.
pub(crate) fn fetched(folder: &str, name: &str) -> Option<Program> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = workspace.join(FOLDER).join(folder);
    let places = ["usr/bin", "usr/sbin", "bin"];
    let path = places.map(|place| folder.join(place).join(name));
    let path = path.into_iter().find(|path| path.is_file())?;
    Some(Program {
        path,
        libraries: libraries(&folder.join("usr/lib")),
        runner: Vec::new(),
    })
}

/// The folder of libraries, which is named for the machine.
fn libraries(folder: &Path) -> Option<PathBuf> {
    let mut machines = folder.read_dir().ok()?.flatten();
    machines.find_map(|machine| machine.path().is_dir().then(|| machine.path()))
}
