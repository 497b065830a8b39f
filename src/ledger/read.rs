//! Reads what a batch depends on, and locks it.

use std::collections::{BTreeSet, HashMap};

use entity::{inventory, inventory_flow};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, Statement};

use super::books::{Books, RequestKey};
use super::submission::Submission;
use super::{count, statement};
use crate::db::{Cells, Dialect, Fault, Table, chain_from_row, flow_from_row, inventory_from_row};
use crate::domain::limits::IDENTIFIER_CHARS_MAX;
use crate::domain::{Command, Flow, FlowId, Operation, SkuId, Visibility};

#[derive(FromQueryResult)]
struct RefundedRow {
    deduction_id: i64,
    quantity: i64,
}

/// Reads and locks the books that `submissions` depend on, but for what was written under their keys;
/// see [`written`].
///
/// The entries that refunds name come first, because they tell which SKUs to lock, and can come
/// first because they never change. Everything else is read behind the locks: at READ COMMITTED
/// each statement sees what was committed before it began, so it sees all that earlier holders of
/// the locks did.
pub(super) async fn books(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    submissions: &[Submission],
) -> Result<Books, Fault> {
    let entries = entries(transaction, dialect, submissions).await?;
    let skus = submissions.iter().flat_map(|one| all_concerned(one, &entries)).collect();
    let locked = lock_stocks(transaction, dialect, &skus).await?;
    let stocks = by_sku(&locked, inventory_from_row);
    let chains = by_sku(&locked, chain_from_row);
    let refunded = refunded(transaction, dialect, &entries).await?;
    let counts = count::locked(transaction, dialect, submissions).await?;
    let adjusted = count::adjusted(transaction, dialect, submissions).await?;
    let written = HashMap::new();
    Ok(Books { stocks, chains, entries, refunded, counts, adjusted, written })
}

/// The submissions that need a stock which somebody else has locked, by their place. Nobody is
/// waited for.
pub(super) async fn stuck(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    submissions: &[Submission],
) -> Result<Vec<bool>, Fault> {
    let entries = entries(transaction, dialect, submissions).await?;
    let concerned: Vec<Vec<Sku>> =
        submissions.iter().map(|one| all_concerned(one, &entries).collect()).collect();
    let of_all: BTreeSet<Sku> = concerned.iter().flatten().copied().collect();
    let all = stocks(transaction, statement::stocks(dialect, skus(&of_all))?).await?;
    let free = stocks(transaction, statement::unlocked_stocks(dialect, skus(&of_all))?).await?;
    let all = by_sku(&all, inventory_from_row);
    let free = by_sku(&free, inventory_from_row);
    // Others' commands may have had a SKU found that this one does not see.
    let locked = |sku: &Sku| {
        let found = all.get(&sku.sku_id).is_some_and(|stock| sku.of.shows(stock.merchant_id));
        found && !free.contains_key(&sku.sku_id)
    };
    // Whether the row of a stocktake is locked is not asked: whoever completes one may try again, and
    // those beside it are not to wait for that once more.
    let counts = submissions.iter().map(count::completes_one);
    Ok(concerned.iter().zip(counts).map(|(skus, count)| count || skus.iter().any(locked)).collect())
}

/// A SKU that a command needs; or, if it is of another merchant, does not find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Sku {
    sku_id: SkuId,
    of: Visibility,
}

/// The SKUs that the commands of a submission need.
fn all_concerned<'a>(
    submission: &'a Submission,
    entries: &'a HashMap<FlowId, Flow>,
) -> impl Iterator<Item = Sku> + 'a {
    submission.commands().iter().flat_map(|command| concerned(command, entries))
}

/// The SKUs that a command needs: those that it names, and those of the entries that it names, as
/// far as whoever asks sees them.
fn concerned<'a>(
    command: &'a Command,
    entries: &'a HashMap<FlowId, Flow>,
) -> impl Iterator<Item = Sku> + 'a {
    let operation = &command.operation;
    // Whether an id is taken, whoever has it.
    let of = match operation {
        Operation::Create { .. } => Visibility::All,
        Operation::Deduct(_)
        | Operation::DeductBatch(_)
        | Operation::Refund(_)
        | Operation::RefundBatch(_)
        | Operation::Replenish { .. }
        | Operation::SetQuantity { .. }
        | Operation::Count { .. } => command.visibility,
    };
    let named = operation.flow_ids().filter_map(|id| entries.get(&id));
    let seen = named.filter(move |entry| of.shows(entry.merchant_id)).map(|entry| entry.sku_id);
    operation.sku_ids().chain(seen).map(move |sku_id| Sku { sku_id, of })
}

async fn entries(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    submissions: &[Submission],
) -> Result<HashMap<FlowId, Flow>, Fault> {
    let commands = submissions.iter().flat_map(Submission::commands);
    let ids: BTreeSet<FlowId> = commands.flat_map(|command| command.operation.flow_ids()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = Table::of_integers("id", ids.iter().map(|id| id.0));
    let flows = flows(transaction, statement::entries(dialect, ids)?).await?;
    Ok(flows.into_iter().map(|flow| (flow.id, flow)).collect())
}

async fn lock_stocks(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    locked: &BTreeSet<Sku>,
) -> Result<Vec<inventory::Model>, Fault> {
    if locked.is_empty() {
        return Ok(Vec::new());
    }
    stocks(transaction, statement::lock_stocks(dialect, skus(locked))?).await
}

async fn stocks(
    transaction: &DatabaseTransaction,
    statement: Statement,
) -> Result<Vec<inventory::Model>, Fault> {
    Ok(inventory::Model::find_by_statement(statement).all(transaction).await?)
}

fn by_sku<T>(
    stocks: &[inventory::Model],
    what: impl Fn(&inventory::Model) -> T,
) -> HashMap<SkuId, T> {
    stocks.iter().map(|stock| (SkuId(stock.sku_id), what(stock))).collect()
}

/// What was written before under the keys of `commands`, in the order of the lines. Behind the locks
/// of [`books`], so that whoever wrote it for the same SKUs is done.
pub(super) async fn written<'a>(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    commands: impl Iterator<Item = &'a Command>,
) -> Result<HashMap<RequestKey, Vec<Flow>>, Fault> {
    let keys: BTreeSet<(&str, &str)> =
        commands.map(|command| (command.scope.as_str(), command.key.as_str())).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let (scopes, keys) =
        keys.into_iter().map(|(scope, key)| (scope.to_owned(), key.to_owned())).unzip();
    let keys = Table::new()
        .with("scope", Cells::Texts(IDENTIFIER_CHARS_MAX, scopes))
        .with("idempotency_key", Cells::Texts(IDENTIFIER_CHARS_MAX, keys));
    let statement = statement::written(dialect, keys)?;
    let models = inventory_flow::Model::find_by_statement(statement).all(transaction).await?;
    let mut written: HashMap<RequestKey, Vec<Flow>> = HashMap::new();
    for model in models {
        let key = (model.idempotency_scope.clone(), model.idempotency_key.clone());
        written.entry(key).or_default().push(flow_from_row(model)?);
    }
    Ok(written)
}

async fn refunded(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    entries: &HashMap<FlowId, Flow>,
) -> Result<HashMap<FlowId, i64>, Fault> {
    if entries.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = Table::of_integers("id", entries.keys().map(|id| id.0));
    let statement = statement::refunded(dialect, ids)?;
    let sums = RefundedRow::find_by_statement(statement).all(transaction).await?;
    Ok(sums.into_iter().map(|sum| (FlowId(sum.deduction_id), sum.quantity)).collect())
}

/// In ascending order of the ids, in which they are to be locked.
fn skus(skus: &BTreeSet<Sku>) -> Table {
    let merchants = skus.iter().map(|sku| sku.of.only().map_or(0, |merchant_id| merchant_id.0));
    Table::of_integers("sku_id", skus.iter().map(|sku| sku.sku_id.0))
        .with("merchant_id", Cells::Integers(merchants.collect()))
}

async fn flows(
    connection: &impl ConnectionTrait,
    statement: Statement,
) -> Result<Vec<Flow>, Fault> {
    let models = inventory_flow::Model::find_by_statement(statement).all(connection).await?;
    models.into_iter().map(|model| flow_from_row(model).map_err(Fault::from)).collect()
}
