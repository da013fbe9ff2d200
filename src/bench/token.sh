#!/bin/sh
# What the check of one token costs, by algorithm.
#   mvn test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
#   src/bench/token.sh > src/bench/results/token.jsonl
# JAVA is the java to use.
set -eu
cd "$(dirname "$0")/../.."
"${JAVA:-java}" -Xmx256m --enable-native-access=ALL-UNNAMED -cp "target/test-classes:target/classes:$(cat target/classpath)" \
  chat.parley.auth.TokenBench | grep '^{'
