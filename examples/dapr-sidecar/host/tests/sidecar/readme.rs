//! The requests of the README, made as they stand there, with its components.

use std::process::Command;

use crate::sdks::start;

/// Where the README's sidecar listens.
const ADDRESS: &str = "http://127.0.0.1:3500";

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
    let (sidecar, _) = start("readme", &[]);
    let commands = commands(include_str!("../../../README.md"));
    assert!(commands.len() >= 11, "{commands:?}");
    for (command, expected) in commands {
        let here = command.replace(ADDRESS, &format!("http://{}", sidecar.http));
        let output = Command::new("sh").args(["-c", &here]).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(printed.trim_end(), expected.trim_end(), "{command}");
    }
}
