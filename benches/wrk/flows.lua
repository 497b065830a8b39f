-- Pages of history: the newest 50 entries of a SKU at random.

local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or ""
local load = dofile(folder .. "load.lua")

local ENTRIES = 50
local COUNT_ONE_IN = 64

local before_sku = '{"query":"query Flows($sku: ID!) { inventoryFlows(where: {skuId: [$sku]}, first: ' .. ENTRIES .. ") "
    .. "{ nodes { id kind orderDetailId quantityTrade quantityBefore quantityAfter sequence reason actor idempotencyKey "
    .. 'createdAt } pageInfo { hasNextPage endCursor } } }","operationName":"Flows","variables":{"sku":"'
local skus
local answers = 0

local function has_all_entries(body)
    local _, entries = body:gsub('"sequence":', "")
    return entries == ENTRIES
end

load.drive {
    start = function(number_of_skus)
        skus = number_of_skus
    end,

    body = function()
        return before_sku .. math.random(skus) .. '"}}'
    end,

    -- The end of a page tells that it was written to its end. Its entries are counted now and then only, because wrk
    -- shares its processor with the server.
    succeeded = function(body)
        answers = answers + 1
        return body:find('"endCursor":"', -200, true) and not body:find('"errors":[', 1, true)
            and (answers % COUNT_ONE_IN ~= 1 or has_all_entries(body))
    end,
}
