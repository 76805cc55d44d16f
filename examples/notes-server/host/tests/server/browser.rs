//! The page, in a real browser.

use std::fs;
use std::io::{Write as _, stderr};

use example_client::Browser;

use super::{FAULTY, folder, run, server};

const NOTE: &str = "\
# Garden

Water the **beans**, see [how](https://example.com).

## To do

- [ ] pears
- [x] beans

| what | how many |
| --- | --- |
| beans | 12 |
| pears | 3 |

> Whoever has a garden and a library has everything.
";

#[test]
fn what_one_types_is_rendered_kept_and_found() {
    run(async {
        let Some(browser) = Browser::start().await else {
            // Past what tests' output is kept back by.
            let told =
                "\n!!! NOT TESTED: the page in a browser. This machine has no `chromedriver`\n\n";
            let _ = stderr().write_all(told.as_bytes());
            return;
        };
        let server = server("browser", &FAULTY, "[tenants.demo]\nbreaker = 0\n");
        browser.resize(1200, 800).await;
        browser.open(&format!("http://{}/", server.address)).await;

        browser.write("#text", NOTE).await;
        browser.until("document.title === 'Garden'").await;
        browser
            .until("document.getElementById('status').textContent === '26 words'")
            .await;
        let shown = browser.framed("#shown").await;
        assert!(
            shown.starts_with("Garden\nWater the beans, see how."),
            "{shown}"
        );

        browser.write("#name", "garden").await;
        browser.click("#save").await;
        browser
            .until("document.getElementById('status').textContent === 'saved as garden'")
            .await;
        browser
            .until("document.querySelector('#hits button').textContent === 'Garden'")
            .await;
        picture(&browser, "wide.png").await;

        // Found by a word that it has, and not by another.
        browser.write("#words", "artichokes").await;
        browser
            .until("document.querySelector('#hits button') === null")
            .await;
        browser.clear("#words").await;
        browser.write("#words", "LIBRARY").await;
        browser
            .until("document.querySelector('#hits button') !== null")
            .await;

        // What was typed since is gone when the note is opened again.
        browser.clear("#text").await;
        browser.write("#text", "something else").await;
        browser
            .until("document.getElementById('status').textContent === '2 words'")
            .await;
        browser.click("#hits button").await;
        browser
            .until("document.getElementById('text').value.startsWith('# Garden')")
            .await;
        browser.until("document.title === 'Garden'").await;

        // What a note has of scripts does not run.
        browser.clear("#text").await;
        let script = "# Bad\n\n<script>parent.document.title = 'owned'</script>\n\n\
                      <img src=x onerror=\"parent.document.title = 'owned'\">\n\nstill here";
        browser.write("#text", script).await;
        browser.until("document.title === 'Bad'").await;
        let shown = browser.framed("#shown").await;
        assert!(shown.contains("still here"), "{shown}");
        browser.until("document.title === 'Bad'").await;

        // A guest that breaks is said to be broken, and the next text is rendered.
        browser.clear("#text").await;
        browser.write("#text", "!panic").await;
        browser
            .until("document.getElementById('status').classList.contains('bad')")
            .await;
        let said = browser
            .eval("document.getElementById('status').textContent")
            .await;
        assert_eq!(said, "the plugin that answers this is broken");
        browser.write("#text", " no more").await;
        browser
            .until("document.getElementById('status').textContent === '3 words'")
            .await;

        // On a phone one pane is above the other, and nothing is wider than the screen.
        browser.resize(500, 900).await;
        browser.clear("#text").await;
        browser.write("#text", NOTE).await;
        browser.until("document.title === 'Garden'").await;
        let [above, below] = [".write", ".read"]
            .map(|pane| format!("document.querySelector('{pane}').getBoundingClientRect()"));
        let stacked = format!("{above}.bottom <= {below}.top");
        browser.until(&stacked).await;
        browser
            .until("document.documentElement.scrollWidth <= window.innerWidth")
            .await;
        picture(&browser, "narrow.png").await;
        browser.quit().await;
    });
}

/// For whoever wants to look at it.
async fn picture(browser: &Browser, name: &str) {
    let folder = folder("pictures");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), browser.picture().await).unwrap();
}
