"""Finds the CUDA toolkit of this machine, if any; nothing is downloaded.

The repository @cuda tells the rest: @cuda//:defs.bzl has HAVE_CUDA, NVCC and GPU_CODES, and
@cuda//:runtime is the statically linked runtime library. The environment decides where to look:
NASHVILLE_CUDA=off builds without, NASHVILLE_CUDA=/path or CUDA_HOME=/path names a toolkit;
otherwise /usr/local/cuda and the nvcc on the PATH are tried.
"""

# Devices that code is made for, of those that the installed nvcc knows: code of one runs on later
# ones of its generation (80 on 86 and 89), and later generations compile the PTX of the newest when
# they first meet it.
_CODES = [75, 80, 90]

def _toolkit_folder(ctx):
    wanted = ctx.os.environ.get("NASHVILLE_CUDA", "")
    if wanted == "off":
        return None
    folders = [wanted, ctx.os.environ.get("CUDA_HOME", ""), "/usr/local/cuda"]
    on_path = ctx.which("nvcc")
    if on_path:
        # Where it is says little: it may be a script that calls another.
        told = ctx.execute([on_path, "--dryrun", "-x", "cu", "/dev/null"]).stderr.splitlines()
        folders += [line[len("#$ TOP="):] for line in told if line.startswith("#$ TOP=")]
    for folder in folders:
        if folder and ctx.path(folder + "/bin/nvcc").exists:
            return folder
    if wanted:
        fail("NASHVILLE_CUDA=%s: no bin/nvcc there; name a CUDA toolkit, or off" % wanted)
    return None

def _gpu_codes(ctx, nvcc):
    listed = ctx.execute([nvcc, "--list-gpu-code"])
    if listed.return_code != 0:
        fail("%s --list-gpu-code: %s" % (nvcc, listed.stderr))
    known = [code[len("sm_"):] for code in listed.stdout.splitlines() if code.startswith("sm_")]
    codes = [int(code) for code in known if code.isdigit()]
    codes = [code for code in _CODES if code in codes]
    if not codes:
        fail("%s makes code for none of sm_%s" % (nvcc, ", sm_".join([str(c) for c in _CODES])))
    return codes

def _cuda_toolkit_impl(ctx):
    folder = _toolkit_folder(ctx)
    if folder == None:
        ctx.file("defs.bzl", "HAVE_CUDA = False\nNVCC = None\nGPU_CODES = []\n")
        ctx.file("BUILD", 'cc_library(name = "runtime", visibility = ["//visibility:public"])\n')
        return
    nvcc = folder + "/bin/nvcc"
    ctx.file("defs.bzl", "HAVE_CUDA = True\nNVCC = %s\nGPU_CODES = %s\n" %
                         (repr(nvcc), repr(_gpu_codes(ctx, nvcc))))
    ctx.symlink(folder + "/include", "include")
    ctx.symlink(nvcc, "nvcc")
    ctx.file("BUILD", """
cc_library(
    name = "runtime",
    hdrs = glob(["include/**"]),
    includes = ["include"],
    linkopts = ["-L%s/lib64", "-lcudart_static", "-lrt", "-ldl", "-lpthread"],
    visibility = ["//visibility:public"],
)
""" % folder)

cuda_toolkit = repository_rule(
    implementation = _cuda_toolkit_impl,
    environ = ["NASHVILLE_CUDA", "CUDA_HOME", "PATH"],
    local = True,
)
