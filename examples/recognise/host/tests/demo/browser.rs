//! The page, in a real browser.

use std::fs;
use std::path::{Path, PathBuf};

use example_client::Browser;
use recognise_load::Demo;

use super::{Over, demo, fetched, folder, not_tested, run};

/// The text of an element.
fn text(id: &str) -> String {
    format!("document.getElementById('{id}').textContent")
}

/// Where the photos are.
fn photo(name: &str) -> PathBuf {
    let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/recognise/photos");
    // Browsers take no path with dots in it.
    photos.join(name).canonicalize().unwrap()
}

async fn choose(browser: &Browser, path: &Path) {
    browser.write("#file", path.to_str().unwrap()).await;
}

async fn is_said(browser: &Browser, label: &str) {
    let first = "document.querySelector('#labels li span')";
    browser
        .until(&format!(
            "{first} !== null && {first}.textContent === '{label}'"
        ))
        .await;
    browser
        .until("document.getElementById('grey').naturalWidth > 100")
        .await;
}

async fn open(demo: &Demo) -> Option<Browser> {
    let Some(browser) = Browser::start().await else {
        not_tested(
            "the page of the recognition demo in a browser. This machine has no `chromedriver`",
        );
        return None;
    };
    browser.resize(1180, 1020).await;
    browser.open(&format!("http://{}/", demo.address())).await;
    Some(browser)
}

#[test]
fn a_picture_is_named_made_grey_and_kept_and_a_text_is_refused() {
    let Some(_) = fetched() else { return };
    run(async {
        let demo = demo("browser", Over::Http, "");
        let Some(browser) = open(&demo).await else {
            return;
        };
        browser
            .until(&format!(
                "{} === 'What you send is kept here.'",
                text("history")
            ))
            .await;
        browser
            .until("document.querySelectorAll('#services li:not(.away)').length === 3")
            .await;

        choose(&browser, &photo("chelsea.png")).await;
        is_said(&browser, "Egyptian cat").await;
        browser.until("document.title === 'Egyptian cat'").await;
        browser
            .until("document.querySelectorAll('#labels li').length === 5")
            .await;
        let share = browser
            .eval("document.querySelector('#labels li span:nth-child(2)').textContent")
            .await;
        let share: f64 = share
            .as_str()
            .unwrap()
            .trim_end_matches(" %")
            .parse()
            .unwrap();
        assert!((75.0..90.0).contains(&share), "{share}");
        for part in ["Decoding", "Inference", "Guests", "History"] {
            browser
                .until(&format!("{}.includes('{part}')", text("times")))
                .await;
        }
        browser
            .until(&format!("{}.endsWith(' ms')", text("total")))
            .await;
        // The twin is grey: what is drawn of it has as much red as blue.
        let grey = "(() => { const c = document.createElement('canvas'); c.width = c.height = 8; \
                    const d = c.getContext('2d'); d.drawImage(document.getElementById('grey'), 0, 0, 8, 8); \
                    const p = d.getImageData(0, 0, 8, 8).data; let all = true; \
                    for (let i = 0; i < p.length; i += 4) all &&= p[i] === p[i + 1] && p[i] === p[i + 2]; \
                    return all; })()";
        browser.until(grey).await;

        choose(&browser, &photo("coffee.png")).await;
        is_said(&browser, "Espresso").await;
        browser
            .until("document.querySelectorAll('#history button').length === 2")
            .await;
        browser
            .until(
                "[...document.querySelectorAll('#history img')].every((i) => i.naturalWidth > 0)",
            )
            .await;
        browser
            .until("document.querySelector('#history button b').textContent === 'Espresso'")
            .await;

        // A text is no picture, and the page says so.
        let words = folder("browser").join("words.txt");
        fs::write(&words, "These are words and no picture.\n").unwrap();
        choose(&browser, &words.canonicalize().unwrap()).await;
        browser
            .until("document.getElementById('status').classList.contains('bad')")
            .await;
        let said = browser.eval(&text("status")).await;
        let expected =
            "words.txt: This is no picture that is known here: JPEG, PNG, GIF, BMP and WebP are.";
        assert_eq!(said, expected);
        browser
            .until("document.getElementById('grey').hidden")
            .await;
        picture(&browser, "error.png").await;

        // What was kept is there after the page is loaded anew, and is shown again.
        browser.open(&format!("http://{}/", demo.address())).await;
        browser
            .until("document.querySelectorAll('#history button').length === 2")
            .await;
        browser.click("#history li:nth-child(2) button").await;
        is_said(&browser, "Egyptian cat").await;
        browser.quit().await;
    });
}

#[test]
fn a_service_that_is_away_is_seen() {
    let Some(_) = fetched() else { return };
    run(async {
        let mut demo = demo("browser-away", Over::Http, "");
        let Some(browser) = open(&demo).await else {
            return;
        };
        browser
            .until("document.querySelectorAll('#services li:not(.away)').length === 3")
            .await;
        demo.kill("grey").unwrap();
        browser
            .until("document.querySelector('[data-service=grey]').classList.contains('away')")
            .await;
        choose(&browser, &photo("rocket.jpg")).await;
        browser
            .until(&format!(
                "{}.includes('`grey` cannot be reached')",
                text("status")
            ))
            .await;
        demo.restart("grey").unwrap();
        choose(&browser, &photo("rocket.jpg")).await;
        is_said(&browser, "Missile").await;
        browser.quit().await;
    });
}

#[test]
fn on_a_phone_one_thing_is_above_the_other_and_nothing_is_cut() {
    let Some(_) = fetched() else { return };
    run(async {
        let demo = demo("phone", Over::Process, "");
        let Some(browser) = open(&demo).await else {
            return;
        };
        browser.resize(500, 900).await;
        let fits = "document.documentElement.scrollWidth <= window.innerWidth";
        browser.until(fits).await;
        picture(&browser, "phone-empty.png").await;
        choose(&browser, &photo("chelsea.png")).await;
        is_said(&browser, "Egyptian cat").await;
        browser.until(fits).await;
        let [look, said] = [".look", ".said"]
            .map(|part| format!("document.querySelector('{part}').getBoundingClientRect()"));
        browser.until(&format!("{look}.bottom <= {said}.top")).await;
        picture(&browser, "phone.png").await;
        browser.quit().await;
    });
}

/// Writes the pictures of `docs` anew: `cargo test --workspace --test demo -- --ignored
/// write_the_pictures`.
#[test]
#[ignore = "writes into docs"]
fn write_the_pictures() {
    let Some(_) = fetched() else { return };
    run(async {
        let demo = demo("pictures-demo", Over::Http, "");
        let Some(browser) = open(&demo).await else {
            return;
        };
        for (name, label) in [
            ("rocket.jpg", "Missile"),
            ("camera.png", "Tripod"),
            ("coffee.png", "Espresso"),
            ("chelsea.png", "Egyptian cat"),
        ] {
            choose(&browser, &photo(name)).await;
            is_said(&browser, label).await;
        }
        browser
            .until("document.querySelectorAll('#history button').length === 4")
            .await;
        // Long enough for lines of memory and numbers of calls.
        tokio::time::sleep(std::time::Duration::from_secs(7)).await;
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs");
        fs::write(docs.join("recognise-page.png"), browser.picture().await).unwrap();
        browser.resize(500, 1000).await;
        fs::write(docs.join("recognise-phone.png"), browser.picture().await).unwrap();
        browser.quit().await;
    });
}

/// For whoever wants to look at it.
async fn picture(browser: &Browser, name: &str) {
    let folder = folder("pictures");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), browser.picture().await).unwrap();
}
