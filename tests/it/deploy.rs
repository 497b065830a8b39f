//! What in `deploy` repeats something of the program agrees with it.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use stockflow::config::{Settings, Sources, load};

use crate::metrics::{is_registered, sources};

/// What the ledger, the pools and the runtime may take at the most once requests were cut off.
const AFTER_SHUTDOWN_S: u64 = 22;

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The number behind a key.
fn number(text: &str, key: &str) -> u64 {
    let rest = text.split(key).nth(1).unwrap();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

#[test]
fn alerts_ask_for_metrics_that_there_are() {
    let alerts = text("deploy/alerts.yml");
    let names: Vec<&str> = alerts
        .split(|sign: char| sign != '_' && !sign.is_ascii_lowercase())
        .filter(|word| word.starts_with("stockflow_"))
        .collect();
    assert!(names.len() > 8, "{names:?}");
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    for name in names {
        // What is told of a histogram besides its name.
        let name = name.trim_end_matches("_bucket");
        assert!(is_registered(&sources, name), "no {name} is registered");
    }
}

#[test]
fn whoever_stops_the_server_has_more_patience_than_it_needs() {
    let settings = load(&Sources::default()).unwrap();
    let stopping = settings.server.drain_delay * 2 + settings.server.shutdown_timeout;
    let needs = stopping.as_secs() + AFTER_SHUTDOWN_S;
    assert!(number(&text("deploy/stockflow.service"), "TimeoutStopSec=") >= needs);
    assert!(number(&text("deploy/compose.yaml"), "stop_grace_period: ") >= needs);
}

#[test]
fn what_the_files_set_are_settings() {
    for path in ["deploy/Dockerfile", "deploy/compose.yaml", "deploy/stockflow.service"] {
        let text = text(path);
        let names = text.split(|sign: char| sign != '_' && !sign.is_ascii_alphanumeric());
        let variables =
            names.filter(|word| word.starts_with("STOCKFLOW_") && *word != "STOCKFLOW_WEB");
        // A value of any kind tells the unknown from the wrong.
        let environment = variables
            .filter(|name| *name != "STOCKFLOW_CONFIG")
            .map(|name| (name.to_owned(), "x".to_owned()))
            .collect();
        let told = load(&Sources { environment, ..Sources::default() });
        let told = told.map_or_else(|faults| faults.to_string(), |_settings| String::new());
        assert!(!told.contains("there is no such"), "{path}: {told}");
    }
}

/// Every secret of a folder, with who may read it.
fn secrets(deploy: &Path) -> BTreeMap<String, (u32, String)> {
    let files = std::fs::read_dir(deploy.join("secrets")).unwrap().map(|file| file.unwrap());
    files
        .map(|file| {
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            let text = std::fs::read_to_string(file.path()).unwrap();
            (file.file_name().into_string().unwrap(), (mode, text))
        })
        .collect()
}

#[test]
fn secrets_are_made_once_and_what_somebody_changed_is_left() {
    let deploy = tempfile::tempdir().unwrap();
    let script = deploy.path().join("make-secrets");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/make-secrets"), &script)
        .unwrap();
    // Answers what it says.
    let make = || {
        let output = Command::new("sh").arg(&script).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{told}");
        told
    };
    assert_eq!(make(), "");
    let first = secrets(deploy.path());
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    let all = ["owner", "owner.toml", "reader", "replication", "root", "server", "server.toml"];
    assert_eq!(names, all);
    assert!(first.values().all(|(mode, text)| *mode == 0o444 && !text.is_empty()), "{first:?}");
    let folder = std::fs::metadata(deploy.path().join("secrets")).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    assert_eq!(make(), "");
    assert_eq!(secrets(deploy.path()), first);

    let settings = |name: &str| -> Settings {
        let file = Some(deploy.path().join("secrets").join(name));
        load(&Sources { file, ..Sources::default() }).unwrap()
    };
    // Whoever makes a key with the owner's settings is not told that nobody takes it.
    for name in ["owner", "server"] {
        let settings = settings(&format!("{name}.toml"));
        assert!(settings.auth.api_keys, "{name}");
        assert!(settings.database.url.contains(&first[name].1), "{name}");
    }

    // Somebody changes the settings, and loses a password.
    let changed = deploy.path().join("secrets/server.toml");
    let text = first["server.toml"].1.clone() + "\n[ledger]\nlanes = 4\n";
    std::fs::remove_file(&changed).unwrap();
    std::fs::write(&changed, &text).unwrap();
    std::fs::remove_file(deploy.path().join("secrets/owner")).unwrap();
    let told = make();
    assert!(
        told.contains("owner.toml has another password") && told.lines().count() == 1,
        "{told}"
    );
    let after = secrets(deploy.path());
    assert_eq!(after["server.toml"].1, text);
    assert_ne!(after["owner"].1, first["owner"].1);
    for name in ["owner.toml", "reader", "replication", "root", "server"] {
        assert_eq!(after[name], first[name], "{name}");
    }
}
