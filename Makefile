.PHONY: help
help:
	@echo "targets follow"
