-- Users for stockflow on MariaDB; MySQL 8 takes the same (not tried there). Run it once, as an
-- administrator, before the first `stockflow migrate up`:
--
--     mariadb < mariadb-users.sql
--
-- Replace the three passwords; and, everywhere in both files, the name of the database (stock), of
-- the users, or '%' (any host), if yours are others.

CREATE DATABASE IF NOT EXISTS stock CHARACTER SET utf8mb4;

-- Owns the tables: for `stockflow migrate up` and `stockflow token`, not for serving.
CREATE USER IF NOT EXISTS 'stockflow_owner'@'%' IDENTIFIED BY 'change-me-owner';
GRANT ALL PRIVILEGES ON stock.* TO 'stockflow_owner'@'%';

-- Serves. What it may do is granted table by table, by mariadb.sql.
CREATE USER IF NOT EXISTS 'stockflow_server'@'%' IDENTIFIED BY 'change-me-server';

-- Reads from replicas, and may do nothing else anywhere.
CREATE USER IF NOT EXISTS 'stockflow_reader'@'%' IDENTIFIED BY 'change-me-reader';
