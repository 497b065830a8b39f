//! A shop whose books are damaged by SQL behind the server's back, and put back.

use sea_orm::{ConnectionTrait as _, DatabaseConnection};

use crate::support::{TestDatabase, ledger};

/// Entries of the shop, by their ids.
#[derive(Clone, Copy, Debug)]
pub struct Shop {
    /// Of SKU 1, in the order of its sequence: an opening, a deduction of four, a refund of one of them,
    /// a replenishment and a deduction of two.
    pub entries: [i64; 5],
}

/// Puts two SKUs on the books, of which the first has a history.
pub async fn shop(database: &TestDatabase) -> Shop {
    let ledger = ledger::start(database).await;
    let submit = async |command| {
        let (flows, _replayed) = ledger::done(ledger.submit(command).await.unwrap());
        flows[0].id
    };
    let opening = submit(ledger::create("c1", 1, 10)).await;
    submit(ledger::create("c2", 2, 10)).await;
    let deduction = submit(ledger::deduct("d1", 1, 4)).await;
    let refund = submit(ledger::refund("r1", deduction, Some(1))).await;
    submit(ledger::deduct("d2", 2, 3)).await;
    let replenishment = submit(ledger::replenish("p1", 1, 5)).await;
    let last = submit(ledger::deduct("d3", 1, 2)).await;
    Shop { entries: [opening, deduction, refund, replenishment, last].map(|id| id.0) }
}

/// The books as they were before damage was planted.
pub struct Books {
    plain: DatabaseConnection,
}

impl Books {
    pub async fn keep(database: &TestDatabase) -> Self {
        let plain = database.plain().await;
        let books = Self { plain };
        for table in ["t_inventory", "t_inventory_flow"] {
            books.execute(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        }
        books
    }

    pub async fn execute(&self, sql: &str) {
        if let Err(error) = self.plain.execute_unprepared(sql).await {
            panic!("{sql}: {error}");
        }
    }

    /// Puts everything back.
    pub async fn put_back(&self) {
        for sql in [
            "DELETE FROM t_inventory_checkpoint",
            "DELETE FROM t_inventory_flow WHERE deduction_id IS NOT NULL",
            "DELETE FROM t_inventory_flow",
            "DELETE FROM t_inventory",
            "INSERT INTO t_inventory SELECT * FROM kept_t_inventory",
            "INSERT INTO t_inventory_flow SELECT * FROM kept_t_inventory_flow ORDER BY id",
        ] {
            self.execute(sql).await;
        }
    }
}
