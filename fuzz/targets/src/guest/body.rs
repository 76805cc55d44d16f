//! What the functions of a fuzzed guest do: statements and expressions as the input picks them.

use arbitrary::{Result, Unstructured};
use wasm_encoder::{BlockType, Function, MemArg, ValType};

use super::module::{PAIRS as PAIRS_AT, Purpose, Signature, TEXTS};

/// What lies in memory to be taken for pointers and lengths, for handles or for cases of variants.
pub(super) const PAIRS: &[u32] = &[
    TEXTS,
    5,
    TEXTS,
    2,
    TEXTS + 6,
    2,
    PAIRS_AT,
    1,
    0,
    1,
    1,
    1,
    2,
    1,
    3,
    3,
    0,
    0,
    0,
    0,
    4,
    2,
    TEXTS,
    1,
    PAIRS_AT,
    3,
    0x41,
    0x1_f600,
    0xd800,
    0x11_0000,
    u32::MAX,
    1,
    1,
    u32::MAX,
    65535,
    1,
    2,
    3,
];

/// Pointers, handles and lengths: good ones, and those at and behind every border.
const NUMBERS: &[i32] = &[
    0,
    1,
    2,
    3,
    4,
    5,
    8,
    16,
    17,
    256,
    257,
    262,
    1024,
    1028,
    1032,
    1040,
    1056,
    1096,
    2048,
    4096,
    4100,
    4104,
    8192,
    65528,
    65535,
    65536,
    65537,
    131068,
    131072,
    1 << 20,
    1 << 24,
    1 << 28,
    i32::MAX,
    i32::MIN,
    -1,
    -4,
    -65536,
    0xd800,
    0x11_0000,
    100,
    1000,
];

/// How many statements stand in one function, and how deep they are in each other.
const MOST_STATEMENTS: usize = 10;
const DEEPEST: usize = 3;

/// The locals that every function has behind its parameters, in this order.
const LOCALS: [(u32, ValType); 4] = [
    (3, ValType::I32),
    (1, ValType::I64),
    (1, ValType::F32),
    (1, ValType::F64),
];

const ANYWHERE: MemArg = MemArg {
    offset: 0,
    align: 0,
    memory_index: 0,
};

/// Makes functions' bodies.
pub(super) struct Bodies<'a> {
    /// All functions that can be called, by their number.
    functions: &'a [Signature],
    /// The number of the guest's own first one, its `realloc`.
    first: u32,
}

/// A function that does what it should: returns a new handle, its first parameter, or zeros.
pub(super) fn polite(purpose: Purpose, signature: &Signature) -> Function {
    if purpose == Purpose::Realloc {
        return allocate();
    }
    let mut function = Function::new([]);
    returned(purpose, signature, &mut function);
    function.instructions().end();
    function
}

fn returned(purpose: Purpose, signature: &Signature, function: &mut Function) {
    for ty in &signature.results {
        let echoes = signature.params.first() == Some(ty);
        let mut code = function.instructions();
        match (purpose, ty) {
            (Purpose::Maker(maker), ValType::I32) => code.i32_const(7).call(maker),
            _ if echoes && signature.params.len() == 1 => code.local_get(0),
            (_, ValType::I64) => code.i64_const(0),
            (_, ValType::F32) => code.f32_const(0.0.into()),
            (_, ValType::F64) => code.f64_const(0.0.into()),
            _ => code.i32_const(0),
        };
    }
}

/// A `realloc` that never frees, and grows the memory by what is missing.
fn allocate() -> Function {
    const ALIGN: u32 = 2;
    const SIZE: u32 = 3;
    const AT: u32 = 4;
    let mut function = Function::new([(1, ValType::I32)]);
    let mut code = function.instructions();
    code.global_get(0)
        .local_get(ALIGN)
        .i32_add()
        .i32_const(-1)
        .i32_add();
    code.i32_const(0)
        .local_get(ALIGN)
        .i32_sub()
        .i32_and()
        .local_tee(AT);
    code.local_get(SIZE).i32_add().global_set(0);
    code.global_get(0)
        .memory_size(0)
        .i32_const(16)
        .i32_shl()
        .i32_gt_u();
    code.if_(BlockType::Empty);
    code.local_get(SIZE)
        .i32_const(16)
        .i32_shr_u()
        .i32_const(1)
        .i32_add();
    code.memory_grow(0).drop();
    code.end().local_get(AT).end();
    function
}

impl<'a> Bodies<'a> {
    pub(super) fn new(functions: &'a [Signature], first: u32) -> Self {
        Self { functions, first }
    }

    /// A function of the given type that does what the input says.
    pub(super) fn function(
        &self,
        purpose: Purpose,
        signature: &Signature,
        input: &mut Unstructured<'_>,
    ) -> Result<Function> {
        let kind = input.int_in_range(0..=7)?;
        match (purpose, kind) {
            (Purpose::Realloc, 0..=4) => return Ok(allocate()),
            // Most guests start, so that they can be called.
            (Purpose::Start, 0..=6) | (Purpose::Export | Purpose::Maker(_), 0..=1) => {
                return Ok(polite(purpose, signature));
            }
            _ => {}
        }
        let mut writer = Writer {
            bodies: self,
            function: Function::new(LOCALS),
            params: &signature.params,
            left: MOST_STATEMENTS,
        };
        writer.statements(input, 0)?;
        // Half of the functions that do something odd answer well, so that the odd is all there is
        // to it.
        if kind % 2 == 0 {
            returned(purpose, signature, &mut writer.function);
        } else {
            for ty in &signature.results {
                writer.expression(*ty, input, 0)?;
            }
        }
        writer.function.instructions().end();
        Ok(writer.function)
    }
}

/// Writes one body.
struct Writer<'a> {
    bodies: &'a Bodies<'a>,
    function: Function,
    params: &'a [ValType],
    /// How many more statements there may be.
    left: usize,
}

impl Writer<'_> {
    fn statements(&mut self, input: &mut Unstructured<'_>, depth: usize) -> Result<()> {
        let count = input.int_in_range(0..=self.left.min(6))?;
        for _ in 0..count {
            if self.left == 0 {
                break;
            }
            self.left -= 1;
            self.statement(input, depth)?;
        }
        Ok(())
    }

    fn statement(&mut self, input: &mut Unstructured<'_>, depth: usize) -> Result<()> {
        match input.int_in_range(0..=15)? {
            0 | 1 => {
                let ty = self.any_type(input)?;
                self.expression(ty, input, 0)?;
                self.set_local(ty, input)?;
            }
            2 | 3 => self.store(input)?,
            4..=8 => self.call(input)?,
            9 if depth < DEEPEST => {
                self.number(input, 0)?;
                self.function.instructions().if_(BlockType::Empty);
                self.statements(input, depth + 1)?;
                self.function.instructions().end();
            }
            10 if depth < DEEPEST => {
                self.function.instructions().loop_(BlockType::Empty);
                self.statements(input, depth + 1)?;
                // Mostly ends, and sometimes never.
                let count = self.local(ValType::I32, 0);
                let mut code = self.function.instructions();
                code.local_get(count)
                    .i32_const(1)
                    .i32_sub()
                    .local_tee(count);
                code.i32_const(0).i32_gt_s().br_if(0).end();
            }
            11 => {
                self.number(input, 0)?;
                let forever = input.ratio(1, 2)?;
                let mut code = self.function.instructions();
                code.if_(BlockType::Empty);
                match forever {
                    true => code.loop_(BlockType::Empty).br(0).end(),
                    false => code.unreachable(),
                };
                code.end();
            }
            12 => {
                self.number(input, 0)?;
                self.function.instructions().memory_grow(0).drop();
            }
            13 => {
                for _ in 0..3 {
                    self.number(input, 1)?;
                }
                match input.arbitrary()? {
                    true => self.function.instructions().memory_fill(0),
                    false => self.function.instructions().memory_copy(0, 0),
                };
            }
            14 => {
                self.function
                    .instructions()
                    .ref_null(wasm_encoder::HeapType::FUNC);
                self.number(input, 0)?;
                self.function.instructions().table_grow(0).drop();
            }
            _ => {
                // Of the type of `realloc`, which the first of the table's functions has.
                for _ in 0..4 {
                    self.number(input, 1)?;
                }
                self.number(input, 1)?;
                let ty = self.bodies.first;
                self.function.instructions().call_indirect(0, ty).drop();
            }
        }
        Ok(())
    }

    /// Calls any function there is, and keeps or drops what it returns.
    fn call(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let functions = self.bodies.functions;
        let own = functions.len() - 1;
        let imported = self.bodies.first as usize - 1;
        // Imports four times out of five.
        let index = match input.ratio(4, 5)? {
            true => input.int_in_range(0..=imported)?,
            false => input.int_in_range(imported + 1..=own)?,
        };
        let Some(signature) = functions.get(index) else {
            return Ok(());
        };
        for ty in &signature.params {
            self.expression(*ty, input, 0)?;
        }
        self.function.instructions().call(index as u32);
        for ty in signature.results.iter().rev() {
            self.set_local(*ty, input)?;
        }
        Ok(())
    }

    fn store(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        self.number(input, 0)?;
        let ty = self.any_type(input)?;
        self.expression(ty, input, 0)?;
        let narrow = input.arbitrary()?;
        let mut code = self.function.instructions();
        match ty {
            ValType::I64 => code.i64_store(ANYWHERE),
            ValType::F32 => code.f32_store(ANYWHERE),
            ValType::F64 => code.f64_store(ANYWHERE),
            _ if narrow => code.i32_store8(ANYWHERE),
            _ => code.i32_store(ANYWHERE),
        };
        Ok(())
    }

    fn any_type(&self, input: &mut Unstructured<'_>) -> Result<ValType> {
        let all = [
            ValType::I32,
            ValType::I32,
            ValType::I64,
            ValType::F32,
            ValType::F64,
        ];
        input.choose(&all).copied()
    }

    /// Takes a value from the stack into a local of its type.
    fn set_local(&mut self, ty: ValType, input: &mut Unstructured<'_>) -> Result<()> {
        let which = input.int_in_range(0..=2)?;
        let local = self.local(ty, which);
        self.function.instructions().local_set(local);
        Ok(())
    }

    /// The number of a local of a type; there are three of `i32`, and one of each other.
    fn local(&self, ty: ValType, which: u32) -> u32 {
        let offset = match ty {
            ValType::I64 => 3,
            ValType::F32 => 4,
            ValType::F64 => 5,
            _ => which,
        };
        self.params.len() as u32 + offset
    }

    fn number(&mut self, input: &mut Unstructured<'_>, depth: usize) -> Result<()> {
        self.expression(ValType::I32, input, depth)
    }

    fn expression(
        &mut self,
        ty: ValType,
        input: &mut Unstructured<'_>,
        depth: usize,
    ) -> Result<()> {
        let kind = input.int_in_range(0..=if depth < DEEPEST { 9 } else { 5 })?;
        match kind {
            0..=2 => self.constant(ty, input)?,
            3 => {
                // A parameter of that type, if the one that was picked is.
                let which = input.int_in_range(0..=self.params.len())?;
                let own = self.local(ty, 0);
                let local = match self.params.get(which) {
                    Some(param) if *param == ty => which as u32,
                    _ => own,
                };
                self.function.instructions().local_get(local);
            }
            4 | 5 => {
                let which = input.int_in_range(0..=2)?;
                let local = self.local(ty, which);
                self.function.instructions().local_get(local);
            }
            6 | 7 => {
                self.number(input, depth + 1)?;
                let mut code = self.function.instructions();
                match ty {
                    ValType::I64 => code.i64_load(ANYWHERE),
                    ValType::F32 => code.f32_load(ANYWHERE),
                    ValType::F64 => code.f64_load(ANYWHERE),
                    _ => code.i32_load(ANYWHERE),
                };
            }
            _ => {
                self.expression(ty, input, depth + 1)?;
                self.expression(ty, input, depth + 1)?;
                let divides = input.ratio(1, 4)?;
                let mut code = self.function.instructions();
                match ty {
                    ValType::I64 if divides => code.i64_div_s(),
                    ValType::I64 => code.i64_add(),
                    ValType::F32 => code.f32_div(),
                    ValType::F64 => code.f64_mul(),
                    _ if divides => code.i32_div_u(),
                    _ => code.i32_add(),
                };
            }
        }
        Ok(())
    }

    fn constant(&mut self, ty: ValType, input: &mut Unstructured<'_>) -> Result<()> {
        match ty {
            ValType::I64 => {
                let value = input.arbitrary()?;
                self.function.instructions().i64_const(value);
            }
            ValType::F32 => {
                let value: f32 = input.arbitrary()?;
                self.function.instructions().f32_const(value.into());
            }
            ValType::F64 => {
                let value: f64 = input.arbitrary()?;
                self.function.instructions().f64_const(value.into());
            }
            _ => {
                let value = match input.ratio(7, 8)? {
                    true => *input.choose(NUMBERS)?,
                    false => input.arbitrary()?,
                };
                self.function.instructions().i32_const(value);
            }
        }
        Ok(())
    }
}
