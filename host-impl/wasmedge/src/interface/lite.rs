//! What guests import of `wasmedge_tensorflowlite`.

use abide::module::{Dst, Trap, Written};

use super::places::{Data, Room};
use super::status::{LiteErrno, Wrong};
use super::wasmedge::WasmEdge;

/// A number of 0.2.2, where numbers are addresses of WasmEdge's. Those that are none stand for nothing.
fn number(handle: u64) -> Result<u32, Wrong> {
    u32::try_from(handle).map_err(|_| Wrong::Argument)
}

/// What there is, or what 0.2.2 has for nothing.
fn or_nothing<T: Default>(outcome: Result<T, Wrong>) -> T {
    outcome.unwrap_or_else(|wrong| {
        wrong.log();
        T::default()
    })
}

/// How many bytes there are: no guest's memory has room for as many as would not fit.
fn len(data: &[u8]) -> u32 {
    u32::try_from(data.len()).unwrap_or(u32::MAX)
}

#[abide::module("wasmedge_tensorflowlite")]
impl WasmEdge {
    // 0.2.2: no statuses, so a bad address ends the guest. What is not there is 0.

    fn wasmedge_tensorflowlite_create_session(&mut self, model: &[u8]) -> u64 {
        or_nothing(self.sessions.create(&self.models, model)).into()
    }

    fn wasmedge_tensorflowlite_delete_session(&mut self, session: u64) {
        if let Ok(session) = number(session) {
            self.sessions.delete(session);
        }
    }

    fn wasmedge_tensorflowlite_run_session(&mut self, session: u64) -> u32 {
        let ran = number(session).and_then(|session| self.sessions.run(&self.models, session));
        match ran {
            Ok(()) => 0,
            Err(wrong) => {
                wrong.log();
                1
            }
        }
    }

    fn wasmedge_tensorflowlite_get_output_tensor(&mut self, session: u64, name: &[u8]) -> u64 {
        let found = number(session).and_then(|session| self.sessions.output(session, name));
        or_nothing(found).into()
    }

    fn wasmedge_tensorflowlite_get_tensor_len(&mut self, tensor: u64) -> u32 {
        let found = number(tensor).and_then(|tensor| self.sessions.data(None, tensor));
        or_nothing(found.map(len))
    }

    fn wasmedge_tensorflowlite_get_tensor_data(
        &mut self,
        tensor: u64,
        at: Dst,
    ) -> Result<Data, Trap> {
        let found = number(tensor).and_then(|tensor| self.sessions.data(None, tensor));
        let data = or_nothing(found);
        at.room(data.len())?;
        Ok(Data((!data.is_empty()).then(|| (at, data.to_vec()))))
    }

    fn wasmedge_tensorflowlite_append_input(&mut self, session: u64, name: &[u8], data: &[u8]) {
        let given = number(session).and_then(|session| self.sessions.give(session, name, data));
        or_nothing(given);
    }

    // 0.3.0: statuses, and places with their lengths.

    fn create_session(&mut self, model: &[u8]) -> Result<u32, LiteErrno> {
        Ok(self.sessions.create(&self.models, model)?)
    }

    /// WasmEdge takes any number for a session that is no more.
    fn delete_session(&mut self, session: u32) -> Result<(), LiteErrno> {
        self.sessions.delete(session);
        Ok(())
    }

    fn run_session(&mut self, session: u32) -> Result<(), LiteErrno> {
        Ok(self.sessions.run(&self.models, session)?)
    }

    fn get_output_tensor(&mut self, session: u32, name: &[u8]) -> Result<u32, LiteErrno> {
        Ok(self.sessions.output(session, name)?)
    }

    fn get_tensor_len(&mut self, session: u32, tensor: u32) -> Result<u32, LiteErrno> {
        Ok(len(self.sessions.data(Some(session), tensor)?))
    }

    /// The buffer has to be as long as the tensor, neither longer nor shorter.
    fn get_tensor_data(
        &mut self,
        session: u32,
        tensor: u32,
        room: Room,
    ) -> Result<(Written, u32), LiteErrno> {
        let data = self.sessions.data(Some(session), tensor)?;
        if data.len() != room.len {
            return Err(Wrong::Argument.into());
        }
        Ok((Written(room.at, data.to_vec()), len(data)))
    }

    fn append_input(&mut self, session: u32, name: &[u8], data: &[u8]) -> Result<(), LiteErrno> {
        Ok(self.sessions.give(session, name, data)?)
    }
}
