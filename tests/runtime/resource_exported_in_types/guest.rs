//! Hands out its books in records, lists, options, results and variants, and takes them back so.

abide::abi!("test.wit");

use std::sync::atomic::{AtomicU32, Ordering};

use guest::exports::shelves::{Book, Glance, GuestBook, Labelled, Loan};

static ALIVE: AtomicU32 = AtomicU32::new(0);

struct Plugin;

struct Own(String);

fn book(title: &str) -> Book {
    ALIVE.fetch_add(1, Ordering::Relaxed);
    Book::new(Own(title.to_owned()))
}

fn title(of: &Book) -> String {
    of.get::<Own>().0.clone()
}

impl Drop for Own {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl GuestBook for Own {
    fn new(title: String) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self(title)
    }

    fn title(&self) -> String {
        self.0.clone()
    }
}

impl guest::Shelves for Plugin {
    type Book = Own;

    fn pair(a: String, b: String) -> (Book, Book) {
        (book(&a), book(&b))
    }

    fn put_label(of: Book, year: u16) -> Labelled {
        Labelled {
            label: format!("{} ({year})", title(&of)),
            book: of,
            year,
        }
    }

    fn titles(of: Vec<Labelled>) -> Vec<String> {
        of.iter()
            .map(|one| format!("{} {} {}", one.year, one.label, title(&one.book)))
            .collect()
    }

    fn lend(count: u32) -> Loan {
        match count {
            0 => Loan::Nothing,
            1 => Loan::One(book("der eine")),
            2..=9 => Loan::Several((0..count).map(|n| book(&n.to_string())).collect()),
            _ => Loan::Failed("zu viele".to_owned()),
        }
    }

    fn back(of: Loan) -> u32 {
        match of {
            Loan::Nothing => 0,
            Loan::One(_) => 1,
            Loan::Several(books) => books.len() as u32,
            Loan::Failed(text) => text.len() as u32,
        }
    }

    fn maybe(of: Option<Book>) -> Option<Option<Book>> {
        match of {
            None => Some(None),
            Some(of) if title(&of).is_empty() => None,
            Some(of) => Some(Some(of)),
        }
    }

    fn sorted(mut of: Vec<Book>) -> Vec<Book> {
        of.sort_by_key(title);
        of
    }

    fn checked(of: Result<Book, String>) -> Result<String, Book> {
        match of {
            Ok(of) => Ok(title(&of)),
            Err(text) => Err(book(&text)),
        }
    }

    fn look(at: Vec<Glance<'_>>) -> Vec<String> {
        at.iter()
            .map(|glance| format!("{}, S. {}", glance.of.get::<Own>().0, glance.page))
            .collect()
    }

    fn alive() -> u32 {
        ALIVE.load(Ordering::Relaxed)
    }
}

export!(Plugin);
