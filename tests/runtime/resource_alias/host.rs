//! One resource under several names: by `type`, by `use`, and by both.

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_alias/test.wit", module: "resource_alias" });

#[derive(Clone, Default)]
struct App(Alive);

struct Node(
    String,
    #[expect(dead_code, reason = "counts the value")] One,
);

impl App {
    fn node(&self, name: &str) -> Node {
        Node(name.to_owned(), self.0.one(name))
    }
}

impl host_async::Base for App {
    type Node = Node;

    async fn node_new(&mut self, name: &str) -> Node {
        self.node(name)
    }

    async fn linked(&mut self, a: Node, b: Node) -> Vec<Node> {
        vec![b, a]
    }
}

impl host_async::base::Node for Node {
    async fn name(&mut self) -> String {
        self.0.clone()
    }
}

impl host_async::Graphs for App {
    type Node = Node;

    async fn join(&mut self, a: &Node, b: &Node) -> String {
        format!("{}-{}", a.0, b.0)
    }

    async fn copy_of(&mut self, of: &mut Node) -> Node {
        self.node(&format!("copy of {}", of.0))
    }

    async fn all(&mut self, of: Vec<Node>) -> u32 {
        of.len() as u32
    }
}

impl host_async::ResourceAliasImports for App {
    type Node = Node;

    async fn paint(&mut self, of: &mut Node) -> Node {
        self.node(&format!("painted {}", of.0))
    }
}

#[awaited::test]
async fn all_names_are_one_resource() {
    let app = App::default();
    load!(host_async::ResourceAlias, app.clone())
        .run()
        .await
        .unwrap();
    assert_eq!((app.0.made(), app.0.count()), (4, 0));
}
