-- Carts: one unit each of ten different SKUs at random.

local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or ""
local load = dofile(folder .. "load.lua")

local LINES = 10

local before_key = '{"query":"mutation DeductBatch($input: InventoryDeductBatchInput!) { inventoryDeductBatch(input: '
    .. "$input) { flows { id skuId quantityAfter } replayed userErrors { code message } } }"
    .. '","operationName":"DeductBatch","variables":{"input":{"idempotencyKey":"checkout-'
local skus = {}

load.drive {
    start = function(number_of_skus, run)
        for sku = 1, number_of_skus do
            skus[sku] = sku
        end
        before_key = before_key .. run .. "-"
    end,

    body = function(number)
        local order = string.format("%08d", number)
        local lines = {}
        for line = 1, LINES do
            -- The first places of a shuffle that goes on from cart to cart: no SKU twice.
            local place = math.random(line, #skus)
            skus[line], skus[place] = skus[place], skus[line]
            lines[line] = '{"skuId":"' .. skus[line] .. '","orderDetailId":"order-' .. order .. "-line-" .. line
                .. '","quantity":1}'
        end
        return before_key .. load.scattered(number) .. '","lines":[' .. table.concat(lines, ",") .. "]}}}"
    end,

    succeeded = function(body)
        return body:find('"userErrors":[]', 1, true) and body:find('"replayed":false', 1, true)
    end,
}
