# SPDX-License-Identifier: Apache-2.0
# Makefile - the short names of the work
#
# meson and ninja build, tools/ holds whatever takes more than a line. `make demo` and `make check`
# install what they need first; the others say what is missing. Nothing is installed twice.
#
#   make            build/tare
#   make demo       build it, then watch a container start
#   make check      every test that needs no virtual machine and no foreign engine
#   make check-all  those at every step, lint, sanitizers, fuzzing, the peers, engines on tare-oci, the virtual machine
#   make lint       formatting, clang-tidy, cppcheck, shellcheck, the include stack, both compilers
#   make asan       the tests of `make check` under the address and undefined behaviour sanitizers
#   make fuzz       every fuzz target for FUZZ_SECONDS
#   make bench      the table of speed and weight
#   make install    into DESTDIR, for PREFIX
BUILD ?= build
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 600

.PHONY: all demo check check-all lint asan fuzz bench install clean

all: $(BUILD)/build.ninja
	@ninja -C $(BUILD)

$(BUILD)/build.ninja:
	@tools/install-packages --dry-run build
	@meson setup --prefix $(PREFIX) $(BUILD)

demo:
	@tools/install-packages build
	@$(MAKE) --no-print-directory all
	@tools/demo $(BUILD)/tare

check:
	@tools/install-packages check
	@$(MAKE) --no-print-directory all
	@tools/check --build $(BUILD)

check-all:
	@tools/install-packages check-all
	@TARE_KILL_STEP=1 $(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory asan
	@$(MAKE) --no-print-directory fuzz
	@tests/peers/run $(BUILD)
	@tests/engines/run $(BUILD)
	@tests/vm/run -t 7200 $(BUILD)

lint:
	@tools/install-packages --dry-run lint
	@$(MAKE) --no-print-directory all
	@tools/lint $(BUILD)

asan:
	@tools/install-packages --dry-run check
	@test -e build-asan/build.ninja || meson setup build-asan -Dstatic=false -Dbuildtype=debug \
		-Doptimization=0 -Db_sanitize=address,undefined -Db_lundef=false
	@ninja -C build-asan
	@tools/check --build build-asan

fuzz:
	@tools/install-packages --dry-run fuzz
	@test -e build-fuzz/build.ninja || CC=clang meson setup build-fuzz -Dfuzz=true -Dstatic=false \
		-Dbuildtype=debugoptimized -Db_lundef=false
	@ninja -C build-fuzz
	@tools/fuzz build-fuzz $(FUZZ_SECONDS)

bench:
	@tools/install-packages --dry-run bench
	@$(MAKE) --no-print-directory all
	@bench/run $(BUILD)

install: all
	@meson configure $(BUILD) -Dprefix=$(PREFIX)
	@ninja -C $(BUILD)
	@DESTDIR=$(DESTDIR) meson install -C $(BUILD) --no-rebuild

clean:
	@rm -rf $(BUILD) build-*
