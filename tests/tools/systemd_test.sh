#!/usr/bin/env bash
# The unit files: systemd takes every line of them, and every flag is one of the program's.
source tests/tools/expect.sh

readonly units=configs/cluster/systemd

systemd_takes_them() {
  local unit
  if ! command -v systemd-analyze >/dev/null; then
    echo "SKIPPED: there is no systemd-analyze (package systemd)"
    return
  fi
  for unit in coordinator worker; do
    # Programs where they are here, not where they will be installed.
    sed "s|/usr/local/bin/|$PWD/tools/|; s|^Documentation=.*|Documentation=man:true(1)|" \
      "$units/nashville-$unit.service" >"$work/nashville-$unit.service"
    expect_exit 0 systemd-analyze verify --man=no "$work/nashville-$unit.service"
    # It warns of keys that it does not know, and ends with 0 all the same.
    ! grep -F "nashville-$unit.service" "$err_file" || fail "systemd-analyze has something to say"
  done
}

flags_are_those_of_the_programs() {
  local unit program flag
  for unit in coordinator worker; do
    program=$(grep -o '/usr/local/bin/[a-z_]*' "$units/nashville-$unit.service" | head -n 1)
    program=tools/${program##*/}
    "$program" --help >"$work/help" || fail "$program --help"
    # What another try would not change must not be tried again.
    expect_exit 2 "$program"
    grep -q "^RestartPreventExitStatus=2 3 " "$units/nashville-$unit.service" || fail "$unit: codes"
    while read -r flag; do
      grep -q -- "$flag" "$work/help" || fail "$program has no $flag"
    done < <(grep -v '^#' "$units/nashville-$unit.service" | grep -o -- '--[a-z_]*=' | tr -d '=')
  done
}

systemd_takes_them
flags_are_those_of_the_programs
