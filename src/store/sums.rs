//! How the database adds entries up.

use sea_orm::sea_query::{Alias, Expr, SelectStatement};
use sea_orm::{DbErr, QueryResult};

use crate::db::Dialect;
use crate::domain::Totals;

/// What the columns of [`totals`] are made of.
const TOTALS: [(&str, &str); 3] = [
    ("entries", "COUNT(*)"),
    ("units_out", "SUM(CASE WHEN quantity_trade > 0 THEN quantity_trade ELSE 0 END)"),
    ("units_in", "SUM(CASE WHEN quantity_trade < 0 THEN -quantity_trade ELSE 0 END)"),
];

/// Whatever is spelled, as a whole number of 64 bits.
pub(super) fn big(dialect: Dialect, spelled: &str) -> Expr {
    Expr::cust(format!("CAST({spelled} AS {})", dialect.big_integer()))
}

/// Selects what the entries of each group come to.
pub(super) fn totals(select: &mut SelectStatement, dialect: Dialect) {
    for (name, sum) in TOTALS {
        select.expr_as(big(dialect, sum), Alias::new(name));
    }
}

/// Selects what all groups together come to, over `window`, beside what each does.
pub(super) fn totals_over(select: &mut SelectStatement, dialect: Dialect, window: &str) {
    for (name, _sum) in TOTALS {
        let sum = big(dialect, &format!("SUM({name}) OVER ({window})"));
        select.expr_as(sum, Alias::new(format!("all_{name}")));
    }
}

/// What a row tells of that, in the columns that begin with `prefix`.
///
/// # Errors
///
/// Those of the driver, when a column is not there.
pub(super) fn totals_of(row: &QueryResult, prefix: &str) -> Result<Totals, DbErr> {
    let number = |name: &str| -> Result<i64, DbErr> {
        let number: Option<i64> = row.try_get(prefix, name)?;
        Ok(number.unwrap_or_default())
    };
    Ok(Totals {
        entries: number("entries")?,
        units_out: number("units_out")?,
        units_in: number("units_in")?,
    })
}
