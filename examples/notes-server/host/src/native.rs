//! The guest's logic, compiled in: what the server would be without plugins.
//!
//! It is there to be compared with. It does what `examples/notes-server/guest` does, with the same
//! parts, over the same store.

use std::sync::Arc;

use notebook_abi::notes::{Error, Heading, Hit, Page};
use notebook_logic::{Query, is_name};
use notes_markdown::Refusal;

use crate::app::App;
use crate::failure::Failure;
use crate::store::Put;

pub(crate) fn render(markdown: &str) -> Result<Page, Failure> {
    let page = notes_markdown::render(markdown).map_err(refused)?;
    Ok(Page {
        title: page.title,
        html: page.html,
        words: page.words,
        headings: page.toc.into_iter().map(heading).collect(),
    })
}

impl App {
    pub(crate) async fn save(&self, name: &str, markdown: &str) -> Result<Page, Failure> {
        check(name)?;
        let page = render(markdown)?;
        let tenant = Arc::clone(&self.tenant);
        match self.store.put(tenant, name, markdown, self.most).await? {
            Put::Kept => Ok(page),
            Put::Full => Err(Error::Full(self.most).into()),
        }
    }

    pub(crate) async fn show(&self, name: &str) -> Result<Page, Failure> {
        check(name)?;
        let note = self.store.get(Arc::clone(&self.tenant), name).await?;
        render(&note.ok_or(Error::NoSuchNote)?)
    }

    pub(crate) async fn search(&self, words: &str) -> Result<Vec<Hit>, Failure> {
        let query = Query::new(words);
        let mut hits = Vec::new();
        for name in self.store.names(Arc::clone(&self.tenant)).await? {
            let Some(note) = self.store.get(Arc::clone(&self.tenant), &name).await? else {
                continue;
            };
            if let Some(line) = query.find(&note) {
                let line = line.to_owned();
                let title = notes_markdown::title(&note);
                hits.push(Hit { name, title, line });
            }
        }
        Ok(hits)
    }
}

fn check(name: &str) -> Result<(), Error> {
    is_name(name).then_some(()).ok_or(Error::BadName)
}

fn heading(heading: notes_markdown::Heading) -> Heading {
    Heading {
        level: heading.level,
        text: heading.text,
        anchor: heading.anchor,
    }
}

fn refused(refusal: Refusal) -> Failure {
    let error = match refusal {
        Refusal::Empty => Error::Empty,
        Refusal::TooLarge => Error::TooLarge(notes_markdown::MAX_BYTES as u64),
        Refusal::Binary(offset) => Error::Binary(offset as u64),
    };
    error.into()
}
