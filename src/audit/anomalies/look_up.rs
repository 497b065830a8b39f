//! Looks up what was before some entries, for all of them at once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::inventory_flow::{Column, Entity};
use sea_orm::sea_query::{Order, Query, SelectStatement};
use sea_orm::{EntityTrait as _, QueryResult, QuerySelect as _, QueryTrait as _, Statement};

use super::branch::Branch;
use crate::audit::entries;
use crate::db::{Cells, Database, Dialect, Fault, Table, Wanted};
use crate::domain::anomaly::{ACTOR_ENTRIES_MAX, Activity, ORDER_LINE_ENTRIES_MAX, Predecessor};
use crate::domain::limits::IDENTIFIER_CHARS_MAX;
use crate::domain::{Flow, FlowId, FlowKind, MerchantId, SkuId};
use crate::store::{BRANCHES_MAX, union};

/// Actors whose entries one statement looks up.
const ACTORS_OF_STATEMENT: usize = 25;

/// For each of these deductions the entries of its order line before it, the newest first; those
/// that are the first of their order line are left out.
///
/// Most are. So it is asked first, by one seek for each, whose order line has an entry before it.
pub(super) async fn order_lines(
    database: &Database,
    deductions: &[&Flow],
    wanted: Wanted<'_>,
) -> Result<HashMap<FlowId, Vec<Flow>>, Fault> {
    let mut found = HashMap::new();
    if deductions.is_empty() {
        return Ok(found);
    }
    let rows = database.read(repeated_statement(database.dialect(), deductions)?, wanted).await?;
    let mut repeated: HashMap<FlowId, bool> = HashMap::with_capacity(deductions.len());
    for row in rows.rows {
        let before: Option<i64> = row.try_get_by_index(1)?;
        repeated.insert(FlowId(row.try_get_by_index(0)?), before.is_some());
    }
    let repeated: Vec<&Flow> = deductions
        .iter()
        .copied()
        .filter(|flow| repeated.get(&flow.id).copied().unwrap_or_default())
        .collect();
    // Two deductions of one order line each ask for what was before them, so they ask apart.
    for chunk in repeated.chunks(ORDER_LINES_OF_STATEMENT) {
        let Some(query) = order_lines_query(database.dialect(), chunk) else { continue };
        let read = entries::read(database, &query, wanted).await?;
        let key = |flow: &Flow| (flow.order_detail_id.clone(), flow.merchant_id);
        let mut of_line: HashMap<_, Vec<Flow>> = HashMap::new();
        for flow in read.into_iter().flatten() {
            of_line.entry(key(&flow)).or_default().push(flow);
        }
        for deduction in chunk {
            let line = of_line.get(&key(deduction));
            let before = line.into_iter().flatten().filter(|flow| flow.id < deduction.id);
            let mut before: Vec<Flow> = before.cloned().collect();
            // Of a line that several of them have, more may have been read than is before this one.
            before.sort_unstable_by_key(|flow| std::cmp::Reverse(flow.id));
            before.dedup_by_key(|flow| flow.id);
            before.truncate(ORDER_LINE_ENTRIES_MAX);
            found.insert(deduction.id, before);
        }
    }
    Ok(found)
}

/// Order lines whose entries one statement looks up: with all their entries a page or two.
const ORDER_LINES_OF_STATEMENT: usize = 100;

/// Asks which of these deductions have an entry of their order line before them.
pub(super) fn repeated_statement(
    dialect: Dialect,
    deductions: &[&Flow],
) -> Result<Statement, Fault> {
    let texts = deductions.iter().map(|flow| flow.order_detail_id.clone().unwrap_or_default());
    let merchants = deductions.iter().map(|flow| flow.merchant_id.0);
    let table = Table::of_integers("id", deductions.iter().map(|flow| flow.id.0))
        .with("merchant_id", Cells::Integers(merchants.collect()))
        .with("order_detail_id", Cells::Texts(IDENTIFIER_CHARS_MAX, texts.collect()));
    let (integer, from) = (dialect.big_integer(), table.sql(dialect, 1));
    let hint = hint(dialect, "t_inventory_flow_order_line");
    // In the list and not in a condition, it is asked row by row, by the index.
    let sql = format!(
        "SELECT c.id, (SELECT CAST(1 AS {integer}) FROM t_inventory_flow AS f{hint} \
         WHERE f.order_detail_id = c.order_detail_id AND f.merchant_id = c.merchant_id \
         AND f.id < c.id LIMIT 1) FROM {from}"
    );
    Ok(Statement::from_sql_and_values(dialect.backend(), sql, table.into_values(dialect)?))
}

/// The entries of the order lines of these deductions before each.
pub(super) fn order_lines_query(dialect: Dialect, deductions: &[&Flow]) -> Option<SelectStatement> {
    union(deductions.iter().filter_map(|flow| {
        let branch = Branch::of_order_line(flow.order_detail_id.as_deref()?, flow.merchant_id);
        let limit = u64::try_from(ORDER_LINE_ENTRIES_MAX).unwrap_or(u64::MAX);
        let mut select = Entity::find().limit(limit).into_query();
        branch.bound(dialect, &mut select, (0, flow.id.0.saturating_sub(1)), &Order::Desc);
        Some(select)
    }))
}

/// The entries at these places of SKUs' sequences; those that do not exist are left out.
pub(super) async fn predecessors(
    database: &Database,
    places: &[(SkuId, i64)],
    wanted: Wanted<'_>,
) -> Result<HashMap<(SkuId, i64), Predecessor>, Fault> {
    let mut found = HashMap::with_capacity(places.len());
    if places.is_empty() {
        return Ok(found);
    }
    let statement = predecessors_statement(database.dialect(), places)?;
    for row in database.read(statement, wanted).await?.rows {
        let id: Option<i64> = row.try_get_by_index(2)?;
        let created_at: Option<DateTime<Utc>> = row.try_get_by_index(3)?;
        if let (Some(id), Some(created_at)) = (id, created_at) {
            let place = (SkuId(row.try_get_by_index(0)?), row.try_get_by_index(1)?);
            found.insert(place, Predecessor { id: FlowId(id), created_at });
        }
    }
    Ok(found)
}

/// Asks for the entries at these places.
pub(super) fn predecessors_statement(
    dialect: Dialect,
    places: &[(SkuId, i64)],
) -> Result<Statement, Fault> {
    let sequences = places.iter().map(|(_sku_id, sequence)| *sequence);
    let table = Table::of_integers("sku_id", places.iter().map(|(sku_id, _sequence)| sku_id.0))
        .with("sequence", Cells::Integers(sequences.collect()));
    let from = table.sql(dialect, 1);
    let hint = hint(dialect, "t_inventory_flow_sequence");
    let of = |column: &str| {
        format!(
            "(SELECT f.{column} FROM t_inventory_flow AS f{hint} \
             WHERE f.sku_id = c.sku_id AND f.sequence = c.sequence)"
        )
    };
    let (id, created_at) = (of("id"), of("created_at"));
    let sql = format!("SELECT c.sku_id, c.sequence, {id}, {created_at} FROM {from}");
    Ok(Statement::from_sql_and_values(dialect.backend(), sql, table.into_values(dialect)?))
}

/// For each of these actors their entries before an id, those of a merchant if one is named: the last
/// [`ACTOR_ENTRIES_MAX`], in the order of their ids.
pub(super) async fn activities(
    database: &Database,
    actors: &[(String, FlowId)],
    merchant_id: Option<MerchantId>,
    wanted: Wanted<'_>,
) -> Result<HashMap<String, Vec<Activity>>, Fault> {
    let mut found: HashMap<String, Vec<Activity>> =
        actors.iter().map(|(actor, _first)| (actor.clone(), Vec::new())).collect();
    for chunk in actors.chunks(ACTORS_OF_STATEMENT.min(BRANCHES_MAX)) {
        let query = activities_query(database.dialect(), chunk, merchant_id);
        let Some(query) = query else { continue };
        let statement = database.dialect().backend().build(&query);
        for row in database.read(statement, wanted).await?.rows {
            let actor: String = row.try_get_by_index(0)?;
            if let (Some(of_actor), Some(activity)) = (found.get_mut(&actor), activity(&row)?) {
                of_actor.push(activity);
            }
        }
    }
    for of_actor in found.values_mut() {
        of_actor.sort_unstable_by_key(|activity| activity.id);
    }
    Ok(found)
}

/// Asks for the last entries of these actors.
pub(super) fn activities_query(
    dialect: Dialect,
    actors: &[(String, FlowId)],
    merchant_id: Option<MerchantId>,
) -> Option<SelectStatement> {
    use Column::{Actor, CreatedAt, DeductionId, Id, Kind};
    union(actors.iter().map(|(actor, first)| {
        let limit = u64::try_from(ACTOR_ENTRIES_MAX).unwrap_or(u64::MAX);
        let mut select = Query::select()
            .columns([Actor, Id, Kind, DeductionId, CreatedAt])
            .from(Entity)
            .limit(limit)
            .take();
        let branch = Branch::of_actor(actor, merchant_id);
        branch.bound(dialect, &mut select, (0, first.0.saturating_sub(1)), &Order::Desc);
        select
    }))
}

/// The activity that a row tells; `None` if it is of no kind that the server writes.
fn activity(row: &QueryResult) -> Result<Option<Activity>, Fault> {
    let deduction_id: Option<i64> = row.try_get_by_index(3)?;
    let kind = FlowKind::from_code(row.try_get_by_index(2)?);
    let (id, created_at) = (FlowId(row.try_get_by_index(1)?), row.try_get_by_index(4)?);
    let deduction_id = deduction_id.map(FlowId);
    Ok(kind.map(|kind| Activity { id, kind, deduction_id, created_at }))
}

/// How MariaDB and MySQL are told which index to take; the others are told nothing.
fn hint(dialect: Dialect, index: &str) -> String {
    match dialect {
        Dialect::MariaDb | Dialect::MySql => format!(" FORCE INDEX ({index})"),
        Dialect::Sqlite | Dialect::Postgres => String::new(),
    }
}
