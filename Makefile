# make run: read the samples · make test: all tests · make setup: only install
# the system's own Python before any other on the path: python3-venv belongs to it
PYTHON := $(firstword $(wildcard /usr/bin/python3.11) $(shell command -v python3.11 || command -v python3))
FONTS := fonts-dejavu-core fonts-liberation fonts-freefont-ttf fonts-open-sans \
	fonts-roboto-unhinted fonts-crosextra-carlito fonts-lato fonts-urw-base35 fonts-ocr-b
SYSTEM := poppler-utils python3-venv tesseract-ocr tesseract-ocr-spa $(FONTS)
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PINS := requirements.txt requirements-dev.txt constraints.txt
OUT := out
# the columns that a person looks at first; the tables hold more
SHOWN := layout id_number father_name mother_name surname name given_name gender birthday \
	nationality expiry_date region department province district address election_number accepted \
	status stage reason

.PHONY: run test lint types setup system samples docs training flink

run: setup
	.venv/bin/python -m pipeline --input samples --output $(OUT) --run_id samples
	@for table in new_front new_back old_front old_back alien_front dead_letter; do \
		echo "$$table"; \
		.venv/bin/duckdb -box -c "SELECT parse_filename(uri) AS file, COLUMNS(lambda c: \
			list_contains(string_split('$(SHOWN)', ' '), c)) \
			FROM '$(OUT)/$$table/run=samples/*.parquet' ORDER BY file" ; \
	done

test: setup
	.venv/bin/python -m pytest

lint: setup
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .

types: setup
	.venv/bin/mypy pipeline deploy specimens benchmarks docs training

samples: setup
	.venv/bin/python -m specimens --output samples --n 12 --seed 8

docs: setup
	.venv/bin/python -m docs.generate
	.venv/bin/python -m deploy.template

# only to make the models again; training/README.md says how
training: setup
	$(SUDO) apt-get install -y -qq --no-install-recommends \
		$$(grep -v '^#' training/packages.txt) >/dev/null
	.venv/bin/pip install --quiet --disable-pip-version-check -c constraints.txt \
		-r requirements-training.txt

# a Flink cluster of this machine's own, and the samples and drawn cards read on it
flink: setup .flink/.ready
	.venv/bin/python -m benchmarks.flink

.flink/.ready: deploy/flink/pom.xml deploy/flink/requirements.txt | .venv/.ready
	@command -v java >/dev/null && command -v mvn >/dev/null || { $(SUDO) apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends \
			openjdk-17-jre-headless maven >/dev/null; }
	.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --use-pep517 --upgrade \
		--target .flink -r deploy/flink/requirements.txt
	mvn --quiet --batch-mode --file deploy/flink/pom.xml package
	touch $@

setup: system .venv/.ready

.venv/.ready: $(PINS)
	$(PYTHON) -m venv --clear .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -c constraints.txt \
		-r requirements.txt -r requirements-dev.txt
	touch $@

# dpkg is asked first, so that a second run needs neither network nor root
system:
	@if ! command -v dpkg-query >/dev/null; then \
		command -v pdftoppm >/dev/null || { \
			echo "install first: poppler, Python 3.11 with venv; for the tests, the fonts of $(FONTS)"; \
			exit 1; }; \
	else \
		missing=$$(for package in $(SYSTEM); do \
			dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' \
				|| echo $$package; done); \
		if [ -n "$$missing" ]; then \
			echo "installing" $$missing; \
			$(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(SUDO) \
				apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
		fi; \
	fi
