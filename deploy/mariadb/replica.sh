#!/bin/sh
# Makes a new server follow the primary from the beginning of its log, users and all; it goes on by
# itself whenever it starts.
set -eu
secrets=${SECRETS:-/run/secrets}
secret() { cat "$secrets/$1"; }
export MYSQL_PWD="${MYSQL_PWD-$(secret root)}"

mariadb -u root <<END
CHANGE MASTER TO
    MASTER_HOST = '${PRIMARY_HOST:-primary}',
    MASTER_PORT = ${PRIMARY_PORT:-3306},
    MASTER_USER = 'replication',
    MASTER_PASSWORD = '$(secret replication)',
    MASTER_USE_GTID = slave_pos,
    MASTER_CONNECT_RETRY = 5;
START SLAVE;
END
