//! A guest of the notes ABI. It maps between the ABI and the renderer in `notes-markdown` and tells
//! the host's log what it did; how Markdown is rendered it does not know.

use notes_abi::guest::log::{self, Level};
use notes_abi::guest::render::{Error, Heading, Link, Page};
use notes_abi::guest::{self, clock};
use notes_markdown::Refusal;

struct Plugin;

impl guest::Notes for Plugin {
    fn title(markdown: String) -> Option<String> {
        notes_markdown::title(&markdown)
    }
}

impl guest::Render for Plugin {
    fn render(markdown: String) -> Result<Page, Error> {
        let start = clock::now_ms();
        let page = notes_markdown::render(&markdown).map_err(refused)?;
        let took = clock::now_ms().saturating_sub(start);
        let bytes = markdown.len();
        log::write(
            Level::Debug,
            &format!("rendered {bytes} bytes in {took} ms"),
        );
        if page.title.is_none() {
            log::write(
                Level::Warn,
                "no title: there is no heading of level 1 with a text",
            );
        }
        Ok(Page {
            title: page.title,
            html: page.html,
            words: page.words,
            toc: page.toc.into_iter().map(heading).collect(),
            links: page.links.into_iter().map(link).collect(),
        })
    }
}

notes_abi::export!(Plugin);

fn heading(heading: notes_markdown::Heading) -> Heading {
    Heading {
        level: heading.level,
        text: heading.text,
        anchor: heading.anchor,
    }
}

fn link(link: notes_markdown::Link) -> Link {
    match link {
        notes_markdown::Link::Anchor(anchor) => Link::Anchor(anchor),
        notes_markdown::Link::File(path) => Link::File(path),
        notes_markdown::Link::Url(url) => Link::Url(url),
    }
}

fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Empty => Error::Empty,
        Refusal::TooLarge => Error::TooLarge(notes_markdown::MAX_BYTES as u64),
        Refusal::Binary(offset) => Error::Binary(offset as u64),
    }
}
