#!/usr/bin/env bash
# Tells Spark which GPUs this machine has: {"name": "gpu", "addresses": ["0", "1"]}. For spark.executor.resource.gpu.discoveryScript
# (and spark.worker.resource.gpu.discoveryScript where workers stand alone).
set -euo pipefail

die() { printf '%s\n' "$1" >&2; exit 1; }

command -v nvidia-smi >/dev/null ||
    die "Cannot discover GPUs: found no nvidia-smi, expected it on the PATH (it comes with NVIDIA's driver)"
found=$(nvidia-smi --query-gpu=index --format=csv,noheader 2>&1) ||
    die "Cannot discover GPUs: nvidia-smi said: $found, expected one index a line"
addresses=
while IFS= read -r index; do
    [[ $index =~ ^[0-9]+$ ]] ||
        die "Cannot discover GPUs: nvidia-smi said: ${found:-nothing}, expected one index a line"
    addresses+="${addresses:+, }\"$index\""
done <<<"$found"
printf '{"name": "gpu", "addresses": [%s]}\n' "$addresses"
