// What the official SDK for JavaScript does with a sidecar, part by part, over HTTP and over gRPC. It
// ends with `ok` and a name for each part.

const assert = require("node:assert");
const fs = require("node:fs");
const {
  CommunicationProtocolEnum,
  DaprClient,
  DaprServer,
  HttpMethod,
  StateConcurrencyEnum,
} = require("@dapr/dapr");

const [host, httpPort, grpcPort, appPort, settings] = process.argv.slice(2);
const logger = { level: "error" };

async function state(client, name) {
  const key = `${name}-k`;
  await client.state.save("statestore", [{ key, value: "one" }]);
  assert.equal(await client.state.get("statestore", key), "one");
  const other = { key: `${name}-o`, value: { a: [1, 2] } };
  assert.ok(!(await client.state.save("statestore", [other])).error);
  const found = await client.state.getBulk("statestore", [key, other.key]);
  assert.equal(found.length, 2);
  const etag = found[0].etag;
  const options = { concurrency: StateConcurrencyEnum.CONCURRENCY_FIRST_WRITE };
  const first = [{ key, value: "two", etag, options }];
  assert.ok(!(await client.state.save("statestore", first)).error);
  // Over HTTP it returns the error, over gRPC it throws.
  const error = await client.state.save("statestore", first).then((saved) => saved.error, (error) => error);
  assert.match(String(error), /possible etag mismatch/, "a stale etag was taken");
  await client.state.transaction("statestore", [
    { operation: "upsert", request: { key: `${name}-t`, value: "three" } },
    { operation: "delete", request: { key } },
  ]);
  assert.equal(await client.state.get("statestore", `${name}-t`), "three");
  assert.ok(!(await client.state.get("statestore", key)));
  await client.state.delete("statestore", `${name}-t`);
  assert.ok(!(await client.state.get("statestore", `${name}-t`)));
}

async function invocation(client) {
  const more = { article: "lily", count: 2 };
  const stocked = await client.invoker.invoke("orders", "restock", HttpMethod.POST, more);
  assert.equal(stocked.article, "lily");
  const path = "stock?article=lily";
  const stock = await client.invoker.invoke("orders", path, HttpMethod.GET);
  assert.equal(stock.count, stocked.count);
  await assert.rejects(client.invoker.invoke("nobody", "x", HttpMethod.POST, {}));
}

async function secrets(client) {
  const secret = await client.secret.get("secretstore", "password");
  assert.deepEqual({ ...secret }, { password: "open sesame" });
  const all = await client.secret.getBulk("secretstore");
  assert.ok(all["database:user"]);
}

async function bindings(client, name) {
  const fileName = `${name}.txt`;
  await client.binding.send("files", "create", "hello", { fileName });
  const got = await client.binding.send("files", "get", "", { fileName });
  // Over HTTP it returns the data, over gRPC the message with them.
  const data = got.data ?? got;
  assert.match(typeof data === "string" ? data : Buffer.from(data).toString(), /hello/);
}

async function lock(client, name) {
  assert.ok((await client.lock.lock("lockstore", name, "me", 60)).success);
  assert.ok(!(await client.lock.lock("lockstore", name, "you", 60)).success);
  assert.equal((await client.lock.unlock("lockstore", name, "you")).status, 2);
  assert.equal((await client.lock.unlock("lockstore", name, "me")).status, 0);
}

async function configuration(client) {
  const { items } = await client.configuration.get("configstore", ["greeting"]);
  assert.equal(items.greeting.value, "hello");
  let stream;
  const changed = new Promise((resolve) => {
    const told = async (data) => data.items.greeting && resolve(data.items.greeting.value);
    stream = client.configuration.subscribeWithKeys("configstore", ["greeting"], told);
  });
  stream = await stream;
  fs.writeFileSync(settings, JSON.stringify({ greeting: "good evening" }));
  assert.equal(await changed, "good evening");
  stream.stop();
}

// Events come to a server of the SDK, which the sidecar calls.
async function pubsub(server, client) {
  const seen = [];
  let done;
  const all = new Promise((resolve) => (done = resolve));
  const handle = async (data) => {
    seen.push(typeof data === "string" ? data : data.n);
    if (seen.length === 4) done();
  };
  await server.pubsub.subscribe("pubsub", "javascript", handle);
  server.invoker.listen("greet", async (request) => ({ hello: request.body }), {
    method: HttpMethod.POST,
  });
  await server.start();
  await ready();
  for (const n of [1, 2]) {
    assert.ok(!(await client.pubsub.publish("pubsub", "javascript", { n })).error);
  }
  const failed = await client.pubsub.publishBulk("pubsub", "javascript", ["x", "y"]);
  assert.deepEqual(failed.failedMessages, []);
  await all;
  assert.deepEqual(seen.map(String).sort(), ["1", "2", "x", "y"]);
}

async function ready() {
  for (;;) {
    const answer = await fetch(`http://${host}:${httpPort}/v1.0/healthz`);
    if (answer.status === 204) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function main() {
  const options = (daprPort, communicationProtocol) => ({
    daprHost: host,
    daprPort,
    communicationProtocol,
    logger,
  });
  const http = options(httpPort, CommunicationProtocolEnum.HTTP);
  const grpc = options(grpcPort, CommunicationProtocolEnum.GRPC);
  const server = new DaprServer({
    serverHost: host,
    serverPort: appPort,
    communicationProtocol: CommunicationProtocolEnum.HTTP,
    clientOptions: http,
    logger,
  });
  const clients = { http: new DaprClient(http), grpc: new DaprClient(grpc) };
  await pubsub(server, clients.http);
  console.log("ok pubsub");
  const parts = { state, invocation, secrets, bindings, lock };
  for (const [name, client] of Object.entries(clients)) {
    for (const [part, run] of Object.entries(parts)) {
      try {
        await run(client, name);
      } catch (error) {
        // What the SDK does not have over this protocol it says itself.
        const text = String(error) + String(error?.constructor?.name);
        if (!/NotSupported/.test(text)) throw error;
        console.log(`none ${part} ${name}`);
        continue;
      }
      console.log(`ok ${part} ${name}`);
    }
  }
  await configuration(clients.grpc);
  console.log("ok configuration grpc");
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
