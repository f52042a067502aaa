"""A message with its links and files, read into what is to be judged."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from yarl import URL

from bot.reading import files, links
from bot.reading.addresses import Gate
from bot.reading.charset import decoded
from bot.reading.fetch import Fetcher
from bot.reading.layout import ANY_SITE, layout_of
from bot.reading.models import (
    FILES,
    Attachment,
    Posting,
    Read,
    Trouble,
    TroubleError,
)
from bot.reading.posting import Page
from bot.settings import Settings
from rules import Facts, Kind, Rulebook
from rules.loading import read_yaml


@dataclass
class _Findings:
    """What has been read so far, and what could not be."""

    parts: list[str] = field(default_factory=list[str])
    shown: list[str] = field(default_factory=list[str])
    troubles: list[Trouble] = field(default_factory=list[Trouble])
    posting: Posting | None = None
    said: str | None = None
    """The site, as the person says it."""

    def trouble(self, code: str, **values: str) -> None:
        self.troubles.append(Trouble(code=code, values=values))


class Reader:
    """Reads whatever comes with a message. One for a process."""

    def __init__(self, rulebook: Rulebook, fetcher: Fetcher, gate: Gate) -> None:
        self._rulebook = rulebook
        self._fetcher = fetcher
        self._gate = gate

    @staticmethod
    def of(settings: Settings, rulebook: Rulebook) -> Reader:
        """The reader that the settings describe."""
        gate = Gate(settings.fetch_allow)
        return Reader(rulebook, Fetcher(gate, settings.fetch_contact), gate)

    def concerns(self, text: str) -> bool:
        """Whether a text holds the address of a posting, which `read` would open."""
        return next(self._postings_in(text), None) is not None

    def parted(self, text: str) -> tuple[str, str]:
        """The words of a text without the addresses in it, and those, a line each."""
        found = list(links.links_in(text))
        return _without(found, text), "\n".join(each.url for each in found)

    async def read(
        self,
        text: str = "",
        attachments: Sequence[Attachment] = (),
        *,
        url: str | None = None,
        platform: str | None = None,
    ) -> Read:
        """Everything that can be read of a message; what can't be is told in `troubles`.

        `url`: a posting's address that was given by itself. A page among the attachments is taken
        for the page at the address, which is then not opened. `platform`: the site by its code,
        where the person says it.
        """
        found = _Findings(said=platform if platform in self._rulebook.book.sites else None)
        rest = list(attachments)
        if len(rest) > FILES:
            found.trouble("many_files", count=str(FILES))
            del rest[FILES:]
        await self._read_posting(text, rest, url, found)
        for file in rest:
            await self._read_file(file, found)
        return self._result(text, found)

    def _result(self, text: str, found: _Findings) -> Read:
        """The message first, unless it is nothing but the address that was read."""
        parts = list(found.parts)
        # An address alone says nothing by itself, whether or not its page could be had.
        says_something = bool(text.strip()) and not (
            _is_only_links(text) and (parts or self.concerns(text))
        )
        if says_something:
            parts.insert(0, text)
        posting = found.posting
        return Read(
            text="\n\n".join(parts),
            kind=Kind.POSTING if posting is not None and not says_something else None,
            platform=posting.platform if posting is not None else None,
            client=_client(posting),
            posting=posting,
            shown="\n\n".join(found.shown),
            troubles=tuple(found.troubles),
        )

    # ---- the posting ------------------------------------------------------------------------

    async def _read_posting(
        self, text: str, rest: list[Attachment], url: str | None, found: _Findings
    ) -> None:
        """Reads the one posting that this is about, from its page in `rest` or from its address."""
        link = self._link(text, url, rest, found)
        saved = next((each for each in rest if files.sort_of(each) == "page"), None)
        try:
            if saved is not None:
                rest.remove(saved)
                files.check_size(saved)
                markup = await asyncio.to_thread(decoded, saved.data)
                await self._take_page(markup, link or self._source_of(markup), found)
            elif link is not None:
                page = await self._fetcher.fetch(link.url)
                self._check_place(link, page.url)
                markup = await asyncio.to_thread(decoded, page.data, page.charset)
                await self._take_page(markup, link, found)
        except TroubleError as error:
            values = {"name": saved.name} if saved is not None else {}
            found.trouble(error.trouble.code, **values | error.trouble.values)

    def _link(
        self, text: str, url: str | None, rest: list[Attachment], found: _Findings
    ) -> links.PostingLink | None:
        if url is None:
            postings = list(self._postings_in(text))
            if len(postings) > 1:
                found.trouble("one_page")
            return postings[0] if postings else None
        link = links.posting_link(url, self._rulebook, self._gate)
        if link is not None:
            return link
        host = _host(url)
        site = links.site_of(host, self._rulebook)
        if any(files.sort_of(each) == "page" for each in rest):
            return links.PostingLink(url=url, platform=site or ANY_SITE)
        if (kind := _kind_of(host)) is not None or site is not None:
            found.parts.append(url)
            found.trouble("not_posting" if kind is None else f"link_{kind}")
            return None
        return links.PostingLink(url=url, platform=ANY_SITE)

    def _postings_in(self, text: str) -> Iterator[links.PostingLink]:
        seen: set[str] = set()
        for each in links.links_in(text):
            link = links.posting_link(each.url, self._rulebook, self._gate)
            if link is not None and link.url not in seen:
                seen.add(link.url)
                yield link

    def _check_place(self, link: links.PostingLink, url: str) -> None:
        """A site's posting is read on that site only: an open redirect may lead anywhere."""
        asked = links.site_of(_host(link.url), self._rulebook)
        if asked is not None and links.site_of(_host(url), self._rulebook) != asked:
            raise TroubleError("elsewhere", host=_host(link.url))

    def _source_of(self, markup: str) -> links.PostingLink | None:
        """The posting that a saved page says it is."""
        for url in links.sources_of(markup):
            link = links.posting_link(url, self._rulebook, self._gate)
            if link is not None:
                return link
        return None

    async def _take_page(
        self, markup: str, link: links.PostingLink | None, found: _Findings
    ) -> None:
        page = await self._page(markup, self._site(markup, link, found))
        if link is None and not page.is_posting:
            self._take_text(page, found)
            return
        posting = page.posting(link.url if link is not None else None)
        if posting.text is None:
            host = _host(link.url) if link is not None else ""
            raise TroubleError("login" if page.asks_for_login and host else "no_text", host=host)
        found.posting = posting
        found.parts.append(judged(posting))

    def _site(self, markup: str, link: links.PostingLink | None, found: _Findings) -> str:
        """Whose page it is: as the person says, by its address, or in an opened network by itself."""
        if found.said is not None or link is None:
            return found.said or ANY_SITE
        if link.platform == ANY_SITE and links.is_opened(_host(link.url), self._gate):
            source = self._source_of(markup)
            return source.platform if source is not None else ANY_SITE
        return link.platform

    async def _page(self, markup: str, platform: str) -> Page:
        return await asyncio.to_thread(Page, markup, layout_of(platform, self._rulebook))

    # ---- files --------------------------------------------------------------------------------

    async def _read_file(self, file: Attachment, found: _Findings) -> None:
        try:
            files.check_size(file)
            sort = files.sort_of(file)
            if sort == "picture":
                from bot.reading.screenshot import read_picture  # noqa: PLC0415 - only for pictures

                picture = await read_picture(file.data)
                found.parts.append(picture.text)
                found.shown.append(picture.shown)
                if not picture.whole:
                    found.trouble("picture_long", name=file.name)
                return
            if sort == "page":
                self._take_text(await self._page(decoded(file.data), ANY_SITE), found)
                return
            text = await files.text_in(file, sort)
        except TroubleError as error:
            found.trouble(error.trouble.code, **{"name": file.name} | error.trouble.values)
            return
        found.parts.append(text)
        found.shown.append(text)

    def _take_text(self, page: Page, found: _Findings) -> None:
        """The main text of a page that is no posting."""
        text = page.posting(None).text
        if text is None:
            raise TroubleError("no_text")
        found.parts.append(text)
        found.shown.append(text)


def judged(posting: Posting) -> str:
    """What is judged of a posting: its text first, so that places in it count from there."""
    head = "\n".join(each for each in (posting.title, posting.pay) if each)
    return "\n\n".join(each for each in (posting.text, head) if each)


def _client(posting: Posting | None) -> Facts | None:
    """The facts as the rules take them: no finished project yet is no bad completion rate."""
    if posting is None:
        return None
    facts = posting.client
    if facts.completion_rate == 0 and facts.rating is None:
        return facts.model_copy(update={"completion_rate": None})
    return facts


def _is_only_links(text: str) -> bool:
    return not _without(list(links.links_in(text)), text)


def _without(found: Sequence[links.Link], text: str) -> str:
    """What a text says beside its addresses."""
    for link in reversed(found):
        text = text[: link.start] + text[link.end :]
    return text.strip(" \n\t<>()[]「」。、")


@cache
def _kinds() -> dict[str, str]:
    """What is known of hosts that hold no postings, by host."""
    said = read_yaml(Path(__file__).with_name("links.yaml"))
    return {host: kind for kind, hosts in said.items() for host in hosts}


def _kind_of(host: str) -> str | None:
    kinds = _kinds()
    while host:
        if host in kinds:
            return kinds[host]
        host = host.partition(".")[2]
    return None


def _host(url: str) -> str:
    try:
        return (URL(url).raw_host or "").rstrip(".").lower()
    except ValueError:
        return ""
