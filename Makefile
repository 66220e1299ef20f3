# The whole build. Each folder adds its files in part.mk:
#   RV_LIB_SRC  C files of librove.a        RV_LEX, RV_YACC  *.l and *.y, in it too
#   RV_CLI_SRC  C files of the program      TEST_C   C tests, one program each
#   TEST_SO     C files that become shared libraries for the tests
# A file that needs flags of its own gets them there too:
#   $(B)/obj/vm/interp.o: FILE_CFLAGS := ...
#
# SPDX-License-Identifier: MIT

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/sh

# ---- Options ----------------------------------------------------------------
# MODE   release debug asan ubsan tsan stress      CROSS  s390x aarch64
# FFI=no without libffi     BIG=no without gmp (no code uses gmp so far)
# BUILD  where everything goes                     V=1    show commands
# DEPS=no  install nothing                         JOBS   parallel jobs of check

MODE ?= release
BUILD ?= build
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
MODES := release debug asan ubsan tsan stress
CHECK_MODES := release asan stress
CROSSES := s390x aarch64
ifeq ($(filter $(MODE),$(MODES)),)
$(error MODE=$(MODE): one of $(MODES))
endif

HOSTCC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin AR),default)
AR := ar
endif
BISON ?= bison
FLEX ?= flex

VARIANT := $(MODE)
ifdef CROSS
ifeq ($(filter $(CROSS),$(CROSSES)),)
$(error CROSS=$(CROSS): one of $(CROSSES))
endif
VARIANT := cross-$(CROSS)
CC := $(CROSS)-linux-gnu-gcc
AR := $(CROSS)-linux-gnu-ar
FFI := no
BIG := no
# With a foreign libc installed, qemu's dynamic loader mixes two of them.
RV_LDFLAGS += -static
endif

B := $(BUILD)/$(VARIANT)
G := $(BUILD)/gen
ISAGEN := $(BUILD)/host/isagen

# ---- Packages ---------------------------------------------------------------
# gmp belongs to the set though nothing uses it so far. readline is loaded by the
# REPL when it runs; libedit2 is for the test of what it does without readline.

DEPS_BUILD := bison flex libffi-dev libgmp-dev libreadline-dev libxxhash-dev
# Of the Lua packages tests/lua/real.py runs programs.
DEPS_TEST := perl python3 lua5.4 luajit time zlib1g libreadline8 libedit2 lua-dkjson lua-argparse \
  lua-unit lua-penlight lua-check lua-inspect luarocks lua-ansicolors \
  lua-binaryheap lua-cliargs lua-inifile lua-luassert lua-mediator \
  lua-messagepack lua-moses lua-say
DEPS_FUZZ := clang libclang-rt-14-dev
DEPS_CROSS := gcc-aarch64-linux-gnu gcc-s390x-linux-gnu \
  libc6-dev-arm64-cross libc6-dev-s390x-cross qemu-user

# ---- Flags ------------------------------------------------------------------

FLAGS_release :=
FLAGS_debug := -O0 -DRV_CHECK
FLAGS_stress := -O1 -DRV_STRESS -DRV_CHECK
SAN_asan := -fsanitize=address,undefined -fno-sanitize-recover=all
SAN_ubsan := -fsanitize=undefined -fno-sanitize-recover=all
SAN_tsan := -fsanitize=thread
FLAGS_asan := -O1 $(SAN_asan) -fno-omit-frame-pointer -DRV_CHECK
FLAGS_ubsan := -O1 $(SAN_ubsan) -DRV_CHECK
FLAGS_tsan := -O1 $(SAN_tsan)

# maybe-uninitialized: gcc cannot see that a status of RV_OK means "out is set".
RV_WARN := -Wall -Wextra -Wno-unused-parameter -Wno-maybe-uninitialized
RV_CFLAGS := -std=gnu11 -O2 -g -fPIC -ffp-contract=off -fvisibility=hidden \
  -I. -Iinclude -I$(G) $(FLAGS_$(MODE))
RV_LDFLAGS += $(SAN_$(MODE))
RV_LIBS := -lm -ldl -lpthread
ifeq ($(FFI),no)
RV_CFLAGS += -DRV_NO_FFI
else
RV_LIBS := -lffi $(RV_LIBS)
endif
ifeq ($(BIG),no)
RV_CFLAGS += -DRV_NO_BIG
endif
# What bison and flex write is not ours to tidy.
GEN_WARN := -Wall -Wno-unused-function -Wno-unused-but-set-variable \
  -Wno-sign-compare -Wno-unused-variable

COMPILE = $(CC) $(RV_CFLAGS) $(FILE_CFLAGS) $(CPPFLAGS) $(CFLAGS)
LINK = $(CC) $(RV_LDFLAGS) $(LDFLAGS)

ifeq ($(V),1)
Q :=
say =
else
Q := @
say = @printf '  %-5s %s\n' '$(1)' '$(2)';
endif

# ---- What there is ----------------------------------------------------------

RV_LIB_SRC :=
RV_CLI_SRC :=
RV_LEX :=
RV_LUA_LIB :=
RV_YACC :=
TEST_C :=
TEST_SO :=
PARTS := $(wildcard $(addsuffix /part.mk,include isa-spec vm vm/host \
  vm/jit vm/snap vm/capi assembler compiler stdlib cli examples tests))
.PHONY: all
all: ## builds the release: build/rove and build/librove.a
include $(PARTS)

GEN_H := $(addprefix $(G)/,opcodes.h opinfo.h) \
  $(RV_YACC:%.y=$(G)/%.tab.h) $(RV_LEX:%.l=$(G)/%.lex.h)
GEN_C := $(RV_YACC:%.y=$(G)/%.tab.c) $(RV_LEX:%.l=$(G)/%.lex.c) \
  $(if $(RV_LUA_LIB),$(G)/stdlib/library.c)
LIB_OBJ := $(RV_LIB_SRC:%.c=$(B)/obj/%.o) $(GEN_C:$(G)/%.c=$(B)/gen/%.o)
CLI_OBJ := $(RV_CLI_SRC:%.c=$(B)/obj/%.o)
TEST_BIN := $(TEST_C:%.c=$(B)/%.t)
TEST_LIB := $(TEST_SO:%.c=$(B)/%.so)
PROGRAM := $(if $(RV_CLI_SRC),$(B)/rove)
OBJ := $(LIB_OBJ) $(CLI_OBJ) $(TEST_C:%.c=$(B)/obj/%.o) \
  $(TEST_SO:%.c=$(B)/obj/%.o)

ifeq ($(VARIANT),release)
all: $(BUILD)/librove.a $(if $(PROGRAM),$(BUILD)/rove)
$(BUILD)/librove.a: $(B)/librove.a
	$(Q)ln -sf release/librove.a $@
$(BUILD)/rove: $(B)/rove
	$(Q)ln -sf release/rove $@
endif
all: $(B)/librove.a $(PROGRAM)

.PHONY: gen
gen: $(GEN_H) $(GEN_C) ## writes the generated sources and the manual page
	@:

.PHONY: tests
tests: all $(TEST_BIN) $(TEST_LIB) ## builds the C tests of MODE too

# ---- Rules ------------------------------------------------------------------

# The stamp changes when a command line would; every object depends on it.
STAMP := $(B)/flags
STAMP_TEXT := $(CC) $(RV_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(RV_LDFLAGS) \
  $(LDFLAGS) $(RV_LIBS)
.PHONY: force
$(STAMP): force
	@mkdir -p $(@D); echo '$(STAMP_TEXT)' | cmp -s - $@ || \
	  echo '$(STAMP_TEXT)' >$@

# The list of members changes when a file comes or goes.
MEMBERS := $(B)/members
$(MEMBERS): force
	@mkdir -p $(@D); echo '$(LIB_OBJ) / $(CLI_OBJ)' | cmp -s - $@ || \
	  echo '$(LIB_OBJ) / $(CLI_OBJ)' >$@

$(ISAGEN): isa-spec/isagen.c isa-spec/isagen_out.c isa-spec/isagen.h
	@mkdir -p $(@D)
	$(call say,HOST,$@)$(HOSTCC) -std=gnu11 -O1 -g $(RV_WARN) -I. \
	  -o $@ $(filter %.c,$^)

$(G)/opcodes.h $(G)/opinfo.h $(G)/isa-manual.md $(G)/isa-table.tsv &: \
    isa-spec/opcodes.isa $(ISAGEN)
	@mkdir -p $(G)
	$(call say,ISA,$(G)/opcodes.h)$(ISAGEN) $< $(G)

# The library: Lua sources, compiled by a tool of the host's own, as C data.
EMBED := $(BUILD)/host/embed
EMBED_SRC := stdlib/boot/embed.c $(wildcard compiler/*.c) vm/image.c \
  vm/image_file.c vm/verify.c vm/verify_flow.c vm/verify_insn.c vm/height.c \
  vm/num.c vm/diag.c vm/assert.c vm/host/sig.c \
  $(G)/compiler/lua.tab.c $(G)/compiler/lua.lex.c
$(EMBED): $(EMBED_SRC) $(wildcard compiler/*.h vm/*.h) | $(GEN_H)
	@mkdir -p $(@D)
	$(call say,HOST,$@)$(HOSTCC) -std=gnu11 -O1 -g $(GEN_WARN) -I. -Iinclude \
	  -I$(G) -o $@ $(EMBED_SRC) -lm

$(G)/stdlib/library.c: $(RV_LUA_LIB) $(EMBED)
	@mkdir -p $(@D)
	$(call say,EMBED,$@)$(EMBED) $@ $(RV_LUA_LIB)

$(G)/%.tab.c $(G)/%.tab.h &: %.y
	@mkdir -p $(@D)
	$(call say,BISON,$<)$(BISON) -Wall -o $(G)/$*.tab.c \
	  --header=$(G)/$*.tab.h $<

$(G)/%.lex.c $(G)/%.lex.h &: %.l
	@mkdir -p $(@D)
	$(call say,FLEX,$<)$(FLEX) -o $(G)/$*.lex.c \
	  --header-file=$(G)/$*.lex.h $<

$(B)/obj/%.o: %.c $(STAMP) | $(GEN_H)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) $(RV_WARN) -MMD -MP -c -o $@ $<

$(B)/gen/%.o: $(G)/%.c $(STAMP) | $(GEN_H)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) $(GEN_WARN) -MMD -MP -c -o $@ $<

$(B)/librove.a: $(LIB_OBJ) $(MEMBERS)
	@rm -f $@
	$(call say,AR,$@)$(AR) rcs $@ $(LIB_OBJ)

$(B)/rove: $(CLI_OBJ) $(B)/librove.a $(MEMBERS) $(STAMP)
	$(call say,LINK,$@)$(LINK) -o $@ $(CLI_OBJ) $(B)/librove.a $(RV_LIBS)

$(TEST_BIN): $(B)/%.t: $(B)/obj/%.o $(B)/librove.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(LINK) -o $@ $^ $(RV_LIBS)

# These are loaded by programs of any mode, so they get no sanitizer.
$(TEST_LIB): $(B)/%.so: %.c $(STAMP)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) -std=gnu11 -O1 -g -fPIC -shared -o $@ $<

-include $(OBJ:.o=.d) $(wildcard $(B)/obj/tests/fuzz/*.d)

# ---- Checks -----------------------------------------------------------------
# A test learns what to test from the environment: see tests/README.md.

RUN_TESTS = ROVE_BUILD=$(B) ROVE_MODE=$(VARIANT) ROVE_GEN=$(G) \
  ROVE_ISAGEN=$(ISAGEN) ROVE_REF=$(BUILD)/rove ROVE_EXEC='$(EMULATOR)' \
  ROVE='$(strip $(EMULATOR) $(B)/rove)' JOBS=$(JOBS) tests/run
EMULATOR = $(if $(CROSS),qemu-$(CROSS))

.PHONY: check-mode
check-mode: tests gen ## runs the tests of one MODE (T='files' for some)
	$(Q)$(RUN_TESTS) $(T)

# Every mode is tried, then the result told; $(1) is a list of modes.
define check_modes
	+@bad=; for m in $(1); do \
	  echo "== $$m"; \
	  $(MAKE) --no-print-directory -j$(JOBS) MODE=$$m tests gen && \
	  $(MAKE) --no-print-directory MODE=$$m check-mode || bad="$$bad $$m"; \
	done; \
	if [ -n "$$bad" ]; then echo "FAILED:$$bad"; exit 1; fi; \
	echo "all tests passed: $(1)"
endef

.PHONY: check check-all check-cross check-deps
# What several threads do runs under ThreadSanitizer as well.
THREAD_TESTS = tests/isa/threads.py $(BUILD)/tsan/tests/unit/run.t \
  $(BUILD)/tsan/tests/unit/threads.t
check: deps ## runs every test in modes release, asan and stress, threads in tsan
	$(call check_modes,$(CHECK_MODES))
	+@$(MAKE) --no-print-directory -j$(JOBS) MODE=tsan tests gen
	+@$(MAKE) --no-print-directory MODE=tsan check-mode T='$(THREAD_TESTS)'

check-all: deps ## runs every test in every mode
	$(call check_modes,$(MODES))

check-cross: deps deps-cross ## builds for s390x and aarch64, tests under qemu
	+@$(MAKE) --no-print-directory -j$(JOBS) MODE=release all
	+@bad=; for c in $(CROSSES); do \
	  echo "== $$c"; \
	  $(MAKE) --no-print-directory -j$(JOBS) CROSS=$$c tests gen && \
	  $(MAKE) --no-print-directory CROSS=$$c check-mode || bad="$$bad $$c"; \
	done; \
	if [ -n "$$bad" ]; then echo "FAILED:$$bad"; exit 1; fi; \
	echo "all tests passed: $(CROSSES)"

check-deps: ## checks who includes whom
	$(Q)PYTHONPATH=tests PYTHONDONTWRITEBYTECODE=1 \
	  python3 tests/house/includes.py

# ---- Fuzzing ----------------------------------------------------------------
# The library again, by clang, with counters for libFuzzer.

FUZZ_SECONDS ?= 60
FUZZ := $(BUILD)/fuzz
FUZZ_TARGETS := image asm lua
FUZZ_FLAGS := -fsanitize=fuzzer-no-link -Wno-unknown-warning-option \
  -Wno-unknown-attributes

.PHONY: fuzz
fuzz: deps ## looks for crashes with libFuzzer, FUZZ_SECONDS for each target
	@DEPS='$(DEPS)' .ci/deps $(DEPS_FUZZ)
	+@$(MAKE) --no-print-directory -j$(JOBS) MODE=release all
	+@$(MAKE) --no-print-directory -j$(JOBS) MODE=asan BUILD=$(FUZZ) \
	  CC=clang CFLAGS='$(FUZZ_FLAGS)' $(FUZZ)/asan/librove.a \
	  $(FUZZ_TARGETS:%=$(FUZZ)/asan/obj/tests/fuzz/%.o)
	$(Q)for t in $(FUZZ_TARGETS); do \
	  clang -fsanitize=fuzzer,address,undefined -o $(FUZZ)/$$t \
	    $(FUZZ)/asan/obj/tests/fuzz/$$t.o $(FUZZ)/asan/librove.a \
	    $(RV_LIBS) || exit 1; \
	done
	$(Q)ROVE=$(BUILD)/rove FUZZ_BUILD=$(FUZZ) FUZZ_TARGETS='$(FUZZ_TARGETS)' \
	  FUZZ_SECONDS=$(FUZZ_SECONDS) sh tests/fuzz/run.sh

# ---- Set-up, examples, the rest ---------------------------------------------

.PHONY: deps deps-build deps-cross
deps: ## installs the packages that building and testing need
	@DEPS='$(DEPS)' .ci/deps $(DEPS_BUILD) $(DEPS_TEST)
deps-build:
	@DEPS='$(DEPS)' .ci/deps $(DEPS_BUILD)
deps-cross: ## installs the cross compilers and qemu
	@DEPS='$(DEPS)' .ci/deps $(DEPS_CROSS)

.PHONY: demo
demo: deps-build ## installs what is missing, builds, runs the examples
	+@$(MAKE) --no-print-directory -j$(JOBS) MODE=release all
	$(Q)ROVE=$(BUILD)/rove sh examples/demo.sh

.PHONY: bench
bench: ## measures against lua5.4 and luajit -joff
	+@$(MAKE) --no-print-directory -j$(JOBS) MODE=release all
	$(Q)ROVE=$(BUILD)/rove python3 tests/bench/run.py

.PHONY: docs
docs: $(G)/isa-manual.md ## writes the manual of the instructions
	@echo $(G)/isa-manual.md

.PHONY: clean
clean: ## removes all that was built
	$(Q)rm -rf -- '$(BUILD)'

.PHONY: help
help: ## shows this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | \
	  awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'
	@sed -n '/^# ---- Options/,/^$$/s/^# \([A-Z]\)/  \1/p' Makefile
