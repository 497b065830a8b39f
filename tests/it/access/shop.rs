//! The API over a test's database, asked in the name of any caller.

use std::time::Duration;

use async_graphql::{Request, Variables};
use serde_json::{Value, json};
use stockflow::audit::export::Format;
use stockflow::auth::{Caller, Scope, Scopes};
use stockflow::cache::{CacheMetrics, CacheSettings, StockCache};
use stockflow::db::Database;
use stockflow::domain::{Clock, MerchantId, Visibility};
use stockflow::graphql::{
    self, ExecuteOptions, Executed, ExportOptions, GraphqlMetrics, ReadTokens, Schema,
    SchemaSettings,
};
use stockflow::ledger::{Ledger, LedgerMetrics, LedgerSettings};
use stockflow::store::Store;

use crate::support::{Answer, TestDatabase, ledger};

/// A caller who sees one merchant's books, or everybody's.
pub fn caller(name: &str, merchant_id: Option<i64>, scopes: &[Scope]) -> Caller {
    let visibility = merchant_id.map(MerchantId).map_or(Visibility::All, Visibility::Only);
    Caller::user(name, visibility, scopes.iter().copied().collect()).unwrap()
}

/// One who may do everything, for a merchant or for everybody.
pub fn trusted(name: &str, merchant_id: Option<i64>) -> Caller {
    let all: Vec<Scope> = Scopes::all().iter().collect();
    caller(name, merchant_id, &all)
}

/// The API, with copies of amounts in memory.
pub struct Shop {
    pub database: Database,
    schema: Schema,
}

impl Shop {
    pub async fn over(database: &TestDatabase) -> Self {
        Self::new(database.connect().await)
    }

    pub fn new(database: Database) -> Self {
        Self::with_settings(database, SchemaSettings::default())
    }

    pub fn with_settings(database: Database, settings: SchemaSettings) -> Self {
        Self::start(database, settings, &CacheSettings::default(), ledger::settings())
    }

    /// Copies are as good as new however slow the machine is: which statements are asked depends on
    /// nothing but the question.
    pub async fn with_lasting_copies(database: &TestDatabase) -> Self {
        let lasting = Duration::from_mins(10);
        let cache = CacheSettings { age_max: lasting, ..CacheSettings::default() };
        let ledger = LedgerSettings { early_refusal_age_max: lasting, ..ledger::settings() };
        Self::start(database.connect().await, SchemaSettings::default(), &cache, ledger)
    }

    fn start(
        database: Database,
        settings: SchemaSettings,
        cache: &CacheSettings,
        of_ledger: LedgerSettings,
    ) -> Self {
        let cache = StockCache::in_process(cache, CacheMetrics::new());
        let (ledger, _lanes) = Ledger::start(
            database.clone(),
            cache.clone(),
            of_ledger,
            Clock::system(),
            LedgerMetrics::new(),
        )
        .unwrap();
        let schema = graphql::build_schema(
            Store::new(database.clone(), cache),
            ledger,
            settings,
            GraphqlMetrics::default(),
        );
        Self { database, schema }
    }

    /// Asks a question, or has something changed.
    pub async fn ask(&self, caller: &Caller, query: &str, variables: Value) -> Answer {
        self.ask_after(caller, "", query, variables).await
    }

    /// The same of what is as new as a token; the answer tells its source as it would by HTTP.
    pub async fn ask_after(
        &self,
        caller: &Caller,
        token: &str,
        query: &str,
        variables: Value,
    ) -> Answer {
        let request = Request::new(query).variables(Variables::from_json(variables));
        let options = ExecuteOptions {
            caller: caller.clone(),
            request_id: "test".to_owned(),
            allow_mutations: true,
            read_tokens: ReadTokens::parse([token]).unwrap(),
            answer_by: None,
        };
        let Executed { response, read, .. } =
            graphql::execute(&self.schema, request, options).await;
        let mut answer = serde_json::to_value(&response).unwrap();
        answer["extensions"]["read"] = json!(read.map(|read| json!({ "source": read.source() })));
        Answer(answer)
    }

    /// The whole of an export in JSON Lines, or the error that it is refused with.
    pub async fn export(
        &self,
        caller: &Caller,
        parameters: &[(&str, &str)],
    ) -> Result<String, Value> {
        let options = ExportOptions {
            caller: caller.clone(),
            request_id: "test".to_owned(),
            parameters: parameters
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
            format: Format::JsonLines,
            page_time_max: Duration::from_secs(30),
        };
        let mut export = graphql::begin_export(&self.schema, options)
            .await
            .map_err(|refused| serde_json::to_value(&refused.error).unwrap())?;
        let mut bytes = Vec::new();
        while let Some(piece) = export.next().await {
            bytes.extend(piece.unwrap());
        }
        Ok(String::from_utf8(bytes).unwrap())
    }

    /// Carries a mutation out that is not refused, and answers the field.
    pub async fn mutate(&self, caller: &Caller, mutation: &str, input: Value) -> Value {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!(
            "mutation($input: {kind}!) {{ {mutation}(input: $input) \
             {{ flow {{ id }} userErrors {{ code message }} }} }}"
        );
        let answer = self.ask(caller, &query, json!({ "input": input })).await;
        let payload = answer.at(&format!("/data/{mutation}")).clone();
        assert_eq!(payload["userErrors"], json!([]), "{}", answer.0);
        payload
    }
}
