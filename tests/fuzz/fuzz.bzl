"""fuzz_test: one fuzz target, two ways to run it.

`bazel test` links driver.cc, which replays the seeds and some mutations of each: a
short, deterministic test for every build. `tools/dev fuzz NAME` builds the same source with clang's
libFuzzer and runs for as long as asked.
"""

def fuzz_test(name, src, deps, seeds = [], data = [], mutations = 2000):
    native.cc_test(
        name = name,
        srcs = [src],
        args = ["--mutations=%d" % mutations] + ["$(locations %s)" % seed for seed in seeds],
        data = seeds + data,
        deps = deps + ["//tests/fuzz:driver"],
    )
