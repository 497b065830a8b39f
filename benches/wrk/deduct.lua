-- Purchases: one unit of one SKU each, of the only one or of one at random.

local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or ""
local load = dofile(folder .. "load.lua")
local purchase = dofile(folder .. "purchase.lua")

load.drive {
    start = purchase.start,

    body = function(number)
        return purchase.body(number, load.scattered(number))
    end,

    succeeded = purchase.succeeded,
}
