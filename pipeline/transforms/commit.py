"""The run record, written last: a run is committed once it exists."""

import datetime
from typing import Any

import apache_beam as beam

from pipeline.transforms.runs import commit
from pipeline.transforms.settle import Account


class NotAccounted(RuntimeError):
    """The sum does not hold: a run must not be committed."""


class Commit(beam.PTransform):  # type: ignore[misc]
    """Account and written files → the run record."""

    def __init__(self, output: str, run_id: str, facts: dict[str, Any]) -> None:
        self.output, self.run_id, self.facts = output, run_id, facts

    def expand(self, inputs: tuple[beam.PCollection, ...]) -> beam.PCollection:
        account, *written = inputs
        files = written | beam.Flatten()
        return account | "Record" >> beam.Map(self._write, beam.pvalue.AsList(files))

    def _write(self, account: Account, files: list[str]) -> None:
        if account.get("unaccounted"):
            raise NotAccounted(f"{account['unaccounted']} documents ended nowhere")
        listed = account.get("listed", 0)
        accounted = account.get("documents", 0) + account.get("skipped", 0)
        if listed != accounted:
            raise NotAccounted(f"of {listed} documents listed {accounted} are accounted for")
        finished = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        record = {"run_id": self.run_id, **self.facts, "finished_at": finished, **account}
        record["files"] = len(files)
        commit(self.output, record)
