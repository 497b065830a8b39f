//! `stockflow doctor`: looks at everything that the server depends on, and says what to do.
//!
//! One file a check; [`CHECKS`] lists them in the order in which they are told. A check answers
//! [`Finding`]s, changes nothing, and is given up when its time is over, so that nothing can hang.
//! What a check needs of the settings and of the primary is in [`Scene`]; without a primary those
//! that need it are not run.

mod auth;
mod books;
mod clock;
mod connections;
mod durability;
mod files;
mod finding;
mod listen;
mod primary;
mod redis;
mod replicas;
mod report;
mod rights;
mod session;
mod tables;

use std::process::ExitCode;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::time::timeout;

use super::arguments::{DoctorArguments, ServeArguments, SourceArguments};
use super::{Failure, config, start};
use crate::config::Settings;
use crate::db::{DatabaseSettings, Fault, Inspection};
use finding::Finding;
use report::Report;

/// How long a connection may take.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// How long a check may take that asks some questions.
const CHECK_MAX: Duration = Duration::from_secs(10);

/// How long one may take that reads rows, or goes to several servers.
const LONG_CHECK_MAX: Duration = Duration::from_secs(30);

/// What is checked, and how long it may take.
struct Check {
    name: &'static str,
    time_max: Duration,
    run: for<'a> fn(&'a Scene) -> BoxFuture<'a, Vec<Finding>>,
}

/// Every check besides those of the settings and of the way to the primary, which come first.
const CHECKS: [Check; 12] = [
    Check::new("files", CHECK_MAX, |scene| async { files::check(scene) }.boxed()),
    Check::new("durability", CHECK_MAX, |scene| durability::check(scene).boxed()),
    Check::new("session", CHECK_MAX, |scene| session::check(scene).boxed()),
    Check::new("connections", CHECK_MAX, |scene| connections::check(scene).boxed()),
    Check::new("tables", CHECK_MAX, |scene| tables::check(scene).boxed()),
    Check::new("rights", CHECK_MAX, |scene| rights::check(scene).boxed()),
    Check::new("clock", CHECK_MAX, |scene| clock::check(scene).boxed()),
    Check::new("books", LONG_CHECK_MAX, |scene| books::check(scene).boxed()),
    Check::new("replicas", LONG_CHECK_MAX, |scene| replicas::check(scene).boxed()),
    Check::new("redis", LONG_CHECK_MAX, |scene| redis::check(scene).boxed()),
    Check::new("auth", CHECK_MAX, |scene| auth::check(scene).boxed()),
    Check::new("listen", CHECK_MAX, |scene| listen::check(scene).boxed()),
];

impl Check {
    const fn new(
        name: &'static str,
        time_max: Duration,
        run: for<'a> fn(&'a Scene) -> BoxFuture<'a, Vec<Finding>>,
    ) -> Self {
        Self { name, time_max, run }
    }
}

/// What checks look at.
struct Scene {
    settings: Settings,
    database: DatabaseSettings,
    /// `None` if it cannot be reached, which was told, or is a file that is not there yet.
    primary: Option<Inspection>,
}

/// Checks everything, with the settings that serving with the same flags would have.
///
/// # Errors
///
/// None: what is wrong is told as a finding, and by the exit code.
pub(super) async fn run(
    sources: &SourceArguments,
    ahead: ServeArguments,
    arguments: DoctorArguments,
) -> Result<ExitCode, Failure> {
    let mut report = Report::new(arguments.json);
    match config::read(&config::said(sources, &[ahead, arguments.serve])).await {
        Ok((settings, effective)) => {
            report.add("settings", vec![Finding::ok(effective.count())]);
            examine(settings, &mut report).await;
        }
        Err(faults) => {
            let advice = "change it where it is said; `stockflow config show --defaults` explains \
                          every setting";
            let findings = faults.into_iter().map(|fault| Finding::fail(fault, advice));
            report.add("settings", findings.collect());
        }
    }
    Ok(report.end())
}

async fn examine(settings: Settings, report: &mut Report) {
    let mut database = start::database_settings(&settings).without_replicas();
    database.acquire_timeout = database.acquire_timeout.min(CONNECT_MAX);
    let opened = timeout(CHECK_MAX, primary::open(&database)).await;
    let (primary, findings) = opened.unwrap_or_else(|_elapsed| (None, vec![late(CHECK_MAX)]));
    report.add("primary", findings);
    let scene = Scene { settings, database, primary };
    for Check { name, time_max, run } in CHECKS {
        let found = timeout(time_max, run(&scene)).await;
        report.add(name, found.unwrap_or_else(|_elapsed| vec![late(time_max)]));
    }
}

fn late(time_max: Duration) -> Finding {
    Finding::fail(
        format!("there was no answer within {} s", time_max.as_secs()),
        "see whether the host is reachable, overloaded, or holds a lock for long",
    )
}

impl Scene {
    /// A finding of a question that the database did not answer.
    fn unanswered(&self, fault: &Fault) -> Finding {
        unanswered(&self.database, fault)
    }
}

/// The same of a database that need not be the primary. A driver may repeat the URL, password and
/// all.
fn unanswered(database: &DatabaseSettings, fault: &Fault) -> Finding {
    let cause = fault.source.to_string().replace(&database.url, &database.url_shown());
    Finding::fail(
        format!("the database does not tell: {cause}"),
        "see its own log for the cause, and the rights of its user",
    )
}
