-- Users for stockflow on PostgreSQL. Run it once, as an administrator, before the first
-- `stockflow migrate up`:
--
--     psql -v ON_ERROR_STOP=1 -d postgres -f postgres-users.sql
--
-- Replace the three passwords; and, everywhere in both files, the name of the database (stock) or of
-- the users, if yours are others.

-- Owns the tables: for `stockflow migrate up` and `stockflow token`, not for serving.
CREATE ROLE stockflow_owner LOGIN PASSWORD 'change-me-owner';
-- Serves.
CREATE ROLE stockflow_server LOGIN PASSWORD 'change-me-server';
-- Reads from replicas, and may do nothing else anywhere.
CREATE ROLE stockflow_reader LOGIN PASSWORD 'change-me-reader';

CREATE DATABASE stock OWNER stockflow_owner;
REVOKE ALL ON DATABASE stock FROM PUBLIC;
GRANT CONNECT ON DATABASE stock TO stockflow_server, stockflow_reader;

\connect stock
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- What later steps add may be read by the server; whatever else it needs is granted by postgres.sql.
ALTER DEFAULT PRIVILEGES FOR ROLE stockflow_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO stockflow_server;
ALTER DEFAULT PRIVILEGES FOR ROLE stockflow_owner IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO stockflow_server;
