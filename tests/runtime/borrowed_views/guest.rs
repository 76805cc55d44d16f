//! Lends pages, and checks what its host saw of them.

abide::abi!("test.wit");

use guest::sink::{self as host, Page, Tag};

struct Plugin;

fn page(number: u32) -> Page {
    let tag = |weight: u8| Tag {
        name: "é".repeat(weight.into()),
        weight,
    };
    Page {
        title: format!("page {number}"),
        tags: (0..number as u8 % 5).map(tag).collect(),
        body: vec![1; number as usize],
        note: (number % 2 == 1).then(|| format!("note {number}")),
    }
}

impl guest::BorrowedViews for Plugin {
    fn run(count: u32) -> String {
        let pages: Vec<Page> = (0..count).map(page).collect();
        let found = host::pages(&pages);
        assert_eq!(found.len(), pages.len());
        for (page, (title, sum)) in pages.iter().zip(found) {
            assert_eq!(page.title, title);
            let tags: u32 = page.tags.iter().map(|tag| u32::from(tag.weight)).sum();
            assert_eq!(page.body.len() as u32 + 3 * tags, sum);
        }
        assert_eq!(host::noted(&page(3)), Ok("note 3".to_owned()));
        assert_eq!(host::noted(&page(4)), Err("page 4".to_owned()));
        let texts: Vec<String> = pages.into_iter().map(|page| page.title).collect();
        host::joined(&texts, ", ")
    }
}

export!(Plugin);
