# linli 邻里. `make run` tries it, `make test` proves it; each sets up what it needs.
.PHONY: run test bench asan tsan torture attack fuzz format tidy build setup deb deb-test clean

run: build
	@tools/run

build: setup
	@[ -x build/linli ] || echo "编译 linli，约一分钟"
	@ninja -C build $$([ -t 1 ] || echo --quiet) linli linli-decode

setup:
	@tools/setup

test:
	@tools/setup test
	@tools/test

bench:
	@tools/setup bench
	@ninja -C build --quiet
	@tools/bench

asan:
	@tools/setup test
	@tools/test asan

tsan:
	@tools/setup test
	@tools/test tsan

torture:
	@tools/setup test
	@tools/torture

deb: setup
	@tools/deb

deb-test: setup
	@tests/system/deb-test

# Other people's attackers, first at a program with holes, then at ours (--quick: 4 minutes).
attack: build
	@tools/attack $(ATTACK)

# Every fuzzer, for FUZZ_SECONDS in all (an hour).
fuzz:
	@tools/setup test
	@tools/fuzz

format:
	@git ls-files 'src/**/*.[ch]' 'tests/*.[ch]' | xargs clang-format -i

tidy:
	@tools/setup test
	@tools/tidy

clean:
	rm -rf build build-*
