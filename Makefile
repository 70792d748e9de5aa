# Names for dev.py; it needs no make.
.PHONY: demo test lint wheel ci
demo test lint wheel ci:
	python3 dev.py $@
