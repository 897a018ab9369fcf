"""Cap'n Proto schemas as C++."""

def capnp_library(name, srcs, **kwargs):
    """A cc_library of all schemas in `srcs`, each included as "<package>/<path>.h"."""
    native.genrule(
        name = name + "_gen",
        srcs = srcs,
        outs = [src + ".h" for src in srcs] + [src + ".cc" for src in srcs],
        cmd = "capnp compile --src-prefix=. -oc++:$(GENDIR) $(SRCS)" +
              " && for f in $(SRCS); do mv $(GENDIR)/$$f.c++ $(GENDIR)/$$f.cc; done",
    )
    native.cc_library(
        name = name,
        srcs = [src + ".cc" for src in srcs],
        hdrs = [src + ".h" for src in srcs],
        deps = ["//tools/deps:capnp_rpc"],
        **kwargs
    )
