"""Reads no more of a model's answer than any answer has, so that none holds up the event loop."""

from collections.abc import AsyncIterator

import httpx2
import openai

# A whole answer of 16,000 tokens comes in events of about 4 MB.
LARGEST_ANSWER = 6_000_000
# One event repeats the whole answer, and is decoded at once.
LARGEST_EVENT = 1_000_000


class TooLargeAnswer(openai.OpenAIError):
    """The service sent more than an answer has; it is read no further."""


class _BoundedAnswer(httpx2.AsyncByteStream):
    """A body that ends with an error where it goes on for too long, or an event of it does."""

    def __init__(self, body: httpx2.AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        whole, event = 0, 0
        async for part in self._body:
            whole += len(part)
            end = part.rfind(b"\n\n")
            event = event + len(part) if end < 0 else len(part) - end
            if whole > LARGEST_ANSWER or event > LARGEST_EVENT:
                raise TooLargeAnswer("the answer is larger than any answer of a model")
            yield part

    async def aclose(self) -> None:
        """Close the connection."""
        await self._body.aclose()


async def bound_answer(response: httpx2.Response) -> None:
    """A hook of the client: bound the body of an answer before it is read."""
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _BoundedAnswer(response.stream)
