"""Cite or be discarded: what a model says is shown as far as the records of its turn bear it out.

A sentence names the record that it rests on. Code looks that record up and compares every name, id,
time, number and state with the records and the question; what does not occur there is not shown.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agents.model.claims import ClaimedState, SentenceClaims, claims_of, state_words
from bot.agents.model.evidence import (
    EvidenceScope,
    Source,
    bears_out,
    plain_form,
    source_of,
    text_scope,
)
from bot.agents.model.figures import figures_of
from bot.agents.model.sentences import Sentence, split_sentences

_TOOL = re.compile(r"\b(?:adf|ops|bot|itsm|learn)_[a-z_]+|\b[A-Za-z]\w*__\w+|\bfunctions\.\w+")
# What a model says that will do something and does nothing more.
_PROMISE = re.compile(
    r"^(?:(?:ok|okay|sure|certainly|of course|alright|first|next|then|now|to [^.,]{3,80})"
    r"[,.!:]?\s+)*(?:i(?:['’]ll| will|['’]m going to| am going to|['’]d like to| need to| have to"
    r"| can now)(?! not\b)|let me|let['’]?s|let us|allow me"
    r"|we(?:['’]ll| will| need to| can now)(?! not\b)"
    r"|ich (?:werde|schaue|sehe|prüfe|muss)|lass(?:en sie)? (?:mich|uns)"
    r"|(?:one|just a|give me a) (?:moment|minute|second)|einen moment"
    r"|(?:please )?(?:wait|hold on)\b)",
    re.IGNORECASE,
)
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_MARKUP = re.compile(r"<[/a-z!][^>\n]*>|\]\(|\{\s*\"")
# What has no letter and no digit says nothing: a model that is cut leaves such things.
_SAYS = re.compile(r"[^\W_]")
_ERROR = re.compile(r"\b(?:errors?|failures?|fail(?:s|ed|ing)?|fehler)\b", re.IGNORECASE)
LONGEST_GREETING = 3
_GOOD_ENDS = frozenset({ClaimedState.GOOD})
_NOT_GOOD = frozenset({ClaimedState.BAD, ClaimedState.CANCELLED, ClaimedState.OFFLINE})
_PART = re.compile(r"\b(?:activit\w+|step|copy|child|item|schritt|aktivität\w*)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What of a text is shown, of how many sentences, and how many were dropped."""

    words: str
    said: int = 0
    dropped: int = 0


class Verifier:
    """The records of one turn under their numbers, and what of a text they bear out."""

    def __init__(
        self,
        question: str,
        facts: str,
        now: datetime,
        zone: ZoneInfo,
        own_words: Callable[[str], bool] = lambda _: False,
        is_request: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """Begin without records; names of the question and of the turn's facts may be said.

        `own_words` knows what a model may say of itself, `is_request` what it was asked for, which
        is no answer when it is said again; nor is the question.
        """
        self._is_request = is_request
        self._question = plain_form(question)
        self._own_words = own_words
        self._zone = zone
        self._now = now
        self._given = text_scope(f"{question}\n{facts}", zone)
        self._sources: list[Source] = []
        self._written: dict[str, int] = {}
        self._has_pages = False

    def add(self, text: str) -> int:
        """Take a record as it goes to the model; returns its number, the same for the same."""
        if text not in self._written:
            self._sources.append(source_of(text, self._zone))
            self._written[text] = len(self._sources)
        return self._written[text]

    def add_page(self, text: str = "") -> None:
        """Take what a page said that the service read by itself: it has no number."""
        self._has_pages = True
        if text:
            self._sources.append(source_of(text, self._zone))

    def ids_like(self, beginning: str) -> tuple[str, ...]:
        """The full ids of the turn's records and the question that begin so."""
        scopes = (self._given, *(one.whole for one in self._sources))
        said = " ".join(text for scope in scopes for text in scope.text).lower()
        found = (one for one in _ID.findall(said) if one.startswith(beginning))
        return tuple(dict.fromkeys(found))

    def check(self, text: str) -> Verified:
        """The text without what no record bears out, and without what is no answer."""
        sentences = split_sentences(text)
        counted = [one for one in sentences if _SAYS.search(one.bare)]
        standing = [one for one in counted if self._stands(one)]
        words = "".join(one.unmarked for one in standing)
        return Verified(words=words, said=len(counted), dropped=len(counted) - len(standing))

    def _stands(self, sentence: Sentence) -> bool:
        bare = sentence.bare
        if _TOOL.search(bare) or _PROMISE.match(bare) or _MARKUP.search(bare):
            return False
        if self._is_request(bare) or self._repeats_question(bare):
            return False
        if self._own_words(bare):
            return True
        claims = claims_of(bare)
        if not self._sources:
            return self._is_harmless(bare, claims)
        is_cited = any(1 <= number <= len(self._sources) for number in sentence.cites)
        is_question = bare.endswith("?")
        if not is_cited and not is_question and not self._has_pages:
            return False
        return self._is_borne_out(bare, claims)

    def _repeats_question(self, bare: str) -> bool:
        """Whether it is the question once more; a greeting may be given back."""
        return len(bare.split()) > LONGEST_GREETING and plain_form(bare) == self._question

    def _is_harmless(self, bare: str, claims: SentenceClaims) -> bool:
        """Without any record, only what claims nothing: names and figures are the question's.

        What is said of something that is named, or of an error, is a claim, be it advice.
        """
        is_claim = claims.states or claims.denied or claims.gives_cause or claims.ids
        # An address is made dead where words are drawn, and is the name of nothing.
        is_named = bool(claims.names) and "://" not in bare
        is_advice = is_named or _ERROR.search(bare) is not None
        is_claim = is_claim or (is_advice and not bare.endswith("?"))
        if is_claim and not self._has_pages:
            return False
        return self._are_there(claims.names, [self._given]) and bears_out(
            self._given, figures_of(claims.rest), self._now, self._zone
        )

    def _is_borne_out(self, bare: str, claims: SentenceClaims) -> bool:
        names = frozenset(plain_form(one) for one in claims.names)
        scopes = [one.about(names) for one in self._sources]
        together = EvidenceScope()
        for one in (self._given, *scopes):
            together.add(one)
        return (
            self._are_there(claims.names | claims.ids, [together])
            and bears_out(together, figures_of(claims.rest), self._now, self._zone)
            and (not claims.gives_cause or together.gives_cause or self._has_pages)
            and self._are_states(bare, claims, names, together)
        )

    @staticmethod
    def _are_there(wanted: Iterable[str], scopes: Sequence[EvidenceScope]) -> bool:
        known = plain_form(" ".join(text for scope in scopes for text in scope.text))
        return all(plain_form(one) in known for one in wanted)

    def _are_states(
        self, bare: str, claims: SentenceClaims, names: frozenset[str], together: EvidenceScope
    ) -> bool:
        if not claims.states and not claims.denied:
            return True
        states = self._states_of(bare, names, together)
        if not states:
            # A page of a manual has no states of its own: its words are all there is.
            said = " ".join(together.text).casefold()
            return all(one.casefold() in said for one in state_words(bare))
        asserted = all(_holds(one, states) for one in claims.states)
        denied = all(one not in states for one in claims.denied if one is not ClaimedState.GOOD)
        not_good = ClaimedState.GOOD not in claims.denied or bool(states - _GOOD_ENDS)
        is_whole = not (
            claims.is_universal and ClaimedState.GOOD in claims.states and states & _NOT_GOOD
        )
        return asserted and denied and not_good and is_whole

    def _states_of(
        self, bare: str, names: frozenset[str], together: EvidenceScope
    ) -> set[ClaimedState]:
        """The states of what the sentence names; else of what the records are about."""
        own = [together.owners[name] for name in names if together.owners.get(name)]
        if own:
            return set[ClaimedState]().union(*own)
        heads = set[ClaimedState]().union(*(one.head for one in self._sources))
        if heads and not _PART.search(bare):
            return heads
        return together.states


def _holds(said: ClaimedState, states: set[ClaimedState]) -> bool:
    """Whether a state is among them; what is offline is broken, and what is queued waits."""
    if said is ClaimedState.BAD:
        return bool(states & {ClaimedState.BAD, ClaimedState.OFFLINE})
    if said is ClaimedState.OFFLINE:
        return bool(states & {ClaimedState.OFFLINE, ClaimedState.BAD})
    return said in states


def numbered(facts: str, number: int) -> str:
    """A record as JSON with its number in front; text that is no JSON object is put into one."""
    if facts.startswith("{") and facts != "{}":
        return f'{{"source":{number},{facts[1:]}'
    return json.dumps({"source": number, "text": facts}, ensure_ascii=False)
