//! What is said of photos.

use serde_json::Value;

use super::{Over, connect, demo, fetched, send, told};

/// Four photos, through whatever is between the services.
pub(super) async fn all_are_seen(demo: &super::Demo, photos: &[super::Photo]) {
    for photo in photos {
        let (status, said) = told(&send(demo, photo.name, &photo.bytes).await);
        assert_eq!(status, 200, "{said}");
        let labels = said["labels"].as_array().unwrap();
        assert_eq!(labels.len(), 5, "{said}");
        let best = labels[0]["label"].as_str().unwrap();
        assert!(best.starts_with(photo.label), "{}: {best}", photo.name);
        let shares: Vec<f64> = labels
            .iter()
            .map(|label| label["share"].as_f64().unwrap())
            .collect();
        assert!(
            shares.is_sorted_by(|a, b| a >= b) && shares[0] <= 1.0,
            "{shares:?}"
        );
        let grey = said["grey"].as_str().unwrap();
        // Three bytes that every JPEG begins with.
        assert!(
            grey.starts_with("data:image/jpeg;base64,/9j/"),
            "{}",
            &grey[..60]
        );
        let times = &said["times"];
        for part in ["decoding", "inference", "kernel", "guest", "total"] {
            assert!(times[part].as_f64().unwrap() > 0.0, "{part}: {times}");
        }
        kept(demo, photo.name, &said).await;
    }
}

/// Whether the history has it.
async fn kept(demo: &super::Demo, name: &str, said: &Value) {
    assert_eq!(said["note"], Value::Null, "{said}");
    let id = said["id"].as_str().unwrap();
    let mut connection = connect(demo).await;
    let (_, history) = told(&connection.get("/api/history").await.unwrap());
    let entry = &history[0];
    assert_eq!(
        (entry["id"].as_str(), entry["name"].as_str()),
        (Some(id), Some(name))
    );
    assert_eq!(entry["best"], said["labels"][0]);
    for kind in ["grey", "thumbnail"] {
        let path = format!("/api/pictures/{id}/{kind}");
        let picture = connection.get(&path).await.unwrap();
        assert_eq!(picture.status, 200, "{path}");
        assert_eq!(picture.headers["content-type"], "image/jpeg");
        assert!(picture.body.starts_with(b"\xff\xd8\xff"), "{path}");
    }
}

#[test]
fn photos_are_recognised_in_one_process() {
    let Some(photos) = fetched() else { return };
    super::run(async {
        let demo = demo("one", Over::Process, "");
        all_are_seen(&demo, &photos).await;
        figures(&demo, photos.len() as u64, 1).await;
        demo.stop().unwrap();
    });
}

#[test]
fn photos_are_recognised_by_three_processes_over_http() {
    let Some(photos) = fetched() else { return };
    super::run(async {
        let demo = demo("http", Over::Http, "");
        all_are_seen(&demo, &photos).await;
        figures(&demo, photos.len() as u64, 3).await;
        demo.stop().unwrap();
    });
}

/// Each service says how it is doing, and counts what was sent.
async fn figures(demo: &super::Demo, pictures: u64, processes: usize) {
    let (_, told) = told(&connect(demo).await.get("/api/figures").await.unwrap());
    let told = told.as_array().unwrap();
    let names: Vec<&str> = told
        .iter()
        .map(|one| one["service"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["web", "classify", "grey"]);
    let mut ids: Vec<u64> = told
        .iter()
        .map(|one| one["process"].as_u64().unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), processes, "{told:?}");
    for one in told {
        let number = |name: &str| one[name].as_u64().unwrap();
        assert!(number("calls") >= pictures, "{one}");
        assert_eq!((number("failed"), number("in_flight")), (0, 0), "{one}");
        assert!(number("resident_bytes") > 1 << 20, "{one}");
        assert!(number("guest_memory_bytes") > 1 << 16, "{one}");
    }
}

#[test]
fn the_history_has_places_for_the_last_ones_only() {
    let Some(photos) = fetched() else { return };
    super::run(async {
        let demo = demo("places", Over::Process, "");
        let photo = photos.iter().min_by_key(|photo| photo.bytes.len()).unwrap();
        let mut ids = Vec::new();
        for number in 0..26 {
            let (_, said) = told(&send(&demo, &format!("{number}.png"), &photo.bytes).await);
            ids.push(said["id"].as_str().unwrap().to_owned());
        }
        let mut connection = connect(&demo).await;
        let (_, history) = told(&connection.get("/api/history").await.unwrap());
        let names: Vec<&str> = history
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["name"].as_str().unwrap())
            .collect();
        assert_eq!((names.len(), names[0], names[23]), (24, "25.png", "2.png"));
        for (id, expected) in [
            (&ids[0], 404),
            (&ids[1], 404),
            (&ids[2], 200),
            (&ids[25], 200),
        ] {
            let path = format!("/api/pictures/{id}/grey");
            let picture = connection.get(&path).await.unwrap();
            assert_eq!(picture.status, expected, "{path}");
        }
    });
}
