#!/bin/sh
# What an idle room costs on the heap.
#   mvn test-compile org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath -Dmdep.outputFile=target/classpath
#   src/bench/idle-rooms.sh > src/bench/results/idle-rooms.jsonl
# JAVA is the java to use.
set -eu
cd "$(dirname "$0")/../.."
${JAVA:-java} -Xmx2g -XX:+UseSerialGC -Djava.util.concurrent.ForkJoinPool.common.parallelism=2 \
  --enable-native-access=ALL-UNNAMED -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow \
  --add-modules java.se --add-exports java.base/jdk.internal.ref=ALL-UNNAMED --add-opens java.base/java.lang=ALL-UNNAMED \
  --add-opens java.base/sun.nio.ch=ALL-UNNAMED --add-opens java.management/sun.management=ALL-UNNAMED \
  --add-opens jdk.management/com.sun.management.internal=ALL-UNNAMED \
  -cp "target/test-classes:target/classes:$(cat target/classpath)" chat.parley.room.IdleRoomsBench 5813 | grep '^{'
