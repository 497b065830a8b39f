-- What a purchase of one unit of one SKU is, for the scripts that have purchases.

local purchase = {}

local before_sku = '{"query":"mutation Deduct($input: InventoryDeductInput!) { inventoryDeduct(input: $input) '
    .. "{ replayed inventory { leavedAmount version } flow { id quantityAfter } userErrors { code message } } }"
    .. '","operationName":"Deduct","variables":{"input":{"skuId":"'
local skus, before_key

function purchase.start(number_of_skus, run)
    skus = number_of_skus
    before_key = '-line-1","quantity":1,"idempotencyKey":"checkout-' .. run .. "-"
end

-- `key` is different for each request of the run.
function purchase.body(number, key)
    return before_sku .. math.random(skus) .. '","orderDetailId":"order-' .. string.format("%08d", number)
        .. before_key .. key .. '"}}}'
end

function purchase.succeeded(body)
    return body:find('"userErrors":[]', 1, true) and body:find('"replayed":false', 1, true)
end

-- Whether it came too late, and took nothing.
function purchase.refused(body)
    return body:find('{"data":{"inventoryDeduct":{"replayed":false,"inventory":null,"flow":null,"userErrors":'
        .. '[{"code":"INSUFFICIENT_STOCK"', 1, true)
end

return purchase
