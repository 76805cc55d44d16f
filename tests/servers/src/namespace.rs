//! A network of its own, with a line to it that can be cut.

use std::io::Write as _;
use std::net::Ipv4Addr;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::program::Program;

/// Networks for tests and measurements of devices (RFC 2544), in parts of four addresses.
const NETWORKS: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 0);
const PARTS: u32 = 1 << 15;

/// A network of its own (a namespace of Linux), with a line to it that can be cut. It ends with its
/// value.
#[derive(Debug)]
pub struct Namespace {
    name: String,
    /// The ends of the line: on this side, and on that of servers.
    near: String,
    far: String,
    address: Ipv4Addr,
}

impl Namespace {
    /// Makes one. None is that the system does not let us, or has no `ip`; then that is said where
    /// nobody can miss it.
    pub fn new() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = std::process::id().wrapping_mul(8);
        let number = number.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % PARTS;
        let first = u32::from(NETWORKS) + 4 * number;
        let (here, there) = (Ipv4Addr::from(first + 1), Ipv4Addr::from(first + 2));
        let namespace = Self {
            name: format!("abide-{number}"),
            near: format!("abide{number}a"),
            far: format!("abide{number}b"),
            address: there,
        };
        match namespace.make(here) {
            Ok(()) => Some(namespace),
            Err(why) => {
                let text =
                    format!("\n!!! NOT TESTED: a cut network. There is no namespace: {why}\n");
                let _ = std::io::stderr().write_all(text.as_bytes());
                None
            }
        }
    }

    fn make(&self, here: Ipv4Addr) -> Result<(), String> {
        let (name, near, far) = (&*self.name, &*self.near, &*self.far);
        ip(&["netns", "add", name])?;
        ip(&[
            "link", "add", near, "type", "veth", "peer", "name", far, "netns", name,
        ])?;
        ip(&["address", "add", &format!("{here}/30"), "dev", near])?;
        ip(&["link", "set", near, "up"])?;
        let there = format!("{}/30", self.address);
        ip(&["-n", name, "address", "add", &there, "dev", far])?;
        ip(&["-n", name, "link", "set", far, "up"])?;
        ip(&["-n", name, "link", "set", "lo", "up"])?;
        // Some let a namespace be made, and nothing be run in it.
        ip(&["netns", "exec", name, "true"])
    }

    /// Where servers in it are found.
    pub fn address(&self) -> Ipv4Addr {
        self.address
    }

    /// Cuts the line. Nobody is told of it: what is sent is lost.
    ///
    /// # Panics
    ///
    /// It cannot be cut.
    pub fn cut(&self) {
        self.set("down");
    }

    /// Has the line be whole again.
    ///
    /// # Panics
    ///
    /// It cannot be mended.
    pub fn mend(&self) {
        self.set("up");
    }

    fn set(&self, how: &str) {
        // The far end: the near one would take the way there with it, and then people are told.
        if let Err(why) = ip(&["-n", &self.name, "link", "set", &self.far, how]) {
            panic!("the line cannot be set {how}: {why}");
        }
    }

    /// A program, to be run in it.
    pub(crate) fn run(&self, program: Program) -> Program {
        program.run_by(&["ip", "netns", "exec", &self.name])
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // The line goes with it.
        let _ = ip(&["netns", "delete", &self.name]);
    }
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("ip").args(arguments).output();
    let output = output.map_err(|error| format!("`ip` cannot be run: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => {
            let why = String::from_utf8_lossy(&output.stderr);
            Err(format!("`ip {}`: {}", arguments.join(" "), why.trim()))
        }
    }
}
