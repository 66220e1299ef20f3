RV_LIB_SRC += $(wildcard vm/host/*.c) $(wildcard vm/host/ffi/*.c)

# Invariant I3; a part of `make check` too.
.PHONY: check-symbols
check-symbols: $(B)/librove.a
	$(Q)ROVE_BUILD=$(B) sh tests/host/symbols.sh
