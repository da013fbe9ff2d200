#!/bin/sh
# The server's own append path (RoomLog) between two processes on this machine.
#   mvn test-compile org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath -Dmdep.outputFile=target/classpath
#   src/bench/roomlog.sh > src/bench/results/roomlog.jsonl
# JAVA is the java to use.
set -eu
cd "$(dirname "$0")/../.."
java=${JAVA:-java}
flags="-Xmx1g -Djava.util.concurrent.ForkJoinPool.common.parallelism=2 --enable-native-access=ALL-UNNAMED
  -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow --add-modules java.se
  --add-exports java.base/jdk.internal.ref=ALL-UNNAMED --add-opens java.base/java.lang=ALL-UNNAMED
  --add-opens java.base/sun.nio.ch=ALL-UNNAMED --add-opens java.management/sun.management=ALL-UNNAMED
  --add-opens jdk.management/com.sun.management.internal=ALL-UNNAMED"
path="target/test-classes:target/classes:$(cat target/classpath)"
hold=$(mktemp -u)
mkfifo "$hold"
# shellcheck disable=SC2086
$java $flags -cp "$path" chat.parley.room.RoomLogBench member 5811 127.0.0.1:5812 <"$hold" >&2 &
member=$!
exec 3>"$hold"
# shellcheck disable=SC2086
$java $flags -cp "$path" chat.parley.room.RoomLogBench driver 5812 127.0.0.1:5811 $member 3>&- | grep '^{'
exec 3>&-
wait $member || true
rm "$hold"
