//! Resources whose methods take and make others of their own kind.

use std::sync::{Arc, Mutex, Weak};

abide::abi!({ wit: "resource_graph/test.wit", module: "resource_graph" });

use host_async::exports::trees;

#[derive(Clone)]
struct App;

#[derive(Default)]
struct Inner {
    name: String,
    children: Mutex<Vec<Arc<Inner>>>,
    parent: Mutex<Weak<Inner>>,
}

struct Node(Arc<Inner>);

impl host_async::Trees for App {
    type Node = Node;

    async fn node_root(&mut self, name: &str) -> Node {
        Node(Arc::new(Inner {
            name: name.to_owned(),
            ..Inner::default()
        }))
    }
}

impl host_async::trees::Node for Node {
    async fn name(&mut self) -> String {
        self.0.name.clone()
    }

    async fn again(&mut self) -> Self {
        Node(Arc::clone(&self.0))
    }

    async fn add(&mut self, child: Self) -> u32 {
        *child.0.parent.lock().unwrap() = Arc::downgrade(&self.0);
        let mut children = self.0.children.lock().unwrap();
        children.push(child.0);
        children.len() as u32
    }

    async fn child(&mut self, at: u32) -> Option<Self> {
        let children = self.0.children.lock().unwrap();
        children.get(at as usize).cloned().map(Node)
    }

    async fn children(&mut self) -> Vec<Self> {
        let children = self.0.children.lock().unwrap();
        children.iter().cloned().map(Node).collect()
    }

    async fn parent(&mut self) -> Option<Self> {
        self.0.parent.lock().unwrap().upgrade().map(Node)
    }

    async fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

#[awaited::test]
async fn the_guest_walks_the_hosts_tree() {
    load!(host_async::ResourceGraph, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_walks_the_guests_tree() {
    let session = load!(host_async::ResourceGraph, App)
        .session()
        .await
        .unwrap();
    let new = async |name: &str| session.trees().node_root(name).await.unwrap();
    let root: trees::Node = new("root").await;
    for (count, name) in (1..).zip(["x", "ÿ", "z"]) {
        assert_eq!(root.add(new(name).await).await.unwrap(), count);
    }
    let mut names = Vec::new();
    for node in root.children().await.unwrap() {
        names.push(node.name().await.unwrap());
    }
    assert_eq!(names, ["x", "ÿ", "z"]);
    let y = root.child(1).await.unwrap().unwrap();
    assert!(root.child(3).await.unwrap().is_none());
    assert!(root.parent().await.unwrap().is_none());
    assert!(
        y.parent()
            .await
            .unwrap()
            .unwrap()
            .is_same(&root)
            .await
            .unwrap()
    );
    assert!(y.again().await.unwrap().is_same(&y).await.unwrap());
    assert!(!y.is_same(&root).await.unwrap());
    drop(root);
    assert!(y.parent().await.unwrap().is_none());
    assert_eq!(y.name().await.unwrap(), "ÿ");
}
