//! Published modules after wasm-bindgen's command line, for the tests of `host-impl/wasmedge`: fetched
//! into `target/wasm-bindgen`. Knows where they come from; what is done with them is in the tests.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process::run_within;
use crate::progress::step;

/// Long enough for a megabyte or two on a slow line.
const LIMIT: Duration = Duration::from_secs(120);

/// What npm is to get: one of each generation of wasm-bindgen, the last of which is not served.
const PACKAGE: &str = r#"{
  "private": true,
  "dependencies": {
    "brotli-dec-wasm": "2.3.0",
    "brotli-newest": "npm:brotli-dec-wasm@2.3.2",
    "brotli-wasm": "3.0.1"
  }
}
"#;

/// And the hashes that they are to have, which npm looks at.
const LOCK: &str = r#"{
  "lockfileVersion": 3,
  "packages": {
    "": {
      "dependencies": {
        "brotli-dec-wasm": "2.3.0",
        "brotli-newest": "npm:brotli-dec-wasm@2.3.2",
        "brotli-wasm": "3.0.1"
      }
    },
    "node_modules/brotli-dec-wasm": {
      "version": "2.3.0",
      "integrity": "sha512-CNck+1A1ofvHk1oyqsKCuoIHLgD2FYy9KTVGHQlV1AKr/v/7N/Owh62nBKEcJxS3YOk+iwWhCi2rcaLhz9VN5g=="
    },
    "node_modules/brotli-newest": {
      "name": "brotli-dec-wasm",
      "version": "2.3.2",
      "integrity": "sha512-5H+k8eVLIJY6B4olN2HP9QzJAxcplf0jV7mWnkpxvOSeUE9Npg3dQ2pgLn30a9MUFHNro1iSmtdu6VNdlb+TIw=="
    },
    "node_modules/brotli-wasm": {
      "version": "3.0.1",
      "integrity": "sha512-U3K72/JAi3jITpdhZBqzSUq+DUY697tLxOuFXB+FpAE/Ug+5C3VZrv4uA674EUZHxNAuQ9wETXNqQkxZD6oL4A=="
    }
  }
}
"#;

/// Makes sure, if it can, that the modules are there. Their tests are the only ones that need them, so
/// their lack is no failure here; it is said, and not in a whisper.
pub(crate) fn get(root: &Path) {
    let folder = root.join("target/wasm-bindgen");
    let got = step("getting modules made with wasm-bindgen", || fetch(&folder));
    if let Err(error) = got {
        eprintln!(
            "\n!!! NOT TESTED: modules after wasm-bindgen. They are not to be had: {error:#}\n"
        );
    }
}

fn fetch(folder: &Path) -> Result<()> {
    let done = folder.join("done");
    if fs::read(&done).is_ok_and(|done| done == LOCK.as_bytes()) {
        return Ok(());
    }
    fs::create_dir_all(folder).context("cannot make their folder")?;
    fs::write(folder.join("package.json"), PACKAGE).context("cannot write there")?;
    fs::write(folder.join("package-lock.json"), LOCK).context("cannot write there")?;
    let mut npm = Command::new("npm");
    // Nothing that a package brings along is run.
    let npm = npm
        .current_dir(folder)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run_within(LIMIT, npm)?;
    fs::write(&done, LOCK).context("cannot note that they are there")
}
