//! Scalar values: both sides of the surrogates' gap, the last one, and the one that is nothing.

abide::abi!({ wit: "chars/test.wit", module: "chars" });

#[derive(Clone)]
struct App;

impl host_async::Chars for App {
    async fn next(&mut self, of: char) -> char {
        // A range of characters steps over the surrogates.
        (of..=char::MAX).nth(1).unwrap_or('\0')
    }

    async fn reversed(&mut self, of: Vec<char>) -> Vec<char> {
        of.into_iter().rev().collect()
    }

    async fn number(&mut self, of: char) -> u32 {
        of.into()
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::CharsWorld, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::CharsWorld, App);
    let chars = guest.chars();
    for (given, expected) in [
        ('\0', '\u{1}'),
        ('z', '{'),
        ('\u{7F}', '\u{80}'),
        ('\u{7FF}', '\u{800}'),
        ('\u{D7FF}', '\u{E000}'),
        ('\u{FFFD}', '\u{FFFE}'),
        ('\u{FFFF}', '\u{10000}'),
        (char::MAX, '\0'),
    ] {
        assert_eq!(chars.next(given).await.unwrap(), expected);
        assert_eq!(chars.number(given).await.unwrap(), u32::from(given));
    }
    let text: Vec<char> = "aé€🦀\u{0}\u{FEFF}".chars().collect();
    let reversed = chars.reversed(&text).await.unwrap();
    assert_eq!(reversed.iter().collect::<String>(), "\u{FEFF}\u{0}🦀€éa");
}
