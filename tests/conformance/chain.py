"""Computes the hashes of an export (flows.jsonl) anew, as README describes them: exits with 1 at the
first entry whose hash does not follow from what it says and from the SKU's entry before it."""
import datetime, hashlib, json, struct, sys

number = lambda n: struct.pack(">q", n)
text = lambda t: struct.pack(">Q", len(t.encode())) + t.encode()
optional = lambda spell, value: b"\0" if value is None else b"\1" + spell(value)
epoch = datetime.datetime.fromisoformat("1970-01-01T00:00:00+00:00")
micros = lambda t: (datetime.datetime.fromisoformat(t.replace("Z", "+00:00")) - epoch) // datetime.timedelta(microseconds=1)
KINDS = ["OPENING", "DEDUCTION", "REFUND", "REPLENISHMENT", "ADJUSTMENT"]

def content(e):
    return b"".join([
        text("entry"), number(int(e["skuId"])), number(int(e["merchantId"])), number(int(e["sequence"])),
        number(KINDS.index(e["kind"]) + 1), optional(text, e["orderDetailId"]), number(e["quantityTrade"]),
        number(e["quantityAfter"]), optional(number, e["deductionId"] and int(e["deductionId"])),
        text(e["idempotencyScope"]), text(e["idempotencyKey"]), number(e["line"]), bytes.fromhex(e["requestHash"]),
        text(e["actor"]), optional(text, e["reason"]), number(micros(e["createdAt"]))])

heads, entries = {}, [e for e in map(json.loads, open(sys.argv[1], encoding="utf-8")) if "manifest" not in e]
for e in sorted(entries, key=lambda e: (int(e["skuId"]), int(e["sequence"]))):
    previous = heads.get(e["skuId"], bytes(32))
    heads[e["skuId"]] = hashlib.sha256(previous + hashlib.sha256(content(e)).digest()).digest()
    if heads[e["skuId"]].hex() != e["hash"]:
        sys.exit(f"entry {e['id']}: the hash is {e['hash']}, and should be {heads[e['skuId']].hex()}")
print(f"{len(entries)} entries of {len(heads)} SKUs fit")
