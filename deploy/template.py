"""Write `template.json`, what the Flex Template tells of its options: `make docs`.

Fields as in Google's "Configure Flex Templates", "Metadata parameters".
"""

import json
from pathlib import Path

from pipeline.options import described

TARGET = Path(__file__).with_name("template.json")
_LEFT_OUT = {"beam_options"}
"""A template has fields of its own for Beam's options."""


def content() -> str:
    """Every option of the command with its description."""
    parameters = [
        {
            "name": option.name,
            "label": option.name.replace("_", " ").capitalize(),
            "helpText": option.help,
            "isOptional": option.name != "output",
            "paramType": "BOOLEAN" if option.is_flag else "TEXT",
        }
        for option in described()
        if option.name not in _LEFT_OUT
    ]
    metadata = {
        "name": "Identity cards in bulk",
        "description": "Reads pictures and PDFs of Peruvian identity cards into Parquet tables.",
        "streaming": False,
        "parameters": parameters,
    }
    return json.dumps(metadata, indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(content())
