"""The generated documentation says what the code says."""

import ast

from deploy import template
from docs import generate
from pipeline import options
from tests.conftest import ROOT


def test_the_data_dictionary_is_current() -> None:
    assert generate.TARGET.read_text() == generate.content(), "run: make docs"


def test_the_template_describes_every_option() -> None:
    assert template.TARGET.read_text() == template.content(), "run: make docs"


def test_the_example_for_airflow_gives_options_that_exist() -> None:
    """Parsed, not run: Airflow is no part of this project."""
    tree = ast.parse((ROOT / "deploy" / "airflow_dag.py").read_text())
    (operator,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "BeamRunPythonPipelineOperator"
    ]
    given = {keyword.arg: keyword.value for keyword in operator.keywords}
    named = ast.literal_eval(given["pipeline_options"])
    assert named.keys() <= {option.name for option in options.described()}
    script = ast.literal_eval(given["py_file"]).removeprefix("/opt/cards/")
    assert (ROOT / script).exists()
