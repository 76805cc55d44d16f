//! Pictures that are none, are broken, or are more than they seem.

use super::{Over, Photo, connect, demo, fetched, refused, run, send, told};

/// A PNG that says that it is so large, with nothing in it.
pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    // Eight bits, red, green and blue.
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut png, b"IHDR", &header);
    // The beginning of a stream of zlib.
    chunk(
        &mut png,
        b"IDAT",
        &[0x78, 0x9c, 0xed, 0xc1, 0x01, 0x0d, 0, 0],
    );
    chunk(&mut png, b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    png.extend((data.len() as u32).to_be_bytes());
    let checked = [&kind[..], data].concat();
    png.extend(&checked);
    png.extend(crc(&checked).to_be_bytes());
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    };
    !bytes.iter().fold(!0, step)
}

#[test]
fn what_is_no_picture_is_refused_in_clear_words() {
    let Some(photos) = fetched() else { return };
    run(async {
        let demo = demo("faults", Over::Http, "");
        let jpeg = photo(&photos, "rocket.jpg");
        let large = png(30_000, 30_000);
        assert!(large.len() < 200);
        let cases: [(&str, &[u8], u16, &str); 7] = [
            ("empty", b"", 415, "no-picture"),
            (
                "a text",
                b"These are words and no picture.\n",
                415,
                "no-picture",
            ),
            ("a large one", &large, 413, "too-many-pixels"),
            ("a JPEG of nothing", &jpeg[..20], 422, "broken-picture"),
            (
                "a JPEG cut in its head",
                &jpeg[..160],
                422,
                "broken-picture",
            ),
            ("a PNG of nothing", &png(8, 8), 422, "broken-picture"),
            (
                "a GIF of nothing",
                b"GIF89a\x08\0\x08\0\0\0\0",
                422,
                "broken-picture",
            ),
        ];
        for (what, bytes, status, kind) in cases {
            let answer = send(&demo, "x", bytes).await;
            assert_eq!(
                refused(&answer),
                (status, kind.to_owned()),
                "{what}: {answer:?}"
            );
        }
        let (_, said) = told(&send(&demo, "x", &large).await);
        let expected = "30000 × 30000 pixels are more than are decoded here";
        assert_eq!(said["message"], expected);
        // Nothing of that is in the history, and the services are as before.
        let (_, history) = told(&connect(&demo).await.get("/api/history").await.unwrap());
        assert_eq!(history, serde_json::json!([]));
        super::seen::all_are_seen(&demo, &photos[..1]).await;
    });
}

#[test]
fn random_damage_is_never_more_than_a_refusal() {
    let Some(photos) = fetched() else { return };
    run(async {
        let demo = demo("damage", Over::Process, "");
        let jpeg = photo(&photos, "rocket.jpg");
        let mut state = 1_u32;
        for round in 0..12 {
            let mut damaged = jpeg.to_vec();
            for _ in 0..40 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = state as usize % damaged.len();
                damaged[at] = (state >> 24) as u8;
            }
            let answer = send(&demo, "x", &damaged).await;
            let status = answer.status.as_u16();
            assert!(
                [200, 413, 415, 422].contains(&status),
                "round {round}: {answer:?}"
            );
        }
        super::seen::all_are_seen(&demo, &photos[..1]).await;
    });
}

fn photo<'a>(photos: &'a [Photo], name: &str) -> &'a [u8] {
    let found = photos.iter().find(|photo| photo.name == name);
    &found.unwrap().bytes
}
