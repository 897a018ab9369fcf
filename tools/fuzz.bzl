"""Fuzz targets: libFuzzer programs, built by tools/fuzz with clang."""

def fuzz_target(name, srcs, deps = [], corpus = None, **kwargs):
    """A program with an LLVMFuzzerTestOneInput.

    Args:
      name: ends in _fuzz.
      srcs: its source.
      deps: what it fuzzes.
      corpus: label of a filegroup with inputs to begin with.
      **kwargs: as for cc_binary.
    """
    native.cc_binary(
        name = name,
        testonly = True,
        srcs = srcs,
        data = [corpus] if corpus else [],
        linkopts = ["-fsanitize=fuzzer"],
        # Only clang links libFuzzer, so "bazel build //..." with g++ leaves them out.
        tags = ["fuzz", "manual"],
        deps = deps,
        **kwargs
    )
