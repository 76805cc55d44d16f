//! The requests of the README, made as they stand there, with its configuration.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use abide_build::Target;

use crate::{Proxy, folder, run};
use proxy_load::filters::{built, root};

/// Where the README's proxy listens, and tells of itself.
const ADDRESSES: [&str; 2] = ["http://127.0.0.1:8080", "http://127.0.0.1:8081"];

/// Each command with `curl` in it, and the block behind it: what it prints.
fn commands(text: &str) -> Vec<(String, String)> {
    let blocks = text.split("```").skip(1).step_by(2);
    let mut blocks = blocks.filter_map(|block| block.split_once('\n'));
    let mut commands = Vec::new();
    while let Some((kind, command)) = blocks.next() {
        if kind == "sh" && command.contains("curl") {
            let (kind, printed) = blocks.next().unwrap();
            assert_eq!(kind, "text", "what `{command}` prints");
            commands.push((command.to_owned(), printed.to_owned()));
        }
    }
    commands
}

#[test]
fn its_requests_are_answered_as_it_says() {
    let example = root().join("examples/proxy");
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let filter = |name| {
        let built = built(&example.join(name), Target::Unknown);
        built.to_str().unwrap().to_owned()
    };
    let config = fs::read_to_string(example.join("proxy.toml")).unwrap();
    let config = config
        .replace(
            "../../target/filter-proxy/artefacts",
            folder("artefacts").to_str().unwrap(),
        )
        .replace("../../target/filter-proxy/guest.wasm", &filter("guest"))
        .replace("../../target/filter-proxy/module.wasm", &filter("module"))
        .replace("127.0.0.1:9000", &free);
    let proxy = Proxy::start(&folder("readme"), &config, &["--echo", &free]).unwrap();
    run(async {
        let commands = commands(include_str!("../../../README.md"));
        assert!(commands.len() >= 7, "{commands:?}");
        for (command, expected) in commands {
            let here = command
                .replace(ADDRESSES[0], &format!("http://{}", proxy.address))
                .replace(ADDRESSES[1], &format!("http://{}", proxy.admin));
            let output = Command::new("sh").args(["-c", &here]).output().unwrap();
            let printed = String::from_utf8(output.stdout).unwrap();
            assert_eq!(printed.trim_end(), expected.trim_end(), "{command}");
        }
    });
}
