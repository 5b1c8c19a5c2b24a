#!/bin/sh
# live.sh [OPTIONS of tests.live]: fetches the model once into .dev/live, serves it, plays the rows.
set -eu
here=$(dirname "$0"); home=${LIVE_HOME:-.dev/live}; name=${LIVE_MODEL:-qwen05}
mkdir -p "$home" out/live
[ -d "$home/venv" ] || { python3 -m venv "$home/venv" && "$home/venv/bin/pip" install -q xllamacpp; }
[ -f "$home/$name.gguf" ] || sh "$here/get_model.sh" "$name" "$home"
OMP_WAIT_POLICY=passive nice -n 19 "$home/venv/bin/python" "$here/model_server.py" "$home/$name.gguf" \
  --threads "${LIVE_THREADS:-1}" --ctx 12288 > "$home/server.log" 2>&1 &
server=$!
trap 'kill $server' EXIT
until curl -sf http://127.0.0.1:8089/health > /dev/null; do sleep 1; done
nice -n 19 .venv/bin/python -m tests.live --url http://127.0.0.1:8089/v1 --model "$name" \
  --out "out/live/$name.jsonl" "$@"
