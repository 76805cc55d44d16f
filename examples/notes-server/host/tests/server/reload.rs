//! The guest's file, replaced while the server runs.

use std::fs;
use std::time::{Duration, Instant};

use example_client::Method;

use super::{FAULTY, SOUND, connect, folder, run, server, until};

#[test]
fn a_guest_that_is_replaced_is_loaded_anew() {
    let place = folder("replaced");
    fs::create_dir_all(&place).unwrap();
    let guest = place.join("guest.wasm");
    fs::copy(&*FAULTY, &guest).unwrap();
    let server = server(
        "reload",
        &guest,
        "[tenants.demo]\nbreaker = 0\n[tenants.other]\n",
    );
    run(async {
        let mut client = connect(&server).await;
        let path = "/api/demo/render";
        let answer = client.ask(Method::POST, path, "!panic").await.unwrap();
        assert_eq!(answer.status, 502);
        // As it is done: the new one is written beside, and put in its place at once.
        fs::copy(&*SOUND, place.join("next")).unwrap();
        fs::rename(place.join("next"), &guest).unwrap();
        let start = Instant::now();
        while client
            .ask(Method::POST, path, "!panic")
            .await
            .unwrap()
            .status
            != 200
        {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "it is not loaded anew"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        until(&server, "both tenants have it", |now| {
            now.sum("notes_guest_reloads", &[]) >= 2.0
        })
        .await;
        // What is no guest changes nothing.
        fs::write(&guest, "# no guest").unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        let answer = client.ask(Method::POST, path, "!panic").await.unwrap();
        assert_eq!(answer.status, 200);
    });
    let log = fs::read_to_string(folder("reload").join("log")).unwrap();
    assert!(log.contains("reloaded"), "{log}");
    assert!(log.contains("the guest stays as it was"), "{log}");
}
