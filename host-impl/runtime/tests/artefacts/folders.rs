//! Which folders are trusted, and what happens when one cannot be used any more.

use std::fs;

use abide_host::{Artefacts, ArtefactsError, Error, Wasi};

use crate::kit::{KIT, component};
use crate::support::{builder, counts, load, place, the_artefact_in};

fn reason(error: Error) -> ArtefactsError {
    match error {
        Error::Artefacts { reason, .. } => *reason,
        other => panic!("{other}"),
    }
}

fn refusal(folder: impl AsRef<std::path::Path>) -> ArtefactsError {
    reason(Artefacts::in_folder(folder).unwrap_err())
}

#[test]
fn a_file_is_no_folder() {
    let path = place("file");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _ = fs::remove_file(&path);
    fs::write(&path, b"").unwrap();
    let error = Artefacts::in_folder(&path).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "the folder `{}` cannot keep compiled guests: the folder is not a folder; remove what is there, \
             or choose another folder",
            path.display()
        )
    );
    assert!(matches!(
        refusal(path.join("below")),
        ArtefactsError::Io { .. }
    ));
    fs::remove_file(path).unwrap();
}

#[test]
fn a_key_of_another_length_is_refused() {
    let folder = place("key");
    drop(Artefacts::in_folder(&folder).unwrap());
    let key = folder.join("key");
    let whole = fs::read(&key).unwrap();
    for (length, bytes) in [
        (0, vec![]),
        (31, whole[..31].to_vec()),
        (33, [&whole[..], b"\0"].concat()),
    ] {
        fs::write(&key, bytes).unwrap();
        let refusal = refusal(&folder);
        assert!(
            matches!(refusal, ArtefactsError::Key { found, expected: 32 } if found == length),
            "{refusal}"
        );
    }
    fs::remove_file(&key).unwrap();
    drop(Artefacts::in_folder(&folder).unwrap());
    let new = fs::read(&key).unwrap();
    assert_eq!(new.len(), 32);
    assert_ne!(new, whole);
}

#[test]
fn a_new_key_makes_old_artefacts_worthless() {
    let folder = place("new-key");
    load(&Artefacts::in_folder(&folder).unwrap()).unwrap();
    fs::remove_file(folder.join("key")).unwrap();
    let artefacts = Artefacts::in_folder(&folder).unwrap();
    load(&artefacts).unwrap();
    load(&artefacts).unwrap();
    assert_eq!(counts(&artefacts), [1, 0, 1, 1, 0]);
}

#[test]
fn a_folder_that_is_gone_does_not_keep_guests_from_loading() {
    let folder = place("gone");
    let artefacts = Artefacts::in_folder(&folder).unwrap();
    load(&artefacts).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    load(&artefacts).unwrap();
    assert_eq!(counts(&artefacts), [0, 2, 0, 1, 1]);
    // For precompiling, keeping is the point.
    let error = crate::support::builder(&artefacts)
        .precompile_bytes(crate::kit::component(crate::kit::KIT), &artefacts)
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("the compiled code cannot be written"),
        "{text}"
    );
    assert!(matches!(reason(error), ArtefactsError::Io { .. }));
}

#[cfg(unix)]
mod unix {
    use super::*;

    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    #[test]
    fn what_is_made_is_for_this_user_only() {
        let folder = place("private").join("in").join("another");
        load(&Artefacts::in_folder(&folder).unwrap()).unwrap();
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join("key")), 0o600);
        assert_eq!(mode(&the_artefact_in(&folder)), 0o600);
    }

    #[test]
    fn folders_and_keys_that_are_open_to_others_are_refused() {
        let folder = place("modes");
        drop(Artefacts::in_folder(&folder).unwrap());
        for mode in [0o770, 0o702, 0o777] {
            fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
            let text = refusal(&folder).to_string();
            let expected = format!(
                "the folder is open to other users (its mode is {mode:o}); take that away with `chmod 700`"
            );
            assert_eq!(text, expected);
        }
        // Reading is no harm where there is no secret.
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        drop(Artefacts::in_folder(&folder).unwrap());
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(folder.join("key"), Permissions::from_mode(mode)).unwrap();
            let refusal = refusal(&folder);
            assert!(
                matches!(
                    refusal,
                    ArtefactsError::Mode {
                        what: "its key",
                        ..
                    }
                ),
                "{refusal}"
            );
        }
    }

    #[test]
    fn links_are_refused() {
        let (folder, link) = (place("linked"), place("link-to-folder"));
        drop(Artefacts::in_folder(&folder).unwrap());
        let _ = fs::remove_file(&link);
        symlink(&folder, &link).unwrap();
        assert!(matches!(
            refusal(&link),
            ArtefactsError::Symlink { what: "the folder" }
        ));
        fs::remove_file(link).unwrap();
        let key = folder.join("key");
        fs::rename(&key, folder.join("moved")).unwrap();
        symlink("moved", &key).unwrap();
        assert!(matches!(
            refusal(&folder),
            ArtefactsError::Symlink { what: "its key" }
        ));
    }

    #[test]
    fn a_folder_of_another_user_is_refused() {
        // The root of the file system is root's. Whoever is root gives a folder away.
        let folder = place("given-away");
        fs::create_dir_all(&folder).unwrap();
        let path = match std::os::unix::fs::chown(&folder, Some(12_345), None) {
            Ok(()) => folder,
            Err(_) => "/".into(),
        };
        let refusal = refusal(path);
        assert!(matches!(refusal, ArtefactsError::Owner { .. }), "{refusal}");
    }
}

#[test]
fn a_guest_that_could_read_the_key_is_not_loaded() {
    let place = place("granted");
    let (inside, deeper, beside) = (
        place.join("cache/guests"),
        place.join("cache/guests/deeper"),
        place.join("beside"),
    );
    fs::create_dir_all(&beside).unwrap();
    let artefacts = Artefacts::in_folder(&inside).unwrap();
    fs::create_dir_all(&deeper).unwrap();
    let mut near = vec![
        place.clone(),
        place.join("cache"),
        inside.clone(),
        deeper,
        beside.join("../cache"),
    ];
    #[cfg(unix)]
    {
        let link = |target: &str, name: &str| {
            std::os::unix::fs::symlink(target, place.join(name)).unwrap();
            place.join(name)
        };
        near.extend([
            link("cache", "link"),
            link("cache/guests", "direct"),
            link("link", "again"),
        ]);
    }
    for granted in near {
        for wasi in [
            Wasi::new().preopen(&granted, "/data"),
            Wasi::new()
                .preopen_read(&beside, "/fine")
                .preopen_read(&granted, "/data"),
        ] {
            let load = || builder(&artefacts).wasi(wasi.clone());
            let error = load().load_bytes(component(KIT)).unwrap_err();
            assert!(matches!(error, Error::Wasi { .. }), "{error:?}");
            let text = error.to_string();
            assert!(
                text.contains("to be seen as `/data`, is not apart from"),
                "{text}"
            );
            // Nor is anything compiled to there for one.
            let error = load().precompile_bytes(component(KIT), &artefacts);
            assert!(matches!(error, Err(Error::Wasi { .. })), "{error:?}");
        }
    }
    assert_eq!(counts(&artefacts), [0; 5]);
    let apart = builder(&artefacts).wasi(Wasi::new().preopen(&beside, "/data"));
    apart.load_bytes(component(KIT)).unwrap();
}

#[test]
fn a_folder_that_is_moved_after_it_was_granted_is_still_found() {
    let place = place("moved");
    fs::create_dir_all(place.join("granted")).unwrap();
    let wasi = Wasi::new().preopen(place.join("granted"), "/data");
    // On Windows a folder that somebody has open cannot be renamed in the first place.
    if fs::rename(place.join("granted"), place.join("moved")).is_err() {
        return;
    }
    let artefacts = Artefacts::in_folder(place.join("moved/guests")).unwrap();
    let error = builder(&artefacts).wasi(wasi).load_bytes(component(KIT));
    assert!(matches!(error, Err(Error::Wasi { .. })), "{error:?}");
}

#[cfg(unix)]
#[test]
fn folders_behind_links_are_compared_where_they_are() {
    let place = place("behind");
    fs::create_dir_all(place.join("real")).unwrap();
    std::os::unix::fs::symlink(place.join("real"), place.join("link")).unwrap();
    let artefacts = Artefacts::in_folder(place.join("link/guests")).unwrap();
    let wasi = Wasi::new().preopen_read(place.join("real"), "/data");
    let error = builder(&artefacts).wasi(wasi).load_bytes(component(KIT));
    assert!(matches!(error, Err(Error::Wasi { .. })), "{error:?}");
}
