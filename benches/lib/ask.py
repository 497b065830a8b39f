"""How long questions about the past take: ask.py PORT ENTRIES SKUS. Prints the median of each in
milliseconds, as one JSON object. One client asks one question after the other."""

import datetime
import http.client
import json
import random
import statistics
import sys
import time

port, entries, skus = map(int, sys.argv[1:])
connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
dice = random.Random(11)
first = datetime.datetime.fromtimestamp(1_700_000_000, datetime.timezone.utc)


def ask(query, variables):
    body = json.dumps({"query": query, "variables": variables})
    begun = time.perf_counter()
    connection.request("POST", "/graphql", body, {"content-type": "application/json"})
    answer = json.loads(connection.getresponse().read())
    took_ms = (time.perf_counter() - begun) * 1000
    if "errors" in answer:
        sys.exit(f"{query}: {answer['errors']}")
    return took_ms


def some_skus(count):
    return [str(dice.randrange(skus) + 1) for _sku in range(count)]


def as_of():
    at = first + datetime.timedelta(milliseconds=dice.randrange(skus, entries))
    query = ("query($where: InventoryWhere, $at: DateTime) { inventories(where: $where, first: 50, "
             "asOf: {at: $at}) { nodes { skuId leavedAmount version } } }")
    return ask(query, {"where": {"skuId": some_skus(50)}, "at": at.isoformat()})


def history():
    # No more than a SKU of the shortest history has, so that every page is as long.
    query = ("query($where: InventoryFlowWhere) { inventoryFlows(where: $where, first: 5) "
             "{ nodes { id kind quantityTrade quantityAfter createdAt hash } } }")
    return ask(query, {"where": {"skuId": some_skus(1)}})


def proof():
    query = "query($id: ID!) { inventory(skuId: $id) { leavedAmount proof { agrees } } }"
    return ask(query, {"id": some_skus(1)[0]})


medians = {}
for name, question in [("as_of", as_of), ("history", history), ("proof", proof)]:
    for _warm_up in range(50):
        question()
    medians[name] = statistics.median(question() for _time in range(400))
print(json.dumps(medians))
