//! A world → WIT text: the files of its packages.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::model::{
    Function, Interface, Kind, Member, Owner, Package, Part, Type, TypeDef, TypeId, World,
};
use crate::names::wit as name;

/// The files of a world, by their path in the folder that `abi!` is given.
pub(crate) fn files(world: &World) -> Vec<(PathBuf, String)> {
    let texts = world.packages.iter().enumerate().map(|(index, package)| {
        let path = match index {
            0 => PathBuf::from("main.wit"),
            // As a file and as a folder.
            1 => PathBuf::from("deps/first.wit"),
            _ => PathBuf::from(format!("deps/other{index}/types.wit")),
        };
        let text = format!(
            "package {};\n\n{}",
            package_name(package),
            items(world, index)
        );
        (path, text)
    });
    texts.collect()
}

/// The world in one text, as for the option `inline`.
pub(crate) fn inline(world: &World) -> String {
    let mut text = format!(
        "package {};\n\n{}",
        package_name(&world.packages[0]),
        items(world, 0)
    );
    for (index, package) in world.packages.iter().enumerate().skip(1) {
        let _ = write!(
            text,
            "\npackage {} {{\n{}}}\n",
            package_name(package),
            items(world, index)
        );
    }
    text
}

/// `demo:notes@0.1.0`.
fn package_name(package: &Package) -> String {
    let Package {
        namespace,
        name: own,
        version,
    } = package;
    let version = version
        .map(|version| format!("@{version}"))
        .unwrap_or_default();
    format!("{}:{}{version}", name(namespace), name(own))
}

/// What stands in a package.
fn items(world: &World, package: usize) -> String {
    let mut text = String::new();
    for (index, interface) in world.interfaces.iter().enumerate() {
        if interface.package == Some(package) {
            docs(&mut text, "", &interface.docs);
            let body = interface_body(world, index, interface, "    ");
            let _ = write!(text, "interface {} {{\n{body}}}\n\n", name(&interface.name));
        }
    }
    if package == 0 {
        text += &world_text(world);
        if world.options.second_world {
            text += "\nworld another-one {\n    import nothing: func();\n}\n";
        }
    }
    text
}

fn world_text(world: &World) -> String {
    let mut text = String::new();
    docs(&mut text, "", &world.docs);
    let _ = writeln!(text, "world {} {{", name(&world.name));
    text += &types(world, Owner::World, world.own_types(), "    ");
    for own in &world.functions {
        let signature = signature(world, &own.function);
        for word in sides(own.sides.import, own.sides.export) {
            docs(&mut text, "    ", &own.function.docs);
            let _ = writeln!(
                text,
                "    {word} {}: {signature};",
                name(&own.function.name)
            );
        }
    }
    for (index, interface) in world.interfaces.iter().enumerate() {
        for word in sides(interface.said.import, interface.said.export) {
            if interface.package.is_some() {
                let _ = writeln!(text, "    {word} {};", path(world, interface, Some(0)));
            } else {
                docs(&mut text, "    ", &interface.docs);
                let body = interface_body(world, index, interface, "        ");
                let own = name(&interface.name);
                let _ = write!(text, "    {word} {own}: interface {{\n{body}    }}\n");
            }
        }
    }
    text + "}\n"
}

fn sides(import: bool, export: bool) -> impl Iterator<Item = &'static str> {
    [import.then_some("import"), export.then_some("export")]
        .into_iter()
        .flatten()
}

fn interface_body(world: &World, index: usize, interface: &Interface, indent: &str) -> String {
    let ids = interface.types.iter().copied();
    let mut text = types(world, Owner::Interface(index), ids, indent);
    let free = interface
        .functions
        .iter()
        .filter(|function| function.of == Member::None);
    for function in free {
        docs(&mut text, indent, &function.docs);
        let signature = signature(world, function);
        let _ = writeln!(text, "{indent}{}: {signature};", name(&function.name));
    }
    text
}

/// An interface as it is called in the package `from`.
fn path(world: &World, interface: &Interface, from: Option<usize>) -> String {
    let own = name(&interface.name);
    match interface.package {
        Some(index) if Some(index) != from => {
            let package = &world.packages[index];
            let version = package
                .version
                .map(|version| format!("@{version}"))
                .unwrap_or_default();
            format!(
                "{}:{}/{own}{version}",
                name(&package.namespace),
                name(&package.name)
            )
        }
        _ => own,
    }
}

fn types(world: &World, owner: Owner, ids: impl Iterator<Item = TypeId>, indent: &str) -> String {
    let mut text = String::new();
    for id in ids {
        let def = world.def(id);
        if let Kind::Use(other) = &def.kind {
            text += &use_text(world, owner, def, *other, indent);
            continue;
        }
        docs(&mut text, indent, &def.docs);
        let own = name(&def.name);
        match &def.kind {
            Kind::Record(fields) => block(world, &mut text, indent, "record", &own, fields),
            Kind::Variant(cases) => block(world, &mut text, indent, "variant", &own, cases),
            Kind::Enum(cases) => block(world, &mut text, indent, "enum", &own, cases),
            Kind::Flags(flags) => block(world, &mut text, indent, "flags", &own, flags),
            Kind::Alias(of) => {
                let _ = writeln!(text, "{indent}type {own} = {};", ty(world, of));
            }
            Kind::Resource => {
                let functions = resource_functions(world, owner, id, indent);
                let _ = write!(text, "{indent}resource {own} {{\n{functions}{indent}}}\n");
            }
            Kind::Use(_) => {}
        }
    }
    text
}

fn resource_functions(world: &World, owner: Owner, id: TypeId, indent: &str) -> String {
    let Owner::Interface(index) = owner else {
        return String::new(); // no world has resources of its own
    };
    let mut text = String::new();
    let functions = world.interfaces[index].functions.iter();
    for function in functions.filter(|function| function.of.resource() == Some(id)) {
        docs(&mut text, &format!("{indent}    "), &function.docs);
        let (own, signature) = (name(&function.name), signature(world, function));
        let line = match function.of {
            Member::Constructor(_) => format!("constructor{}", params(world, function)),
            Member::Static(_) => format!("{own}: static {signature}"),
            _ => format!("{own}: {signature}"),
        };
        let _ = writeln!(text, "{indent}    {line};");
    }
    text
}

fn use_text(world: &World, owner: Owner, def: &TypeDef, of: TypeId, indent: &str) -> String {
    let other = world.def(of);
    let Owner::Interface(index) = other.owner else {
        return String::new(); // nothing uses types of a world
    };
    let from = match owner {
        Owner::World => Some(0),
        // What is written inside the world belongs to the world's package.
        Owner::Interface(index) => world.interfaces[index].package.or(Some(0)),
    };
    let path = path(world, &world.interfaces[index], from);
    let renamed = match &def.name {
        same if *same == other.name => String::new(),
        new => format!(" as {}", name(new)),
    };
    format!("{indent}use {path}.{{{}{renamed}}};\n", name(&other.name))
}

fn block(world: &World, text: &mut String, indent: &str, keyword: &str, own: &str, parts: &[Part]) {
    let _ = writeln!(text, "{indent}{keyword} {own} {{");
    for part in parts {
        docs(text, &format!("{indent}    "), &part.docs);
        let payload = match &part.ty {
            None => String::new(),
            Some(of) if keyword == "record" => format!(": {}", ty(world, of)),
            Some(of) => format!("({})", ty(world, of)),
        };
        let _ = writeln!(text, "{indent}    {}{payload},", name(&part.name));
    }
    let _ = writeln!(text, "{indent}}}");
}

/// The parameters, in their parentheses.
fn params(world: &World, function: &Function) -> String {
    let params = function.params.iter();
    let params: Vec<String> = params
        .map(|param| format!("{}: {}", name(&param.name), ty(world, &param.ty)))
        .collect();
    format!("({})", params.join(", "))
}

fn signature(world: &World, function: &Function) -> String {
    let params = params(world, function);
    let result = function
        .result
        .as_ref()
        .map(|of| format!(" -> {}", ty(world, of)));
    format!("func{params}{}", result.unwrap_or_default())
}

fn ty(world: &World, of: &Type) -> String {
    match of {
        Type::Plain(plain) => (*plain).to_owned(),
        Type::String => "string".to_owned(),
        Type::List(of) => format!("list<{}>", ty(world, of)),
        Type::Option(of) => format!("option<{}>", ty(world, of)),
        Type::Result(None, None) => "result".to_owned(),
        Type::Result(Some(ok), None) => format!("result<{}>", ty(world, ok)),
        Type::Result(None, Some(err)) => format!("result<_, {}>", ty(world, err)),
        Type::Result(Some(ok), Some(err)) => {
            format!("result<{}, {}>", ty(world, ok), ty(world, err))
        }
        Type::Tuple(of) => {
            let of: Vec<String> = of.iter().map(|of| ty(world, of)).collect();
            format!("tuple<{}>", of.join(", "))
        }
        Type::Named(id) | Type::Own(id) => name(&world.def(*id).name),
        Type::Borrow(id) => format!("borrow<{}>", name(&world.def(*id).name)),
    }
}

fn docs(text: &mut String, indent: &str, lines: &[&str]) {
    for line in lines {
        let _ = writeln!(text, "{}", format!("{indent}/// {line}").trim_end());
    }
}
