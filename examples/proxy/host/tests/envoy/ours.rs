//! The proxy of this example, with a trace.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::modules::Modules;
use crate::scenarios::Scenario;
use crate::upstream::Upstreams;

/// A proxy that runs. Dropped, it is ended.
pub(crate) struct Ours {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) trace: PathBuf,
}

/// What it is told to do: the same as Envoy.
fn configuration(
    scenario: &Scenario,
    folder: &Path,
    upstreams: Upstreams,
    modules: &Modules,
) -> String {
    let module = modules.of(scenario);
    let mut text = format!(
        "workers = 1\naccess_log = false\nartefacts = {:?}\n\
         [[routes]]\nupstream = {:?}\n\
         [upstreams.up]\naddress = '{up}'\n[upstreams.auth]\naddress = '{up}'\n\
         [upstreams.up2]\naddress = '{}'\nhttp2 = true\n\
         [upstreams.silent]\naddress = '{}'\n[upstreams.nobody]\naddress = '{}'\n",
        folder.join("artefacts"),
        scenario.upstream,
        upstreams.up2,
        upstreams.silent,
        upstreams.nobody,
        up = upstreams.up,
    );
    for name in scenario.names() {
        // Time enough for machines that do much else.
        text += &format!(
            "[[filters]]\nname = {name:?}\nfile = {module:?}\nvm_configuration = {name:?}\n\
             configuration = {:?}\ndeadline_ms = 5_000\n",
            scenario.configuration
        );
    }
    text
}

impl Ours {
    /// Starts one, in `folder`.
    pub(crate) fn start(
        folder: &Path,
        scenario: &Scenario,
        upstreams: Upstreams,
        modules: &Modules,
    ) -> Self {
        let file = folder.join(format!("{}.toml", scenario.name));
        let trace = folder.join(format!("{}.trace", scenario.name));
        fs::write(&file, configuration(scenario, folder, upstreams, modules)).unwrap();
        let log = fs::File::create(folder.join(format!("{}.log", scenario.name))).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_filter-proxy"))
            .args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"])
            .arg("--trace")
            .arg(&trace)
            .arg("--config")
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://");
        let place = folder.display();
        let address = address.unwrap_or_else(|| panic!("{line}: the log is in {place}"));
        Self {
            address: address.parse().unwrap(),
            child,
            trace,
        }
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
