//! MySQL does not answer the ids of rows that it writes, so they are asked for afterwards. Where
//! there is no MySQL, MariaDB is written to in the same way.

use entity::inventory_flow::Entity;
use futures_util::future::join_all;
use sea_orm::EntityTrait as _;
use stockflow::db::flow_from_row;
use stockflow::domain::{Command, Flow};

use crate::support::{Kind, TestDatabase, ledger};

#[tokio::test]
async fn receipts_tell_the_ids_that_the_table_has() {
    let Some(database) = TestDatabase::fresh(Kind::MariaDb).await else { return };
    let ledger = ledger::start_over(database.connect().await.without_returning());
    let mut receipts: Vec<Flow> = Vec::new();
    let mut submit = async |commands: Vec<Command>| -> Vec<Vec<Flow>> {
        let submitted = join_all(commands.into_iter().map(|command| ledger.submit(command))).await;
        let flows = submitted.into_iter().map(|outcome| ledger::done(outcome.unwrap()).0);
        let flows: Vec<Vec<Flow>> = flows.collect();
        receipts.extend(flows.iter().flatten().cloned());
        flows
    };
    submit((1..=3).map(|sku| ledger::create(&format!("create {sku}"), sku, 100)).collect()).await;
    let deduct = ledger::deduct("deduct", 2, 3);
    let cart = ledger::cart("cart", &[(3, 1), (1, 2), (3, 4), (2, 5)]);
    // All in one batch, so that the lines of one are written between those of others.
    let other = ledger::cart("other", &[(2, 1), (3, 1), (1, 1)]);
    let sold = submit(vec![deduct, cart.clone(), other, ledger::replenish("more", 3, 9)]).await;
    let back: Vec<_> = sold[1].iter().rev().map(|flow| (flow.id, Some(1))).collect();
    let refund = ledger::refund_batch("refund", &back);
    submit(vec![refund.clone(), ledger::refund("the rest", sold[0][0].id, None)]).await;
    submit(vec![refund, ledger::set_quantity("count", 1, 50, None), cart]).await;

    let plain = database.plain().await;
    for flow in &receipts {
        let row = Entity::find_by_id(flow.id.0).one(&plain).await.unwrap().unwrap();
        assert_eq!(flow_from_row(row).unwrap(), *flow);
    }
    assert_eq!(receipts.len(), 3 + 9 + 5 + 9, "every line was told of");
    database.audit().await;
}
