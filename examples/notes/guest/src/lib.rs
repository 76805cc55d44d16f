//! trial
use notes_abi::guest::{self, clock, log, render::{Page, Error, Limit}};

struct Plugin;

impl guest::Notes for Plugin {
    fn title(markdown: String) -> Option<String> { markdown.lines().next().map(|x| x.to_owned()) }
}
impl guest::Render for Plugin {
    fn render(markdown: String) -> Result<Page, Error> {
        log::write(log::Level::Info, &format!("at {}", clock::now_ms()));
        if markdown.len() > 100 { return Err(Error::TooLarge(Limit { bytes: 100 })); }
        if markdown == "panic" { panic!("as asked") }
        Ok(Page { title: None, html: markdown, words: 1, toc: vec![], links: vec![] })
    }
}
notes_abi::export!(Plugin);
