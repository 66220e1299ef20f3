RV_LIB_SRC += $(wildcard vm/*.c)

# Crossjumping merges the dispatch jumps of the handlers into a few shared ones:
# without it a loop of 15 handlers took 0.82 of the time (gcc 12, x86-64). The
# vectorizer packs the two halves of a slot into a vector register and back.
INTERP_FLAGS := $(shell $(CC) -Werror -fno-crossjumping \
  -fno-tree-slp-vectorize -x c -c /dev/null -o /dev/null 2>/dev/null && \
  echo -fno-crossjumping -fno-tree-slp-vectorize)
$(B)/obj/vm/interp.o: private FILE_CFLAGS := $(INTERP_FLAGS)
$(B)/obj/vm/interp.o: vm/part.mk
