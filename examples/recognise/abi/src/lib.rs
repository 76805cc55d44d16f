//! The worlds of the demo's guests, made of the ABIs of Dapr, pictures and models: their types,
//! traits and functions are those of `abide-dapr`, `abide-image` and `abide-inference`.

/// The world of the guest that says what is on a picture.
pub mod classifier {
    abide::abi!({
        wit: "wit",
        world: "classifier",
        module: "classifier",
        with: {
            "abide:dapr": abide_dapr,
            "abide:image/codec": abide_image::codec,
            "abide:inference/model": abide_inference::model,
        },
    });
}

/// The world of the guest that makes a picture grey.
pub mod greyer {
    abide::abi!({
        wit: "wit",
        world: "greyer",
        module: "greyer",
        with: {
            "abide:dapr": abide_dapr,
            "abide:image/codec": abide_image::codec,
        },
    });
}

/// The loop of the greyer by itself.
pub mod kernel {
    abide::abi!({ wit: "wit", world: "kernel", module: "kernel" });
}

#[cfg(target_family = "wasm")]
pub mod sdk;
