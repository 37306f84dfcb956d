"""What workers install from; pins live in requirements.txt."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
# not imported, for what the package imports is not installed yet
VERSION = re.findall('__version__ = "(.+)"', (HERE / "pipeline" / "__init__.py").read_text())[0]
REQUIREMENTS = [
    line.split("#")[0].strip()
    for line in (HERE / "requirements.txt").read_text().splitlines()
    if line.split("#")[0].strip()
]

setup(
    name="peru-id-cards",
    version=VERSION,
    description="Peruvian identity cards in bulk: pictures in, Parquet tables out.",
    python_requires=">=3.11",
    packages=find_packages(include=["pipeline", "pipeline.*"]),
    package_data={"pipeline.ocr": ["models/*.onnx"]},
    install_requires=REQUIREMENTS,
    extras_require={
        "aws": ["boto3==1.44.5"],  # s3://
        # gs:// and Dataflow; Beam's own extra brings clients of all Google's services, 340 MB
        "gcp": [
            "google-auth-httplib2==0.2.1",
            "google-cloud-dataflow-client==0.14.1",
            "google-cloud-storage==3.17.1",
        ],
    },
)
