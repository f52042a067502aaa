"""Whose turn it is: lane by lane, never more than there is room for, and nobody stuck."""

from __future__ import annotations

import asyncio

from bot.desk.turns import Turns


async def _job(turns: Turns, lane: str, done: list[str], hold: asyncio.Event | None = None) -> None:
    async with turns.turn(lane):
        if hold is not None:
            await hold.wait()
        await asyncio.sleep(0)
        done.append(lane)


def test_a_flood_in_one_lane_lets_another_in_at_once() -> None:
    async def scene() -> list[str]:
        turns, done = Turns(4, 2), list[str]()
        flood = [asyncio.create_task(_job(turns, "loud", done)) for _ in range(100)]
        await asyncio.sleep(0)
        calm = [asyncio.create_task(_job(turns, "calm", done)) for _ in range(3)]
        await asyncio.gather(*flood, *calm)
        return done

    done = asyncio.run(scene())
    assert len(done) == 103
    assert [number for number, lane in enumerate(done) if lane == "calm"][-1] < 10


def test_full_lanes_take_turns_one_by_one() -> None:
    async def scene() -> list[str]:
        turns, done, hold = Turns(1, 1), list[str](), asyncio.Event()
        jobs = [asyncio.create_task(_job(turns, "first", done, hold))]
        await asyncio.sleep(0)
        for lane in ("a", "a", "a", "b", "b", "c"):
            jobs.append(asyncio.create_task(_job(turns, lane, done)))
        await asyncio.sleep(0)
        hold.set()
        await asyncio.gather(*jobs)
        return done

    assert asyncio.run(scene()) == ["first", "a", "b", "c", "a", "b", "a"]


def test_no_more_at_a_time_than_there_is_room_for() -> None:
    async def scene() -> tuple[int, int]:
        turns, here, most = Turns(5, 3), {"a": 0, "b": 0}, [0, 0]

        async def job(lane: str) -> None:
            async with turns.turn(lane):
                here[lane] += 1
                most[0] = max(most[0], sum(here.values()))
                most[1] = max(most[1], here[lane])
                await asyncio.sleep(0.001)
                here[lane] -= 1

        await asyncio.gather(*(job("ab"[number % 2]) for number in range(40)))
        return most[0], most[1]

    assert asyncio.run(scene()) == (5, 3)


def test_who_steps_aside_gives_the_turn_and_never_waits_to_come_back() -> None:
    """Whoever has the turn meanwhile may be waiting for the one that stepped aside."""

    async def scene() -> None:
        turns, back = Turns(1, 1), asyncio.Event()

        async def holder() -> None:
            async with turns.turn("a") as turn:
                async with turn.aside():
                    await asyncio.sleep(0.01)
                back.set()

        async def waiter() -> None:
            async with turns.turn("a"):
                await back.wait()

        await asyncio.wait_for(asyncio.gather(holder(), waiter()), 2)
        await asyncio.wait_for(_job(turns, "a", []), 2)

    asyncio.run(scene())


def test_a_cancelled_one_leaves_no_trace() -> None:
    async def scene() -> None:
        turns, hold = Turns(1, 1), asyncio.Event()
        first = asyncio.create_task(_job(turns, "a", [], hold))
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(_job(turns, "a", [])) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        first.cancel()  # its turn goes to the next, which is cancelled as it gets it
        await asyncio.sleep(0)
        waiting[1].cancel()
        await asyncio.wait_for(waiting[2], 2)
        await asyncio.wait_for(_job(turns, "a", []), 2)

    asyncio.run(scene())
