//! The statements about `t_api_key`: all there are.

use std::collections::HashMap;
use std::time::Instant;

use chrono::{DateTime, Utc};
use entity::api_key::{Column, Entity, Model};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, FromQueryResult as _,
    QueryFilter as _, QueryOrder as _, QueryTrait as _, StatementBuilder,
};

use super::KeyId;
use crate::db::{Database, Fault, ReadFrom, Wanted};
use crate::domain::{ReadAfter, Visibility};

/// Reads the keys of these ids from the primary, for a replica may not know yet that one was
/// revoked. Also tells since when the answer may have been outdated.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn find(
    database: &Database,
    ids: &[KeyId],
) -> Result<(Vec<Model>, Instant), Fault> {
    let ids = ids.iter().map(KeyId::as_str);
    read(database, &Entity::find().filter(Column::Id.is_in(ids)).into_query()).await
}

/// Reads every key, in the order in which they were made.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn list(database: &Database) -> Result<Vec<Model>, Fault> {
    let all = Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Id);
    Ok(read(database, &all.into_query()).await?.0)
}

/// Reads the keys of a label.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn list_of_label(database: &Database, label: &str) -> Result<Vec<Model>, Fault> {
    Ok(read(database, &Entity::find().filter(Column::Label.eq(label)).into_query()).await?.0)
}

async fn read(
    database: &Database,
    query: &impl StatementBuilder,
) -> Result<(Vec<Model>, Instant), Fault> {
    let statement = database.dialect().backend().build(query);
    let any = ReadAfter::default();
    let wanted =
        Wanted { from: ReadFrom::Primary, reached: &any, visibility: Visibility::All, few: true };
    let read = database.read(statement, wanted).await?;
    let rows: Result<Vec<Model>, _> =
        read.rows.iter().map(|row| Model::from_query_result(row, "")).collect();
    Ok((rows?, read.origin.as_of))
}

/// Writes a key.
///
/// # Errors
///
/// [`Fault`] when the database fails, as a duplicate if there is a key of this id.
pub(super) async fn insert(database: &Database, key: Model) -> Result<(), Fault> {
    let dialect = database.dialect();
    // The type of what is not there must be told, or PostgreSQL takes it for a text.
    let instant = |at: Option<DateTime<Utc>>| at.map(|at| Expr::value(dialect.instant(at)));
    let mut columns = vec![
        (Column::Id, Expr::value(key.id)),
        (Column::SecretHash, Expr::value(key.secret_hash)),
        (Column::Label, Expr::value(key.label)),
        (Column::MerchantId, Expr::value(key.merchant_id)),
        (Column::Scopes, Expr::value(key.scopes)),
    ];
    let instants = [
        (Column::CreatedAt, Some(key.created_at)),
        (Column::ExpiresAt, key.expires_at),
        (Column::RevokedAt, key.revoked_at),
        (Column::LastUsedAt, key.last_used_at),
    ];
    columns.extend(instants.into_iter().filter_map(|(column, at)| Some((column, instant(at)?))));
    let (columns, values): (Vec<Column>, Vec<Expr>) = columns.into_iter().unzip();
    let mut insert = Query::insert().into_table(Entity).columns(columns).to_owned();
    insert.values_panic(values);
    execute(database, &insert).await?;
    Ok(())
}

/// Marks a key as revoked, and tells whether there is one of this id that was not.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn revoke(
    database: &Database,
    id: KeyId,
    at: DateTime<Utc>,
) -> Result<bool, Fault> {
    let update = Query::update()
        .table(Entity)
        .value(Column::RevokedAt, database.dialect().instant(at))
        .and_where(Column::Id.eq(id.as_str()))
        .and_where(Column::RevokedAt.is_null())
        .to_owned();
    Ok(execute(database, &update).await? > 0)
}

/// Writes when keys were last used, where that is later than what is written there.
///
/// # Errors
///
/// [`Fault`] when the database fails, or its user may not.
pub(super) async fn write_last_uses(
    database: &Database,
    uses: &HashMap<KeyId, DateTime<Utc>>,
) -> Result<(), Fault> {
    let mut case = CaseStatement::new();
    for (id, at) in uses {
        let at = database.dialect().instant(*at);
        let is_older = Column::LastUsedAt.is_null().or(Column::LastUsedAt.lt(at.clone()));
        case = case.case(Column::Id.eq(id.as_str()).and(is_older), Expr::value(at));
    }
    let update = Query::update()
        .table(Entity)
        .value(Column::LastUsedAt, case.finally(Expr::col(Column::LastUsedAt)))
        .and_where(Column::Id.is_in(uses.keys().map(KeyId::as_str)))
        .to_owned();
    execute(database, &update).await?;
    Ok(())
}

async fn execute(database: &Database, statement: &impl StatementBuilder) -> Result<u64, Fault> {
    let statement = database.dialect().backend().build(statement);
    Ok(database.writer().execute_raw(statement).await?.rows_affected())
}
