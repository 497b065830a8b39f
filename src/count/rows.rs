//! Turns rows into what they mean.

use entity::{inventory_count, inventory_count_observation};
use sea_orm::{FromQueryResult as _, QueryResult};

use crate::db::{Fault, Rows};
use crate::domain::{Count, CountId, CountStatus, MerchantId, Observation, ObservationId, SkuId};

/// A count that a row tells, and the fingerprint of the request that started it.
pub(super) fn count(row: &QueryResult) -> Result<(Count, Vec<u8>), Fault> {
    let row = inventory_count::Model::from_query_result(row, "")?;
    let corrupt = || Fault::corrupt(format!("t_inventory_count row {} is corrupt", row.id));
    let count = Count {
        id: CountId(row.id),
        merchant_id: MerchantId(row.merchant_id),
        status: CountStatus::from_code(row.status).ok_or_else(corrupt)?,
        blind: row.blind,
        of_listed_skus: row.of_listed_skus,
        sku_count: row.sku_count,
        revision: row.revision,
        reason: row.reason,
        started_at: row.started_at,
        started_by: row.started_by,
        closed_at: row.closed_at,
        closed_by: row.closed_by,
    };
    Ok((count, row.request_hash))
}

/// The counts that rows tell.
pub(super) fn counts(rows: &Rows) -> Result<Vec<Count>, Fault> {
    rows.rows.iter().map(|row| Ok(count(row)?.0)).collect()
}

/// An observation that a row tells.
pub(super) fn observation(row: &QueryResult) -> Result<Observation, Fault> {
    let row = inventory_count_observation::Model::from_query_result(row, "")?;
    let request_hash = row.request_hash.as_slice().try_into().map_err(|_length| {
        Fault::corrupt(format!("t_inventory_count_observation row {} is corrupt", row.id))
    })?;
    Ok(Observation {
        id: ObservationId(row.id),
        count_id: CountId(row.count_id),
        sku_id: SkuId(row.sku_id),
        quantity: row.quantity,
        version: row.version,
        leaved_after: row.leaved_after,
        counted_at: row.counted_at,
        recorded_at: row.recorded_at,
        actor: row.actor,
        idempotency_key: row.idempotency_key,
        request_hash,
    })
}
