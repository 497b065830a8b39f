-- What the users of postgres-users.sql may do with the tables. Run it as stockflow_owner after every
-- `stockflow migrate up`; running it again changes nothing:
--
--     psql -v ON_ERROR_STOP=1 -U stockflow_owner -d stock -f postgres.sql
--
-- Nobody who serves may change or delete an entry of the history.

GRANT SELECT, INSERT, UPDATE ON t_inventory TO stockflow_server;
GRANT SELECT, INSERT ON t_inventory_flow TO stockflow_server;
GRANT USAGE ON SEQUENCE t_inventory_flow_id_seq TO stockflow_server;
GRANT SELECT ON seaql_migrations TO stockflow_server;
GRANT SELECT, UPDATE ON t_heartbeat TO stockflow_server;
-- What proves the books is added to, and never changed.
GRANT SELECT, INSERT ON t_inventory_checkpoint, t_inventory_seal, t_inventory_seal_head
    TO stockflow_server;
-- Stocktakes are closed, and their observations only added.
GRANT SELECT, INSERT, UPDATE ON t_inventory_count, t_inventory_count_sku TO stockflow_server;
GRANT SELECT, INSERT ON t_inventory_count_observation TO stockflow_server;
GRANT USAGE ON SEQUENCE t_inventory_count_id_seq, t_inventory_count_observation_id_seq
    TO stockflow_server;
-- Refused demand is added up by the minute, and deleted when it is old: the only DELETE there is.
GRANT SELECT, INSERT, UPDATE, DELETE ON t_inventory_refusal TO stockflow_server;
-- API keys are looked up, and their last use is noted; whoever makes them is the owner.
GRANT SELECT, UPDATE (last_used_at) ON t_api_key TO stockflow_server;

GRANT SELECT ON t_inventory, t_inventory_flow, t_inventory_checkpoint, t_inventory_seal,
    t_inventory_seal_head, t_inventory_count, t_inventory_count_sku, t_inventory_count_observation,
    t_inventory_refusal, seaql_migrations, t_heartbeat TO stockflow_reader;
