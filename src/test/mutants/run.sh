#!/bin/sh
# Breaks the server on purpose and shows that the fault suite notices: for each patch here a copy of the tree is built with that
# mistake in it, and the test that the patch names has to fail. From the top of the tree: src/test/mutants/run.sh [-o]
# Arguments go to Maven. Exits with 1 if a mutant survives.
set -u
here=$(pwd)
survived=0
for mutant in src/test/mutants/*.patch; do
  name=$(basename "$mutant" .patch)
  killer=$(sed -n 's/^Killed by: //p' "$mutant")
  copy=$(mktemp -d)
  tar --exclude=./target --exclude=./.git -cf - . | tar -xf - -C "$copy"
  cd "$copy" || exit 2
  if ! { patch -sp1 <"$mutant" && mvn -B -q "$@" package -DskipTests >build.log 2>&1; }; then
    echo "$name: could not be built, see $copy/build.log"
    exit 2
  fi
  if mvn -B "$@" -Pfaults verify -Dspotless.check.skip -Dit.test="$killer" \
    >test.log 2>&1; then
    echo "$name: SURVIVED $killer"
    survived=1
  else
    echo "$name: killed by $killer"
    grep -m 3 -E 'AssertionError|^\{|^  [A-Z_]+ in ' test.log | sed 's/^/    /'
  fi
  cd "$here" || exit 2
  rm -rf "$copy"
done
exit $survived
