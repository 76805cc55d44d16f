//! Calls a plug-in of Extism, as often as it is told on standard input, and says on standard output
//! how many nanoseconds that took.
//!
//! A line in is the name of a way and a number of calls; a line out is a number. The plug-in's file is
//! the only argument. It is a program of its own because Extism has a wasmtime of its own.

use std::error::Error;
use std::hint::black_box;
use std::io::{BufRead as _, Write as _};
use std::time::{Duration, Instant};

use extism::{CompiledPlugin, Manifest, Plugin, PluginBuilder, Wasm};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1);
    let file = file.ok_or("the file of the plug-in is to be the argument")?;
    let plugin = std::fs::read(file)?;
    let manifest = Manifest::new([Wasm::data(plugin)]).with_timeout(Duration::from_secs(1));
    let compiled = CompiledPlugin::new(PluginBuilder::new(manifest).with_wasi(false))?;
    let mut kept = Plugin::new_from_compiled(&compiled)?;
    let megabyte: Vec<u8> = (0..=u8::MAX).cycle().take(1024 * 1024).collect();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (way, calls) = line.split_once(' ').ok_or("a way and a number of calls")?;
        let calls: u64 = calls.parse()?;
        let start = Instant::now();
        for _ in 0..calls {
            match way {
                "add" => add(&mut kept)?,
                "echo" => {
                    let echoed: &[u8] = kept.call("echo", black_box(megabyte.as_slice()))?;
                    // Owned, as with the others.
                    let echoed = black_box(echoed.to_vec());
                    if echoed.len() != megabyte.len() {
                        return Err("other bytes came back".into());
                    }
                }
                "fresh" => add(&mut Plugin::new_from_compiled(&compiled)?)?,
                other => return Err(format!("`{other}` is not a way").into()),
            }
        }
        println!("{}", start.elapsed().as_nanos());
        std::io::stdout().flush()?;
    }
    Ok(())
}

fn add(plugin: &mut Plugin) -> Result<(), Box<dyn Error>> {
    let numbers = black_box([2, 0, 0, 0, 3, 0, 0, 0]);
    let sum: &[u8] = plugin.call("add", &numbers[..])?;
    match sum == [5, 0, 0, 0] {
        true => Ok(()),
        false => Err("another sum came back".into()),
    }
}
