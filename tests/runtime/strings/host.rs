//! Text with every hazard that an encoding has.

abide::abi!({ wit: "strings/test.wit", module: "strings" });

use self::strings::Measure;

/// What breaks where text is cut, measured in the wrong unit, decoded twice or taken for C's.
const HAZARDS: &[&str] = &[
    "",
    "plain",
    // A NUL ends text in C.
    "a\0b",
    "\0",
    // A byte order mark is a character like others.
    "\u{FEFF}begins with a mark",
    // The neighbours of the surrogates, and of the planes.
    "\u{D7FF}\u{E000}",
    "\u{FFFD}\u{FFFE}\u{FFFF}\u{10000}\u{10FFFF}",
    // One, two, three and four bytes.
    "aß€🦀",
    "\u{7F}\u{80}\u{7FF}\u{800}",
    // What a reader sees as one letter, in one and in two characters: not the same text.
    "\u{E9}",
    "e\u{301}",
    // Right to left, joined, and with a flag and a family of several characters.
    "שלום עולם",
    "👨\u{200D}👩\u{200D}👧 🇩🇪",
    "e\u{301}\u{327}\u{323}\u{316}",
    // Line ends of three systems, and what JSON or a shell would escape.
    "a\r\nb\rc\n\t\"\\'`$\u{1B}",
    // Bytes that would be valid in Latin-1, and what they look like once decoded wrongly.
    "Ã©â‚¬",
    " leading and trailing \u{A0}",
];

#[derive(Clone)]
struct App;

impl host_async::Strings for App {
    async fn measured(&mut self, text: &str) -> Measure {
        super::pause().await;
        measure(text)
    }

    async fn bracketed(&mut self, text: &str) -> String {
        super::pause().await;
        format!("[{text}]")
    }

    async fn joined(&mut self, texts: Vec<String>, with: &str) -> String {
        texts.join(with)
    }

    async fn lines(&mut self, text: &str) -> Vec<String> {
        text.split('\n').map(str::to_owned).collect()
    }

    async fn repeated(&mut self, text: &str, times: u32) -> String {
        text.repeat(times as usize)
    }
}

fn measure(text: &str) -> Measure {
    Measure {
        bytes: text.len() as u32,
        chars: text.chars().count() as u32,
        utf16_units: text.encode_utf16().count() as u32,
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    let texts: Vec<String> = HAZARDS.iter().map(|text| (*text).to_owned()).collect();
    load!(host_async::StringsWorld, App)
        .run(&texts)
        .await
        .unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::StringsWorld, App);
    let strings = guest.strings();
    for text in HAZARDS {
        assert_eq!(
            strings.measured(text).await.unwrap(),
            measure(text),
            "{text:?}"
        );
        assert_eq!(strings.bracketed(text).await.unwrap(), format!("<{text}>"));
    }
    let texts: Vec<String> = HAZARDS.iter().map(|text| (*text).to_owned()).collect();
    assert_eq!(
        strings.joined(&texts, "\u{FEFF}").await.unwrap(),
        texts.join("\u{FEFF}")
    );
    assert_eq!(strings.lines("\n\0\n🦀").await.unwrap(), ["", "\0", "🦀"]);
    assert_eq!(strings.lines("").await.unwrap(), [""]);
}

#[awaited::test]
async fn a_mebibyte_is_text_like_any_other() {
    let guest = load!(host_async::StringsWorld, App);
    let strings = guest.strings();
    // Four bytes a character, and one in front so that no character begins at an even address.
    let text = format!("a{}", "🦀".repeat(1 << 18));
    assert_eq!(strings.measured(&text).await.unwrap(), measure(&text));
    assert!(strings.bracketed(&text).await.unwrap() == format!("<{text}>"));
    assert!(strings.repeated("ab€", 200_000).await.unwrap() == "ab€".repeat(200_000));
}
