//! A browser without a window, driven by WebDriver: JSON over HTTP, as the W3C wrote it down. Knows
//! nothing of the page.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use serde_json::{Value, json};

use crate::client::Connection;

/// The key of an element's name, the same in all browsers.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser, at one page. It is for tests: where the browser or the page does something else than
/// was expected, it panics and says what.
#[derive(Debug)]
pub struct Browser {
    driver: Child,
    address: SocketAddr,
    session: String,
}

impl Browser {
    /// Starts Chromium; `None` where there is none.
    pub async fn start() -> Option<Self> {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let out = BufReader::new(driver.stdout.take().unwrap());
        let port: u16 = out
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split("successfully on port ")
                    .nth(1)?
                    .trim_end_matches('.')
                    .parse()
                    .ok()
            })
            .expect("it says where it listens");
        let mut browser = Self {
            driver,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            session: String::new(),
        };
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        let wanted =
            json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}}}});
        let session = browser.command(Method::POST, "/session", wanted).await;
        browser.session = format!("/session/{}", session["sessionId"].as_str().unwrap());
        Some(browser)
    }

    async fn command(&self, method: Method, path: &str, body: Value) -> Value {
        let path = format!("{}{path}", self.session);
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let mut connection = Connection::open(self.address).await.unwrap();
        let answer = connection.ask(method, &path, body).await.unwrap();
        let mut told: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer.status, 200, "{path}: {told}");
        told["value"].take()
    }

    /// Goes to a page.
    pub async fn open(&self, url: &str) {
        self.command(Method::POST, "/url", json!({"url": url}))
            .await;
    }

    /// Makes its window so large.
    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height});
        self.command(Method::POST, "/window/rect", size).await;
    }

    /// The element that a selector finds.
    async fn element(&self, selector: &str) -> String {
        let by = json!({"using": "css selector", "value": selector});
        let found = self.command(Method::POST, "/element", by).await;
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    /// Types into what a selector finds. Into an input for files one types a path.
    pub async fn write(&self, selector: &str, text: &str) {
        let path = format!("/element/{}/value", self.element(selector).await);
        self.command(Method::POST, &path, json!({"text": text}))
            .await;
    }

    /// Empties a field.
    pub async fn clear(&self, selector: &str) {
        let path = format!("/element/{}/clear", self.element(selector).await);
        self.command(Method::POST, &path, json!({})).await;
    }

    /// Clicks on what a selector finds.
    pub async fn click(&self, selector: &str) {
        let path = format!("/element/{}/click", self.element(selector).await);
        self.command(Method::POST, &path, json!({})).await;
    }

    /// What an expression of JavaScript comes to, in the page.
    pub async fn eval(&self, expression: &str) -> Value {
        let script = json!({"script": format!("return {expression}"), "args": []});
        self.command(Method::POST, "/execute/sync", script).await
    }

    /// The text of what a frame shows.
    pub async fn framed(&self, frame: &str) -> String {
        let element = json!({"id": {ELEMENT: self.element(frame).await}});
        self.command(Method::POST, "/frame", element).await;
        let path = format!("/element/{}/text", self.element("body").await);
        let text = self.command(Method::GET, &path, Value::Null).await;
        self.command(Method::POST, "/frame", json!({"id": null}))
            .await;
        text.as_str().unwrap().to_owned()
    }

    /// Waits until an expression is true in the page.
    pub async fn until(&self, expression: &str) {
        let start = Instant::now();
        while self.eval(expression).await != Value::Bool(true) {
            let status = self
                .eval("document.getElementById('status').textContent")
                .await;
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "not so: {expression}; the page says {status}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A picture of the page, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let picture = self.command(Method::GET, "/screenshot", Value::Null).await;
        STANDARD.decode(picture.as_str().unwrap()).unwrap()
    }

    /// Ends the browser.
    pub async fn quit(self) {
        self.command(Method::DELETE, "", Value::Null).await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // After a test that failed the browser is there, too: it is of the driver's group.
        let group = format!("-{}", self.driver.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.driver.wait();
    }
}
