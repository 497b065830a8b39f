"""Clients that vanish: at every point of a request, in good order or without a word.

    vanish.py PORT SECONDS CLIENTS

Prints how often each kind of client came. Nothing that they ask for changes stock.
"""

import asyncio
import json
import random
import socket
import struct
import sys
import time

LOOK = json.dumps({"query": "{ inventory(skuId: 1) { leavedAmount version } }"})
HISTORY = json.dumps({"query": "{ inventoryFlows(first: 200) { totalCount nodes { id actor reason } } }"})
# Nobody has this SKU: it goes all the way to the ledger, and nothing is written.
DEDUCT = json.dumps({"query": 'mutation { inventoryDeduct(input: {skuId: 424242, orderDetailId: "o", '
                     'quantity: 1, idempotencyKey: "vanishing"}) { userErrors { code } } }'})


def request(body):
    head = ("POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n")
    return (head + body).encode()


async def says_nothing(reader, writer):
    pass


async def half_a_head(reader, writer):
    writer.write(request(LOOK)[:40])


async def half_a_body(reader, writer):
    whole = request(random.choice((LOOK, DEDUCT)))
    writer.write(whole[:-len(LOOK) // 2])


async def reads_no_answer(reader, writer):
    writer.write(request(random.choice((LOOK, HISTORY, DEDUCT))))


async def reads_half_an_answer(reader, writer):
    writer.write(request(HISTORY))
    await reader.read(100)


async def asks_ten_at_once(reader, writer):
    writer.write(request(LOOK) * 10)
    await reader.read(100)


async def stays_a_while(reader, writer):
    writer.write(request(LOOK))
    await reader.read(100)
    await asyncio.sleep(random.uniform(0.1, 3))


async def is_no_http(reader, writer):
    writer.write(random.randbytes(random.randint(1, 2_000)))


KINDS = (says_nothing, half_a_head, half_a_body, reads_no_answer, reads_half_an_answer,
         asks_ten_at_once, stays_a_while, is_no_http)


async def client(port, until, came):
    while time.monotonic() < until:
        kind = random.choice(KINDS)
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            came["refused"] = came.get("refused", 0) + 1
            await asyncio.sleep(0.1)
            continue
        try:
            await asyncio.wait_for(kind(reader, writer), 10)
            await writer.drain()
            await asyncio.sleep(random.choice((0, 0, 0.01)))
            if random.random() < 0.5:
                # Without a word: a reset instead of an end.
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except (OSError, asyncio.TimeoutError):
            pass
        writer.transport.abort()
        came[kind.__name__] = came.get(kind.__name__, 0) + 1


async def main(port, seconds, clients):
    until, came = time.monotonic() + seconds, {}
    await asyncio.gather(*(client(port, until, came) for _client in range(clients)))
    print(json.dumps(came, sort_keys=True))


asyncio.run(main(*map(int, sys.argv[1:])))
