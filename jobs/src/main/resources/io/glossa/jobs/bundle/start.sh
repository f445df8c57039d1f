#!/bin/sh
# Glossa's self-test, its kernels and its training steps, with nothing to install: `glossa --help`. The one folder that is written
# to is GLOSSA_CACHE, or else .cache/glossa of the home folder.
here=$(dirname -- "$(readlink -f -- "$0")")
GLOSSA_CACHE=${GLOSSA_CACHE:-${HOME:-/tmp}/.cache/glossa}
if ! mkdir -p -- "$GLOSSA_CACHE/tmp" 2>/dev/null || [ ! -w "$GLOSSA_CACHE/tmp" ]; then
    echo "Cannot keep programs in $GLOSSA_CACHE, expected a writable folder (set GLOSSA_CACHE to another)" >&2
    exit 4
fi
export GLOSSA_CACHE
export LC_ALL=C.UTF-8
terminal=false
if [ -t 2 ]; then terminal=true; fi
exec "$here/java/bin/java" -Xms64m -Xmx8g -XX:-UsePerfData -Djava.awt.headless=true \
    -Dsun.stdout.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dsun.stderr.encoding=UTF-8 -Dstderr.encoding=UTF-8 \
    -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.showThreadName=false \
    -Dorg.slf4j.simpleLogger.showLogName=false \
    "-Djava.io.tmpdir=$GLOSSA_CACHE/tmp" "-Djna.tmpdir=$GLOSSA_CACHE/tmp" \
    "-Dglossa.programs=$here/programs" "-Dglossa.terminal=$terminal" -cp "$here/lib/*" io.glossa.jobs.bundle.BundledGlossa "$@"
