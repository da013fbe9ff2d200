#!/bin/sh
# The append path between two processes on this machine, for several Hazelcast versions in turn.
#   mvn test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
#   src/bench/append.sh ROUNDS VERSION[:FLAG]… | grep "^{" > src/bench/results/append.jsonl
# VERSION is in the local Maven repository (mvn dependency:get -Dartifact=com.hazelcast:hazelcast:5.5.0); FLAG is the
# common ForkJoinPool's parallelism, none if left out. JAVA is the java to use.
set -eu
cd "$(dirname "$0")/../.."
java=${JAVA:-java}
rounds=$1
shift
flags="-Xmx512m --enable-native-access=ALL-UNNAMED -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow --add-modules java.se
  --add-exports java.base/jdk.internal.ref=ALL-UNNAMED --add-opens java.base/java.lang=ALL-UNNAMED
  --add-opens java.base/sun.nio.ch=ALL-UNNAMED --add-opens java.management/sun.management=ALL-UNNAMED
  --add-opens jdk.management/com.sun.management.internal=ALL-UNNAMED"
ours=$(grep -o 'hazelcast/[0-9.]*/hazelcast-[0-9.]*jar' target/classpath)
port=5801
for round in $(seq "$rounds"); do
  for variant in "$@"; do
    version=${variant%%:*}
    parallelism=
    case $variant in *:*) parallelism="-Djava.util.concurrent.ForkJoinPool.common.parallelism=${variant##*:}" ;; esac
    path="target/test-classes:target/classes:$(sed "s#$ours#hazelcast/$version/hazelcast-$version.jar#" target/classpath)"
    hold=$(mktemp -u)
    mkfifo "$hold"
    # shellcheck disable=SC2086
    $java $flags $parallelism -cp "$path" chat.parley.bench.AppendBench member $port 127.0.0.1:$((port + 1)) <"$hold" &
    member=$!
    exec 3>"$hold"
    # shellcheck disable=SC2086
    $java $flags $parallelism -cp "$path" chat.parley.bench.AppendBench driver $((port + 1)) 127.0.0.1:$port $member 3>&-
    exec 3>&-
    wait $member || true
    rm "$hold"
  done
done
