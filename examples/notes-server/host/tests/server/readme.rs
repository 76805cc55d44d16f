//! The requests of the README, made as they stand there.

use std::process::Command;

use super::{SOUND, run, server};

/// Where the README's server listens.
const ADDRESS: &str = "http://127.0.0.1:8080";

/// Each command with `curl` in it, and the block behind it: what it prints.
fn commands(text: &str) -> Vec<(String, String)> {
    let mut blocks = text
        .split("```")
        .skip(1)
        .step_by(2)
        .filter_map(|block| block.split_once('\n'));
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
    let server = server(
        "readme",
        &SOUND,
        "[tenants.demo]\n[tenants.guest]\nfresh = true\n",
    );
    run(async {
        let commands = commands(include_str!("../../../README.md"));
        assert!(commands.len() >= 5, "{commands:?}");
        for (command, expected) in commands {
            let here = command.replace(ADDRESS, &format!("http://{}", server.address));
            let output = Command::new("sh").args(["-c", &here]).output().unwrap();
            let printed = String::from_utf8(output.stdout).unwrap();
            assert_eq!(printed.trim_end(), expected.trim_end(), "{command}");
        }
    });
}
