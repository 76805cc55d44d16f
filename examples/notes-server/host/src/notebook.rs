//! One tenant's notebook: calls of its guest, or of the logic that is compiled in.

use abide::Stats;
use notebook_abi::host_async;
use notebook_abi::notes::{Hit, Page};

use crate::app::App;
use crate::failure::Failure;
use crate::native;

/// Who answers.
#[derive(Debug)]
pub(crate) enum Notebook {
    /// A guest, whose handle is this tenant's own.
    Guest(host_async::Notebook),
    /// What is compiled in.
    Native(App),
}

impl Notebook {
    pub(crate) async fn render(&self, markdown: &str) -> Result<Page, Failure> {
        match self {
            Self::Guest(guest) => Ok(guest.notes().render(markdown).await?),
            Self::Native(_) => native::render(markdown),
        }
    }

    pub(crate) async fn save(&self, name: &str, markdown: &str) -> Result<Page, Failure> {
        match self {
            Self::Guest(guest) => Ok(guest.notes().save(name, markdown).await?),
            Self::Native(app) => app.save(name, markdown).await,
        }
    }

    pub(crate) async fn show(&self, name: &str) -> Result<Page, Failure> {
        match self {
            Self::Guest(guest) => Ok(guest.notes().show(name).await?),
            Self::Native(app) => app.show(name).await,
        }
    }

    pub(crate) async fn search(&self, words: &str) -> Result<Vec<Hit>, Failure> {
        match self {
            Self::Guest(guest) => Ok(guest.notes().search(words).await?),
            Self::Native(app) => app.search(words).await,
        }
    }

    /// What the guest's handle has counted.
    pub(crate) fn stats(&self) -> Stats {
        match self {
            Self::Guest(guest) => guest.stats(),
            Self::Native(_) => Stats::default(),
        }
    }
}
