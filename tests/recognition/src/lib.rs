//! A classifier as a guest, what it is given, and what it has to say.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use abide_build::Target;
use abide_image_host::Images;
use abide_inference_host::{Inference, Models};

abide::abi!({
    wit: "../fixtures/recognition/wit",
    with: {
        "abide:image/codec": abide_image::codec,
        "abide:inference/model": abide_inference::model,
    },
});

/// The name that the guest's model has.
pub const MODEL: &str = "lite0";

/// The host of the guest: nothing but the two parts.
#[derive(Debug, Clone, abide::Host)]
#[host(abi = crate, host, host_async)]
pub struct App {
    /// Pictures.
    #[host(codec)]
    pub images: Images,
    /// Models.
    #[host(model)]
    pub inference: Inference,
}

impl App {
    /// With a model that has the guest's name.
    ///
    /// # Panics
    ///
    /// The model cannot be loaded.
    pub fn with_model(file: &Path) -> Self {
        let models = Models::builder().model(MODEL, file).build();
        Self::with(models.unwrap_or_else(|error| panic!("{error}")))
    }

    /// With these models, and what is usual for pictures.
    pub fn with(models: Models) -> Self {
        Self {
            images: Images::default(),
            inference: Inference::new(models),
        }
    }
}

/// A photo, and what LiteRT says of it.
#[derive(Debug)]
pub struct Photo {
    /// Its name.
    pub name: &'static str,
    /// The label with the highest score.
    pub label: &'static str,
    /// The file.
    pub file: Vec<u8>,
    /// All scores, of 256.
    pub scores: Vec<u8>,
}

/// Model and photos, which `cargo xtask setup` fetches.
#[derive(Debug)]
pub struct Fetched {
    /// The file of the model.
    pub model: PathBuf,
    /// The photos.
    pub photos: Vec<Photo>,
}

/// What was fetched. None, said loudly, is that it was not.
///
/// # Panics
///
/// Some of it is there, and some is not.
pub fn fetched() -> Option<&'static Fetched> {
    static FETCHED: OnceLock<Option<Fetched>> = OnceLock::new();
    let fetched = FETCHED.get_or_init(|| {
        let folder = root().join("target/recognise");
        let model = folder.join("efficientnet_lite0.tflite");
        if !model.is_file() {
            eprintln!("\n!!! NOT TESTED: a real model; `cargo xtask setup` has not fetched it\n");
            return None;
        }
        let photo = |name: &'static str, file: &str, label| Photo {
            name,
            label,
            file: read(&folder.join("photos").join(file)),
            scores: read(&golden().join(name).with_extension("u8")),
        };
        let photos = vec![
            photo("chelsea", "chelsea.png", "Egyptian cat"),
            photo("coffee", "coffee.png", "espresso"),
            photo("camera", "camera.png", "tripod"),
            photo("rocket", "rocket.jpg", "missile"),
        ];
        Some(Fetched { model, photos })
    });
    fetched.as_ref()
}

fn read(file: &Path) -> Vec<u8> {
    fs::read(file).unwrap_or_else(|error| panic!("cannot read `{}`: {error}", file.display()))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// The guest's component.
///
/// # Panics
///
/// It cannot be built.
pub fn guest() -> &'static Path {
    static GUEST: OnceLock<PathBuf> = OnceLock::new();
    GUEST.get_or_init(|| {
        let guest = abide_build::guest(root().join("tests/fixtures/recognition/guest"));
        let guest = guest.target(Target::Unknown);
        let built = guest.target_dir(root().join("target/guests")).build();
        built.unwrap_or_else(|error| panic!("{error}"))
    })
}

/// The greatest difference between two lists of scores.
pub fn difference(some: &[u8], others: &[u8]) -> u8 {
    let differences = some.iter().zip(others).map(|(a, b)| a.abs_diff(*b));
    differences.max().unwrap_or(0)
}
