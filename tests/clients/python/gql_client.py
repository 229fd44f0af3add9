"""gql: fetches the schema and validates each document against it before sending it."""

from gql import Client, gql
from gql.dsl import DSLMutation, DSLSchema, dsl_gql
from gql.transport.requests import RequestsHTTPTransport

from service import EMOJI, HEADERS, URL


def passed(what):
    print(f"passed: gql: {what}")


def created(payload, thing):
    assert payload["userErrors"] == [], payload
    return payload[thing]


transport = RequestsHTTPTransport(URL, headers=HEADERS)
client = Client(transport=transport, fetch_schema_from_transport=True)
with client as session:
    passed("fetched the schema")

    create_scenario = gql(
        """mutation ($input: CreateCrmScenarioInput!) {
            createCrmScenario(input: $input) { crmScenario { id } userErrors { message } }
        }"""
    )
    create_scenario.variable_values = {"input": {"name": "gql"}}
    scenario = created(session.execute(create_scenario)["createCrmScenario"], "crmScenario")

    # gql generates a document with literals from the schema.
    schema = DSLSchema(client.schema)
    step = {"scenarioId": scenario["id"], "name": EMOJI, "prompt": "Smile back."}
    create_step = schema.Mutation.createCrmStep(input=step).select(
        schema.CreateCrmStepPayload.crmStep.select(schema.CrmStep.name, schema.CrmStep.index),
        schema.CreateCrmStepPayload.userErrors.select(schema.UserError.message),
    )
    document = dsl_gql(DSLMutation(create_step))
    first = created(session.execute(document)["createCrmStep"], "crmStep")
    assert first == {"name": EMOJI, "index": 0}, first
    passed("created a step with an emoji")

    delete_scenario = gql(
        """mutation ($id: ID!) {
            deleteCrmScenario(id: $id, expectedStepCount: 1) {
                deletedCrmScenarioId
                userErrors { message }
            }
        }"""
    )
    delete_scenario.variable_values = {"id": scenario["id"]}
    payload = session.execute(delete_scenario)["deleteCrmScenario"]
    assert created(payload, "deletedCrmScenarioId") == scenario["id"], payload
    passed("deleted the scenario")
