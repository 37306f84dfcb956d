"""What workers install from; pins live in requirements.txt."""

from pathlib import Path

from setuptools import find_packages, setup

from pipeline import __version__

REQUIREMENTS = [
    line.split("#")[0].strip()
    for line in Path(__file__).with_name("requirements.txt").read_text().splitlines()
    if line.split("#")[0].strip()
]

setup(
    name="peru-id-cards",
    version=__version__,
    description="Peruvian identity cards in bulk: pictures in, Parquet tables out.",
    python_requires=">=3.11",
    packages=find_packages(include=["pipeline", "pipeline.*"]),
    package_data={"pipeline.ocr": ["models/*.onnx"]},
    install_requires=REQUIREMENTS,
    extras_require={
        "aws": ["boto3==1.44.5"],  # s3://
        # gs://; Beam's own extra brings clients of all Google's services, 340 MB of them
        "gcp": ["google-cloud-storage==3.17.1", "google-auth-httplib2==0.2.1"],
    },
)
