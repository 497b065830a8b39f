//! The statements about `t_inventory_seal`, and what adds to the two tables: all there are.

use entity::inventory_seal::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, EntityTrait as _,
    FromQueryResult as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    Statement,
};

use crate::db::{Cells, Database, Dialect, Fault, ReadFrom, Rows, Table, Wanted};
use crate::domain::{
    FlowId, Hash, ReadAfter, Seal, SealHead, SealId, SealSignature, SignedSeal, Visibility,
};

/// Rows of one INSERT.
const ROWS_MAX: usize = 1_000;

/// Reads from the primary, which alone has a seal and everything beneath it for certain.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn read(database: &Database, statement: Statement) -> Result<Rows, Fault> {
    let any = ReadAfter::default();
    database.read(statement, of_primary(&any)).await
}

/// What a read of the primary asks of its source.
pub(super) fn of_primary(any: &ReadAfter) -> Wanted<'_> {
    Wanted { from: ReadFrom::Primary, reached: any, visibility: Visibility::All, few: true }
}

/// A seal that a row tells; `None` if no version of the server can have written it.
pub(super) fn seal_from_row(row: &Model) -> Option<SignedSeal> {
    let seal = Seal {
        id: SealId(row.id),
        sealed_at: row.sealed_at,
        sku_count: row.sku_count,
        last_flow_id: FlowId(row.last_flow_id),
        merkle_root: row.merkle_root.as_slice().try_into().ok()?,
        previous_hash: row.previous_hash.as_slice().try_into().ok()?,
    };
    let signature = match (&row.public_key, &row.signature) {
        (None, None) => None,
        (Some(public_key), Some(signature)) => Some(SealSignature {
            public_key: public_key.as_slice().try_into().ok()?,
            signature: signature.as_slice().try_into().ok()?,
        }),
        (Some(_), None) | (None, Some(_)) => return None,
    };
    Some(SignedSeal { seal, signature })
}

/// The seals that rows tell.
///
/// # Errors
///
/// [`Fault`] when one makes no sense.
pub(super) fn seals(rows: &Rows) -> Result<Vec<SignedSeal>, Fault> {
    let seals = rows.rows.iter().map(|row| {
        let row = Model::from_query_result(row, "")?;
        seal_from_row(&row)
            .ok_or_else(|| Fault::corrupt(format!("t_inventory_seal row {} is corrupt", row.id)))
    });
    seals.collect()
}

/// Reads the newest seal.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn newest(database: &Database) -> Result<Option<SignedSeal>, Fault> {
    let newest = Entity::find().order_by_desc(Column::Id).limit(1).into_query();
    Ok(seals(&read(database, statement(database, &newest)).await?)?.pop())
}

/// Reads a seal.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn find(database: &Database, id: SealId) -> Result<Option<SignedSeal>, Fault> {
    let one = Entity::find().filter(Column::Id.eq(id.0)).into_query();
    Ok(seals(&read(database, statement(database, &one)).await?)?.pop())
}

/// Reads rows in the order of their ids, so many from the first behind an id; they may make no
/// sense.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn rows_behind(
    database: &Database,
    behind: i64,
    limit: u64,
) -> Result<Vec<Model>, Fault> {
    let page = Entity::find().filter(Column::Id.gt(behind)).order_by_asc(Column::Id).limit(limit);
    let rows = read(database, statement(database, &page.into_query())).await?.rows;
    let rows: Result<Vec<Model>, _> =
        rows.iter().map(|row| Model::from_query_result(row, "")).collect();
    Ok(rows?)
}

pub(super) fn statement(database: &Database, query: &SelectStatement) -> Statement {
    database.dialect().backend().build(query)
}

/// Writes a seal.
///
/// # Errors
///
/// [`Fault`] when the database fails, as a duplicate if there is a seal of this id.
pub(super) async fn insert(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    signed: &SignedSeal,
) -> Result<(), Fault> {
    let seal = &signed.seal;
    let mut columns = vec![
        (Column::Id, Expr::value(seal.id.0)),
        (Column::SealedAt, Expr::value(dialect.instant(seal.sealed_at))),
        (Column::SkuCount, Expr::value(seal.sku_count)),
        (Column::LastFlowId, Expr::value(seal.last_flow_id.0)),
        (Column::MerkleRoot, Expr::value(seal.merkle_root.0.to_vec())),
        (Column::PreviousHash, Expr::value(seal.previous_hash.0.to_vec())),
    ];
    if let Some(by) = &signed.signature {
        columns.push((Column::PublicKey, Expr::value(by.public_key.to_vec())));
        columns.push((Column::Signature, Expr::value(by.signature.to_vec())));
    }
    let (columns, values): (Vec<Column>, Vec<Expr>) = columns.into_iter().unzip();
    let mut insert = Query::insert().into_table(Entity).columns(columns).to_owned();
    insert.values_panic(values);
    transaction.execute_raw(dialect.backend().build(&insert)).await?;
    Ok(())
}

/// Writes the ends of chains in a seal.
///
/// # Errors
///
/// [`Fault`] when the database fails.
pub(super) async fn insert_heads(
    transaction: &DatabaseTransaction,
    dialect: Dialect,
    seal_id: SealId,
    heads: &[SealHead],
) -> Result<(), Fault> {
    for heads in heads.chunks(ROWS_MAX) {
        let numbers = |of: fn(&SealHead) -> i64| Cells::Integers(heads.iter().map(of).collect());
        let table = Table::of_integers("sku_id", heads.iter().map(|head| head.sku_id.0))
            .with("sequence", numbers(|head| head.sequence))
            .with("flow_id", numbers(|head| head.flow_id.0))
            .with("head", Cells::Bytes(heads.iter().map(|head| head.hash.0).collect()));
        let rows = table.sql(dialect, 1);
        let head = match dialect {
            Dialect::MariaDb | Dialect::MySql => "UNHEX(c.head)",
            Dialect::Sqlite | Dialect::Postgres => "c.head",
        };
        let sql = format!(
            "INSERT INTO t_inventory_seal_head (sku_id, seal_id, sequence, flow_id, chain_head) \
             SELECT c.sku_id, {seal_id}, c.sequence, c.flow_id, {head} FROM {rows}"
        );
        let values = table.into_values(dialect)?;
        let insert = Statement::from_sql_and_values(dialect.backend(), sql, values);
        transaction.execute_raw(insert).await?;
    }
    Ok(())
}

/// A hash as a column has it. What is none, which no version of the server writes, is none that any
/// entry has.
pub(super) fn hash(bytes: Option<Vec<u8>>) -> Hash {
    bytes.and_then(|bytes| bytes.as_slice().try_into().ok()).unwrap_or(Hash::NOTHING)
}
