//! `stockflow migrate`: changes the tables, or tells how they stand.

use std::process::ExitCode;

use super::arguments::{Migrate, SourceArguments};
use super::{Failure, output, start};
use crate::config::Flags;

/// Does what `migrate` says.
///
/// # Errors
///
/// [`Failure`] when the settings, the database or a step stand in the way.
pub(super) async fn run(sources: &SourceArguments, migrate: Migrate) -> Result<ExitCode, Failure> {
    if let Migrate::Down { steps, yes: false } = migrate {
        return Err(Failure::new(format!(
            "migrate down takes back the last {steps} step(s) together with the data in those \
             tables; if you mean it, say so with --yes"
        )));
    }
    let settings = start::settings(sources, Flags::default())?;
    let database = start::connect(&settings).await?;
    let failed = |error| Failure::broke("the tables could not be migrated", &error);
    match migrate {
        Migrate::Up => {
            let taken = start::migrate(&database).await?;
            output::line(&format!("{taken} step(s) taken; the tables are up to date"));
        }
        Migrate::Down { steps, yes: _ } => {
            database.migrate_down(steps).await.map_err(failed)?;
            output::line(&format!("the last {steps} step(s) were taken back"));
        }
        Migrate::Status => {
            let migrations = database
                .migrations()
                .await
                .map_err(|error| Failure::broke("the database does not tell", &error))?;
            for migration in migrations {
                let state = if migration.applied { "applied" } else { "pending" };
                output::line(&format!("{state}  {}", migration.name));
            }
        }
    }
    start::close(database).await;
    Ok(ExitCode::SUCCESS)
}
