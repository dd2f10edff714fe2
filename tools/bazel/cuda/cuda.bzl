"""Libraries of CUDA kernels, where there is nvcc (toolkit.bzl)."""

load("@cuda//:defs.bzl", "GPU_CODES", "HAVE_CUDA", "NVCC")

def if_cuda(with_cuda, without = []):
    return with_cuda if HAVE_CUDA else without

_HOST_OPTIONS = ["-fPIC", "-march=x86-64-v3", "-ffp-contract=off", "-Wall"]

# What nvcc is told of every kernel, on whatever machine and for whatever GPU.
_KERNEL_OPTIONS = [
    "-I.",
    "-std=c++20",
    "-O3",
    # Constants and arithmetic of plain headers, on devices as well.
    "--expt-relaxed-constexpr",
    "-DR123_CUDA_DEVICE=__host__ __device__",
    "-Xcompiler=" + ",".join(_HOST_OPTIONS),
]

def _kernel_options_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".txt")
    ctx.actions.write(out, "".join([option + "\n" for option in _KERNEL_OPTIONS]))
    return [DefaultInfo(files = depset([out]), runfiles = ctx.runfiles([out]))]

# A file of those options, one a line, for who builds kernels elsewhere.
kernel_options = rule(implementation = _kernel_options_impl)

def _cuda_object_impl(ctx):
    headers = [dep[CcInfo].compilation_context.headers for dep in ctx.attr.deps]
    out = ctx.actions.declare_file(ctx.label.name + ".pic.o")
    arguments = ctx.actions.args()
    arguments.add_all(["-c", ctx.file.src, "-o", out])
    arguments.add_all(_KERNEL_OPTIONS)
    for code in GPU_CODES:
        arguments.add("-gencode=arch=compute_%d,code=sm_%d" % (code, code))
    arguments.add("-gencode=arch=compute_%d,code=compute_%d" % (GPU_CODES[-1], GPU_CODES[-1]))
    ctx.actions.run(
        executable = NVCC,
        arguments = [arguments],
        inputs = depset([ctx.file.src], transitive = headers),
        outputs = [out],
        mnemonic = "Nvcc",
        progress_message = "Compiling kernels of %s" % ctx.file.src.short_path,
        use_default_shell_env = True,
    )
    return [DefaultInfo(files = depset([out]))]

_cuda_object = rule(
    implementation = _cuda_object_impl,
    attrs = {
        "src": attr.label(allow_single_file = [".cu"], mandatory = True),
        "deps": attr.label_list(providers = [CcInfo]),
    },
)

def cuda_library(name, src, hdrs, deps, testonly = False):
    """A library of the kernels in `src`; a library of headers alone where there is no nvcc."""
    if HAVE_CUDA:
        native.cc_library(name = name + "_headers", hdrs = hdrs, deps = deps, testonly = testonly)
        _cuda_object(
            name = name + "_object",
            src = src,
            deps = [":" + name + "_headers"],
            testonly = testonly,
        )
    native.cc_library(
        name = name,
        srcs = if_cuda([":" + name + "_object"]),
        hdrs = hdrs,
        # One copy of the runtime, in the program: it is a static library with state.
        linkstatic = True,
        deps = deps + ["@cuda//:runtime"],
        testonly = testonly,
    )
