# Shorter words for what scripts/ does. DATA and NEWSWORLD are folders outside of this repository.
.PHONY: start check sqlx check-newsworld check-newsworld-faults check-discovery check-warc check-etoday bench-extract \
	bench-frontier bench-freshness bench-site-memory bench-memory bench-hostile crash-test fuzz release

KILLS ?= 0
TICKS ?= 1
NODES ?= 1
FULL ?= 0
N ?= 300
INPUTS ?= 100000
SCORER ?= $(DATA)/../../tools/score_extraction.py

start:
	scripts/start
check:
	scripts/test
sqlx:
	scripts/sqlx
release:
	cargo build --release --locked
check-newsworld: release
	scripts/check-newsworld $(NEWSWORLD) --kills $(KILLS) --ticks $(TICKS)
check-newsworld-faults: release
	scripts/check-newsworld-faults $(NEWSWORLD) --nodes $(NODES) --kills $(KILLS)
check-warc: release
	scripts/check-warc $(NEWSWORLD)
check-discovery: release
	scripts/check-discovery $(NEWSWORLD)
check-etoday: release
	scripts/check-etoday $(DATA)
	SOKBO_ETODAY_DATA=$(abspath $(DATA)) cargo test --test it crawl_site
bench-freshness:
	cargo bench --locked --bench freshness -- --plot docs/freshness.svg
bench-extract: release
	scripts/bench-extract $(DATA) $(SCORER)
bench-frontier:
	FULL=$(FULL) cargo bench --locked --bench frontier
bench-site-memory: release
	scripts/bench-site-memory $(DATA) $(SCORER) $(if $(NEWSWORLD),--newsworld $(NEWSWORLD))
bench-memory: release
	scripts/bench-memory $(NEWSWORLD) $(if $(PERF),--perf $(PERF))
bench-hostile: release
	scripts/hostile-pages
fuzz:
	scripts/fuzz $(INPUTS)
crash-test:
	SOKBO_CRASH_KILLS=$(N) SOKBO_CRASH_SEED=$(SEED) cargo test --locked --test it -- crash --nocapture --test-threads 1
