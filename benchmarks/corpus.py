"""Files that nobody here wrote: the pictures and PDFs that well-known libraries are tested with.

`python -m benchmarks.corpus` fetches the source packages, which pip caches, unpacks their images
and PDFs, and reads them all in one run of the real command. None shows a card of Peru: every file
must end as a dead letter, and none may give a row.
"""

import argparse
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.hostile import outcomes
from specimens.hostile import ROW

_PACKAGES = (
    "fpdf2==2.8.9",
    "hachoir==3.4.0",
    "img2pdf==0.6.3",
    "ocrmypdf==17.13.0",
    "pdfminer.six==20260107",
    "pdfplumber==0.11.10",
    "pillow==12.3.0",
    "puremagic==1.30",
    "pypdf==7.1.0",
)
_SUFFIXES = {*".bmp .gif .jp2 .jpeg .jpg .pdf .png .ppm .tif .tiff .webp".split()}


def main() -> int:
    """The command line; exit code 1 if a file ended nowhere, or gave a card."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    parser.add_argument("--packages", nargs="+", default=_PACKAGES, help="as pip names them")
    parser.add_argument("--fetched", type=Path, help="folder of source packages fetched before")
    known = parser.parse_args()
    with tempfile.TemporaryDirectory() as created:
        folder = Path(created)
        packages = known.fetched or folder / "packages"
        for package in () if known.fetched else known.packages:
            _fetch(package, packages)
        names = _unpack(packages, folder / "in")
        started = time.monotonic()
        words = ["--input", str(folder / "in"), "--output", str(folder / "out")]
        code = subprocess.run(
            [sys.executable, "-m", "pipeline", *words],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ).returncode
        seconds = time.monotonic() - started
        found = outcomes(folder / "out") if code == 0 else {}
    print(
        f"{len(names)} files of {len(known.packages)} packages, exit code {code}, {seconds:.0f} s"
    )
    for outcome, count in Counter(found.values()).most_common():
        print(f"{outcome:<20}{count:>7}")
    nowhere, cards = names - found.keys(), [n for n, outcome in found.items() if outcome == ROW]
    print(f"nowhere: {len(nowhere)}; invented cards: {cards}")
    return int(bool(code or nowhere or cards))


def _fetch(package: str, folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "--no-deps", "--no-binary", ":all:", "--dest", str(folder), package], check=True
    )


def _unpack(packages: Path, folder: Path) -> set[str]:
    """Files with names of their own: the package's, a number, and their suffix."""
    folder.mkdir()
    names = set()
    for package in sorted(packages.glob("*.tar.gz")):
        with tarfile.open(package) as archive:
            for number, member in enumerate(archive.getmembers()):
                suffix = Path(member.name).suffix.lower()
                content = archive.extractfile(member) if suffix in _SUFFIXES else None
                if content:
                    names.add(name := f"{package.name.removesuffix('.tar.gz')}-{number}{suffix}")
                    (folder / name).write_bytes(content.read())
    return names


if __name__ == "__main__":
    sys.exit(main())
