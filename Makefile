# Shorter words for what scripts/ does.
.PHONY: start check
start:
	scripts/start
check:
	scripts/test
