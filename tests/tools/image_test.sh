#!/usr/bin/env bash
# The image of configs/cluster/kubernetes installs every library that its programs are linked with.
set -uo pipefail

readonly dockerfile=configs/cluster/kubernetes/Dockerfile
# Of debian:12-slim itself.
readonly base=" libc6 libgcc-s1 libstdc++6 zlib1g "

programs=$(grep -oP '^COPY \K.*(?= /)' "$dockerfile")
[ -n "$programs" ] || { echo "no COPY in $dockerfile"; exit 1; }
missing=0
needed() { readelf -d "tools/$1" | grep -oP 'NEEDED.*\[\K[^]]+'; }
# Each library once: asking which package has it takes most of a second.
libraries=$(for program in $programs; do needed "$program"; done | sort -u)
[ -n "$libraries" ] || { echo "no library is needed: are the programs there?"; exit 1; }
for library in $libraries; do
  # Where /lib is a link to /usr/lib, a package may have listed either.
  path=$(ldconfig -p | awk -v name="$library" '$1 == name { print $NF; exit }')
  package=$(dpkg -S "$(readlink -f "$path")" 2>/dev/null || dpkg -S "$path" 2>/dev/null ||
    dpkg -S "*/$(basename "$(readlink -f "$path")")")
  package=${package%%:*}
  [ -n "$package" ] || { echo "no package has $library"; exit 1; }
  [[ $base == *" $package "* ]] && continue
  grep -qw -- "$package" "$dockerfile" && continue
  echo "$library of $package is needed, which $dockerfile does not install:"
  for program in $programs; do needed "$program" | grep -qxF "$library" && echo "  $program"; done
  missing=1
done
exit $missing
