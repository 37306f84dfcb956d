"""The graph: pictures in, tables out."""

from typing import Any

import apache_beam as beam

from pipeline.options import Options
from pipeline.settings import Settings
from pipeline.transforms.classify import Classify
from pipeline.transforms.commit import Commit
from pipeline.transforms.copies import ForEachCopy, OncePerContent, ReadBefore
from pipeline.transforms.decode import Decode
from pipeline.transforms.detect import Detect
from pipeline.transforms.holders import Holders
from pipeline.transforms.ocr import Ocr
from pipeline.transforms.outstanding import Outstanding
from pipeline.transforms.parse import Parse
from pipeline.transforms.progress import Tick
from pipeline.transforms.read import Read
from pipeline.transforms.recall import Recall
from pipeline.transforms.settle import Settle
from pipeline.transforms.sources import List
from pipeline.transforms.stage import Isolated, Stage
from pipeline.transforms.write import (
    Destination,
    Write,
    WriteCards,
    WriteResponses,
    dead_letter_row,
    document_row,
)


def reading(settings: Settings) -> tuple[Stage, ...]:
    """From a document to the rows of its cards: what each stage takes, the one before gives."""
    reader, layouts = settings.reader, {layout.name: layout for layout in settings.layouts}
    return (
        Decode(settings.limits),
        Detect(settings.finder, reader),
        Classify(settings.layouts, reader),
        Ocr(layouts, reader),
        Parse(layouts, settings.judge),
    )


def build(
    p: beam.Pipeline,
    options: Options,
    settings: Settings,
    facts: dict[str, Any],
    progress: str | None = None,
) -> None:
    """Each line is one step: what it hands on, and what it could not.

    `facts` go into the run record as they are; `progress` is a local folder for `Tick`.
    """
    seconds = settings.limits.document_seconds
    inputs = List(options.inputs, options.manifest, options.detect_face, settings.storage)
    outstanding = Outstanding(options.reprocess, options.max_documents)

    # fmt: off
    known,     card_files = p         | Recall(options.output)
    listed,    unlisted   = p         | inputs
    sources,   put_off, skipped = (listed, known) | outstanding
    unseen,    recalled   = (sources, known, card_files) | ReadBefore(options.reprocess)
    contents              = unseen    | OncePerContent()
    documents, unread     = contents  | Read(settings.limits)
    documents             = documents | "Documents" >> Tick(progress, "documents")
    rows,      unreadable = documents | "Cards" >> Isolated(*reading(settings), timeout=seconds)
    rows                  = (rows | ForEachCopy(), recalled) | "Rows" >> beam.Flatten()
    rows                  = rows      | "Ticks" >> Tick(progress, "cards")
    # fmt: on

    failed = (unlisted, put_off, unread, unreadable)
    outcome = {
        "listed": listed,
        "unlisted": unlisted,
        "sources": sources,
        "skipped": skipped,
        "rows": rows,
        "failures": failed | beam.Flatten() | "FailuresForEachCopy" >> ForEachCopy(),
    }
    failures, verdicts, account = outcome | Settle()
    failures |= "DeadLetters" >> Tick(progress, "dead_letters")
    then = {"known": known, "card_files": card_files}
    holders = {"rows": rows, "verdicts": verdicts, **then} | Holders()
    destination = Destination(options.output, options.run_id, options.num_shards)
    written = [
        rows | WriteCards(destination),
        failures | "WriteDeadLetters" >> Write(destination, "dead_letter", dead_letter_row),
        verdicts | "WriteDocuments" >> Write(destination, "document", document_row),
        holders | "WriteHolders" >> Write(destination, "holders", dict),
    ]
    if options.responses:
        answers = {"rows": rows, "failures": failures}
        written.append(answers | WriteResponses(destination))
    (account, *written) | Commit(options.output, options.run_id, facts)
