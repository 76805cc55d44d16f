//! Reads along while a document is parsed: headings, links and words. Writes no HTML.

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use crate::anchors::Anchors;
use crate::links::Link;
use crate::words::Words;

/// One entry of a table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// From 1, the most important, to 6.
    pub level: u8,
    /// The text, without its markup.
    pub text: String,
    /// The `id` in the HTML: what a link to the heading has behind the `#`.
    pub anchor: String,
}

/// What a document holds, as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(crate) headings: Vec<Heading>,
    pub(crate) links: Vec<Link>,
    /// The first heading that makes a title, in `headings`.
    title: Option<usize>,
    words: Words,
    anchors: Anchors,
    in_code: bool,
    open: Option<OpenHeading>,
}

/// A heading whose end is still to come.
#[derive(Debug)]
struct OpenHeading {
    /// Where its start stands among the events.
    start: usize,
    level: u8,
    text: String,
}

impl Outline {
    pub(crate) fn title(&self) -> Option<&str> {
        let heading = self.headings.get(self.title?)?;
        Some(&heading.text)
    }

    pub(crate) fn words(&self) -> u32 {
        self.words.count()
    }

    pub(crate) fn in_heading(&self) -> bool {
        self.open.is_some()
    }

    /// Takes in one event and appends it to `events`. At the end of a heading, its start among
    /// `events` gets the anchor.
    pub(crate) fn read<'a>(&mut self, event: Event<'a>, events: &mut Vec<Event<'a>>) {
        match &event {
            Event::Start(tag) => self.start(tag, events.len()),
            Event::End(tag) => self.end(*tag, events),
            Event::Text(text) => {
                if !self.in_code {
                    self.words.text(text);
                }
                self.heading_text(text);
            }
            Event::Code(code) => self.heading_text(code),
            Event::SoftBreak | Event::HardBreak => {
                self.words.gap();
                self.heading_text(" ");
            }
            _ => {}
        }
        events.push(event);
    }

    fn heading_text(&mut self, text: &str) {
        if let Some(open) = &mut self.open {
            open.text.push_str(text);
        }
    }

    fn start(&mut self, tag: &Tag<'_>, index: usize) {
        if !is_inline(&tag.to_end()) {
            self.words.gap();
        }
        match tag {
            Tag::CodeBlock(_) => self.in_code = true,
            Tag::Heading { level, .. } => {
                self.open = Some(OpenHeading {
                    start: index,
                    level: *level as u8,
                    text: String::new(),
                });
            }
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => {
                self.links.push(match link_type {
                    LinkType::Email => Link::Url(format!("mailto:{dest_url}")),
                    _ => Link::to(dest_url),
                });
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, events: &mut [Event<'_>]) {
        if !is_inline(&tag) {
            self.words.gap();
        }
        match tag {
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::Heading(_) => {
                let Some(open) = self.open.take() else { return };
                let anchor = self.anchors.claim(&open.text);
                if let Some(Event::Start(Tag::Heading { id, .. })) = events.get_mut(open.start) {
                    *id = Some(CowStr::from(anchor.clone()));
                }
                let text = open.text.trim().to_owned();
                if self.title.is_none() && open.level == 1 && !text.is_empty() {
                    self.title = Some(self.headings.len());
                }
                self.headings.push(Heading {
                    level: open.level,
                    text,
                    anchor,
                });
            }
            _ => {}
        }
    }
}

/// Whether a tag stands in the middle of text, so that a word may go on behind it.
fn is_inline(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}
