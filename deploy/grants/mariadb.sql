-- What the users of mariadb-users.sql may do with the tables. Run it as an administrator after every
-- `stockflow migrate up`; running it again changes nothing:
--
--     mariadb < mariadb.sql
--
-- Nobody who serves may change or delete an entry of the history.

GRANT SELECT, INSERT, UPDATE ON stock.t_inventory TO 'stockflow_server'@'%';
GRANT SELECT, INSERT ON stock.t_inventory_flow TO 'stockflow_server'@'%';
GRANT SELECT ON stock.seaql_migrations TO 'stockflow_server'@'%';
GRANT SELECT, UPDATE ON stock.t_heartbeat TO 'stockflow_server'@'%';

GRANT SELECT ON stock.t_inventory TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.t_inventory_flow TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.seaql_migrations TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.t_heartbeat TO 'stockflow_reader'@'%';

-- API keys, where this version has such a table: the server looks them up, and notes their last use.
SET @api_keys = IF(
    EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = 'stock' AND table_name = 't_api_key'),
    'GRANT SELECT, UPDATE (last_used_at) ON stock.t_api_key TO ''stockflow_server''@''%''',
    'DO 0'
);
PREPARE api_keys FROM @api_keys;
EXECUTE api_keys;
DEALLOCATE PREPARE api_keys;
