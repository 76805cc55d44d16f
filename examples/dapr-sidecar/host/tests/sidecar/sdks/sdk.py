"""What the official SDK for Python does with a sidecar, part by part. It ends with `ok` and a name
for each part; the ports are in DAPR_HTTP_PORT and DAPR_GRPC_PORT. Arguments are the file with
configuration, and the names of parts if not all are to be done."""

import json
import queue
import sys

from dapr.clients import DaprClient
from dapr.clients.grpc._request import TransactionalStateOperation, TransactionOperationType
from dapr.clients.grpc._response import TopicEventResponse, UnlockResponseStatus
from dapr.clients.grpc._state import Concurrency, Consistency, StateItem, StateOptions

SETTINGS = sys.argv[1]
PATIENCE = 30


def state(client):
    client.save_state("statestore", "k", "one", state_metadata={"ttlInSeconds": "100"})
    found = client.get_state("statestore", "k")
    assert found.data == b"one" and found.etag, found.data
    client.save_state("statestore", "k", "two", etag=found.etag)
    try:
        client.save_state("statestore", "k", "three", etag=found.etag)
        raise AssertionError("a stale etag was taken")
    except Exception as error:
        assert "ABORTED" in str(error) or "etag mismatch" in str(error), error
    strong = StateOptions(concurrency=Concurrency.first_write, consistency=Consistency.strong)
    client.save_state("statestore", "a", "1", options=strong)
    client.save_bulk_state("statestore", [StateItem("b", "2")])
    bulk = client.get_bulk_state("statestore", ["a", "b", "none"])
    assert [item.data for item in bulk.items] == [b"1", b"2", b""], bulk.items
    client.execute_state_transaction(
        "statestore",
        [
            TransactionalStateOperation(
                "c", "3", operation_type=TransactionOperationType.upsert
            ),
            TransactionalStateOperation("a", operation_type=TransactionOperationType.delete),
        ],
    )
    assert client.get_state("statestore", "c").data == b"3"
    assert client.get_state("statestore", "a").data == b""
    client.delete_state("statestore", "c")
    assert client.get_state("statestore", "c").data == b""


def pubsub(client):
    seen = queue.Queue()
    tried = []

    def handle(message):
        if message.data() == {"n": 2} and not tried:
            tried.append(message.id())
            return TopicEventResponse("retry")
        seen.put((message.topic(), message.data()))
        return TopicEventResponse("success")

    close = client.subscribe_with_handler("pubsub", "python", handle)
    for n in range(3):
        client.publish_event(
            "pubsub", "python", json.dumps({"n": n}), data_content_type="application/json"
        )
    got = sorted((seen.get(timeout=PATIENCE) for _ in range(3)), key=str)
    assert got == [("python", {"n": n}) for n in range(3)], got
    assert tried
    failed = client.publish_events("pubsub", "python", ["x", "y"]).failed_entries
    assert not failed, failed
    got = sorted(str(seen.get(timeout=PATIENCE)[1]) for _ in range(2))
    assert got == ["x", "y"], got
    close()
    # An event that a guest has subscribed to, and one that it publishes then.
    close = client.subscribe_with_handler("pubsub", "shipped", handle)
    client.publish_event(
        "pubsub",
        "orders",
        json.dumps({"article": "tulip", "count": 1}),
        data_content_type="application/json",
    )
    got = seen.get(timeout=PATIENCE)
    assert got == ("shipped", {"article": "tulip", "count": 1}), got
    close()


def invocation(client):
    more = json.dumps({"article": "rose", "count": 7})
    client.invoke_method("orders", "restock", more, content_type="application/json")
    stock = client.invoke_method(
        "orders", "stock", http_verb="GET", http_querystring=[("article", "rose")]
    )
    assert json.loads(stock.data) == {"article": "rose", "count": 7}, stock.data
    try:
        client.invoke_method("nobody", "x", "")
        raise AssertionError("nobody was there")
    except Exception as error:
        assert "nobody" in str(error), error


def secrets(client):
    secret = client.get_secret("secretstore", "password").secret
    assert secret == {"password": "open sesame"}, secret
    everything = client.get_bulk_secret("secretstore").secrets
    assert everything["database:user"] == {"database:user": "orders"}, everything


def bindings(client):
    client.invoke_binding("files", "create", "hello", {"fileName": "python.txt"})
    got = client.invoke_binding("files", "get", "", {"fileName": "python.txt"})
    assert got.data == b"hello", got.data


def lock(client):
    with client.try_lock("lockstore", "python", "me", 60) as taken:
        assert taken.success
        assert not client.try_lock("lockstore", "python", "you", 60).success
        other = client.unlock("lockstore", "python", "you").status
        assert other == UnlockResponseStatus.lock_belongs_to_others, other
    gone = client.unlock("lockstore", "python", "me").status
    assert gone == UnlockResponseStatus.lock_does_not_exist, gone


def configuration(client):
    items = client.get_configuration("configstore", ["greeting"]).items
    assert items["greeting"].value == "hello", items
    seen = queue.Queue()
    id = client.subscribe_configuration(
        "configstore", ["greeting"], lambda _, changed: seen.put(changed.items)
    )
    with open(SETTINGS, "w") as file:
        json.dump({"greeting": "good evening"}, file)
    while True:
        changed = seen.get(timeout=PATIENCE)
        if "greeting" in changed:
            break
    assert changed["greeting"].value == "good evening", changed
    assert client.unsubscribe_configuration("configstore", id)


def metadata(client):
    client.set_metadata("colour", "blue")
    told = client.get_metadata()
    assert told.application_id == "app", told.application_id
    assert told.extended_metadata["colour"] == "blue"
    assert any(component.name == "statestore" for component in told.registered_components)


with DaprClient() as client:
    client.wait(PATIENCE)
    for part in (
        state,
        pubsub,
        invocation,
        secrets,
        bindings,
        lock,
        configuration,
        metadata,
    ):
        if sys.argv[2:] and part.__name__ not in sys.argv[2:]:
            continue
        part(client)
        print("ok", part.__name__, flush=True)
