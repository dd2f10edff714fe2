"""Libraries of the operating system from archives, for a program that people start again and again.

Linked with `linkopts = STATIC_LIBRARIES` it does not load Abseil's thirty shared libraries and four
others, which takes as long as what a short program does. What the targets of this folder name comes
later in the link, and is left out, as nothing is missing any more. Our own shared libraries cannot
be linked so: Debian's archives are not made for them.
"""

_ABSEIL = [
    "bad_optional_access",
    "bad_variant_access",
    "base",
    "city",
    "civil_time",
    "cord",
    "cord_internal",
    "cordz_functions",
    "cordz_handle",
    "cordz_info",
    "debugging_internal",
    "demangle_internal",
    "exponential_biased",
    "graphcycles_internal",
    "hash",
    "int128",
    "log_severity",
    "low_level_hash",
    "malloc_internal",
    "raw_hash_set",
    "raw_logging_internal",
    "spinlock_wait",
    "stacktrace",
    "status",
    "statusor",
    "str_format_internal",
    "strerror",
    "strings",
    "strings_internal",
    "symbolize",
    "synchronization",
    "throw_delegate",
    "time",
    "time_zone",
]

STATIC_LIBRARIES = (
    ["-Wl,--as-needed,-Bstatic,--start-group"] +
    ["-labsl_" + name for name in _ABSEIL] +
    ["-lcapnp", "-lkj", "-lxxhash", "-lyaml-cpp"] +
    ["-Wl,--end-group,-Bdynamic"]
)
