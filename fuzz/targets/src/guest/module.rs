//! From an input to a component of the fuzzed world: its functions, its memory and what is in it.
//! What the functions do is [`body`](super::body)'s.

use std::sync::OnceLock;

use anyhow::{Context as _, Result};
use arbitrary::Unstructured;
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection,
    MemoryType, Module, RefType, TableSection, TableType, TypeSection, ValType,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::abi::WasmType;
use wit_parser::{
    Function, FunctionKind, LiftLowerAbi, ManglingAndAbi, Resolve, ResourceIntrinsic, TypeDefKind,
    WasmExport, WasmExportKind, WasmImport, WorldId, WorldItem, WorldKey,
};

use super::body::{self, Bodies};

const ABI: ManglingAndAbi = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);

/// Where the memory has texts, and where it has pairs of numbers that can be taken for pointers and
/// lengths.
pub(super) const TEXTS: u32 = 256;
pub(super) const PAIRS: u32 = 1024;
const BYTES: u32 = 4096;

/// A function's type.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Signature {
    pub(super) params: Vec<ValType>,
    pub(super) results: Vec<ValType>,
}

/// What a function of the guest is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Realloc,
    Start,
    /// An export, or what belongs to one.
    Export,
    /// An export that returns a new handle, made by the import of this number.
    Maker(u32),
}

/// The functions that a guest of the world has.
struct Shape {
    resolve: Resolve,
    world: WorldId,
    imports: Vec<(String, String, Signature)>,
    own: Vec<(String, Purpose, Signature)>,
}

/// What the functions of a guest do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Conduct {
    /// What the input says.
    Fuzzed,
    /// They answer with what they were given.
    Polite,
}

/// A component that the input describes.
///
/// # Errors
/// Only those of reading the input.
///
/// # Panics
/// If what is made is no component: the fault is this module's then.
pub(crate) fn guest_of(input: &mut Unstructured<'_>) -> arbitrary::Result<Vec<u8>> {
    build(input, Conduct::Fuzzed)
}

/// A component that answers with what it was given.
///
/// # Panics
/// As [`guest_of`].
pub(crate) fn good() -> Vec<u8> {
    build(&mut Unstructured::new(&[]), Conduct::Polite)
        .unwrap_or_else(|error| panic!("the good guest needs no input: {error}"))
}

fn build(input: &mut Unstructured<'_>, conduct: Conduct) -> arbitrary::Result<Vec<u8>> {
    let shape = shape();
    let encoding = match input.int_in_range(0..=7)? {
        6 => StringEncoding::UTF16,
        7 => StringEncoding::CompactUTF16,
        _ => StringEncoding::UTF8,
    };
    let module = module(shape, input, conduct)?;
    let component = component(shape, module, encoding);
    Ok(component.unwrap_or_else(|error| panic!("the fuzzed guest is no component: {error:?}")))
}

fn component(shape: &Shape, mut module: Vec<u8>, encoding: StringEncoding) -> Result<Vec<u8>> {
    embed_component_metadata(&mut module, &shape.resolve, shape.world, encoding)?;
    let mut encoder = ComponentEncoder::default();
    encoder.validate(false).module(&module)?.encode()
}

fn module(
    shape: &Shape,
    input: &mut Unstructured<'_>,
    conduct: Conduct,
) -> arbitrary::Result<Vec<u8>> {
    let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
    let (mut functions, mut exports) = (FunctionSection::new(), ExportSection::new());
    let all = shape.imports.iter().map(|(.., signature)| signature);
    let all: Vec<Signature> = all
        .chain(shape.own.iter().map(|(.., signature)| signature))
        .cloned()
        .collect();
    for signature in &all {
        let (params, results) = (&signature.params, &signature.results);
        types
            .ty()
            .function(params.iter().copied(), results.iter().copied());
    }
    // The function of a number has the type of that number.
    for (index, (module, name, _)) in (0..).zip(&shape.imports) {
        imports.import(module, name, EntityType::Function(index));
    }
    let first = shape.imports.len() as u32;
    for (index, (name, ..)) in (first..).zip(&shape.own) {
        functions.function(index);
        exports.export(name, ExportKind::Func, index);
    }
    exports.export("memory", ExportKind::Memory, 0);

    let mut memories = MemorySection::new();
    // Few guests are too large to be loaded: there is nothing to call then.
    let pages = match input.ratio(15, 16)? {
        true => 2,
        false => *input.choose(&[0, 1, 3, 4, 32, 33, 1000, 65536])?,
    };
    memories.memory(MemoryType {
        minimum: if conduct == Conduct::Polite { 2 } else { pages },
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut tables = TableSection::new();
    let elements = match input.ratio(15, 16)? {
        true => 4,
        false => *input.choose(&[3, 7, 8, 503, 504, 1 << 20])?,
    };
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: if conduct == Conduct::Polite {
            4
        } else {
            elements
        },
        maximum: None,
        shared: false,
    });
    let mut globals = GlobalSection::new();
    let next = GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    };
    // Where the next allocation goes.
    globals.global(next, &ConstExpr::i32_const(1 << 16));
    let mut table = ElementSection::new();
    let called: Vec<u32> = (first..first + 3).collect();
    table.active(
        None,
        &ConstExpr::i32_const(0),
        Elements::Functions(called.into()),
    );

    let bodies = Bodies::new(&all, first);
    let mut code = CodeSection::new();
    for (_, purpose, signature) in &shape.own {
        code.function(&match conduct {
            Conduct::Polite => body::polite(*purpose, signature),
            Conduct::Fuzzed => bodies.function(*purpose, signature, input)?,
        });
    }

    let mut data = DataSection::new();
    let texts = "hello ä€𝄞 \u{0} a longer text than the others".as_bytes();
    data.active(
        0,
        &ConstExpr::i32_const(TEXTS as i32),
        texts.iter().copied(),
    );
    let pairs: Vec<u8> = body::PAIRS
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    data.active(0, &ConstExpr::i32_const(PAIRS as i32), pairs);
    let length = input.len().min(512);
    let rest = input.bytes(length)?.iter().copied();
    data.active(0, &ConstExpr::i32_const(BYTES as i32), rest);

    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&tables)
        .section(&memories)
        .section(&globals)
        .section(&exports)
        .section(&table)
        .section(&code)
        .section(&data);
    Ok(module.finish())
}

fn shape() -> &'static Shape {
    static SHAPE: OnceLock<Shape> = OnceLock::new();
    SHAPE.get_or_init(|| read().unwrap_or_else(|error| panic!("the fuzzed world: {error:?}")))
}

/// Reads the world, and what a core module has to import and export to be a guest of it.
fn read() -> Result<Shape> {
    let mut resolve = Resolve::default();
    let package = resolve.push_source("fuzzed.wit", include_str!("../../wit/fuzzed.wit"))?;
    let world = resolve.select_world(&[package], None)?;
    let mut shape = Shape {
        resolve,
        world,
        imports: Vec::new(),
        own: vec![
            (
                "cabi_realloc".to_owned(),
                Purpose::Realloc,
                Signature {
                    params: vec![ValType::I32; 4],
                    results: vec![ValType::I32],
                },
            ),
            (
                "_initialize".to_owned(),
                Purpose::Start,
                Signature::default(),
            ),
        ],
    };
    let resolve = shape.resolve.clone();
    let world = &resolve.worlds[shape.world];
    for (key, item) in &world.imports {
        match item {
            WorldItem::Function(function) => shape.import(None, function),
            WorldItem::Interface { id, .. } => {
                let interface = &resolve.interfaces[*id];
                for function in interface.functions.values() {
                    shape.import(Some(key), function);
                }
                for resource in resources(&resolve, interface.types.values().copied()) {
                    shape.intrinsic(key, resource, ResourceIntrinsic::ImportedDrop);
                }
            }
            WorldItem::Type { .. } => {}
        }
    }
    for (key, item) in &world.exports {
        match item {
            WorldItem::Function(function) => shape.export(None, function, None),
            WorldItem::Interface { id, .. } => {
                let interface = &resolve.interfaces[*id];
                let mut maker = None;
                for resource in resources(&resolve, interface.types.values().copied()) {
                    shape.intrinsic(key, resource, ResourceIntrinsic::ExportedDrop);
                    shape.intrinsic(key, resource, ResourceIntrinsic::ExportedRep);
                    maker = Some(shape.imports.len() as u32);
                    shape.intrinsic(key, resource, ResourceIntrinsic::ExportedNew);
                    let destructor = WasmExport::ResourceDtor {
                        interface: key,
                        resource,
                    };
                    shape.own(destructor, Purpose::Export, vec![ValType::I32], vec![]);
                }
                for function in interface.functions.values() {
                    shape.export(Some(key), function, maker);
                }
            }
            WorldItem::Type { .. } => {}
        }
    }
    shape.imports.first().context("it imports nothing")?;
    Ok(shape)
}

/// Those of `types` that are resources of their interface.
fn resources(
    resolve: &Resolve,
    types: impl Iterator<Item = wit_parser::TypeId>,
) -> impl Iterator<Item = wit_parser::TypeId> {
    types.filter(|id| matches!(resolve.types[*id].kind, TypeDefKind::Resource))
}

impl Shape {
    fn import(&mut self, interface: Option<&WorldKey>, func: &Function) {
        let core = self.resolve.wasm_signature(ABI.import_variant(), func);
        let signature = Signature {
            params: types(&core.params),
            results: types(&core.results),
        };
        let import = WasmImport::Func { interface, func };
        let (module, name) = self.resolve.wasm_import_name(ABI, import);
        self.imports.push((module, name, signature));
    }

    fn intrinsic(
        &mut self,
        key: &WorldKey,
        resource: wit_parser::TypeId,
        intrinsic: ResourceIntrinsic,
    ) {
        let results = match intrinsic {
            ResourceIntrinsic::ExportedNew | ResourceIntrinsic::ExportedRep => vec![ValType::I32],
            _ => vec![],
        };
        let import = WasmImport::ResourceIntrinsic {
            interface: Some(key),
            resource,
            intrinsic,
        };
        let (module, name) = self.resolve.wasm_import_name(ABI, import);
        let params = vec![ValType::I32];
        self.imports
            .push((module, name, Signature { params, results }));
    }

    /// An export and its post-return. `maker` is the import that makes handles of the interface.
    fn export(&mut self, interface: Option<&WorldKey>, func: &Function, maker: Option<u32>) {
        let core = self.resolve.wasm_signature(ABI.export_variant(), func);
        let makes =
            matches!(func.kind, FunctionKind::Constructor(_)) || func.name.ends_with("absorb");
        let purpose = match maker {
            Some(maker) if makes => Purpose::Maker(maker),
            _ => Purpose::Export,
        };
        let (params, results) = (types(&core.params), types(&core.results));
        let export = |kind| WasmExport::Func {
            interface,
            func,
            kind,
        };
        let after = results.clone();
        self.own(export(WasmExportKind::Normal), purpose, params, results);
        self.own(
            export(WasmExportKind::PostReturn),
            Purpose::Export,
            after,
            vec![],
        );
    }

    fn own(
        &mut self,
        export: WasmExport<'_>,
        purpose: Purpose,
        params: Vec<ValType>,
        results: Vec<ValType>,
    ) {
        let name = self.resolve.wasm_export_name(ABI, export);
        self.own
            .push((name, purpose, Signature { params, results }));
    }
}

fn types(core: &[WasmType]) -> Vec<ValType> {
    let ty = |ty: &WasmType| match ty {
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValType::I32,
        WasmType::I64 | WasmType::PointerOrI64 => ValType::I64,
        WasmType::F32 => ValType::F32,
        WasmType::F64 => ValType::F64,
    };
    core.iter().map(ty).collect()
}
