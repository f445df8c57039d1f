#!/bin/sh
# For a GPU that is lent for minutes: measures what tells most first, each within a time limit, and keeps all of it in one JSON file,
# from the first step on. Called again with the same file, it goes on with what is missing.
#
#   lease.sh [--out FILE] [--minutes N] [--peer COMMAND] [--device NAME]
#
# COMMAND is a program as `glossa bench train --against` takes it; it runs at the largest of a few batches that fits it.
set -u
here=$(dirname -- "$(readlink -f -- "$0")")
out=lease.json minutes=60 peer= device=cuda
while [ $# -gt 0 ]; do
    case $1 in
        --out | --minutes | --peer | --device) [ $# -gt 1 ] && eval "${1#--}=\$2" && shift 2 && continue ;;
    esac
    echo "Cannot take '$1': expected --out FILE, --minutes N, --peer COMMAND or --device NAME" >&2
    exit 2
done
case $minutes in '' | *[!0-9]*)
    echo "Cannot measure for '$minutes' minutes: expected a number" >&2
    exit 2
    ;;
esac
parts=$out.parts
if ! mkdir -p -- "$parts"; then
    echo "Cannot keep results in $parts, expected a writable folder (name another file with --out)" >&2
    exit 4
fi
end=$(($(date +%s) + 60 * minutes))

# As the inside of a JSON string.
escaped() {
    tr -d '\000-\010\013-\037' | sed 's/\\/\\\\/g; s/"/\\"/g; s/	/\\t/g' | awk '{printf "%s\\n", $0}'
}

# All steps so far as one file, which is replaced whole.
collect() {
    {
        printf '['
        first=
        for name in $names; do
            if [ -f "$parts/$name.json" ]; then
                printf '%s\n' "$first"
                cat -- "$parts/$name.json"
                first=,
            fi
        done
        printf '\n]\n'
    } >"$out.new" && mv -- "$out.new" "$out"
}

# step NAME SECONDS COMMAND...: runs it unless it was run before and not cut short by the end of the minutes.
step() {
    name=$1 limit=$2
    shift 2
    names="$names $name"
    ! grep -q '"cut": false' "$parts/$name.json" 2>/dev/null || return 0
    left=$((end - $(date +%s)))
    if [ "$left" -lt 30 ]; then
        echo "No time left for $name" >&2
        return 0
    fi
    cut=false
    [ "$left" -ge "$limit" ] || limit=$left cut=true
    echo "$name: at most $limit s" >&2
    began=$(date +%s)
    timeout "$limit" "$@" >"$parts/$name.out" 2>"$parts/$name.err"
    code=$?
    [ "$code" -eq 124 ] || cut=false
    {
        printf '{"name": "%s", "command": "%s", "code": %d, "cut": %s, "seconds": %d,\n "output": "' \
            "$name" "$(printf '%s ' "$@" | escaped)" "$code" "$cut" $(($(date +%s) - began))
        escaped <"$parts/$name.out"
        printf '",\n "errors": "'
        tail -n 40 -- "$parts/$name.err" | escaped
        printf '"}'
    } >"$parts/$name.json.new" && mv -- "$parts/$name.json.new" "$parts/$name.json"
    collect
    if [ "$code" -ne 0 ]; then echo "$name ended with code $code: $(tail -n 1 -- "$parts/$name.err")" >&2; fi
    return 0
}

bench() {
    step "bench-$1-$2s" 420 "$here/glossa" bench train --device "$device" --size "$1" --seconds "$2" --batch "$3" --json
}

# The peer at our batch, or at three quarters, half or a quarter of it.
against() {
    [ -n "$peer" ] || return 0
    ours=$(sed -n 's/.*"batch":\([0-9]*\).*/\1/p' "$parts/bench-$1-$3s.out" 2>/dev/null | tail -n 1)
    for batch in ${ours:+$ours $((ours * 3 / 4)) $((ours / 2)) $((ours / 4))}; do
        step "peer-$1-$3s-$batch" 300 $peer --device "$device" --size "$2" --dtype bf16 --batch "$batch" --seconds "$3" --steps 10
        ! grep -q '"code": 0' "$parts/peer-$1-$3s-$batch.json" 2>/dev/null || break
    done
}

names=
largest=auto
[ "$device" = cuda ] || largest=4
step selftest 540 "$here/glossa" selftest --device "$device" --verbose
bench 0.6b 16 $largest
against 0.6b USM-0.6B 16
bench 2b 16 $largest
against 2b USM-2B 16
bench m 16 $largest
against m M 16
for kernel in $("$here/glossa" workbench | awk '/^  / {print $1}'); do
    step "workbench-$kernel" 60 "$here/glossa" workbench "$kernel" --device "$device" --size 0.6b --batch 64
done
bench 0.6b 32 $largest
bench 2b 32 $largest
collect
echo "All results: $out" >&2
