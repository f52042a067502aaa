"""Pages of postings on 127.0.0.1, in a network that `FETCH_ALLOW` opens for the bot."""

from __future__ import annotations

from aiohttp import web

from tests.bot.reading.pages import page
from tests.loopback import Loopback

NEW = page("crowdworks/new-client")
OPENED = {"FETCH_ALLOW": "127.0.0.1/32"}


class Postings(Loopback):
    """The server: /public/jobs/1 is a posting, 2 leads inside, 3 is for people who log in."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.application.router.add_get("/{path:.*}", self._page)

    @property
    def url(self) -> str:
        """The address of postings, less their number."""
        return f"{self.host}/public/jobs/"

    def last_calls(self) -> list[str]:
        return self.asked[-12:]

    async def _page(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        match request.path:
            case "/public/jobs/1":
                return web.Response(text=NEW.markup, content_type="text/html")
            case "/public/jobs/2":
                raise web.HTTPFound("http://169.254.169.254/latest/")
            case "/public/jobs/3":
                return web.Response(status=403)
            case _:
                return web.Response(status=404)
