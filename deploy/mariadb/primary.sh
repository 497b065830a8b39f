#!/bin/sh
# Makes the users of the primary, once, when its folder is new: those of stockflow, and the one whom
# the replica follows by.
set -eu
secrets=${SECRETS:-/run/secrets}
secret() { cat "$secrets/$1"; }
export MYSQL_PWD="${MYSQL_PWD-$(secret root)}"

sed -e "s/change-me-owner/$(secret owner)/" \
    -e "s/change-me-server/$(secret server)/" \
    -e "s/change-me-reader/$(secret reader)/" \
    "${USERS_SQL:-/deploy/mariadb-users.sql}" | mariadb -u root

mariadb -u root <<END
CREATE USER IF NOT EXISTS 'replication'@'%' IDENTIFIED BY '$(secret replication)';
GRANT REPLICATION SLAVE ON *.* TO 'replication'@'%';
END
