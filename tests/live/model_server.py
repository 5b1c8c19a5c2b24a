# pyright: basic
"""Serves a GGUF with llama.cpp's own server (inside the wheel xllamacpp): `model_server.py GGUF`.

--port P (8089), --ctx N tokens (16384), --threads N, --alias NAME. It speaks /v1/chat/completions,
/v1/responses (stateless) and /health. Tool calls are parsed from the model's own chat template.
"""

import argparse
import signal

import xllamacpp  # pyright: ignore[reportMissingImports] - it is in an environment of its own


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--port", type=int, default=8089)
    parser.add_argument("--ctx", type=int, default=16384)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch-threads", type=int, default=0, help="for reading the prompt")
    parser.add_argument(
        "--saves", default="", help="a folder for POST /slots/0?action=save|restore"
    )
    parser.add_argument("--alias", default="small")
    parser.add_argument("--parallel", type=int, default=1)
    given = parser.parse_args()
    params = xllamacpp.CommonParams()
    params.model.path = given.model
    params.hostnames = ["127.0.0.1"]
    params.port = given.port
    params.n_ctx = given.ctx
    params.n_parallel = given.parallel
    params.cpuparams.n_threads = given.threads
    params.cpuparams_batch.n_threads = given.batch_threads or given.threads
    if given.saves:
        params.slot_save_path = given.saves.rstrip("/") + "/"
    params.use_jinja = True
    params.ctx_shift = False
    params.warmup = False
    params.model_alias = {given.alias}
    params.n_gpu_layers = 0
    server = xllamacpp.Server(params)
    print("listening", server.listening_address, flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


main()
