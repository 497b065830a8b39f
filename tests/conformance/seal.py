"""Follows InventoryFlow.inclusionProof, as JSON in a file, from the entry up to the seal, as README
describes it: prints the hash of the seal, or exits with 1 where a step does not lead to the next."""
import datetime, hashlib, json, struct, sys

sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
number = lambda n: struct.pack(">q", int(n))
text = lambda t: struct.pack(">Q", len(t)) + t.encode()
epoch = datetime.datetime.fromisoformat("1970-01-01T00:00:00+00:00")
micros = lambda t: (datetime.datetime.fromisoformat(t.replace("Z", "+00:00")) - epoch) // datetime.timedelta(microseconds=1)

def check(what, computed, told):
    computed.hex() == told or sys.exit(f"{what}: is {told}, and should be {computed.hex()}")

proof = json.load(open(sys.argv[1], encoding="utf-8"))
seal, raw = proof["seal"], bytes.fromhex
chained = sha(raw(proof["previousHash"]), raw(proof["contentHash"]))
check("entryHash", chained, proof["entryHash"])
for content in proof["links"]:
    chained = sha(chained, raw(content))
check("chainHead", chained, proof["chainHead"])
node = sha(b"\0", text("head"), number(proof["skuId"]), number(proof["sequence"]), number(proof["flowId"]), chained)
at, last = int(proof["leafIndex"]), int(proof["treeSize"]) - 1
for beside in map(raw, proof["path"]):
    last > 0 or sys.exit("path: is too long")
    if at % 2 == 1 or at == last:
        node = sha(b"\1", beside, node)
        while at % 2 == 0 and at > 0:
            at, last = at >> 1, last >> 1
    else:
        node = sha(b"\1", node, beside)
    at, last = at >> 1, last >> 1
at <= last == 0 or sys.exit("path: is too short")
check("merkleRoot", node, seal["merkleRoot"])
statement = b"".join([text("seal"), number(seal["id"]), number(micros(seal["sealedAt"])), number(seal["skuCount"]),
                      number(seal["lastFlowId"]), node, raw(seal["previousHash"])])
check("statement", statement, seal["statement"])
check("hash", sha(statement), seal["hash"])
print(seal["hash"])
