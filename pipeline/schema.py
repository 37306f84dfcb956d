"""The tables: their columns, types and meaning. `docs/tables.md` is generated from here."""

from itertools import chain

import pyarrow as pa

VERSION = 2
"""Grows with every added column; columns are never removed or retyped."""

CARD_INFO: dict[str, tuple[str, ...]] = {
    "new_front": (
        "id_number", "father_name", "mother_name", "name", "gender", "gender_s", "marriage",
        "birthday", "birth_place", "issue_date", "expiry_date", "election_number",
        "organ_donation",
    ),
    "new_back": ("region", "address", "birth_place", "election_number", "organ_donation"),
    "old_front": (
        "id_number", "father_name", "mother_name", "name", "gender", "gender_s", "marriage",
        "birthday", "birth_place", "registration_date", "issue_date", "expiry_date",
    ),
    "old_back": (
        "department", "province", "district", "address", "election_number", "organ_donation",
    ),
    "alien_front": (
        "id_number", "document_number", "surname", "given_name", "gender", "gender_s",
        "marriage", "birthday", "birthday_s", "issue_date", "issue_date_s", "expiry_date",
        "expiry_date_s", "nationality", "migratory_quality",
    ),
}  # fmt: skip
"""The `card_info` fields of each side, in the order of the API's response."""

TYPED_DATES = {
    "birthday": "birth_date",
    "issue_date": "issued_on",
    "expiry_date": "expires_on",
    "registration_date": "registered_on",
}
"""The printed date fields and their typed columns."""

HOLDER_FIELDS = tuple(dict.fromkeys(chain(*CARD_INFO.values())))
"""The fields of a person: those of all sides."""

SIDE_OF_HOLDER = ("table", "layout", "uri", "page", "card_index", "request_id", "accepted")
"""What a person's row says of each card side."""

_MEANING = {
    "request_id": "the manifest's, or derived from URI and content: a rerun gives the same",
    "uri": "where the document was",
    "page": "page of the document, from 1",
    "card_index": "place of the card on its page in reading order, from 0",
    "card_type": "`new`, `old` or `ALIEN`",
    "card_side": "`front` or `back`",
    "layout": "generation of the card",
    "id_number": "`10752345-6` on a DNI, `004599123` on a foreigner's card",
    "father_name": "first surname",
    "mother_name": "second surname",
    "name": "given names",
    "surname": "one or two surnames, as printed on one line",
    "given_name": "given names",
    "gender": "`MASCULINO`/`FEMENINO` on new cards, `M`/`F` on others",
    "gender_s": "`M` or `F`",
    "marriage": "`Soltero` `Casado` `Divorciado` `Viudo` on new cards, `S` `C` `D` `V` on others",
    "birthday": "as the API writes it: `16/05/1994`, on a foreigner's card `16 MAR 1991`",
    "birthday_s": "`16-03-1991`",
    "birth_place": "RENIEC ubigeo of the birth place",
    "registration_date": "`16/05/1994`",
    "issue_date": "`16/05/1994`, on a foreigner's card `16 MAR 1991`",
    "issue_date_s": "`16-03-1991`",
    "expiry_date": "`16/05/1994` or `NO CADUCA`, on a foreigner's card `16 MAR 1991`",
    "expiry_date_s": "`16-03-1991`",
    "election_number": "voting group, six digits",
    "organ_donation": "`SI` or `NO`",
    "region": "`LIMA/LIMA/LA VICTORIA`; Callao leaves the first part empty",
    "department": "department of residence",
    "province": "province of residence",
    "district": "district of residence",
    "address": "address; a second printed line follows after a blank",
    "document_number": "the travel document's number",
    "nationality": "as printed",
    "migratory_quality": "code and name, as printed: `ESP ESPECIAL`",
    "birth_date": "`birthday`, typed",
    "issued_on": "`issue_date`, typed",
    "expires_on": "`expiry_date`, typed; null for `NO CADUCA`",
    "registered_on": "`registration_date`, typed",
    "birth_place_name": "department/province/district of `birth_place` in RENIEC's table",
    "holder_id": "number of the holder from print, MRZ or barcode; null if none was readable",
    "mrz": "lines of the machine-readable zone as read; empty where there is none",
    "mrz_valid": "all check digits hold; null where there is no zone",
    "face_region": "face in px of the original page, from the top left of the upright face, "
    "clockwise; null unless asked for",
    "corners": "corners of the card in px of the original page, from the top left of the upright "
    "card, clockwise",
    "confidence": "0..1 for each field",
    "accepted": "the row may be used without a person looking",
    "review_reasons": "why not",
    "content_sha256": "of the document's bytes",
    "processed_at": "when the row was made, UTC",
    "pipeline_version": "version that made the row",
    "status": "code of the contract",
    "http_status": "the API's HTTP status for it",
    "reason": "what was wrong and what to do; holds no personal data",
    "stage": "where: `list`, `read`, `decode`, `detect`, `classify`, `ocr` or `parse`",
    "retryable": "whether trying again later can help",
    "attempts": "how often the document has been tried",
    "manifest_uri": "the manifest that listed the document, if one did",
    "manifest_row": "its row there, from 1",
    "failed_at": "when, UTC",
    "identity": "what later runs know the document by: its URI, or a digest of an inline image",
    "generation": "which content the storage held: size and time of the last change, or a digest",
    "cards": "rows that it gave",
    "dead_letters": "failures that stand",
    "blank_pages": "blank pages beside pages with cards",
    "settled_at": "when, UTC",
    "sides": "card sides that were read of this person, newest card first",
    "provenance": "for each field the place in `sides`, from 0, of the side that gives it",
    "conflicts": "what does not change from card to card and yet differs, and what each says",
}

PERSONAL = {
    *HOLDER_FIELDS, *TYPED_DATES.values(), "birth_place_name", "holder_id", "mrz", "conflicts",
}  # fmt: skip
"""Columns that hold what a card says of its holder; marked `personal` in the tables' metadata."""

_POINTS = pa.list_(pa.struct([("x", pa.float64()), ("y", pa.float64())]))
_UTC = pa.timestamp("us", tz="UTC")
_TYPES = {
    "page": pa.int32(),
    "card_index": pa.int32(),
    "mrz": pa.list_(pa.string()),
    "mrz_valid": pa.bool_(),
    "face_region": _POINTS,
    "corners": _POINTS,
    "accepted": pa.bool_(),
    "review_reasons": pa.list_(pa.string()),
    "processed_at": _UTC,
    "http_status": pa.int32(),
    "retryable": pa.bool_(),
    "attempts": pa.int32(),
    "manifest_row": pa.int64(),
    "failed_at": _UTC,
    "cards": pa.int32(),
    "dead_letters": pa.int32(),
    "blank_pages": pa.int32(),
    "settled_at": _UTC,
    "conflicts": pa.list_(pa.string()),
} | dict.fromkeys(TYPED_DATES.values(), pa.date32())


def _table(columns: tuple[str, ...], **own_types: pa.DataType) -> pa.Schema:
    types = _TYPES | own_types
    return pa.schema(
        [
            pa.field(
                column,
                types.get(column, pa.string()),
                metadata={
                    "meaning": _MEANING[column],
                    "personal": "yes" if column in PERSONAL else "no",
                },
            )
            for column in columns
        ],
        metadata={"schema_version": str(VERSION)},
    )


def _card_table(fields: tuple[str, ...]) -> pa.Schema:
    return _table(
        (
            "request_id", "uri", "page", "card_index", "card_type", "card_side", "layout",
            *fields,
            *(typed for printed, typed in TYPED_DATES.items() if printed in fields),
            *(("birth_place_name",) if "birth_place" in fields else ()),
            "holder_id", "mrz", "mrz_valid", "face_region", "corners", "confidence",
            "accepted", "review_reasons", "content_sha256", "processed_at", "pipeline_version",
        ),
        confidence=pa.struct([(field, pa.float64()) for field in fields]),
    )  # fmt: skip


CARD_TABLES = {table: _card_table(fields) for table, fields in CARD_INFO.items()}

DEAD_LETTER = _table(
    (
        "request_id", "uri", "page", "status", "http_status", "reason", "stage", "retryable",
        "attempts", "manifest_uri", "manifest_row", "content_sha256", "failed_at",
        "pipeline_version",
    )
)  # fmt: skip

DOCUMENT = _table(
    (
        "identity", "request_id", "uri", "generation", "content_sha256", "cards", "dead_letters",
        "blank_pages", "status", "retryable", "attempts", "manifest_uri", "manifest_row",
        "settled_at", "pipeline_version",
    )
)  # fmt: skip
"""What became of each document of a run: by it later runs know what is left to read."""

HOLDERS = _table(
    (
        "holder_id", *HOLDER_FIELDS, *TYPED_DATES.values(), "birth_place_name", "sides",
        "provenance", "conflicts", "accepted", "processed_at", "pipeline_version",
    ),
    sides=pa.list_(pa.struct([(c, _TYPES.get(c, pa.string())) for c in SIDE_OF_HOLDER])),
    provenance=pa.struct([(field, pa.int32()) for field in HOLDER_FIELDS]),
)  # fmt: skip
"""A row for each person whose sides a run has changed, with all that then stands of them."""

TABLES = CARD_TABLES | {"dead_letter": DEAD_LETTER, "document": DOCUMENT, "holders": HOLDERS}
