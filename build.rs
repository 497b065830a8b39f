//! Builds what the server shows in a browser, `GraphiQL` at `/` and the console at `/console`, and
//! hands it to `src/http/page.rs`.
//!
//! It is a small npm project in `web/`. It is copied into cargo's output directory and built
//! there, so that the checkout stays as it is and may be read-only. Where npm is missing or fails,
//! the server gets `web/cdn/` instead, which loads `GraphiQL` from a public CDN, and cargo says so.
//!
//! `STOCKFLOW_WEB` decides otherwise: `bundled` makes a failure an error; `cdn` does without npm.

use std::{
    collections::hash_map::DefaultHasher,
    env,
    error::Error,
    fmt::Write as _,
    fs,
    hash::{Hash, Hasher},
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What the pages are made of, below `web/`. The browser tests beside them are none of it.
const SOURCES: [&str; 8] = [
    ".npmrc",
    "console",
    "index.html",
    "package.json",
    "package-lock.json",
    "src",
    "tsconfig.json",
    "vite.config.js",
];

fn main() -> Result<()> {
    println!("cargo::rerun-if-env-changed=STOCKFLOW_WEB");
    println!("cargo::rerun-if-changed=build.rs");
    for source in SOURCES.iter().chain(&["cdn"]) {
        println!("cargo::rerun-if-changed=web/{source}");
    }
    println!("cargo::rustc-check-cfg=cfg(page_from_cdn)");

    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let page = out.join("page");
    let choice = env::var("STOCKFLOW_WEB").unwrap_or_default();
    let missing = match choice.as_str() {
        "bundled" => bundle(&out, &page).map(|()| None)?,
        "" => bundle(&out, &page).err().map(|error| error.to_string()),
        "cdn" => Some("STOCKFLOW_WEB is cdn".to_owned()),
        other => return Err(format!("STOCKFLOW_WEB is {other:?}: say bundled or cdn").into()),
    };
    if let Some(reason) = missing {
        println!(
            "cargo::warning=there is no console, and the page at / loads GraphiQL from a CDN, so needs the internet: {reason}"
        );
        println!("cargo::rustc-cfg=page_from_cdn");
        replace(Path::new("web/cdn"), &page)?;
    }
    Ok(fs::write(out.join("assets.rs"), table(&page)?)?)
}

/// Builds the npm project into `page`.
fn bundle(out: &Path, page: &Path) -> Result<()> {
    let web = out.join("web");
    fs::create_dir_all(&web)?;
    for source in SOURCES {
        replace(&Path::new("web").join(source), &web.join(source))?;
    }
    // Installed once for every lock file: the mark is written after npm has succeeded, and npm
    // removes it together with everything else when it begins again.
    let installed = web.join("node_modules/.stockflow-lock");
    let lock = fs::read(web.join("package-lock.json"))?;
    if fs::read(&installed).ok().as_ref() != Some(&lock) {
        // Without the tests' dependencies, and without running scripts of packages.
        npm(&web, page, &["ci", "--omit=dev", "--ignore-scripts", "--prefer-offline"])?;
        fs::write(&installed, &lock)?;
    }
    npm(&web, page, &["run", "build"])
}

/// Runs npm in `web`, silently unless it fails.
fn npm(web: &Path, page: &Path, arguments: &[&str]) -> Result<()> {
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let run = Command::new(name)
        .args(arguments)
        .current_dir(web)
        .env("STOCKFLOW_WEB_OUT", page)
        .env("NO_COLOR", "1")
        .output();
    let output = match run {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err("npm is missing".into()),
        other => other?,
    };
    if output.status.success() {
        return Ok(());
    }
    // A warning of cargo's is one line; these are the lines that say most.
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let lines = said.lines().map(str::trim).filter(|line| line.contains("rror"));
    let reason = lines.take(3).collect::<Vec<_>>().join(" | ");
    Err(format!("`npm {}` failed: {reason}", arguments.join(" ")).into())
}

/// The Rust expression that `src/http/page.rs` includes: one `Asset` for every file of the page.
fn table(page: &Path) -> Result<String> {
    let mut files = Vec::new();
    list(page, &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in files.iter().filter(|file| file.extension().is_none_or(|it| it != "gz")) {
        let name = file.strip_prefix(page)?.to_str().ok_or("a file name is not UTF-8")?;
        let name = name.replace('\\', "/");
        let route = name.strip_suffix("index.html").unwrap_or(&name).trim_end_matches('/');
        let mut hasher = DefaultHasher::new();
        fs::read(file)?.hash(&mut hasher);
        let packed = file.with_file_name(format!(
            "{}.gz",
            file.file_name().and_then(|it| it.to_str()).unwrap_or_default()
        ));
        let gzip = if packed.exists() {
            format!("Some(include_bytes!(\"page/{name}.gz\"))")
        } else {
            "None".to_owned()
        };
        writeln!(
            code,
            "Asset {{ path: \"/{route}\", content_type: {:?}, etag: r#\"W/\"{:016x}\"\"#, \
             identity: include_bytes!(\"page/{name}\"), gzip: {gzip} }},",
            content_type(&name)?,
            hasher.finish(),
        )?;
    }
    code.push(']');
    Ok(code)
}

fn content_type(name: &str) -> Result<&'static str> {
    Ok(match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ttf") => "font/ttf",
        Some("woff2") => "font/woff2",
        _ => return Err(format!("build.rs knows no content type for {name}").into()),
    })
}

fn list(directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() { list(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// Makes `to` a copy of the file or directory `from`, with nothing left of what it was.
fn replace(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        return copy(from, to);
    }
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    let mut files = Vec::new();
    list(from, &mut files)?;
    for file in files {
        let target = to.join(file.strip_prefix(from)?);
        fs::create_dir_all(target.parent().ok_or("a file is in a directory")?)?;
        copy(&file, &target)?;
    }
    Ok(())
}

/// Copies the contents without the permissions: a copy of a read-only file is written again later.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).map_err(|error| format!("{}: {error}", from.display()))?;
    Ok(fs::write(to, bytes)?)
}
