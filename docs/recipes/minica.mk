# include minica.mk
#
# make certs    makes what certs.yaml lists, and renews what is due
# make trust    has this machine trust the root; make untrust takes it back
#
# Recipes whose clients are to trust it run as: $(MINICA) exec -- COMMAND

MINICA ?= minica
MINICA_HOME ?= $(CURDIR)/.minica
export MINICA_HOME

.PHONY: certs trust untrust

certs:
	@mkdir -p tls
	$(MINICA) apply certs.yaml

trust: certs
	$(MINICA) trust install

untrust:
	$(MINICA) trust uninstall
