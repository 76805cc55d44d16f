//! What guests import of `wasmedge_tensorflow`: functions of TensorFlow itself, which no guest that
//! stays with TensorFlow Lite calls, but 0.2.2 links in any case.

use abide::module::Trap;

use super::wasmedge::WasmEdge;

/// What a guest is told that calls one.
fn missing<T>() -> Result<T, Trap> {
    Err(Trap::new(
        "this host has TensorFlow Lite, not TensorFlow itself; make the guest's sessions with `ModelType::TensorFlowLite`, \
         of a `.tflite` model",
    ))
}

#[abide::module("wasmedge_tensorflow")]
impl WasmEdge {
    fn wasmedge_tensorflow_create_session(&mut self, _: u32, _: u32) -> Result<u64, Trap> {
        missing()
    }

    fn wasmedge_tensorflow_delete_session(&mut self, _: u64) -> Result<(), Trap> {
        missing()
    }

    fn wasmedge_tensorflow_run_session(&mut self, _: u64) -> Result<u32, Trap> {
        missing()
    }

    fn wasmedge_tensorflow_get_output_tensor(
        &mut self,
        _: u64,
        _: u32,
        _: u32,
        _: u32,
    ) -> Result<u64, Trap> {
        missing()
    }

    fn wasmedge_tensorflow_get_tensor_len(&mut self, _: u64) -> Result<u32, Trap> {
        missing()
    }

    fn wasmedge_tensorflow_get_tensor_data(&mut self, _: u64, _: u32) -> Result<(), Trap> {
        missing()
    }

    #[allow(clippy::too_many_arguments, reason = "it has so many")]
    fn wasmedge_tensorflow_append_input(
        &mut self,
        _: u64,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
    ) -> Result<(), Trap> {
        missing()
    }

    fn wasmedge_tensorflow_append_output(
        &mut self,
        _: u64,
        _: u32,
        _: u32,
        _: u32,
    ) -> Result<(), Trap> {
        missing()
    }

    fn wasmedge_tensorflow_clear_input(&mut self, _: u64) -> Result<(), Trap> {
        missing()
    }

    fn wasmedge_tensorflow_clear_output(&mut self, _: u64) -> Result<(), Trap> {
        missing()
    }
}
