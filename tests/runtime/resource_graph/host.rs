//! Resources whose methods take and make others of their own kind.

use std::sync::{Arc, Mutex, Weak};

abide::abi!({ wit: "resource_graph/test.wit", module: "resource_graph" });

use host::exports::trees;

#[derive(Clone)]
struct App;

#[derive(Default)]
struct Inner {
    name: String,
    children: Mutex<Vec<Arc<Inner>>>,
    parent: Mutex<Weak<Inner>>,
}

struct Node(Arc<Inner>);

impl host::Trees for App {
    type Node = Node;

    fn node_root(&mut self, name: &str) -> Node {
        Node(Arc::new(Inner {
            name: name.to_owned(),
            ..Inner::default()
        }))
    }
}

impl host::trees::Node for Node {
    fn name(&mut self) -> String {
        self.0.name.clone()
    }

    fn again(&mut self) -> Self {
        Node(Arc::clone(&self.0))
    }

    fn add(&mut self, child: Self) -> u32 {
        *child.0.parent.lock().unwrap() = Arc::downgrade(&self.0);
        let mut children = self.0.children.lock().unwrap();
        children.push(child.0);
        children.len() as u32
    }

    fn child(&mut self, at: u32) -> Option<Self> {
        let children = self.0.children.lock().unwrap();
        children.get(at as usize).cloned().map(Node)
    }

    fn children(&mut self) -> Vec<Self> {
        let children = self.0.children.lock().unwrap();
        children.iter().cloned().map(Node).collect()
    }

    fn parent(&mut self) -> Option<Self> {
        self.0.parent.lock().unwrap().upgrade().map(Node)
    }

    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

#[test]
fn the_guest_walks_the_hosts_tree() {
    load!(host::ResourceGraph, App).run().unwrap();
}

#[test]
fn the_host_walks_the_guests_tree() {
    let session = load!(host::ResourceGraph, App).session().unwrap();
    let new = |name: &str| session.trees().node_root(name).unwrap();
    let root: trees::Node = new("root");
    for (count, name) in (1..).zip(["x", "ÿ", "z"]) {
        assert_eq!(root.add(new(name)).unwrap(), count);
    }
    let names: Vec<String> = root
        .children()
        .unwrap()
        .iter()
        .map(|node| node.name().unwrap())
        .collect();
    assert_eq!(names, ["x", "ÿ", "z"]);
    let y = root.child(1).unwrap().unwrap();
    assert!(root.child(3).unwrap().is_none());
    assert!(root.parent().unwrap().is_none());
    assert!(y.parent().unwrap().unwrap().is_same(&root).unwrap());
    assert!(y.again().unwrap().is_same(&y).unwrap());
    assert!(!y.is_same(&root).unwrap());
    drop(root);
    assert!(y.parent().unwrap().is_none());
    assert_eq!(y.name().unwrap(), "ÿ");
}
