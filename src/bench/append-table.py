#!/usr/bin/env python3
"""Medians of append.sh's lines as a Markdown table: src/bench/append-table.py < src/bench/results/append.jsonl"""
import json
import statistics
import sys

cells, starts = {}, {}
for line in sys.stdin:
    if not line.startswith("{"):
        continue
    row = json.loads(line)
    if "start_ms" in row:
        starts.setdefault(row["hazelcast"], []).append(row["start_ms"])
    else:
        variant = (row["hazelcast"], row["parallelism"])
        cell = (row["rooms"], row["outstanding"])
        cells.setdefault(variant, {}).setdefault(cell, []).append(row)

order = [(1000, 1024), (1000, 64), (1, 1024), (1000, 1)]
print("| Hazelcast | parallelism | " + " | ".join(f"{r} rooms, {o} outstanding" for r, o in order) + " |")
print("|---|---|" + "---|" * len(order))
for (version, parallelism), rows in sorted(cells.items(), key=lambda item: (-item[0][1], item[0][0])):
    texts = []
    for cell in order:
        runs = rows.get(cell, [])
        median = lambda key: statistics.median(run[key] for run in runs)
        texts.append(f"{median('per_s'):,.0f} ({median('per_cpu_s'):,.0f})" if runs else "–")
    print(f"| {version} | {parallelism} | " + " | ".join(texts) + " |")
for version, times in sorted(starts.items()):
    print(f"\n{version}: a member starts in {statistics.median(times):,.0f} ms (median of {len(times)}, fastest {min(times):,})")
