//! Guests that take what there is of their host's process: open files, threads, log.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use abide::{Artefacts, Blame, Error, Network, Result, Wasi};

use crate::fault::{Act, DEADLINE, Fault, faults};
use crate::rogue::Rogue;
use crate::setup::{Setup, component};

const MIB: u32 = 1 << 20;

/// What the guest does, so often; see its text form.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Open,
    OpenForStream = 2,
    BeginToList = 5,
    MakeSockets,
    LookUp,
    WriteAtOnce,
    Write,
    WaitForStreams,
}

/// What all rows here have in common.
const TAKES: Fault = Fault {
    guest: Setup::WITH_PROCESS,
    wasi: online_with_folder,
    times: 10,
    ..Fault::USUAL
};

faults! {
    "The guest takes what the host's process has";

    open_files: Fault {
        name: "open files",
        does: "opens a file again and again, and closes none",
        ends: "Limit(OpenFiles)",
        act: Act::Call(|guest, _| does(guest, Deed::Open, 1_000_000, 0)),
        ..TAKES
    },
    streams_of_closed_files: Fault {
        name: "streams of closed files",
        does: "opens files for a stream each, and closes all but the streams",
        ends: "Limit(OpenFiles)",
        act: Act::Call(|guest, _| does(guest, Deed::OpenForStream, 1_000_000, 0)),
        ..TAKES
    },
    listings: Fault {
        name: "large folders that are listed",
        does: "begins to list a folder of 5,000 files again and again, and ends none",
        ends: "Limit(OpenFiles)",
        act: Act::Call(|guest, _| does(guest, Deed::BeginToList, 1_000_000, 0)),
        ..TAKES
    },
    sockets: Fault {
        name: "sockets",
        does: "makes sockets and closes none",
        ends: "Limit(OpenFiles)",
        act: Act::Call(|guest, _| does(guest, Deed::MakeSockets, 1_000_000, 0)),
        ..TAKES
    },
    streams: Fault {
        name: "streams of one file",
        does: "reads a file through 500 streams; none takes a thread of its own",
        ends: crate::sort::FINE,
        act: Act::Call(|guest, _| does(guest, Deed::WaitForStreams, 500, 500 * 4)),
        ..TAKES
    },
    look_ups: Fault {
        name: "names looked up",
        does: "looks up a name 200 times at once; they wait in line for a few threads",
        ends: crate::sort::FINE,
        act: Act::Call(|guest, _| does(guest, Deed::LookUp, 200, 200)),
        ..TAKES
    },
    write_at_once: Fault {
        name: "a write above what is permitted",
        does: "writes 1 MiB of line ends at once, without asking how much it may",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| does(guest, Deed::WriteAtOnce, MIB, 0)),
        ..TAKES
    },
    line_ends: Fault {
        name: "a flood of line ends",
        does: "writes 2 MiB of line ends to its standard output",
        ends: "Limit(Output)",
        act: Act::Call(|guest, _| does(guest, Deed::Write, 2 * MIB, 0)),
        ..TAKES
    },
    endless_line_ends: Fault {
        name: "line ends without end",
        does: "writes line ends to its standard output for as long as it may",
        ends: "Timeout",
        limits: |limits| limits.output(usize::MAX).deadline(DEADLINE),
        act: Act::Call(|guest, _| does(guest, Deed::Write, 2048 * MIB, 0)),
        times: 6,
        ..TAKES
    },
    key_granted: Fault {
        name: "the key of compiled code in a granted folder",
        does: "is granted a folder in which its own compiled code is kept",
        ends: "Wasi",
        blame: Blame::Host,
        act: Act::Scene(|setup| with_artefacts(setup, |place| (place.to_owned(), place.join("kept")))),
        ..Fault::USUAL
    },
    granted_beside_key: Fault {
        name: "a granted folder beside the key of compiled code",
        does: "is granted a folder that is in the one with its compiled code",
        ends: "Wasi",
        blame: Blame::Host,
        act: Act::Scene(|setup| with_artefacts(setup, |place| (place.join("kept/granted"), place.join("kept")))),
        ..Fault::USUAL
    },
}

/// What is granted to all of them.
fn online_with_folder() -> Wasi {
    static FOLDER: LazyLock<io::Result<PathBuf>> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trust-process");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("note.txt"), "note")?;
        for number in 0..5_000 {
            fs::write(folder.join(format!("{number}.txt")), "")?;
        }
        Ok(folder)
    });
    let network = Network::new().tcp_connect("127.0.0.1:*").name_lookup();
    let wasi = Wasi::new().network(network);
    match &*FOLDER {
        Ok(folder) => wasi.preopen_read(folder, "/data"),
        // Then there is none to open, and the row says so.
        Err(_) => wasi,
    }
}

/// Has the guest do something, which gives `expected` if it comes to an end.
fn does(guest: &Rogue, deed: Deed, times: u32, expected: u32) -> Result<()> {
    match guest.take_random(u64::from(deed as u32) << 32 | u64::from(times))? {
        given if given == expected => Ok(()),
        given => Err(Error::host(format!("{deed:?} gave {given}"))),
    }
}

/// What comes of loading a guest that is granted the first folder and has its compiled code in the
/// second.
fn with_artefacts(
    setup: &Setup,
    folders: fn(&Path) -> (PathBuf, PathBuf),
) -> std::result::Result<Result<()>, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trust-granted");
    let (granted, kept) = folders(&place);
    fs::create_dir_all(&place).map_err(|error| said(&error))?;
    let artefacts = Artefacts::in_folder(kept).map_err(|error| said(&error))?;
    fs::create_dir_all(&granted).map_err(|error| said(&error))?;
    let builder = setup.builder(Setup::limits()).artefacts(&artefacts);
    let builder = builder.wasi(Wasi::new().preopen_read(granted, "/data"));
    Ok(builder.load_bytes(component(&[])).map(drop))
}
