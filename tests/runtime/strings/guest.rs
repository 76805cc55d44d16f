//! Measures texts and compares with what the host measures.

abide::abi!("test.wit");

use strings::Measure;

use guest::strings as host;

struct Plugin;

impl guest::Strings for Plugin {
    fn measured(text: String) -> Measure {
        Measure {
            bytes: text.len() as u32,
            chars: text.chars().count() as u32,
            utf16_units: text.chars().map(char::len_utf16).sum::<usize>() as u32,
        }
    }

    fn bracketed(text: String) -> String {
        format!("<{text}>")
    }

    fn joined(texts: Vec<String>, with: String) -> String {
        texts.join(&with)
    }

    fn lines(text: String) -> Vec<String> {
        text.split('\n').map(str::to_owned).collect()
    }

    fn repeated(text: String, times: u32) -> String {
        text.repeat(times as usize)
    }
}

impl guest::StringsWorld for Plugin {
    fn run(texts: Vec<String>) {
        for text in &texts {
            let here = <Plugin as guest::Strings>::measured(text.clone());
            assert_eq!(host::measured(text), here, "{text:?}");
            assert_eq!(host::bracketed(text), format!("[{text}]"));
        }
        assert_eq!(host::joined(&texts, "\0"), texts.join("\0"));
        assert_eq!(host::lines("ä\n\n\u{FEFF}ö\n"), ["ä", "", "\u{FEFF}ö", ""]);
        assert_eq!(host::repeated("🦀€", 3), "🦀€🦀€🦀€");
        assert_eq!(host::repeated("never", 0), "");
        let mebibyte = "é".repeat(1 << 19);
        assert_eq!(host::measured(&mebibyte).bytes, 1 << 20);
        assert!(host::bracketed(&mebibyte).trim_matches(['[', ']']) == mebibyte);
    }
}

export!(Plugin);
