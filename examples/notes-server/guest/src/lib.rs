//! A guest of the notebook ABI. It puts together what the host's store, the renderer in
//! `notes-markdown` and the rules in `notebook-logic` do, and knows none of them from inside.

#[cfg(feature = "faults")]
mod faults;

use notebook_abi::guest::notes::{Error, Heading, Hit, Page};
use notebook_abi::guest::{self, store};
use notebook_logic::{Query, is_name};
use notes_markdown::Refusal;

struct Plugin;

impl guest::Notes for Plugin {
    fn render(markdown: String) -> Result<Page, Error> {
        render(&markdown)
    }

    fn save(name: String, markdown: String) -> Result<Page, Error> {
        check(&name)?;
        let page = render(&markdown)?;
        store::put(&name, &markdown).map_err(Error::Full)?;
        Ok(page)
    }

    fn show(name: String) -> Result<Page, Error> {
        check(&name)?;
        render(&store::get(&name).ok_or(Error::NoSuchNote)?)
    }

    fn search(words: String) -> Vec<Hit> {
        let query = Query::new(&words);
        let hit = |name: String| {
            // It may have gone since the names were asked for, where hosts forget notes.
            let note = store::get(&name)?;
            let line = query.find(&note)?.to_owned();
            let title = notes_markdown::title(&note);
            Some(Hit { name, title, line })
        };
        store::names().into_iter().filter_map(hit).collect()
    }
}

notebook_abi::export!(Plugin);

fn check(name: &str) -> Result<(), Error> {
    is_name(name).then_some(()).ok_or(Error::BadName)
}

fn render(markdown: &str) -> Result<Page, Error> {
    #[cfg(feature = "faults")]
    faults::obey(markdown);
    let page = notes_markdown::render(markdown).map_err(refused)?;
    Ok(Page {
        title: page.title,
        html: page.html,
        words: page.words,
        headings: page.toc.into_iter().map(heading).collect(),
    })
}

fn heading(heading: notes_markdown::Heading) -> Heading {
    Heading {
        level: heading.level,
        text: heading.text,
        anchor: heading.anchor,
    }
}

fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Empty => Error::Empty,
        Refusal::TooLarge => Error::TooLarge(notes_markdown::MAX_BYTES as u64),
        Refusal::Binary(offset) => Error::Binary(offset as u64),
    }
}
