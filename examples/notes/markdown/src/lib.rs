//! The renderer behind the notes guest: Markdown in, a [`Page`] out.
//!
//! It is plain Rust. It knows no ABI, no host and no WebAssembly, so that the same code can be run
//! natively and inside of a guest, and a test can compare what comes out.
//!
//! ```
//! let page = notes_markdown::render("# Hello\n\nSee [the rules](rules.md).")?;
//!
//! assert_eq!(page.title.as_deref(), Some("Hello"));
//! assert_eq!(page.words, 4);
//! assert_eq!(page.links, [notes_markdown::Link::File("rules.md".to_owned())]);
//! assert!(page.html.starts_with("<h1 id=\"hello\">Hello</h1>"));
//! # Ok::<(), notes_markdown::Refusal>(())
//! ```

mod anchors;
mod links;
mod outline;
mod words;

use pulldown_cmark::{Event, Options, Parser, html};

pub use links::Link;
pub use outline::Heading;
use outline::Outline;

/// The largest document that is rendered, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;

/// A document, rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The text of the first heading of level 1 that has any.
    pub title: Option<String>,
    /// The document as HTML, without `<html>` and `<body>`. Every heading has its anchor as `id`.
    /// HTML that stands in the document is passed on as it is.
    pub html: String,
    /// How many words the text has, code left out.
    pub words: u32,
    /// The headings, in the order of the document.
    pub toc: Vec<Heading>,
    /// The links, in the order of the document. Images are no links.
    pub links: Vec<Link>,
}

/// Why a document is not rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is nothing in it but white space.
    #[error("the document is empty")]
    Empty,
    /// It has more than [`MAX_BYTES`].
    #[error("the document has more than {MAX_BYTES} bytes")]
    TooLarge,
    /// It holds a NUL character, first at this offset in bytes: most likely it is no text.
    #[error("the document is no text: there is a NUL character at byte {0}")]
    Binary(usize),
}

/// Renders a document: CommonMark with tables, footnotes, task lists and strikethrough.
///
/// # Errors
///
/// A [`Refusal`], where the document is empty, too large or no text. There is no such thing as a
/// syntax error in Markdown.
pub fn render(markdown: &str) -> Result<Page, Refusal> {
    check(markdown)?;
    let mut outline = Outline::default();
    // All events are kept: a heading's anchor stands before its text and is made of it.
    let mut events: Vec<Event<'_>> = Vec::new();
    for event in parser(markdown) {
        outline.read(event, &mut events);
    }
    let mut html = String::with_capacity(markdown.len() + markdown.len() / 2);
    html::push_html(&mut html, events.into_iter());
    let title = outline.title().map(str::to_owned);
    Ok(Page {
        title,
        html,
        words: outline.words(),
        toc: outline.headings,
        links: outline.links,
    })
}

/// The title that [`render`] would find, without rendering what comes after it.
///
/// A document that would be refused has none.
///
/// ```
/// assert_eq!(notes_markdown::title("## A\n# B *c*\n# D"), Some("B c".to_owned()));
/// assert_eq!(notes_markdown::title("no heading"), None);
/// ```
#[must_use]
pub fn title(markdown: &str) -> Option<String> {
    check(markdown).ok()?;
    let mut outline = Outline::default();
    let mut events = Vec::new();
    for event in parser(markdown) {
        outline.read(event, &mut events);
        // Nothing is rendered, so no event is looked at again once its heading is closed.
        if !outline.in_heading() {
            events.clear();
        }
        if let Some(title) = outline.title() {
            return Some(title.to_owned());
        }
    }
    None
}

fn parser(markdown: &str) -> Parser<'_> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    Parser::new_ext(markdown, options)
}

fn check(markdown: &str) -> Result<(), Refusal> {
    if markdown.len() > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    if let Some(offset) = markdown.find('\0') {
        return Err(Refusal::Binary(offset));
    }
    if markdown.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Heading, Link, MAX_BYTES, Refusal, render, title};

    fn heading(level: u8, text: &str, anchor: &str) -> Heading {
        Heading {
            level,
            text: text.to_owned(),
            anchor: anchor.to_owned(),
        }
    }

    #[test]
    fn headings_become_the_table_of_contents() {
        let page = render("# A `b` *c*\n\n## A b c\n\nSetext\n===\n\n###### !\n").unwrap();
        assert_eq!(page.title.as_deref(), Some("A b c"));
        assert_eq!(
            page.toc,
            [
                heading(1, "A b c", "a-b-c"),
                heading(2, "A b c", "a-b-c-1"),
                heading(1, "Setext", "setext"),
                heading(6, "!", "section"),
            ]
        );
        assert_eq!(
            page.html,
            "<h1 id=\"a-b-c\">A <code>b</code> <em>c</em></h1>\n<h2 id=\"a-b-c-1\">A b c</h2>\n\
             <h1 id=\"setext\">Setext</h1>\n<h6 id=\"section\">!</h6>\n"
        );
    }

    #[test]
    fn links_are_listed_in_order_and_images_are_not() {
        let text = "[a](#top) ![i](i.png) [b](../b.md#x) <https://c.d> <me@e.f>\n\n\
                    [g][ref] //h [i](//j/k)\n\n[ref]: tel:1 \"t\"\n";
        let expected = [
            Link::Anchor("top".to_owned()),
            Link::File("../b.md#x".to_owned()),
            Link::Url("https://c.d".to_owned()),
            Link::Url("mailto:me@e.f".to_owned()),
            Link::Url("tel:1".to_owned()),
            Link::Url("//j/k".to_owned()),
        ];
        assert_eq!(render(text).unwrap().links, expected);
    }

    #[test]
    fn what_cannot_be_rendered_is_refused() {
        assert_eq!(render(""), Err(Refusal::Empty));
        assert_eq!(render(" \n\t\u{a0}\n"), Err(Refusal::Empty));
        assert_eq!(render("é\0"), Err(Refusal::Binary(2)));
        assert!(render(&"a ".repeat(MAX_BYTES / 2)).is_ok());
        assert_eq!(render(&"a".repeat(MAX_BYTES + 1)), Err(Refusal::TooLarge));
    }

    #[test]
    fn a_title_alone_is_that_of_the_page() {
        for text in [
            "",
            "a\0",
            "# \n\n# second",
            "> # quoted\n\n# x",
            "## deep",
            "# t",
        ] {
            let page = render(text).ok();
            assert_eq!(title(text), page.and_then(|page| page.title), "{text:?}");
        }
    }
}
