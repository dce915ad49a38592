# Shorter words for what scripts/ does. DATA and NEWSWORLD are folders outside of this repository.
.PHONY: start check sqlx check-newsworld check-etoday bench-extract bench-frontier bench-site-memory bench-hostile fuzz release

KILLS ?= 0
FULL ?= 0
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
	scripts/check-newsworld $(NEWSWORLD) --kills $(KILLS)
check-etoday: release
	scripts/check-etoday $(DATA)
	SOKBO_ETODAY_DATA=$(abspath $(DATA)) cargo test --test it crawl_site
bench-extract: release
	scripts/bench-extract $(DATA) $(SCORER)
bench-frontier:
	FULL=$(FULL) cargo bench --locked --bench frontier
bench-site-memory: release
	scripts/bench-site-memory $(DATA) $(SCORER) $(if $(NEWSWORLD),--newsworld $(NEWSWORLD))
bench-hostile: release
	scripts/hostile-pages
fuzz:
	scripts/fuzz $(INPUTS)
