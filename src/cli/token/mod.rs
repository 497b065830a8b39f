//! `stockflow token`: makes, lists and revokes the keys by which programs say who they are.
//!
//! A key goes to stdout, alone and once; everything that is said about it goes to stderr, so that
//! it can be put where it belongs by a redirection. None is ever taken from the command line, which
//! others on the machine can read.

mod arguments;
mod table;

use std::process::ExitCode;

use super::arguments::SourceArguments;
use super::{Failure, output, start};
use crate::auth::api_key::{
    CreateError, KeyId, KeyRegister, NewKey, PREFIX, RegisteredKey, Revocation,
};
use crate::config::{Flags, Settings};
use crate::db::{Database, Fault};
use crate::domain::Clock;

pub(super) use arguments::Token;
use arguments::{Create, List};

/// Does what `token` says.
///
/// # Errors
///
/// [`Failure`] when the settings, the database or the wish itself stand in the way.
pub(super) async fn run(sources: &SourceArguments, token: Token) -> Result<ExitCode, Failure> {
    let settings = start::settings(sources, Flags::default())?;
    let clock = Clock::system();
    let database = start::open(&settings).await?;
    let register = KeyRegister::new(database.clone(), clock.clone());
    let done = match token {
        Token::Create(wish) => create(&register, &clock, &settings, wish).await,
        Token::List(List { json }) => list(&register, json).await,
        Token::Revoke(wish) => revoke(&register, &settings, &wish.id).await,
    };
    close(database, done).await
}

async fn close(database: Database, done: Result<ExitCode, Failure>) -> Result<ExitCode, Failure> {
    start::close(database).await;
    done
}

async fn create(
    register: &KeyRegister,
    clock: &Clock,
    settings: &Settings,
    wish: Create,
) -> Result<ExitCode, Failure> {
    let expires_at = wish.expires_in.map(|after| after.from(clock.now())).transpose();
    let new = NewKey {
        label: wish.label,
        visibility: wish.merchant.into(),
        scopes: wish.scopes.into_iter().collect(),
        expires_at: expires_at.map_err(|error| Failure::new(format!("--expires-in {error}")))?,
    };
    let key = register.create(&new).await.map_err(|error| refused(&error))?;
    let until = new
        .expires_at
        .map_or("until it is revoked".to_owned(), |at| format!("until {}", table::instant(at)));
    output::note(&format!(
        "This is the key {PREFIX}{} of {:?}, good {until}. It is shown this once: only its hash is \
         kept. Send it as Authorization: Bearer KEY.",
        key.id, new.label
    ));
    if !settings.auth.api_keys {
        output::note(
            "The settings here say auth.api_keys = false: servers take keys once it is true.",
        );
    }
    output::line(key.expose());
    Ok(ExitCode::SUCCESS)
}

fn refused(error: &CreateError) -> Failure {
    match error {
        CreateError::Label(_) => Failure::new(format!("{error}; name another with --label")),
        CreateError::OtherMerchant(_) => Failure::new(format!(
            "{error}: keys of one label are one client's, who is told what it did before under a \
             key that it used before. Choose another --label."
        )),
        CreateError::Database(_) | CreateError::Random(_) => {
            Failure::broke("the key could not be made", error)
        }
    }
}

async fn list(register: &KeyRegister, json: bool) -> Result<ExitCode, Failure> {
    let keys = register.list().await.map_err(|fault| silent(&fault))?;
    output::line(&if json { table::json(&keys) } else { table::text(&keys) });
    Ok(ExitCode::SUCCESS)
}

async fn revoke(
    register: &KeyRegister,
    settings: &Settings,
    id: &str,
) -> Result<ExitCode, Failure> {
    // What is no id may be a whole key, so it is not repeated.
    let wrong = |error| Failure::new(format!("what was given {error}, as `token list` shows it"));
    let id: KeyId = id.strip_prefix(PREFIX).unwrap_or(id).parse().map_err(wrong)?;
    match register.revoke(id).await.map_err(|fault| silent(&fault))? {
        Revocation::Done => {
            let within = settings.auth.api_key_cache.as_millis();
            output::line(&format!("{id} is revoked; servers refuse it within {within} ms"));
            Ok(ExitCode::SUCCESS)
        }
        Revocation::Before(at) => {
            output::line(&format!("{id} was revoked before, at {}", table::instant(at)));
            Ok(ExitCode::SUCCESS)
        }
        Revocation::Unknown => {
            Err(Failure::new(format!("there is no key {id}; `stockflow token list` shows them")))
        }
    }
}

fn silent(fault: &Fault) -> Failure {
    Failure::broke("the database does not tell", fault)
}

/// For whom a key is, as it is shown.
fn merchant(key: &RegisteredKey) -> Option<String> {
    key.visibility.only().map(|merchant| merchant.to_string())
}
