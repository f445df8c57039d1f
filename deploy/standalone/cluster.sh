#!/usr/bin/env bash
# A standalone Spark cluster whose master and workers are processes of this machine.
#   cluster.sh start [WORKERS [--apart]]
#                                starts a master and 2 workers, or as many as said; --apart, as root: each in a network
#                                namespace of its own, from which it can be cut off
#   cluster.sh stop              ends them
#   cluster.sh home DIR          makes the new folder DIR a SPARK_HOME of the jars that Glossa is built with
# Spark is that of SPARK_HOME where it is set, else such a home. Spark's own variables say the rest: SPARK_MASTER_HOST (127.0.0.1),
# SPARK_MASTER_PORT (7077), SPARK_MASTER_WEBUI_PORT (8080), SPARK_LOCAL_IP (where pages are; the master's host),
# SPARK_WORKER_CORES and SPARK_WORKER_MEMORY (each worker's share of the machine's), SPARK_LOG_DIR, SPARK_PID_DIR and
# SPARK_WORKER_DIR (in work/standalone).
set -euo pipefail
export LC_ALL=C.UTF-8

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
root=$(dirname -- "$(dirname -- "$here")")
work=$root/work/standalone
pids=${SPARK_PID_DIR:-$work}/pids
logs=${SPARK_LOG_DIR:-$work}/logs
host=${SPARK_MASTER_HOST:-127.0.0.1}
port=${SPARK_MASTER_PORT:-7077}
page=${SPARK_MASTER_WEBUI_PORT:-8080}
network=10.77.0 # where workers are apart: the bridge, which is the master's and drivers', is 1, the first worker 2
bridge=glossa
patience=300 # seconds; a busy machine is slow, not broken

say() { printf '%s\n' "$*" >&2; }
die() { say "$1"; exit "${2:-4}"; }

# What the build fetched, but for what `submit` takes along.
make_home() {
    local target=$root/jobs/target list jars jar
    [ ! -e "$1" ] || die "Cannot make a SPARK_HOME of $1: it is there, expected a new folder" 2
    for list in "$target/libraries.classpath" "$target/submit.classpath"; do
        [ -r "$list" ] || die "Cannot make a SPARK_HOME of $1: found no $list, expected what a build writes (./glossa build)" 2
    done
    jars=$(comm -23 <(tr : '\n' <"$target/libraries.classpath" | sort) <(tr : '\n' <"$target/submit.classpath" | sort))
    [ -n "$jars" ] || die "Cannot make a SPARK_HOME of $1: found no jars of Spark in $target/libraries.classpath, expected some" 2
    mkdir -p -- "$1/jars"
    cp -r -- "$here/bin" "$1/bin"
    while IFS= read -r jar; do ln -s -- "$jar" "$1/jars/"; done <<<"$jars"
}

# What others find the cluster by.
name_master() {
    export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-$host}
    master=spark://$host:$port
}

# A bridge with a namespace, and a link that goes there, for each worker.
make_network() {
    local i name
    [ "$(id -u)" -eq 0 ] && command -v ip >/dev/null ||
        die "Cannot set workers apart: found $(id -un) and $(command -v ip || echo 'no ip'), expected root and iproute2 (without --apart they share this machine's network)" 2
    [ ! -e "/sys/class/net/$bridge" ] ||
        die "Cannot set workers apart: there is an interface $bridge, expected none (ip link delete $bridge)" 2
    [ "$1" -lt 250 ] || die "Cannot set $1 workers apart, expected fewer than 250" 2
    touch -- "$pids.apart"
    ip link add "$bridge" type bridge
    ip address add "$network.1/24" dev "$bridge"
    ip link set "$bridge" up
    for ((i = 1; i <= $1; i++)); do
        name=$bridge-$i
        ip netns add "$name"
        ip link add "$name" type veth peer name eth0 netns "$name"
        ip link set "$name" master "$bridge" up
        ip -n "$name" address add "$network.$((i + 1))/24" dev eth0
        ip -n "$name" link set eth0 up
        ip -n "$name" link set lo up
    done
}

# Namespaces take their links with them.
remove_network() {
    local name
    for name in $(ip netns list | sed -n "s/^\($bridge-[0-9]*\).*/\1/p"); do ip netns delete "$name"; done
    ip link delete "$bridge" 2>/dev/null || true
    rm -f -- "$pids.apart"
}

# Runs a class of Spark's in the background, behind a command where there is one.
launch() {
    local name=$1
    shift
    # On no other port than the one that is said below, and on none for submissions by REST.
    SPARK_DAEMON_JAVA_OPTS="-Dspark.port.maxRetries=0 -Dspark.master.rest.enabled=false ${SPARK_DAEMON_JAVA_OPTS:-}" \
        nohup "${within[@]}" "$SPARK_HOME/bin/spark-class" "$@" >"$logs/$name.log" 2>&1 </dev/null &
    printf '%s %s\n' $! "$name" >>"$pids"
}

# Whether a process is one of the cluster's, and not another that has its number by now.
runs() {
    grep -qa 'org\.apache\.spark\.deploy\.' "/proc/$1/cmdline" 2>/dev/null
}

# Whether something listens at a host's port.
answers() {
    (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null
}

# A cluster that is not ours would be counted as if it were.
require_free() {
    ! answers "$1" "$2" || die "Cannot start a cluster: something answers at $1:$2, expected a free port ($3 names another)" 2
}

# Workers that the master's page counts.
alive() {
    exec 3<>"/dev/tcp/$SPARK_LOCAL_IP/$page" || return
    printf 'GET /json/ HTTP/1.0\r\nHost: %s\r\n\r\n' "$host" >&3
    sed -n 's/.*"aliveworkers" *: *\([0-9]*\).*/\1/p' <&3
    exec 3>&-
} 2>/dev/null

await() {
    local until=$((SECONDS + patience)) count pid name
    while true; do
        count=$(alive || true)
        while read -r pid name; do
            kill -0 "$pid" 2>/dev/null || fail "$name ended"
        done <"$pids"
        [ "$count" != "$1" ] || return 0
        [ $SECONDS -lt $until ] || fail "the master counts '$count' workers after $patience s"
        sleep 0.2
    done
}

fail() {
    (stop) || true # which says why
    tail -n 5 -- "$logs"/*.log >&2
    die "Cannot start the cluster: $1, expected a master and its workers (their output is in $logs)"
}

start() {
    local workers=$1 cores=$(($(nproc) / $1)) kib mib i within=() place=$host
    [ ! -e "$pids" ] || die "Cannot start a cluster: there is one by $pids, expected none (cluster.sh stop ends it)" 2
    mkdir -p -- "$logs" "$(dirname -- "$pids")"
    if [ -n "$2" ]; then
        make_network "$workers"
        host=$network.1
    fi
    name_master
    require_free "$host" "$port" SPARK_MASTER_PORT
    require_free "$SPARK_LOCAL_IP" "$page" SPARK_MASTER_WEBUI_PORT
    if [ -z "${SPARK_HOME:-}" ]; then
        "$root/glossa" build
        export SPARK_HOME=$work/spark
        rm -rf -- "$SPARK_HOME"
        make_home "$SPARK_HOME"
    fi
    read -r _ kib _ </proc/meminfo
    mib=$(((kib / 1024 - 1024) / workers)) # a gigabyte is the system's, and no worker has less, as Spark has it for one
    export SPARK_WORKER_CORES=${SPARK_WORKER_CORES:-$((cores > 0 ? cores : 1))}
    export SPARK_WORKER_MEMORY=${SPARK_WORKER_MEMORY:-$((mib > 1024 ? mib : 1024))m}
    export SPARK_WORKER_DIR=${SPARK_WORKER_DIR:-$work/executors}
    launch master org.apache.spark.deploy.master.Master --host "$host" --port "$port" --webui-port "$page"
    for ((i = 1; i <= workers; i++)); do
        if [ -n "$2" ]; then
            place=$network.$((i + 1))
            within=(ip netns exec "$bridge-$i" env "SPARK_LOCAL_IP=$place")
        fi
        launch "worker-$i" org.apache.spark.deploy.worker.Worker --host "$place" --webui-port 0 "$master"
    done
    await "$workers"
    say "A master and $workers workers of $SPARK_WORKER_CORES cores and $SPARK_WORKER_MEMORY each. Submit to them by"
    say "  ${2:+SPARK_LOCAL_IP=$host }SPARK_HOME=$SPARK_HOME ./glossa submit JOB … -- --master $master"
}

# Has a process of the cluster end; one that ended meanwhile is no error.
signal() {
    kill "-$1" "$2" 2>/dev/null || ! runs "$2" ||
        die "Cannot stop $3: process $2 is $(stat -c %U "/proc/$2")'s, expected one of $(id -un)"
}

stop() {
    local until=$((SECONDS + patience)) pid name
    if [ -e "$pids.apart" ] && [ ! -e "$pids" ]; then remove_network; fi
    [ -e "$pids" ] || return 0
    [ -r "$pids" ] || die "Cannot stop the cluster: $pids may not be read, expected one of $(id -un)"
    while read -r pid name; do
        if runs "$pid"; then signal TERM "$pid" "$name"; fi
    done <"$pids"
    while read -r pid name; do
        while runs "$pid" && [ $SECONDS -lt $until ]; do sleep 0.1; done
        if runs "$pid"; then
            signal KILL "$pid" "$name"
            sleep 1
            ! runs "$pid" || die "Cannot stop $name: process $pid is there after $patience s and SIGKILL, expected it to end"
        fi
    done <"$pids"
    rm -f -- "$pids"
    if [ -e "$pids.apart" ]; then remove_network; fi
}

case ${1:-} in
    start)
        [[ ${2:-2} =~ ^[1-9][0-9]*$ ]] || die "Cannot start '$2' workers, expected a number from 1 on" 2
        [[ ${3:-} =~ ^(--apart)?$ ]] || die "Cannot start workers '$3', expected --apart or nothing" 2
        start "${2:-2}" "${3:-}" ;;
    stop) stop ;;
    home) make_home "${2:?Cannot make a SPARK_HOME: found no folder, expected one}" ;;
    *) die "Cannot run '${1:-}': no such command, expected start, stop or home" 2 ;;
esac
