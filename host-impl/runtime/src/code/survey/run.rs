//! Makes an instance of a component as the compiler does: all instances in it one after the other,
//! each thing that is passed on copied with all that is in it. Nothing is copied here, only
//! counted.

use std::collections::HashMap;
use std::rc::Rc;

use wasmparser::ComponentExternalKind;

use super::count::{Count, ITEM, Needs, Read, Stop, deeper};
use super::read::{Component, File, Item, Step};
use super::types::{ItemKind, Ty};

/// Something that a component has.
#[derive(Clone)]
enum Thing<'a> {
    Instance(Rc<Made<'a>>),
    /// An instance that the host offers.
    Imported(Rc<Ty<'a>>),
    Component(Closure),
    Other,
}

/// An instance: its items, and how many there are with all that is in them.
struct Made<'a> {
    items: HashMap<&'a str, Thing<'a>>,
    size: u64,
    depth: usize,
}

/// A component and the components that it sees around it.
#[derive(Clone)]
struct Closure {
    number: usize,
    around: Option<Rc<Around>>,
}

struct Around {
    components: Vec<Closure>,
    further: Option<Rc<Self>>,
}

/// A component that is being instantiated.
struct Frame<'f, 'a> {
    component: &'f Component<'a>,
    next: usize,
    around: Option<Rc<Around>>,
    args: HashMap<&'a str, Thing<'a>>,
    instances: Vec<Thing<'a>>,
    components: Vec<Closure>,
    /// How many resources are known to it.
    resources: u64,
}

/// What a step leads to.
enum Next<'f, 'a> {
    Step,
    Instantiate(Frame<'f, 'a>),
}

/// What an instance of a file's component needs.
pub(super) fn run(file: &File<'_>) -> Read<Needs> {
    let count = &mut file.count.clone();
    let number = file
        .components
        .len()
        .checked_sub(1)
        .ok_or(Stop::Unreadable)?;
    let outermost = Closure {
        number,
        around: None,
    };
    let mut args = HashMap::new();
    for (name, ty) in &file.imports {
        let thing = match ty.kind() {
            ItemKind::Instance => Thing::Imported(Rc::clone(ty)),
            _ => Thing::Other,
        };
        args.insert(*name, thing);
    }
    let mut frames = vec![Frame::begin(file, outermost, args, 0, count)?];
    let mut needs = frames[0].component.needs;
    while let Some(frame) = frames.last_mut() {
        if let Some(step) = frame.component.steps.get(frame.next) {
            frame.next += 1;
            if let Next::Instantiate(new) = frame.step(file, step, count)? {
                needs = needs.and(new.component.needs);
                frames.push(new);
            }
            continue;
        }
        let made = frame.made(&frame.component.exports, count)?;
        frames.pop();
        if let Some(around) = frames.last_mut() {
            around.instances.push(made);
        }
    }
    Ok(needs)
}

impl<'a> Thing<'a> {
    /// How many things are copied with it.
    fn size(&self) -> u64 {
        match self {
            Self::Instance(made) => made.size,
            Self::Imported(_) | Self::Component(_) | Self::Other => 1,
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::Instance(made) => made.depth,
            Self::Imported(_) | Self::Component(_) | Self::Other => 0,
        }
    }

    fn item(&self, name: &str) -> Read<Self> {
        match self {
            Self::Instance(made) => Ok(made.items.get(name).ok_or(Stop::Unreadable)?.clone()),
            Self::Imported(ty) => {
                let item = ty.item(name).ok_or(Stop::Unreadable)?;
                Ok(match item.kind() {
                    ItemKind::Instance => Self::Imported(Rc::clone(item)),
                    _ => Self::Other,
                })
            }
            Self::Component(_) | Self::Other => Err(Stop::Unreadable),
        }
    }
}

impl<'f, 'a> Frame<'f, 'a> {
    fn begin(
        file: &'f File<'a>,
        closure: Closure,
        args: HashMap<&'a str, Thing<'a>>,
        resources: u64,
        count: &mut Count,
    ) -> Read<Self> {
        let component = file
            .components
            .get(closure.number)
            .ok_or(Stop::Unreadable)?;
        count.instances(component.needs.instances.saturating_add(1))?;
        count.work(component.work.saturating_add(component.exported))?;
        // What is known of resources is kept aside until it is made.
        count.work(resources / 4)?;
        Ok(Self {
            component,
            next: 0,
            around: closure.around,
            args,
            instances: Vec::new(),
            components: Vec::new(),
            resources,
        })
    }

    fn step(
        &mut self,
        file: &'f File<'a>,
        step: &'f Step<'a>,
        count: &mut Count,
    ) -> Read<Next<'f, 'a>> {
        match step {
            Step::Import(name, kind, ty) => {
                // The outermost need not be given types.
                let thing = self.args.get(name).cloned().unwrap_or(Thing::Other);
                // It is copied as it is taken, and again to look for each of its resources.
                count.work(copied(&thing).saturating_mul(ty.resources.saturating_add(1)))?;
                self.resources = self.resources.saturating_add(ty.resources);
                self.push(*kind, thing)?;
            }
            Step::Component(number) => {
                let number = *number;
                count.work(ITEM + self.components.len() as u64)?;
                let around = Around {
                    components: self.components.clone(),
                    further: self.around.clone(),
                };
                let around = Some(Rc::new(around));
                self.components.push(Closure { number, around });
            }
            Step::Outer(further, index) => {
                let component = self.outer(*further, *index)?;
                self.push(
                    ComponentExternalKind::Component,
                    Thing::Component(component),
                )?;
            }
            Step::Instantiate(component, args) => {
                let mut given = HashMap::new();
                for arg in args {
                    let thing = self.thing(arg.kind, arg.index)?;
                    count.work(copied(&thing))?;
                    given.insert(arg.name, thing);
                }
                let closure = self.components.get(*component as usize);
                let closure = closure.ok_or(Stop::Unreadable)?.clone();
                let frame = Frame::begin(file, closure, given, self.resources, count)?;
                return Ok(Next::Instantiate(frame));
            }
            Step::Instance(items) => {
                let made = self.made(items, count)?;
                self.instances.push(made);
            }
            Step::Alias(kind, instance, name) => {
                let instance = self
                    .instances
                    .get(*instance as usize)
                    .ok_or(Stop::Unreadable)?;
                let thing = instance.item(name)?;
                count.work(copied(&thing))?;
                self.push(*kind, thing)?;
            }
            Step::Again(kind, index) => {
                let thing = self.thing(*kind, *index)?;
                count.work(copied(&thing))?;
                self.push(*kind, thing)?;
            }
        }
        Ok(Next::Step)
    }

    /// An instance of such items.
    fn made(&self, items: &[Item<'a>], count: &mut Count) -> Read<Thing<'a>> {
        let (mut all, mut size, mut inside) = (HashMap::new(), 1_u64, 0);
        for item in items {
            let thing = self.thing(item.kind, item.index)?;
            count.work(copied(&thing))?;
            size = size.saturating_add(thing.size());
            inside = inside.max(thing.depth());
            all.insert(item.name, thing);
        }
        let depth = deeper(std::iter::once(inside))?;
        let made = Made {
            items: all,
            size,
            depth,
        };
        Ok(Thing::Instance(Rc::new(made)))
    }

    fn thing(&self, kind: ComponentExternalKind, index: u32) -> Read<Thing<'a>> {
        let index = index as usize;
        Ok(match kind {
            ComponentExternalKind::Instance => {
                self.instances.get(index).ok_or(Stop::Unreadable)?.clone()
            }
            ComponentExternalKind::Component => {
                Thing::Component(self.components.get(index).ok_or(Stop::Unreadable)?.clone())
            }
            _ => Thing::Other,
        })
    }

    fn push(&mut self, kind: ComponentExternalKind, thing: Thing<'a>) -> Read {
        match (kind, thing) {
            (ComponentExternalKind::Instance, thing) => self.instances.push(thing),
            (ComponentExternalKind::Component, Thing::Component(closure)) => {
                self.components.push(closure);
            }
            (ComponentExternalKind::Component, _) => return Err(Stop::Unreadable),
            _ => {}
        }
        Ok(())
    }

    /// A component of one further out: `further` 0 is this one.
    fn outer(&self, further: u32, index: u32) -> Read<Closure> {
        let index = index as usize;
        let Some(further) = further.checked_sub(1) else {
            return Ok(self.components.get(index).ok_or(Stop::Unreadable)?.clone());
        };
        let mut around = self.around.as_ref();
        for _ in 0..further {
            around = around.and_then(|around| around.further.as_ref());
        }
        let component = around.and_then(|around| around.components.get(index));
        Ok(component.ok_or(Stop::Unreadable)?.clone())
    }
}

/// What it takes to pass a thing on.
fn copied(thing: &Thing<'_>) -> u64 {
    ITEM.saturating_mul(thing.size())
}
