"""protobuf_library: messages of protobuf as a C++ library."""

def protobuf_library(name, src, visibility = None):
    """Include the result as "<package>/<src without .proto>.pb.h"."""
    stem = src[:-len(".proto")] + ".pb"
    native.genrule(
        name = name + "_source",
        srcs = [src],
        outs = [stem + ".h", stem + ".cc"],
        cmd = "protoc --proto_path=. --cpp_out=$(GENDIR) $<",
    )
    native.cc_library(
        name = name,
        srcs = [stem + ".cc"],
        hdrs = [stem + ".h"],
        visibility = visibility,
        deps = ["//tools/bazel/system:protobuf"],
    )
