//! Documents of one operation with variables of every type, each with values that fit and with
//! values that do not.

use serde_json::{Value, json};

use super::{Case, each};

/// All of them.
pub fn all() -> Vec<Case> {
    [scalars(), inputs(), parts_of_inputs(), changes(), left_out(), directives()].concat()
}

fn scalars() -> Vec<Case> {
    let id = "query($id: ID!) { inventory(skuId: $id) { skuId leavedAmount } }";
    let number = "query($n: Int) { inventories(first: $n) { nodes { skuId } totalCount } }";
    let text = "query($key: String!) { inventoryOperation(idempotencyKey: $key) { flows { id } } }";
    let kind = "query($c: ReadConsistency!) { inventory(skuId: 1001, consistency: $c) { skuId } }";
    [
        each(
            id,
            [
                json!({ "id": "1001" }),
                json!({ "id": 1001 }),
                json!({ "id": "1001", "extra": [1] }),
                json!({ "id": "none" }),
                json!({ "id": "" }),
                json!({ "id": 1001.5 }),
                json!({ "id": 18_446_744_073_709_551_615_u64 }),
                json!({ "id": true }),
                json!({ "id": ["1001"] }),
                json!({ "id": { "id": 1 } }),
                json!({ "id": null }),
                json!({ "ID": 1001 }),
                json!({}),
                Value::Null,
            ],
        ),
        each(
            number,
            [
                json!({ "n": 1 }),
                json!({ "n": null }),
                json!({}),
                json!({ "n": 201 }),
                json!({ "n": -1 }),
                json!({ "n": 2_147_483_648_i64 }),
                json!({ "n": -2_147_483_649_i64 }),
                json!({ "n": 9_223_372_036_854_775_808_u64 }),
                json!({ "n": 1.0 }),
                json!({ "n": "1" }),
                json!({ "n": [1] }),
                json!({ "n": false }),
            ],
        ),
        each(
            text,
            [
                json!({ "key": "create 1001" }),
                json!({ "key": "none" }),
                json!({ "key": "x".repeat(200) }),
                json!({ "key": 1 }),
                json!({ "key": null }),
            ],
        ),
        each(
            kind,
            [
                json!({ "c": "PRIMARY" }),
                json!({ "c": "primary" }),
                json!({ "c": "" }),
                json!({ "c": 1 }),
                json!({ "c": ["PRIMARY"] }),
                json!({ "c": null }),
            ],
        ),
    ]
    .concat()
}

fn inputs() -> Vec<Case> {
    let whole = "query($where: InventoryFlowWhere) { inventoryFlows(where: $where) \
                 { totalCount nodes { id kind } } }";
    let lines = "query($lines: [InventoryAvailabilityLineInput!]!) { \
                 inventoryAvailability(lines: $lines) { available lines { skuId requested } } }";
    [
        each(
            whole,
            [
                json!({ "where": { "skuId": ["1001", 1002], "kind": "OPENING" } }),
                json!({ "where": { "skuId": 1001, "quantityTrade": { "max": 0 } } }),
                json!({ "where": {} }),
                json!({ "where": null }),
                json!({}),
                json!({ "where": { "skuId": null, "createdAt": { "to": null } } }),
                json!({ "where": { "sku": 1 } }),
                json!({ "where": { "skuId": [null] } }),
                json!({ "where": { "skuId": [["1001"]] } }),
                json!({ "where": { "kind": ["OPENED"] } }),
                json!({ "where": { "quantityTrade": { "min": "1" } } }),
                json!({ "where": { "quantityTrade": { "least": 1 } } }),
                json!({ "where": { "quantityTrade": { "min": 2, "max": 1 } } }),
                json!({ "where": { "quantityTrade": 1 } }),
                json!({ "where": { "createdAt": { "from": "yesterday" } } }),
                json!({ "where": { "actor": [1] } }),
                json!({ "where": "all" }),
                json!({ "where": [{}] }),
            ],
        ),
        each(
            lines,
            [
                json!({ "lines": [{ "skuId": 1001, "quantity": 1 }, { "skuId": "9", "quantity": 2 }] }),
                json!({ "lines": { "skuId": 1001, "quantity": 1 } }),
                json!({ "lines": [] }),
                json!({ "lines": [{ "skuId": 1001 }] }),
                json!({ "lines": [{ "skuId": 1001, "quantity": null }] }),
                json!({ "lines": [{ "skuId": 1001, "quantity": 1, "price": 2 }] }),
                json!({ "lines": [null] }),
                json!({ "lines": [1] }),
                json!({ "lines": null }),
            ],
        ),
    ]
    .concat()
}

fn parts_of_inputs() -> Vec<Case> {
    let list = "query($ids: [ID!]) { inventories(where: { skuId: $ids }) { nodes { skuId } } }";
    let item = "query($id: ID!, $n: Int) { inventories(where: { skuId: [1001, $id], \
                leavedAmount: { min: 0, max: $n } }) { nodes { skuId } } }";
    let kinds = "query($k: InventoryFlowKind!) { inventoryFlows(where: { kind: [OPENING, $k], \
                 createdAt: { from: \"2020-01-01T00:00:00Z\" } }) { totalCount } }";
    let time = "query($from: DateTime, $to: DateTime) { inventoryFlows(where: \
                { createdAt: { from: $from, to: $to } }) { totalCount } }";
    let wrong_beside = "query($n: Int = 1) { inventories(where: { skuId: \"none\", \
                        leavedAmount: { min: \"1\", max: $n } }) { totalCount } }";
    [
        each(
            list,
            [
                json!({ "ids": ["1001", "1003"] }),
                json!({ "ids": "1002" }),
                json!({ "ids": [] }),
                json!({ "ids": null }),
                json!({}),
                json!({ "ids": ["1001", null] }),
                json!({ "ids": [1001.5] }),
                json!({ "ids": { "0": 1001 } }),
            ],
        ),
        each(
            item,
            [
                json!({ "id": "1002", "n": 100 }),
                json!({ "id": 1002, "n": null }),
                json!({ "id": 1002 }),
                json!({ "id": [1002], "n": 100 }),
                json!({ "id": null, "n": 100 }),
                json!({ "n": 100 }),
                json!({ "id": "1002", "n": "100" }),
            ],
        ),
        each(
            kinds,
            [json!({ "k": "REFUND" }), json!({ "k": "Refund" }), json!({ "k": ["REFUND"] })],
        ),
        each(
            time,
            [
                json!({ "from": "2020-01-01T00:00:00Z", "to": "2021-01-01T00:00:00+08:00" }),
                json!({ "from": "2020-01-01T00:00:00Z" }),
                json!({ "to": null }),
                json!({}),
                json!({ "from": "2021-01-01T00:00:00Z", "to": "2020-01-01T00:00:00Z" }),
                json!({ "from": "2020-01-01" }),
                json!({ "from": 1_577_836_800 }),
            ],
        ),
        // The rule leaves an argument alone as long as a variable in it has no value.
        each(wrong_beside, [json!({}), json!({ "n": 1 }), json!({ "n": null })]),
    ]
    .concat()
}

fn changes() -> Vec<Case> {
    let payload = "replayed inventory { skuId leavedAmount version } flow { id quantityAfter } \
                   userErrors { code field message available requested }";
    let whole = format!(
        "mutation($input: InventoryDeductInput!) {{ inventoryDeduct(input: $input) {{ {payload} }} }}"
    );
    let parts = format!(
        "mutation Deduct($sku: ID!, $n: Int!, $key: String!, $why: String) {{ inventoryDeduct(input: \
         {{ skuId: $sku, orderDetailId: \"order\", quantity: $n, idempotencyKey: $key, \
         reason: $why }}) {{ {payload} }} }}"
    );
    let set = format!(
        "mutation($n: Int!, $from: Int, $key: String!) {{ inventorySetQuantity(input: {{ skuId: 1003, \
         quantity: $n, changeFromQuantity: $from, reason: \"count\", idempotencyKey: $key }}) \
         {{ {payload} }} }}"
    );
    let deduction = |changes: Value| {
        let mut input = json!({
            "skuId": "1001", "orderDetailId": "o", "quantity": 1, "idempotencyKey": "whole",
        });
        input.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        json!({ "input": input })
    };
    [
        each(
            &whole,
            [
                deduction(json!({})),
                deduction(json!({ "idempotencyKey": "more", "quantity": 1_000 })),
                deduction(json!({ "quantity": 2 })),
                deduction(json!({ "quantity": 0 })),
                deduction(json!({ "quantity": "1" })),
                deduction(json!({ "quantity": 3_000_000_000_i64 })),
                deduction(json!({ "quantity": null })),
                deduction(json!({ "skuId": "9999", "idempotencyKey": "none" })),
                deduction(json!({ "reason": null, "idempotencyKey": "why not" })),
                deduction(json!({ "orderDetailId": 7 })),
                deduction(json!({ "colour": "red" })),
                json!({ "input": { "skuId": "1001", "quantity": 1 } }),
                json!({ "input": {} }),
                json!({ "input": null }),
                json!({ "input": [] }),
                json!({}),
            ],
        ),
        each(
            &parts,
            [
                json!({ "sku": 1002, "n": 1, "key": "parts 1", "why": "sold" }),
                json!({ "sku": 1002, "n": 1, "key": "parts 2", "why": null }),
                json!({ "sku": 1002, "n": 1, "key": "parts 3" }),
                json!({ "sku": 1002, "n": 1, "key": "parts 3", "why": "sold" }),
                json!({ "sku": 1002, "n": "1", "key": "parts 4" }),
                json!({ "sku": 1002, "n": 1, "key": 4, "why": "sold" }),
                json!({ "sku": 1002, "n": 1, "key": "parts 5", "why": 5 }),
                json!({ "sku": 1002, "n": 1 }),
            ],
        ),
        each(
            &set,
            [
                json!({ "n": 50, "from": 100, "key": "set 1" }),
                json!({ "n": 60, "from": 100, "key": "set 2" }),
                json!({ "n": 70, "from": null, "key": "set 3" }),
                // Left out is not null: it is refused.
                json!({ "n": 80, "key": "set 4" }),
                json!({ "n": 80, "from": "70", "key": "set 5" }),
            ],
        ),
    ]
    .concat()
}

fn left_out() -> Vec<Case> {
    let defaults = "query($n: Int = 1, $after: String, $order: InventoryOrder = SKU_DESC) { \
                    inventories(first: $n, after: $after, orderBy: $order) { nodes { skuId } } }";
    let required = "query($n: Int! = 2, $c: ReadConsistency! = CACHED) { inventories(first: $n) { \
                    nodes { skuId } } inventory(skuId: 1001, consistency: $c) { skuId } }";
    let wrong = "query($n: Int = \"1\") { inventories(first: $n) { totalCount } }";
    let not_null = "query($c: ReadConsistency) { inventory(skuId: 1, consistency: $c) { skuId } }";
    let nested = "query($min: Int, $max: Int, $id: ID, $to: DateTime) { inventories(where: { \
                  skuId: [1001, 1002], leavedAmount: { min: $min, max: $max }, updatedAt: { to: $to } \
                  }) { totalCount } inventoryFlows(where: { deductionId: $id }) { totalCount } }";
    let in_list = "query($id: ID) { inventories(where: { skuId: [1001, $id] }) { totalCount } }";
    let many: Vec<Case> = (0..16_u8)
        .map(|chosen| {
            let all =
                [("min", json!(0)), ("max", json!(500)), ("id", json!(1)), ("to", json!(null))];
            let given = all.into_iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1);
            Case::new(nested, given.map(|(_, (name, value))| (name.to_owned(), value)).collect())
        })
        .collect();
    [
        each(
            defaults,
            [
                json!({}),
                json!({ "n": 2 }),
                json!({ "n": null, "order": null }),
                json!({ "after": null }),
                json!({ "after": "nowhere" }),
                json!({ "after": 1 }),
                json!({ "order": "SKU_ASC" }),
                json!({ "order": "ASC" }),
                json!({ "n": "2" }),
            ],
        ),
        each(
            required,
            [json!({}), json!({ "n": 1 }), json!({ "n": null }), json!({ "n": 1, "c": "NOW" })],
        ),
        each(wrong, [json!({}), json!({ "n": 1 })]),
        each(not_null, [json!({}), json!({ "c": "CACHED" })]),
        many,
        each(
            nested,
            [json!({ "min": "0" }), json!({ "id": true }), json!({ "to": "now", "min": 1 })],
        ),
        each(in_list, [json!({}), json!({ "id": 1002 }), json!({ "id": null })]),
    ]
    .concat()
}

fn directives() -> Vec<Case> {
    let both = "query($with: Boolean!, $without: Boolean!) { inventory(skuId: 1001) { skuId \
                version @include(if: $with) leavedAmount @skip(if: $without) \
                ... @include(if: $with) { flows(first: 1) { totalCount } } } }";
    let default = "query($with: Boolean! = true) { inventory(skuId: 1001) { skuId \
                   version @include(if: $with) } }";
    let nullable = "query($with: Boolean) { inventory(skuId: 1001) @include(if: $with) { skuId } }";
    let hidden = "query($id: ID!, $with: Boolean!) { __typename inventory(skuId: $id) \
                  @include(if: $with) { skuId } }";
    [
        each(
            both,
            [
                json!({ "with": true, "without": true }),
                json!({ "with": false, "without": false }),
                json!({ "with": "true", "without": true }),
                json!({ "with": 1, "without": true }),
                json!({ "with": null, "without": true }),
                json!({ "with": [true], "without": true }),
                json!({ "with": true }),
            ],
        ),
        each(default, [json!({}), json!({ "with": false }), json!({ "with": 0 })]),
        each(nullable, [json!({}), json!({ "with": true })]),
        // What is not executed is looked at, too.
        each(hidden, [json!({ "id": [], "with": false }), json!({ "id": "none", "with": false })]),
    ]
    .concat()
}
