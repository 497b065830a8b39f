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
-- What proves the books is added to, and never changed.
GRANT SELECT, INSERT ON stock.t_inventory_checkpoint TO 'stockflow_server'@'%';
GRANT SELECT, INSERT ON stock.t_inventory_seal TO 'stockflow_server'@'%';
GRANT SELECT, INSERT ON stock.t_inventory_seal_head TO 'stockflow_server'@'%';
-- Stocktakes are closed, and their observations only added.
GRANT SELECT, INSERT, UPDATE ON stock.t_inventory_count TO 'stockflow_server'@'%';
GRANT SELECT, INSERT, UPDATE ON stock.t_inventory_count_sku TO 'stockflow_server'@'%';
GRANT SELECT, INSERT ON stock.t_inventory_count_observation TO 'stockflow_server'@'%';
-- Refused demand is added up by the minute, and deleted when it is old: the only DELETE there is.
GRANT SELECT, INSERT, UPDATE, DELETE ON stock.t_inventory_refusal TO 'stockflow_server'@'%';
-- API keys are looked up, and their last use is noted; whoever makes them is the owner.
GRANT SELECT, UPDATE (last_used_at) ON stock.t_api_key TO 'stockflow_server'@'%';

GRANT SELECT ON stock.t_inventory TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.t_inventory_flow TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.t_inventory_checkpoint TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.t_inventory_seal TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.t_inventory_seal_head TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.t_inventory_count TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.t_inventory_count_sku TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.t_inventory_count_observation TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.t_inventory_refusal TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.seaql_migrations TO 'stockflow_reader'@'%';
GRANT SELECT ON stock.t_heartbeat TO 'stockflow_reader'@'%';
