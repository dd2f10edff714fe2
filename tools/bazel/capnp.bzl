"""capnp_library: a Cap'n Proto schema as a C++ library."""

def capnp_library(name, src, visibility = None):
    """Include the result as "<package>/<src>.h"."""
    native.genrule(
        name = name + "_source",
        srcs = [src],
        outs = [src + ".h", src + ".cc"],
        # The compiler writes a file name that Bazel does not know as C++.
        cmd = " && ".join([
            "capnp compile --src-prefix=$$(dirname $(location {src})) -oc++:$(@D) $(location {src})",
            "mv $(@D)/{src}.c++ $(@D)/{src}.cc",
        ]).format(src = src),
    )
    native.cc_library(
        name = name,
        srcs = [src + ".cc"],
        hdrs = [src + ".h"],
        visibility = visibility,
        deps = ["//tools/bazel/system:capnp"],
    )
