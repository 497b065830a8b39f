-- What the books say, as one row of numbers, in SQL that every database understands. The kind 2 is a deduction.
SELECT
    -- units_left
    (SELECT COALESCE(SUM(leaved_amount), 0) FROM t_inventory),
    -- units_deducted
    (SELECT COALESCE(SUM(quantity_trade), 0) FROM t_inventory_flow WHERE kind = 2),
    -- deductions
    (SELECT COUNT(*) FROM t_inventory_flow WHERE kind = 2),
    -- below_zero
    (SELECT COUNT(*) FROM t_inventory WHERE leaved_amount < 0)
        + (SELECT COUNT(*) FROM t_inventory_flow WHERE leaved_after < 0),
    -- wrong_amounts: SKUs whose amount and version are not what their entries make
    (SELECT COUNT(*)
        FROM t_inventory AS stock
        LEFT JOIN (
            SELECT sku_id, COUNT(*) AS entries, MAX(sequence) AS newest, -SUM(quantity_trade) AS amount
            FROM t_inventory_flow
            GROUP BY sku_id
        ) AS history ON history.sku_id = stock.sku_id
        WHERE stock.version <> COALESCE(history.entries, 0)
            OR stock.version <> COALESCE(history.newest, 0)
            OR stock.leaved_amount <> COALESCE(history.amount, 0)),
    -- broken_links: entries that do not go on from where the one before them ended
    (SELECT COUNT(*)
        FROM (
            SELECT sequence, quantity_trade, leaved_after,
                COALESCE(LAG(sequence) OVER (PARTITION BY sku_id ORDER BY sequence), 0) AS sequence_before,
                COALESCE(LAG(leaved_after) OVER (PARTITION BY sku_id ORDER BY sequence), 0) AS leaved_before
            FROM t_inventory_flow
        ) AS chain
        WHERE sequence <> sequence_before + 1 OR leaved_after <> leaved_before - quantity_trade),
    -- repeated_keys
    (SELECT COUNT(*)
        FROM (
            SELECT idempotency_scope, idempotency_key, line
            FROM t_inventory_flow
            GROUP BY idempotency_scope, idempotency_key, line
            HAVING COUNT(*) > 1
        ) AS repeated)
