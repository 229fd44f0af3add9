"""gql: follows the changes of a scenario over a WebSocket, also while its connection breaks."""

import asyncio
import contextlib
from urllib.parse import urlsplit

from gql import Client, gql
from gql.transport.exceptions import TransportConnectionFailed
from gql.transport.requests import RequestsHTTPTransport
from gql.transport.websockets import WebsocketsTransport

from service import HEADERS, URL

SERVICE = urlsplit(URL)
CHANGES = """subscription ($scenarioId: ID!, $after: String) {
    changes(scenarioId: $scenarioId, after: $after) {
        cursor
        node { action subject { ... on CrmStep { name } } }
    }
}"""


def passed(what):
    print(f"passed: gql: {what}")


async def changes(url, scenario_id, after):
    """The changes after this cursor, and new ones; goes on after the last one when the connection breaks."""
    while True:
        transport = WebsocketsTransport(url, init_payload=HEADERS)
        document = gql(CHANGES)
        document.variable_values = {"scenarioId": scenario_id, "after": after}
        with contextlib.suppress(TransportConnectionFailed, OSError):
            async with Client(transport=transport) as session:
                async for result in session.subscribe(document):
                    after = result["changes"]["cursor"]
                    yield result["changes"]


def execute(document, **variables):
    """A request of another client, over HTTP."""
    request = gql(document)
    request.variable_values = variables
    return Client(transport=RequestsHTTPTransport(URL, headers=HEADERS)).execute(request)


def create_scenario():
    document = """mutation ($input: CreateCrmScenarioInput!) {
        createCrmScenario(input: $input) { crmScenario { id } }
    }"""
    payload = execute(document, input={"name": "gql changes"})["createCrmScenario"]
    return payload["crmScenario"]["id"]


def create_step(scenario_id, name):
    document = """mutation ($input: CreateCrmStepInput!) {
        createCrmStep(input: $input) { crmStep { name } }
    }"""
    step = {"scenarioId": scenario_id, "name": name, "prompt": "Be kind."}
    assert execute(document, input=step)["createCrmStep"]["crmStep"] == {"name": name}


def history_after(scenario_id, cursor):
    document = """query ($id: ID!, $after: String) {
        crmScenario(id: $id) { history(after: $after) { edges { cursor } } }
    }"""
    edges = execute(document, id=scenario_id, after=cursor)["crmScenario"]["history"]["edges"]
    return [edge["cursor"] for edge in edges]


class Proxy:
    """A TCP proxy to the service, whose connections the test breaks."""

    def __init__(self):
        self.open = asyncio.Event()
        self.open.set()
        self.writers = set()
        self.connections = 0

    async def forward(self, reader, writer):
        self.connections += 1
        self.writers.add(writer)
        await self.open.wait()
        upstream_reader, upstream = await asyncio.open_connection(SERVICE.hostname, SERVICE.port)
        self.writers.add(upstream)
        copies = [self.copy(reader, upstream), self.copy(upstream_reader, writer)]
        with contextlib.suppress(OSError):
            await asyncio.gather(*copies)

    @staticmethod
    async def copy(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    def cut(self):
        """Breaks all connections; new ones are not answered until `open` is set."""
        self.open.clear()
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()


async def main():
    scenario_id = await asyncio.to_thread(create_scenario)
    start = (await asyncio.to_thread(execute, "{ changesCursor }"))["changesCursor"]
    proxy = Proxy()
    server = await asyncio.start_server(proxy.forward, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    stream = changes(f"ws://127.0.0.1:{port}{SERVICE.path}", scenario_id, start)
    seen = []

    async def see(name):
        change = await anext(stream)
        seen.append(change["cursor"])
        assert change["node"] == {"action": "CREATED", "subject": {"name": name}}, change

    await asyncio.to_thread(create_step, scenario_id, "Live")
    await see("Live")
    passed("saw a change over a WebSocket")

    proxy.cut()
    for name in ["While away", "Still away"]:
        await asyncio.to_thread(create_step, scenario_id, name)
    proxy.open.set()
    await see("While away")
    await see("Still away")
    await asyncio.to_thread(create_step, scenario_id, "Back")
    await see("Back")
    assert proxy.connections == 2, proxy.connections
    assert seen == await asyncio.to_thread(history_after, scenario_id, start)
    passed("missed nothing and saw nothing twice when it was cut off")
    await stream.aclose()
    server.close()


asyncio.run(asyncio.wait_for(main(), 60))
