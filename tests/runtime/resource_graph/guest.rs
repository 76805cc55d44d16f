//! Trees in the guest, and the host's trees used by it.

abide::abi!("test.wit");

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use guest::exports::trees::{GuestNode, Node, NodeBorrow};
use guest::trees as host;

struct Plugin;

#[derive(Default)]
struct Inner {
    name: String,
    children: RefCell<Vec<Rc<Inner>>>,
    parent: RefCell<Weak<Inner>>,
}

struct Own(Rc<Inner>);

fn node(of: &Rc<Inner>) -> Node {
    Node::new(Own(Rc::clone(of)))
}

impl GuestNode for Own {
    fn root(name: String) -> Node {
        node(&Rc::new(Inner {
            name,
            ..Inner::default()
        }))
    }

    fn name(&self) -> String {
        self.0.name.clone()
    }

    fn again(&self) -> Node {
        node(&self.0)
    }

    fn add(&self, child: Node) -> u32 {
        let child = Rc::clone(&child.get::<Own>().0);
        child.parent.replace(Rc::downgrade(&self.0));
        let mut children = self.0.children.borrow_mut();
        children.push(child);
        children.len() as u32
    }

    fn child(&self, at: u32) -> Option<Node> {
        self.0.children.borrow().get(at as usize).map(node)
    }

    fn children(&self) -> Vec<Node> {
        self.0.children.borrow().iter().map(node).collect()
    }

    fn parent(&self) -> Option<Node> {
        self.0.parent.borrow().upgrade().as_ref().map(node)
    }

    fn is_same(&self, other: NodeBorrow<'_>) -> bool {
        Rc::ptr_eq(&self.0, &other.get::<Own>().0)
    }
}

impl guest::Trees for Plugin {
    type Node = Own;
}

impl guest::ResourceGraph for Plugin {
    fn run() {
        let root = host::Node::root("Wurzel");
        for (count, name) in ["ä", "b", "c"].into_iter().enumerate() {
            assert_eq!(root.add(host::Node::root(name)), count as u32 + 1);
        }
        let names: Vec<String> = root.children().iter().map(host::Node::name).collect();
        assert_eq!(names, ["ä", "b", "c"]);
        let b = root.child(1).unwrap();
        assert!(root.child(3).is_none() && root.parent().is_none());
        b.add(host::Node::root("deep"));
        let deep = root.children()[1].child(0).unwrap();
        let up = deep.parent().unwrap();
        assert!(up.is_same(&b) && b.is_same(&up) && b.is_same(&b) && !up.is_same(&deep));
        assert!(up.again().parent().unwrap().is_same(&root));
        drop(root);
        // The tree is gone but for what is held.
        assert!(b.parent().is_none());
        assert_eq!(deep.parent().unwrap().name(), "b");
    }
}

export!(Plugin);
