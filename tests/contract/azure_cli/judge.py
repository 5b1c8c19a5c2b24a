"""Run by azure-cli's own Python: an argument vector per line in, what its parser says out.

It imports nothing of ours. A command is read, looked up and parsed by the code that `az` itself
runs, and is stopped before its validators and handlers, which alone would call Azure.
"""

# pyright: basic, reportMissingImports=false
import contextlib
import io
import json
import sys
from typing import Any

from azure.cli.core import azclierror, get_default_cli
from knack.events import EVENT_INVOKER_POST_PARSE_ARGS

SIGN = "VERDICT "


class Accepted(BaseException):
    """The command was parsed; nothing of it is carried out."""


class Refused(BaseException):
    """The parser says what is wrong."""


def _accept(*_args: Any, **_options: Any) -> None:  # noqa: ANN401
    raise Accepted


def _refuse(error: Any) -> None:  # noqa: ANN401
    raise Refused(error.error_msg)


def verdict(words: list[str]) -> str:
    """Blank when the parser takes the words, else what it says is wrong."""
    cli = get_default_cli()
    cli.register_event(EVENT_INVOKER_POST_PARSE_ARGS, _accept)
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            cli.invoke(words, out_file=said)
    except Accepted:
        return ""
    except Refused as refused:
        return str(refused)
    except SystemExit as ended:
        # Help was asked for and there is some.
        return "" if not ended.code else "refused"
    except Exception as error:  # noqa: BLE001 - whatever it raises is a refusal
        return f"{type(error).__name__}: {error}"
    return "it would have been carried out"


if __name__ == "__main__":
    azclierror.AzCLIError.print_error = _refuse
    for line in sys.stdin:
        print(SIGN + json.dumps(verdict(json.loads(line))), flush=True)
