//! Secrets and bindings through a guest: from files and variables, to a server of HTTP, and to the
//! files of a folder.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use abide_dapr::invocation::{Request, Response, Verb};
use abide_dapr_host::embedded::{Broker, Cron, Environment, Folder, Http, Memory, SecretsFile};
use abide_dapr_host::{App, Builder, Component, Dapr, Limits, Service, files};
use abide_dapr_tests::{block_on, guest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const APP: &str = "parts";

/// What the guest wants whatever is tested.
fn builder() -> Builder {
    Dapr::builder()
        .component(Component::state("store", Memory::new()))
        .component(Component::pubsub("pubsub", Broker::new()))
        .component(Component::binding("ticks", Cron::new("@every 1h").unwrap()))
}

/// A host with the guest at work.
struct Guest {
    /// Called as it is: a call through the host would end at its deadline, as those of the guest do.
    app: Arc<dyn App>,
    _service: Service,
}

impl Guest {
    async fn start(builder: Builder) -> Self {
        let dapr = builder.build().unwrap();
        let app: Arc<dyn App> = Arc::new(guest(dapr.host(APP)).await);
        Self {
            _service: dapr.run(APP, Arc::clone(&app)).await.unwrap(),
            app,
        }
    }

    async fn call(&self, method: &str, query: &[(&str, &str)], data: &[u8]) -> Response {
        let query = query.iter();
        let request = Request {
            verb: Verb::Post,
            method: method.to_owned(),
            query: query
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            content_type: "text/plain".to_owned(),
            data: data.to_vec(),
            metadata: Vec::new(),
        };
        self.app.on_invoke(&request).await.unwrap()
    }

    /// What it answers when all is well.
    async fn ask(&self, method: &str, query: &[(&str, &str)], data: &[u8]) -> String {
        let response = self.call(method, query, data).await;
        let text = String::from_utf8(response.data).unwrap();
        assert_eq!(response.status, 200, "{method}: {text}");
        text
    }

    /// What it says when something is refused: the error by its name.
    async fn refused(&self, method: &str, query: &[(&str, &str)], data: &[u8]) -> String {
        let response = self.call(method, query, data).await;
        let text = String::from_utf8(response.data).unwrap();
        assert_eq!(response.status, 500, "{method}: {text}");
        text
    }
}

/// A folder of this test, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("dapr")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn secrets_of_a_file() {
    let file = folder("secrets").join("secrets.json");
    let mut out = std::fs::File::create(&file).unwrap();
    out.write_all(br#"{"password":"open sesame","db":{"user":"shop","port":5432}}"#)
        .unwrap();
    block_on(async {
        let secrets = SecretsFile::read(&file, ":", false).unwrap();
        let guest = Guest::start(builder().component(Component::secrets("secrets", secrets))).await;
        let asked = guest.ask("secret", &[], b"password").await;
        assert_eq!(asked, r#"[["password","open sesame"]]"#);
        assert_eq!(
            guest.ask("secret", &[], b"db:user").await,
            r#"[["db:user","shop"]]"#
        );
        let all = guest.ask("secrets", &[], b"").await;
        let wanted = r#"[["db:port",[["db:port","5432"]]],["db:user",[["db:user","shop"]]],["password",[["password","open sesame"]]]]"#;
        assert_eq!(all, wanted);
        let none = guest.refused("secret", &[], b"nothing").await;
        assert_eq!(none, r#"NotFound("nothing")"#);
        let empty = guest.refused("secret", &[], b"").await;
        assert!(empty.starts_with("Invalid("), "{empty}");
        // With several values: what stands at the top is one secret.
        let secrets = SecretsFile::read(&file, ":", true).unwrap();
        let guest = Guest::start(builder().component(Component::secrets("secrets", secrets))).await;
        let asked = guest.ask("secret", &[], b"db").await;
        assert_eq!(asked, r#"[["port","5432"],["user","shop"]]"#);
    });
}

#[test]
fn secrets_of_the_environment() {
    // Cargo sets it when it runs a test, and `CARGO_MANIFEST_PATH` beside it.
    let prefix = "CARGO_MANIFEST_D";
    let expected = std::env::var("CARGO_MANIFEST_DIR").ok();
    block_on(async {
        let secrets = Environment::with_prefix(prefix);
        let guest = Guest::start(builder().component(Component::secrets("secrets", secrets))).await;
        let asked = guest.call("secret", &[], b"IR").await;
        let text = String::from_utf8(asked.data).unwrap();
        match expected {
            Some(value) => assert_eq!(text, format!(r#"[["IR",{value:?}]]"#)),
            None => assert_eq!(text, r#"NotFound("IR")"#),
        }
        // What does not begin so is not there, whatever a guest says.
        for key in ["PATH", "../PATH", "=", "\0", "IR=x"] {
            let none = guest.refused("secret", &[], key.as_bytes()).await;
            assert_eq!(none, format!("NotFound({key:?})"));
        }
        let all = guest.ask("secrets", &[], b"").await;
        assert!(!all.contains("PATH\""), "{all}");
    });
}

#[test]
fn secrets_are_for_those_in_the_scopes() {
    block_on(async {
        let secrets = Component::secrets("secrets", Environment::with_prefix("CARGO_"));
        let guest = Guest::start(builder().component(secrets.scopes(["other"]))).await;
        let asked = guest.refused("secret", &[], b"MANIFEST_DIR").await;
        assert_eq!(asked, r#"NoComponent("secrets")"#);
    });
}

/// A server of HTTP that says what it was asked. Of `/slow` it says nothing, and of `/status/N`
/// that status.
async fn serve(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(answer(stream));
    }
}

async fn answer(mut stream: TcpStream) {
    let mut asked = Vec::new();
    let (head, mut rest) = loop {
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => return,
            Ok(read) => asked.extend_from_slice(&part[..read]),
        }
        let text = String::from_utf8_lossy(&asked).into_owned();
        if let Some((head, rest)) = text.split_once("\r\n\r\n") {
            break (head.to_owned(), rest.to_owned());
        }
    };
    let length = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        })
        .unwrap_or(0);
    while rest.len() < length {
        let mut part = [0; 4096];
        let read = stream.read(&mut part).await.unwrap();
        rest.push_str(&String::from_utf8_lossy(&part[..read]));
    }
    let mut words = head.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    if path.ends_with("/slow") {
        tokio::time::sleep(Duration::from_secs(3_600)).await;
    }
    let status = path
        .split_once("/status/")
        .map_or("200", |(_, status)| status);
    let of = |name: &str| {
        let mut lines = head.lines();
        let line = lines.find(|line| line.to_ascii_lowercase().starts_with(name));
        line.map_or("-", |line| line.split_once(": ").unwrap().1)
            .to_owned()
    };
    let body = match method {
        "HEAD" => String::new(),
        _ => format!(
            "{method} {path} token={} own={} {rest}",
            of("x-token:"),
            of("x-own:")
        ),
    };
    let answer = format!(
        "HTTP/1.1 {status} Said\r\nx-said: yes\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
}

#[test]
fn a_binding_calls_a_server_of_http() {
    block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(serve(listener));
        let http = Http::new(&format!("http://{address}/base")).unwrap();
        let strict = http.clone().field("X-Token", "open sesame").unwrap();
        let lenient = http.error_if_not_2xx(false);
        // A port that was free a moment ago.
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let nobody = Http::new(&format!("http://{}", gone.local_addr().unwrap())).unwrap();
        drop(gone);
        let builder = builder()
            .limits(Limits::new().deadline(Duration::from_secs(2)))
            .component(Component::binding("web", strict))
            .component(Component::binding("lenient", lenient))
            .component(Component::binding("nobody", nobody));
        let guest = Guest::start(builder).await;
        let posted = [
            ("name", "web"),
            ("operation", "create"),
            ("path", "/orders"),
            ("X-Own", "7"),
        ];
        let said = guest.ask("bind", &posted, b"two tulips").await;
        assert!(
            said.starts_with(r#"["POST /base/orders token=open sesame own=7 two tulips","#),
            "{said}"
        );
        assert!(said.contains(r#"["statusCode","200"]"#), "{said}");
        assert!(said.contains(r#"["x-said","yes"]"#), "{said}");
        for operation in ["get", "put", "patch", "delete", "options"] {
            let asked = [("name", "web"), ("operation", operation)];
            let said = guest.ask("bind", &asked, b"x").await;
            let wanted = format!(r#"["{} /base token="#, operation.to_uppercase());
            assert!(said.starts_with(&wanted), "{said}");
        }
        let bind = |name: &'static str, path: &'static str| {
            [("name", name), ("operation", "get"), ("path", path)]
        };
        let refused = guest
            .refused("bind", &bind("web", "/status/404"), b"")
            .await;
        assert!(refused.contains(r#"code: "404""#), "{refused}");
        let said = guest
            .ask("bind", &bind("lenient", "/status/404"), b"")
            .await;
        assert!(said.contains(r#"["statusCode","404"]"#), "{said}");
        let late = guest.refused("bind", &bind("web", "/slow"), b"").await;
        assert_eq!(late, "Timeout");
        let refused = guest.refused("bind", &bind("nobody", "/"), b"").await;
        assert!(refused.starts_with("Unavailable("), "{refused}");
        let unknown = [("name", "web"), ("operation", "fly")];
        let refused = guest.refused("bind", &unknown, b"").await;
        assert!(refused.starts_with("Unsupported("), "{refused}");
        let refused = guest.refused("bind", &bind("nowhere", "/"), b"").await;
        assert_eq!(refused, r#"NoComponent("nowhere")"#);
        server.abort();
    });
}

#[test]
fn a_binding_keeps_files() {
    let root = folder("files");
    std::fs::write(root.with_file_name("outside"), "secret").unwrap();
    block_on(async {
        let files = Component::binding("files", Folder::new(&root).unwrap());
        let guest = Guest::start(builder().component(files)).await;
        let bind = |operation: &'static str, file: &'static str| {
            [
                ("name", "files"),
                ("operation", operation),
                ("fileName", file),
            ]
        };
        let said = guest
            .ask("bind", &bind("create", "a/b.txt"), b"hello")
            .await;
        assert_eq!(said, r#"["{\"fileName\":\"a/b.txt\"}",[]]"#);
        assert_eq!(std::fs::read(root.join("a/b.txt")).unwrap(), b"hello");
        assert_eq!(
            guest.ask("bind", &bind("get", "a/b.txt"), b"").await,
            r#"["hello",[]]"#
        );
        let listed = [("name", "files"), ("operation", "list")];
        assert_eq!(
            guest.ask("bind", &listed, b"").await,
            r#"["[\"a/b.txt\"]",[]]"#
        );
        for operation in ["create", "get", "delete"] {
            let refused = guest
                .refused("bind", &bind(operation, "../outside"), b"x")
                .await;
            assert!(refused.starts_with("Invalid("), "{operation}: {refused}");
        }
        let none = guest.refused("bind", &bind("get", "none"), b"").await;
        assert_eq!(none, r#"NotFound("none")"#);
        guest.ask("bind", &bind("delete", "a/b.txt"), b"").await;
        assert!(!root.join("a/b.txt").exists());
        // Without a name it has one of its own.
        let unnamed = [("name", "files"), ("operation", "create")];
        guest.ask("bind", &unnamed, b"x").await;
        let files = std::fs::read_dir(&root).unwrap().flatten();
        assert_eq!(files.filter(|file| file.path().is_file()).count(), 1);
        let nothing = guest.refused("bind", &bind("fly", "x"), b"").await;
        assert!(nothing.starts_with("Unsupported("), "{nothing}");
        assert_eq!(
            std::fs::read(root.with_file_name("outside")).unwrap(),
            b"secret"
        );
    });
}

const SETTINGS: &str = "
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: { name: configuration }
spec:
  type: configuration.local.file
  version: v1
  metadata: [{ name: path, value: settings.json }]
";

/// A file is configuration where a component file says so, and a guest is told of what changes there.
#[test]
fn configuration_of_a_file() {
    let folder = folder("configuration");
    let settings = folder.join("settings.json");
    std::fs::write(&settings, r#"{"colour":"red","size":"7"}"#).unwrap();
    std::fs::write(folder.join("configuration.yaml"), SETTINGS).unwrap();
    block_on(async {
        let components = files::read(folder.join("configuration.yaml")).await;
        let components = components.unwrap_or_else(|problems| panic!("{problems}"));
        let guest = Guest::start(builder().components(components)).await;
        assert_eq!(guest.ask("configured", &[], b"colour").await, r#"["red"]"#);
        assert_eq!(guest.ask("configured", &[], b"nothing").await, "[]");
        guest.ask("follow", &[], b"colour").await;
        // Half of a file is none, and changes nothing.
        std::fs::write(&settings, r#"{"colour":"#).unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(guest.ask("configured", &[], b"colour").await, r#"["red"]"#);
        std::fs::write(&settings, r#"{"colour":"green"}"#).unwrap();
        for _ in 0..500 {
            if guest.ask("get", &[], b"changed/colour").await == r#""green""# {
                assert_eq!(guest.ask("configured", &[], b"size").await, "[]");
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the change was never told");
    });
    std::fs::write(&settings, r#"{"colour":7}"#).unwrap();
    block_on(async {
        let refused = files::read(folder.join("configuration.yaml")).await;
        let refused = refused.unwrap_err().to_string();
        assert!(
            refused.contains("is no object of JSON with texts"),
            "{refused}"
        );
    });
}
