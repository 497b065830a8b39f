-- A flash sale: people look at the stock, and one in twenty buys, or comes too late. Looks are what is counted as
-- success; purchases stand aside, with the units that were sold.

local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or ""
local load = dofile(folder .. "load.lua")
local look = dofile(folder .. "look.lua")
local purchase = dofile(folder .. "purchase.lua")

local PURCHASE_ONE_IN = 20

load.drive {
    start = function(number_of_skus, run)
        look.start(number_of_skus)
        purchase.start(number_of_skus, run)
    end,

    body = function(number)
        if math.random(PURCHASE_ONE_IN) == 1 then
            return purchase.body(number, load.scattered(number))
        end
        return look.body()
    end,

    succeeded = look.succeeded,

    -- Units sold, where the answer is to a purchase.
    aside = function(body)
        if purchase.refused(body) then
            return 0
        end
        return purchase.succeeded(body) and 1
    end,
}
