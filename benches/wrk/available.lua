-- Asks whether a cart could be had: one unit each of the same ten SKUs.

local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or ""
local load = dofile(folder .. "load.lua")

local LINES = 10

local before_lines = '{"query":"query Available($lines: [InventoryAvailabilityLineInput!]!) '
    .. "{ inventoryAvailability(lines: $lines) { available lines { skuId requested leavedAmount available } } }"
    .. '","operationName":"Available","variables":{"lines":['
local lines

load.drive {
    start = function(number_of_skus)
        local each = {}
        for line = 1, LINES do
            each[line] = '{"skuId":"' .. (line - 1) % number_of_skus + 1 .. '","quantity":1}'
        end
        lines = table.concat(each, ",")
    end,

    body = function()
        return before_lines .. lines .. "]}}"
    end,

    succeeded = function(body)
        return body:find('{"data":{"inventoryAvailability":{"available":true', 1, true)
    end,
}
