"""sgqlc makes classes of the service's introspection and documents of these. Strings come into its
documents by json.dumps, so that an emoji is a surrogate pair: "\\ud83d\\ude00"."""

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from sgqlc.endpoint.http import HTTPEndpoint
from sgqlc.operation import Operation
from sgqlc.types import Arg, Variable, non_null

from service import EMOJI, HEADERS, URL


def passed(what):
    print(f"passed: sgqlc: {what}")


def generated_schema(folder):
    """The classes that the code generator of sgqlc generates from the introspection."""
    described, code = folder / "schema.json", folder / "crm_steps.py"
    header = "=".join(next(iter(HEADERS.items())))
    introspection = [sys.executable, "-m", "sgqlc.introspection", "-H", header, URL, described]
    subprocess.run(introspection, check=True)
    codegen = Path(sys.executable).with_name("sgqlc-codegen")
    subprocess.run([codegen, "schema", "--docstrings", described, code], check=True)
    spec = importlib.util.spec_from_file_location("crm_steps", code)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


with tempfile.TemporaryDirectory() as folder:
    crm_steps = generated_schema(Path(folder))
passed("generated classes from the introspection")

endpoint = HTTPEndpoint(URL, HEADERS)


def execute(operation, variables=None):
    answer = endpoint(operation, variables)
    assert "errors" not in answer, answer["errors"]
    return operation + answer


def created(payload, thing):
    assert payload.user_errors == [], payload.user_errors
    return getattr(payload, thing)


operation = Operation(crm_steps.Mutation)
selected = operation.create_crm_scenario(input={"name": "sgqlc"})
selected.user_errors.message()
selected.crm_scenario.id()
scenario = created(execute(operation).create_crm_scenario, "crm_scenario")

step = {"scenario_id": scenario.id, "name": EMOJI, "trigger": "The customer smiles."}
operation = Operation(crm_steps.Mutation)
selected = operation.create_crm_step(input=step)
selected.user_errors.message()
selected.crm_step.__fields__("id", "name", "index")
assert json.dumps(EMOJI) in str(operation), operation
first = created(execute(operation).create_crm_step, "crm_step")
assert (first.name, first.index) == (EMOJI, 0), first
passed("created a step with an emoji in the document")

input_type = non_null(crm_steps.CreateCrmStepInput)
operation = Operation(crm_steps.Mutation, variables={"input": Arg(input_type)})
selected = operation.create_crm_step(input=Variable("input"))
selected.user_errors.message()
selected.crm_step.__fields__("id", "name", "index")
sent = crm_steps.CreateCrmStepInput(**step).__to_json_value__()
second = created(execute(operation, {"input": sent}).create_crm_step, "crm_step")
assert (second.name, second.index) == (EMOJI, 1), second
passed("created a step with an emoji in the variables")

operation = Operation(crm_steps.Query)
selected = operation.crm_scenario(id=scenario.id).steps(first=10)
selected.nodes.__fields__("id", "name")
steps = execute(operation).crm_scenario.steps.nodes
assert [one.id for one in steps] == [first.id, second.id], steps
assert {one.name for one in steps} == {EMOJI}, steps
passed("read both steps")

operation = Operation(crm_steps.Mutation)
selected = operation.delete_crm_scenario(id=scenario.id, expected_step_count=2)
selected.user_errors.message()
selected.deleted_crm_scenario_id()
deleted = execute(operation).delete_crm_scenario
assert created(deleted, "deleted_crm_scenario_id") == scenario.id, deleted
passed("deleted the scenario")
