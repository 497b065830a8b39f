-- What a look at the stock of one SKU is, for the scripts that have looks.

local look = {}

local before_sku = '{"query":"query Look($sku: ID!) { inventory(skuId: $sku) { skuId leavedAmount version } }'
    .. '","operationName":"Look","variables":{"sku":"'
local skus

function look.start(number_of_skus)
    skus = number_of_skus
end

function look.body()
    return before_sku .. math.random(skus) .. '"}}'
end

function look.succeeded(body)
    return body:find('{"data":{"inventory":{"skuId":"', 1, true) and not body:find('"errors":[', 1, true)
end

return look
