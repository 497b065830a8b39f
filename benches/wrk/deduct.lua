-- Purchases: one unit of one SKU each, of the only one or of one at random.

local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or ""
local load = dofile(folder .. "load.lua")

local before_sku = '{"query":"mutation Deduct($input: InventoryDeductInput!) { inventoryDeduct(input: $input) '
    .. "{ replayed inventory { leavedAmount version } flow { id quantityAfter } userErrors { code message } } }"
    .. '","operationName":"Deduct","variables":{"input":{"skuId":"'
local skus, before_key

load.drive {
    start = function(number_of_skus, run)
        skus = number_of_skus
        before_key = '-line-1","quantity":1,"idempotencyKey":"checkout-' .. run .. "-"
    end,

    body = function(number)
        return before_sku .. math.random(skus) .. '","orderDetailId":"order-' .. string.format("%08d", number)
            .. before_key .. load.scattered(number) .. '"}}}'
    end,

    succeeded = function(body)
        return body:find('"userErrors":[]', 1, true) and body:find('"replayed":false', 1, true)
    end,
}
