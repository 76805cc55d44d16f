//! Records and lists that stay in the guest's memory while the host looks at them.

abide::abi!({ wit: "borrowed_views/test.wit", module: "borrowed_views", borrowed: true });

use self::sink::PageView;

#[derive(Clone)]
struct App;

impl host_async::Sink for App {
    async fn pages(&mut self, pages: Vec<PageView<'_>>) -> Vec<(String, u32)> {
        super::pause().await;
        let mut found = Vec::new();
        for page in pages {
            let mut sum: u32 = page.body.iter().copied().map(u32::from).sum();
            for tag in &page.tags {
                super::pause().await;
                sum += u32::from(tag.weight) + tag.name.len() as u32;
            }
            found.push((page.title.to_owned(), sum));
        }
        found
    }

    async fn joined(&mut self, texts: Vec<&str>, between: &str) -> String {
        super::pause().await;
        texts.join(between)
    }

    async fn noted(&mut self, page: PageView<'_>) -> Result<String, String> {
        super::pause().await;
        page.note.map(str::to_owned).ok_or(page.title.to_owned())
    }
}

#[awaited::test]
async fn they_are_seen_as_they_are() {
    let guest = load!(host_async::BorrowedViews, App);
    assert_eq!(guest.run(3).await.unwrap(), "page 0, page 1, page 2");
    assert_eq!(guest.run(0).await.unwrap(), "");
    let many = guest.run(300).await.unwrap();
    assert!(many.ends_with(", page 299"), "{many}");
}
