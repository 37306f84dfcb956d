"""Reading the tables: committed runs only, and of each document only what was read last.

`read("out", "new_front")` gives an Arrow table; where pandas is installed, `.to_pandas()` a frame.
"""

from collections.abc import Sequence
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline import schema
from pipeline.transforms.runs import Run, committed, files

_RUN = "run"


def read(output: str, table: str, beam_options: Sequence[str] = ()) -> pa.Table:
    """The rows of a table that stand, as an Arrow table of its schema.

    `output` is the pipeline's, local or remote; `table` one of `schema.TABLES`. Rows of a run
    without a record are no data. A document that a later run read again has that run's rows alone,
    so that a dead letter ends with the next success. Columns that an older version did not write
    are null. `beam_options` are those that reach a remote output, such as `--s3_endpoint_url=…`.
    Raises KeyError for a table that does not exist.
    """
    FileSystems.set_options(PipelineOptions([*beam_options]))
    columns, runs = schema.TABLES[table], committed(output)
    if table == "holders":
        return _newest_holders(_rows(output, table, columns, runs)).drop_columns(_RUN)
    documents = _rows(output, "document", schema.DOCUMENT, runs)
    newest = documents.group_by("identity").aggregate([(_RUN, "max")])
    latest = dict(
        zip(newest["identity"].to_pylist(), newest[f"{_RUN}_max"].to_pylist(), strict=True)
    )
    standing = [
        latest[identity] == run
        for identity, run in zip(
            documents["identity"].to_pylist(), documents[_RUN].to_pylist(), strict=True
        )
    ]
    places = _places(documents.filter(pa.array(standing, pa.bool_())))
    rows = _rows(output, table, columns, runs)
    return rows.filter(pc.is_in(_places(rows), value_set=places)).drop_columns(_RUN)


def _rows(output: str, table: str, columns: pa.Schema, runs: Sequence[Run]) -> pa.Table:
    """All rows of runs, with the place of their run in the order of runs."""
    parts = []
    for place, path in chain.from_iterable(files(run, output, table) for run in runs):
        with FileSystems.open(path) as file:
            part = pq.read_table(file)
        part = pa.concat_tables([columns.empty_table(), part], promote_options="default")
        part = part.select(columns.names).replace_schema_metadata(columns.metadata)
        parts.append(part.append_column(_RUN, pa.array([place] * len(part), pa.string())))
    with_run = columns.append(pa.field(_RUN, pa.string()))
    return pa.concat_tables([with_run.empty_table(), *parts])


def _newest_holders(rows: pa.Table) -> pa.Table:
    """Of each person what the last run wrote that changed it; none if no side of it is left."""
    newest = {
        holder_id: place  # rows come in the order of runs
        for place, holder_id in enumerate(rows["holder_id"].to_pylist())
    }
    kept = rows.take(pa.array(sorted(newest.values()), pa.int64()))
    return kept.filter(pc.greater(pc.list_value_length(kept["sides"]), 0))


def _places(table: pa.Table) -> pa.ChunkedArray:
    """What rows and documents have in common: their run, and the URI within it."""
    return pc.binary_join_element_wise(table[_RUN], table["uri"], "|")
