//! A proxy: each of its files has one of the host's in it.

abide::abi!("test.wit");

use std::sync::atomic::{AtomicU32, Ordering};

use guest::exports::files::{Entry, File, FileBorrow, GuestFile};
use guest::files::{self as host, Error};

static ALIVE: AtomicU32 = AtomicU32::new(0);

struct Plugin;

struct Proxy(host::File);

impl Proxy {
    fn of(inner: host::File) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self(inner)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl GuestFile for Proxy {
    fn new(name: String) -> Self {
        Self::of(host::File::new(&format!("via {name}")))
    }

    fn open(name: String) -> Result<File, Error> {
        host::File::open(&name).map(|inner| File::new(Self::of(inner)))
    }

    fn name(&self) -> String {
        format!("<{}>", self.0.name())
    }

    fn read(&self, at: u32) -> Result<Vec<u8>, Error> {
        self.0.read(at + 1)
    }

    fn same(&self, as_what: FileBorrow<'_>) -> bool {
        self.0.same(&as_what.get::<Proxy>().0)
    }
}

/// The host's file of one of ours: taking it out ends ours.
fn inner(of: File) -> host::File {
    host::File::new(&of.get::<Proxy>().0.name())
}

impl guest::Files for Plugin {
    type File = Proxy;

    fn stat(of: File) -> Entry {
        let entry = host::stat(inner(of));
        Entry {
            file: File::new(Proxy::of(entry.file)),
            size: entry.size + 1,
        }
    }

    fn total(of: Vec<FileBorrow<'_>>) -> u64 {
        let inner: Vec<&host::File> = of.iter().map(|file| &file.get::<Proxy>().0).collect();
        host::total(&inner)
    }

    fn first(of: Vec<Entry>) -> Option<File> {
        of.into_iter().next().map(|entry| entry.file)
    }
}

impl guest::ResourceImportExport for Plugin {
    fn alive() -> u32 {
        ALIVE.load(Ordering::Relaxed)
    }
}

export!(Plugin);
