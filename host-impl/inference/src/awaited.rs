//! The part for hosts of `host_async`: models are loaded and run on threads for such work.

use abide_inference::host_async;
use abide_inference::model::{Error, Options, Port, Tensor as OwnedTensor};

use crate::check;
use crate::inference::{Graph, Inference};

impl host_async::Model for Inference {
    type Graph = Graph;

    async fn graph_open(&mut self, name: &str) -> Result<Graph, Error> {
        self.open(name)
    }

    async fn graph_load(&mut self, bytes: &[u8], options: Options) -> Result<Graph, Error> {
        let (place, encoding, threads) = self.admit(options)?;
        let model = self
            .models()
            .load_for_async(bytes, encoding, threads)
            .await?;
        Ok(self.graph(model, place))
    }
}

impl host_async::model::Graph for Graph {
    async fn inputs(&mut self) -> Vec<Port> {
        self.model().inputs().to_vec()
    }

    async fn outputs(&mut self) -> Vec<Port> {
        self.model().outputs().to_vec()
    }

    async fn run(
        &mut self,
        inputs: Vec<(String, OwnedTensor)>,
    ) -> Result<Vec<(String, OwnedTensor)>, Error> {
        let inputs = self.in_order(inputs)?;
        let outputs = self.models().run_async(self.model(), inputs).await?;
        Ok(self.named(outputs))
    }

    async fn apply(&mut self, input: &[u8]) -> Result<Vec<u8>, Error> {
        let port = self.only_port()?;
        let input = OwnedTensor {
            element: port.element,
            shape: check::shape_for(port, input.len())?,
            data: input.to_vec(),
        };
        let outputs = self.models().run_async(self.model(), vec![input]).await?;
        Self::only_output(outputs)
    }

    async fn labels(&mut self) -> Vec<String> {
        self.model().labels().to_vec()
    }
}
