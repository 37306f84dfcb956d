"""Read what has arrived, every night, by Airflow: copy it among its DAGs and change the paths.

Needs the providers `apache-airflow-providers-apache-beam` and `apache-airflow-providers-google`. A
night that fails is tried again under the same name, which replaces what it wrote.
"""

import datetime

from airflow import DAG
from airflow.providers.apache.beam.operators.beam import BeamRunPythonPipelineOperator

with DAG(
    dag_id="identity_cards",
    schedule="0 1 * * *",
    start_date=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    catchup=False,
    max_active_runs=1,
):
    BeamRunPythonPipelineOperator(
        task_id="read",
        py_file="/opt/cards/deploy/launch.py",
        py_interpreter="/opt/cards/.venv/bin/python",
        runner="DirectRunner",  # or FlinkRunner, with beam_options of configs/flink.yaml
        pipeline_options={
            "input": "/backlog",
            "output": "/tables",
            "run_id": "{{ ds_nodash }}",
            "max_documents": "200000",
            "fail_on_dead_letter_ratio": "0.2",
        },
        retries=2,
        retry_delay=datetime.timedelta(minutes=30),
    )
