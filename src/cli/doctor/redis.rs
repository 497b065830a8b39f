//! Redis: whether it answers, is what the settings say, and can keep copies.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use redis::{Client, RedisError, cmd};
use tokio::time::timeout;

use super::finding::Finding;
use super::{CONNECT_MAX, Scene};
use crate::config::url_shown;

/// Pings by which it is told how long it takes.
const PINGS: usize = 5;

pub(super) async fn check(scene: &Scene) -> Vec<Finding> {
    let section = &scene.settings.cache;
    let is_cluster = section.redis_cluster || section.redis_urls.len() > 1;
    let mut findings = Vec::new();
    for url in &section.redis_urls {
        let shown = url_shown(url);
        match timeout(CONNECT_MAX, look(url)).await {
            Ok(Ok(facts)) => {
                findings.extend(judge(&shown, &facts, is_cluster, section.redis_timeout));
            }
            Ok(Err(error)) => findings.push(Finding::fail(
                format!("{shown}: {}", cause(&error, url, &shown)),
                "see that it runs and that address, user and password are right; without it each \
                 server has copies of its own",
            )),
            Err(_elapsed) => findings.push(Finding::fail(
                format!("{shown} gives no answer within {} s", CONNECT_MAX.as_secs()),
                "see that it runs; without it each server has copies of its own",
            )),
        }
    }
    findings
}

/// What was asked of it.
struct Facts {
    /// What it tells of itself, by name.
    info: BTreeMap<String, String>,
    /// The longest of some pings.
    slowest: Duration,
}

async fn look(url: &str) -> Result<Facts, RedisError> {
    let mut connection = Client::open(url)?.get_multiplexed_async_connection().await?;
    let mut slowest = Duration::ZERO;
    for _ping in 0..PINGS {
        let asked = Instant::now();
        cmd("PING").query_async::<()>(&mut connection).await?;
        slowest = slowest.max(asked.elapsed());
    }
    let told: String = cmd("INFO").query_async(&mut connection).await?;
    let pair = |line: &str| {
        let (name, value) = line.trim().split_once(':')?;
        Some((name.to_owned(), value.to_owned()))
    };
    Ok(Facts { info: told.lines().filter_map(pair).collect(), slowest })
}

fn judge(url: &str, facts: &Facts, is_cluster: bool, time_max: Duration) -> Vec<Finding> {
    let told = |name: &str| facts.info.get(name).map_or("", String::as_str);
    let mut findings = Vec::new();
    let mode = told("redis_mode");
    if (mode == "cluster") != is_cluster {
        let configured = if is_cluster { "a cluster" } else { "a single server" };
        findings.push(Finding::fail(
            format!("{url} is of mode {mode}, and the settings say that it is {configured}"),
            "set cache.redis_cluster, or name one URL alone for a single server",
        ));
    }
    if told("role") == "slave" && !is_cluster {
        findings.push(Finding::fail(
            format!("{url} is a replica, which takes no copies"),
            "name its primary by cache.redis_urls",
        ));
    }
    if !matches!(told("maxmemory"), "" | "0") && told("maxmemory_policy") == "noeviction" {
        findings.push(Finding::warn(
            format!("{url} fills up: maxmemory is set, and its policy is noeviction"),
            "CONFIG SET maxmemory-policy allkeys-lru, and in its configuration; copies that it does \
             not take are asked of the database",
        ));
    }
    if facts.slowest > time_max {
        findings.push(Finding::warn(
            format!(
                "{url} took {} ms to answer a ping, more than cache.redis_timeout_ms ({})",
                facts.slowest.as_millis(),
                time_max.as_millis()
            ),
            "bring it nearer, or raise cache.redis_timeout_ms",
        ));
    }
    if findings.is_empty() {
        findings.push(Finding::ok(format!(
            "Redis {} ({mode}) at {url}, {:.1} ms a ping at the most",
            told("redis_version"),
            facts.slowest.as_secs_f64() * 1_000.0
        )));
    }
    findings
}

/// What the library says, which may repeat the URL.
fn cause(error: &RedisError, url: &str, shown: &str) -> String {
    error.to_string().replace(url, shown)
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn a_redis_that_cannot_keep_copies_is_told() {
        let slow = Duration::from_millis(21);
        for (pairs, is_cluster, slowest, level) in [
            (
                &[("redis_mode", "standalone"), ("maxmemory", "0")][..],
                false,
                Duration::ZERO,
                Level::Ok,
            ),
            (&[("redis_mode", "cluster")], true, Duration::ZERO, Level::Ok),
            (&[("redis_mode", "cluster")], false, Duration::ZERO, Level::Fail),
            (&[("redis_mode", "standalone")], true, Duration::ZERO, Level::Fail),
            (
                &[("redis_mode", "standalone"), ("role", "slave")],
                false,
                Duration::ZERO,
                Level::Fail,
            ),
            (
                &[("maxmemory", "9"), ("maxmemory_policy", "noeviction")],
                false,
                Duration::ZERO,
                Level::Warn,
            ),
            (
                &[("maxmemory", "9"), ("maxmemory_policy", "allkeys-lru")],
                false,
                Duration::ZERO,
                Level::Ok,
            ),
            (&[], false, slow, Level::Warn),
        ] {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let facts = Facts { info: pairs.iter().map(owned).collect(), slowest };
            let found = judge("url", &facts, is_cluster, Duration::from_millis(20));
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found.iter().all(|finding| finding.level == level), "{found:?}");
        }
    }
}
