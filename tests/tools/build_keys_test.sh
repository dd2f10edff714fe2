#!/usr/bin/env bash
# What Bazel's actions are known by does not hold the caller's PATH, or a virtual environment would
# compile everything anew. A second Bazel, with a PATH of its own, tells what it would run.
source tests/tools/expect.sh

cd "$(dirname "$(readlink -f .bazelrc)")" || fail "no sources"
mkdir "$work/virtual_environment"
PATH=$work/virtual_environment:$PATH expect_exit 0 \
  bazel --output_base="$work/base" --max_idle_secs=1 aquery --noshow_progress \
  'mnemonic("CppCompile|Genrule", //common:checksum + //proto:channel + //proto:messages_schema_source)'
for mnemonic in CppCompile Genrule; do
  grep -q "Mnemonic: $mnemonic" "$out_file" || fail "no $mnemonic among the actions"
done
grep -q 'Environment: .*PATH=/usr/local/sbin:' "$out_file" || fail "actions have no PATH of ours"
! grep -F "$work/virtual_environment" "$out_file" || fail "actions depend on the caller's PATH"
bazel --output_base="$work/base" shutdown 2>/dev/null
