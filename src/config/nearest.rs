//! Which setting somebody may have meant who named one that there is not.

use std::collections::BTreeSet;

use strsim::damerau_levenshtein;

/// Names shorter than this are near to too many others.
const LETTERS_MIN: usize = 4;

/// The setting that is spelled nearly like `key`; otherwise one of nearly the same name in another
/// section.
pub(super) fn setting<'a>(key: &str, known: &'a BTreeSet<String>) -> Option<&'a str> {
    let all = || known.iter().map(String::as_str);
    let whole = near(key, all().map(|one| (one, one)));
    whole.or_else(|| near(name(key), all().map(|one| (name(one), one))))
}

/// The variable that is spelled nearly like `name`.
pub(super) fn variable(
    name: &str,
    known: impl IntoIterator<Item = &'static str>,
) -> Option<&'static str> {
    let same_prefix = |one: &'static str| (one.strip_prefix("STOCKFLOW_").unwrap_or(one), one);
    near(name.strip_prefix("STOCKFLOW_")?, known.into_iter().map(same_prefix))
}

/// What stands behind the nearest spelling, if that is near enough: one letter in five may be wrong.
fn near<'a>(said: &str, known: impl Iterator<Item = (&'a str, &'a str)>) -> Option<&'a str> {
    let letters = said.chars().count();
    let distance_max = if letters < LETTERS_MIN { 0 } else { letters.div_ceil(5).min(3) };
    known
        .map(|(spelled, meant)| (damerau_levenshtein(said, spelled), meant))
        .filter(|(distance, _meant)| *distance <= distance_max)
        .min()
        .map(|(_distance, meant)| meant)
}

/// The key without its section.
fn name(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(_section, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_enough_is_found_and_nothing_else() {
        let known = ["ledger.queue_max", "ledger.batch_max", "log.format", "database.url"];
        let known: BTreeSet<String> = known.map(str::to_owned).into();
        for (key, meant) in [
            ("ledger.queue_mx", Some("ledger.queue_max")),
            ("ledgr.queue_max", Some("ledger.queue_max")),
            ("ledger.queuemax", Some("ledger.queue_max")),
            ("log.fromat", Some("log.format")),
            // The wrong section, or none.
            ("server.queue_max", Some("ledger.queue_max")),
            ("database.bach_max", Some("ledger.batch_max")),
            ("server.url", Some("database.url")),
            ("format", Some("log.format")),
            // Nothing like it.
            ("ledger.colour", None),
            ("server.uri", None),
            ("extra.x", None),
            ("x", None),
        ] {
            assert_eq!(setting(key, &known), meant, "{key}");
        }
    }

    #[test]
    fn a_variable_is_compared_without_what_all_begin_with() {
        let known = ["STOCKFLOW_LISTEN", "STOCKFLOW_REDIS_URLS"];
        for (name, meant) in [
            ("STOCKFLOW_LISTN", Some("STOCKFLOW_LISTEN")),
            ("STOCKFLOW_REDIS_URL", Some("STOCKFLOW_REDIS_URLS")),
            ("STOCKFLOW_TOKEN", None),
            ("STOCKFLOW_TEST_LANES", None),
        ] {
            assert_eq!(variable(name, known), meant, "{name}");
        }
    }
}
