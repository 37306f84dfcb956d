"""The command as a script, for what starts scripts: Airflow's Beam operators, Flex Templates.

A template gives every parameter a value, so that `--reprocess` comes as `--reprocess=true`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipeline.__main__ import main
from pipeline.options import described


def words(arguments: Sequence[str]) -> list[str]:
    """The same arguments as the command takes them."""
    flags = {f"--{option.name}" for option in described() if option.is_flag}
    given = []
    for word in arguments:
        name, _, value = word.partition("=")
        if name not in flags or not value:
            given.append(word)
        elif value.lower() == "true":
            given.append(name)
    return given


if __name__ == "__main__":
    sys.exit(main(words(sys.argv[1:])))
