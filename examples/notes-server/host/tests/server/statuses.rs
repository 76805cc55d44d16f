//! What goes wrong, and the status that it has.

use example_client::Method;

use super::{FAULTY, SOUND, connect, run, server, text, until};

/// A note is kept, shown, found, and its text is there as it was.
#[test]
fn notes_are_kept_shown_and_found() {
    let server = server("kept", &SOUND, "");
    run(async {
        let mut client = connect(&server).await;
        let path = "/api/demo/notes/garden";
        let saved = client
            .ask(Method::PUT, path, "# Garden\n\n- beans\n")
            .await
            .unwrap();
        let shown = client.get(path).await.unwrap();
        let expected = concat!(
            r##"{"title":"Garden","html":"<h1 id=\"garden\">Garden</h1>\n<ul>\n<li>beans</li>\n</ul>\n","##,
            r##""words":2,"headings":[{"level":1,"text":"Garden","anchor":"garden"}]}"##
        );
        for answer in [&saved, &shown] {
            assert_eq!((answer.status.as_u16(), text(answer)), (200, expected));
            assert_eq!(answer.headers["content-type"], "application/json");
        }
        let found = client
            .get("/api/demo/notes?words=beans+GARDEN")
            .await
            .unwrap();
        let expected = r##"[{"name":"garden","title":"Garden","line":"# Garden"}]"##;
        assert_eq!(text(&found), expected);
        let found = client.get("/api/demo/notes?words=pears").await.unwrap();
        assert_eq!(text(&found), "[]");
        let all = client.get("/api/demo/notes").await.unwrap();
        assert_eq!(
            text(&all),
            r##"[{"name":"garden","title":"Garden","line":""}]"##
        );
        let source = client.get("/api/demo/notes/garden/markdown").await.unwrap();
        assert_eq!(text(&source), "# Garden\n\n- beans\n");
    });
}

/// Tenants see their own notes, and each has its own limits.
#[test]
fn tenants_know_nothing_of_one_another() {
    let server = server(
        "tenants",
        &SOUND,
        "[tenants.ada]\nnotes = 1\n[tenants.bob]\nfresh = true\n",
    );
    run(async {
        let mut client = connect(&server).await;
        let note = "/api/ada/notes/n";
        assert_eq!(
            client.ask(Method::PUT, note, "# Ada").await.unwrap().status,
            200
        );
        assert_eq!(client.get("/api/bob/notes/n").await.unwrap().status, 404);
        let other = client
            .ask(Method::PUT, "/api/ada/notes/m", "x")
            .await
            .unwrap();
        let full = r#"{"error":"full","message":"there are 1 notes, and may be no more"}"#;
        assert_eq!((other.status.as_u16(), text(&other)), (507, full));
        assert_eq!(
            client
                .ask(Method::PUT, note, "# Ada 2")
                .await
                .unwrap()
                .status,
            200
        );
        let nobody = client.get("/api/eve/notes").await.unwrap();
        assert_eq!(nobody.status, 404);
        assert!(text(&nobody).contains("no-such-tenant"), "{nobody:?}");
    });
}

#[test]
fn what_a_guest_refuses_is_the_clients_to_mend() {
    let server = server("refused", &SOUND, "");
    run(async {
        let mut client = connect(&server).await;
        let large = "a".repeat(1_500_000);
        for (method, path, body, status, kind) in [
            (Method::POST, "render", " \n", 422, "empty"),
            (Method::POST, "render", "a\0b", 422, "binary"),
            (Method::POST, "render", &*large, 413, "too-large"),
            (Method::GET, "notes/none", "", 404, "no-such-note"),
            (Method::GET, "notes/none/markdown", "", 404, "no-such-note"),
            (Method::PUT, "notes/a.b", "# A", 400, "bad-name"),
            (Method::GET, "nothing", "", 404, "nothing-here"),
        ] {
            let path = format!("/api/demo/{path}");
            let answer = client.ask(method, &path, body.to_owned()).await.unwrap();
            let expected = format!("\"error\":\"{kind}\"");
            assert_eq!(answer.status.as_u16(), status, "{path}: {answer:?}");
            assert!(text(&answer).contains(&expected), "{path}: {answer:?}");
        }
        let posted = client
            .ask(Method::POST, "/api/demo/notes/a", "x")
            .await
            .unwrap();
        assert_eq!(posted.status, 405);
    });
}

#[test]
fn what_is_wrong_with_a_guest_is_not_the_clients_to_know() {
    let config = "[tenants.demo]\ndeadline_ms = 100\nmemory_mib = 8\nbreaker = 0\n";
    let server = server("broken", &FAULTY, config);
    run(async {
        let mut client = connect(&server).await;
        for (note, status, told) in [
            (
                "!panic",
                502,
                r#"{"error":"broken","message":"the plugin that answers this is broken"}"#,
            ),
            (
                "!eat",
                502,
                r#"{"error":"broken","message":"the plugin that answers this is broken"}"#,
            ),
            (
                "!loop",
                504,
                r#"{"error":"timeout","message":"this took too long and was stopped"}"#,
            ),
        ] {
            let answer = client
                .ask(Method::POST, "/api/demo/render", note)
                .await
                .unwrap();
            assert_eq!(
                (answer.status.as_u16(), text(&answer)),
                (status, told),
                "{note}"
            );
        }
        let answer = client
            .ask(Method::POST, "/api/demo/render", "fine")
            .await
            .unwrap();
        assert_eq!(answer.status, 200);
    });
    let log = std::fs::read_to_string(super::folder("broken").join("log")).unwrap();
    assert!(log.contains("told to"), "{log}");
    assert!(log.contains("path=\"/api/demo/render\""), "{log}");
}

#[test]
fn a_guest_that_fails_and_fails_is_given_time() {
    let server = server("breaker", &FAULTY, "[tenants.demo]\nbreaker = 3\n");
    run(async {
        let mut client = connect(&server).await;
        let mut statuses = Vec::new();
        for _ in 0..4 {
            let answer = client
                .ask(Method::POST, "/api/demo/render", "!panic")
                .await
                .unwrap();
            statuses.push(answer.status.as_u16());
            if answer.status == 503 {
                assert_eq!(answer.headers["retry-after"], "1");
                assert!(text(&answer).contains("\"paused\""), "{answer:?}");
            }
        }
        assert_eq!(statuses, [502, 502, 502, 503]);
    });
}

/// One call at a time for one tenant, one instance for all: who finds no room is told to come back.
#[test]
fn who_finds_no_room_is_told_to_come_back() {
    let config = "instances = 1\n[tenants.one]\ncalls = 1\ndeadline_ms = 60_000\n\
                  [tenants.two]\nwait_ms = 50\n";
    let server = server("busy", &FAULTY, config);
    run(async {
        let mut first = connect(&server).await;
        let looping =
            tokio::spawn(async move { first.ask(Method::POST, "/api/one/render", "!loop").await });
        until(&server, "the guest runs", |now| {
            now.sum("notes_guest_instances", &["one"]) == 1.0
        })
        .await;
        let mut client = connect(&server).await;
        for tenant in ["one", "two"] {
            let path = format!("/api/{tenant}/render");
            let answer = client.ask(Method::POST, &path, "fine").await.unwrap();
            assert_eq!(answer.status, 503, "{tenant}: {answer:?}");
            assert_eq!(answer.headers["retry-after"], "1");
            assert!(text(&answer).contains("\"busy\""), "{answer:?}");
        }
        looping.abort();
        until(&server, "there is room again", |now| {
            now.sum("notes_guest_instances", &["one"]) == 0.0
        })
        .await;
        let answer = client
            .ask(Method::POST, "/api/two/render", "fine")
            .await
            .unwrap();
        assert_eq!(answer.status, 200);
    });
}

#[test]
fn what_is_compiled_in_answers_the_same() {
    let config = format!("guest = {:?}\n", *SOUND);
    let native = super::folder("native");
    let native =
        notes_load::Server::start(super::program(), &native, &config, &["--native"]).unwrap();
    let guest = server("guest", &SOUND, "");
    run(async {
        let (mut one, mut other) = (connect(&native).await, connect(&guest).await);
        for (method, path, body) in [
            (Method::POST, "render", "# A\n\n[b](c) `d`\n"),
            (Method::POST, "render", ""),
            (Method::PUT, "notes/n", "# N\n\nwords here"),
            (Method::PUT, "notes/n.m", "x"),
            (Method::GET, "notes/n", ""),
            (Method::GET, "notes/m", ""),
            (Method::GET, "notes?words=here", ""),
        ] {
            let path = format!("/api/demo/{path}");
            let native = one.ask(method.clone(), &path, body).await.unwrap();
            let guest = other.ask(method, &path, body).await.unwrap();
            assert_eq!(
                (native.status, text(&native)),
                (guest.status, text(&guest)),
                "{path}"
            );
        }
    });
}
