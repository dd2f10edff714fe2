#!/usr/bin/env bash
# The image of configs/cluster/kubernetes installs every library that its programs are linked with.
set -uo pipefail

readonly dockerfile=configs/cluster/kubernetes/Dockerfile
# Of debian:12-slim itself.
readonly base=" libc6 libgcc-s1 libstdc++6 zlib1g "

programs=$(grep -oP '^COPY \K.*(?= /)' "$dockerfile")
[ -n "$programs" ] || { echo "no COPY in $dockerfile"; exit 1; }
missing=0
for program in $programs; do
  for library in $(readelf -d "tools/$program" | grep -oP 'NEEDED.*\[\K[^]]+'); do
    # Where /lib is a link to /usr/lib, a package may have listed either.
    path=$(ldconfig -p | awk -v name="$library" '$1 == name { print $NF; exit }')
    package=$(dpkg -S "$(readlink -f "$path")" 2>/dev/null || dpkg -S "$path" 2>/dev/null ||
      dpkg -S "*/$(basename "$(readlink -f "$path")")")
    package=${package%%:*}
    [ -n "$package" ] || { echo "$program: no package has $library"; exit 1; }
    [[ $base == *" $package "* ]] && continue
    grep -qw -- "$package" "$dockerfile" && continue
    echo "$program needs $library of $package, which $dockerfile does not install"
    missing=1
  done
done
exit $missing
