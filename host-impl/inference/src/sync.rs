//! The part for hosts of `host`: models are loaded and run on the thread that calls.

use abide_inference::host;
use abide_inference::model::{Error, Options, Port, Tensor as OwnedTensor};

use crate::engine::Tensor;
use crate::inference::{Graph, Inference};

impl host::Model for Inference {
    type Graph = Graph;

    fn graph_open(&mut self, name: &str) -> Result<Graph, Error> {
        self.open(name)
    }

    fn graph_load(&mut self, bytes: &[u8], options: Options) -> Result<Graph, Error> {
        let (place, encoding, threads) = self.admit(options)?;
        let model = self.models().load_for(bytes, encoding, threads)?;
        Ok(self.graph(model, place))
    }
}

impl host::model::Graph for Graph {
    fn inputs(&mut self) -> Vec<Port> {
        self.model().inputs().to_vec()
    }

    fn outputs(&mut self) -> Vec<Port> {
        self.model().outputs().to_vec()
    }

    fn run(
        &mut self,
        inputs: Vec<(String, OwnedTensor)>,
    ) -> Result<Vec<(String, OwnedTensor)>, Error> {
        let inputs = self.in_order(inputs)?;
        let inputs: Vec<_> = inputs.iter().map(Tensor::from).collect();
        let outputs = self.models().run(self.model(), &inputs)?;
        Ok(self.named(outputs))
    }

    fn apply(&mut self, input: &[u8]) -> Result<Vec<u8>, Error> {
        self.apply_here(input)
    }

    fn labels(&mut self) -> Vec<String> {
        self.model().labels().to_vec()
    }
}
