//! What happens to the books is told as it happens: every entry once and in order, and the newest
//! amounts.

mod begins;
mod catch_up;
mod filters;
mod flows;
mod load;
mod settled;
mod stocks;
mod trouble;

use std::time::Duration;

use async_graphql::{Request, Variables};
use futures_util::{FutureExt as _, StreamExt as _};
use serde_json::{Value, json};
use stockflow::auth::{Caller, Scope, Scopes};
use stockflow::cache::{CacheMetrics, CacheSettings, StockCache};
use stockflow::db::Database;
use stockflow::domain::{Clock, Command, Flow, MerchantId, Visibility};
use stockflow::graphql::{
    self, Begun, ExecuteOptions, Executed, GraphqlMetrics, LiveAnswers, ReadTokens, Schema,
    SchemaSettings, Stage,
};
use stockflow::ledger::{Ledger, LedgerMetrics};
use stockflow::live::{Following, Live, LiveMetrics, LiveSettings};
use stockflow::store::Store;
use stockflow::telemetry::Metrics;

use crate::servers::until;
use crate::support::{TestDatabase, ledger, metric};

/// How long a test waits for what must be told.
const TOLD_WITHIN: Duration = Duration::from_mins(1);

/// Every entry.
const ALL: &str = "subscription { inventoryFlowAppended { cursor node { id skuId sequence } } }";

/// Every entry behind a cursor.
const AFTER: &str = "subscription($after: String, $where: InventoryFlowWhere) \
    { inventoryFlowAppended(after: $after, where: $where) { cursor node { id skuId sequence } } }";

/// The amounts of some SKUs.
const STOCKS: &str = "subscription($ids: [ID!]!) \
    { inventoryChanged(skuIds: $ids) { skuId leavedAmount version } }";

/// A server's books, without the server: who writes, who follows, and who asks.
pub struct Shop {
    pub database: Database,
    pub ledger: Ledger,
    pub schema: Schema,
    metrics: Metrics,
    following: Option<Following>,
}

impl Shop {
    pub async fn over(database: &TestDatabase) -> Self {
        Self::with(database.connect().await, LiveSettings::default())
    }

    pub fn with(database: Database, settings: LiveSettings) -> Self {
        let cache = StockCache::in_process(&CacheSettings::default(), CacheMetrics::new());
        let (ledger, _lanes) = Ledger::start(
            database.clone(),
            cache.clone(),
            ledger::settings(),
            Clock::system(),
            LedgerMetrics::new(),
        )
        .unwrap();
        let store = Store::new(database.clone(), cache);
        let (live_metrics, mut metrics) = (LiveMetrics::new(), Metrics::new());
        live_metrics.register(&mut metrics);
        let live = Live::new(store.clone(), settings, Clock::system(), live_metrics);
        let following = Some(live.follow());
        let schema = graphql::build_schema(
            store,
            ledger.clone(),
            SchemaSettings::default(),
            GraphqlMetrics::default(),
        )
        .following(live);
        Self { database, ledger, schema, metrics, following }
    }

    pub async fn begin(&self, caller: &Caller, query: &str, variables: Value) -> Begun {
        let request = Request::new(query).variables(Variables::from_json(variables));
        let options = ExecuteOptions {
            caller: caller.clone(),
            request_id: "test".to_owned(),
            allow_mutations: true,
            read_tokens: ReadTokens::default(),
            answer_by: None,
        };
        graphql::begin(&self.schema, request, options).await
    }

    /// Subscribes as one who may see everything.
    pub async fn subscribe(&self, query: &str, variables: Value) -> Told {
        self.subscribe_as(&everybody(), query, variables).await
    }

    pub async fn subscribe_as(&self, caller: &Caller, query: &str, variables: Value) -> Told {
        match self.begin(caller, query, variables).await {
            Begun::Live(answers) => Told(answers),
            Begun::Answered(executed) => panic!("{executed:?}"),
        }
    }

    /// What a subscription is refused with.
    pub async fn refused(&self, caller: &Caller, query: &str, variables: Value) -> Value {
        match self.begin(caller, query, variables).await {
            Begun::Answered(executed) => {
                assert_eq!(executed.stage, Stage::RequestError, "{executed:?}");
                let response = serde_json::to_value(&executed.response).unwrap();
                assert_eq!(response["data"], Value::Null);
                assert_eq!(response["errors"][0]["extensions"]["code"], executed.outcome);
                response["errors"][0].clone()
            }
            Begun::Live(_) => panic!("it was not refused: {query}"),
        }
    }

    /// Has a command carried out that is not refused.
    pub async fn submit(&self, command: Command) -> Flow {
        done(&self.ledger, command).await
    }

    pub fn metric(&self, name: &str) -> u64 {
        metric(&self.metrics.text(), &format!("stockflow_live_{name}"))
    }

    /// Waits until the follower has looked some times more.
    pub async fn looks(&self) {
        let before = self.metric("looks_total");
        until("it looks", async || self.metric("looks_total") >= before + 5).await;
    }

    pub async fn stop(&mut self) {
        self.following.take().unwrap().stop().await;
    }
}

pub async fn done(ledger: &Ledger, command: Command) -> Flow {
    ledger::done(ledger.submit(command).await.unwrap()).0.remove(0)
}

/// One who may do everything and see everybody's books.
pub fn everybody() -> Caller {
    let all: Vec<Scope> = Scopes::all().iter().collect();
    caller(None, &all)
}

pub fn caller(merchant_id: Option<i64>, scopes: &[Scope]) -> Caller {
    let visibility = merchant_id.map(MerchantId).map_or(Visibility::All, Visibility::Only);
    Caller::user("listener", visibility, scopes.iter().copied().collect()).unwrap()
}

/// What one subscription is told.
pub struct Told(LiveAnswers);

impl Told {
    /// The next answer, whatever it is.
    pub async fn answer(&mut self) -> Option<Executed> {
        tokio::time::timeout(TOLD_WITHIN, self.0.next()).await.expect("an answer in time")
    }

    /// The field of the next event.
    pub async fn next(&mut self) -> Value {
        let executed = self.answer().await.expect("an event");
        field(&executed)
    }

    /// The next event, if there is one now.
    pub fn now(&mut self) -> Option<Value> {
        self.0.next().now_or_never().map(|executed| field(&executed.expect("an event")))
    }

    /// The id of the next entry.
    pub async fn id(&mut self) -> i64 {
        id(&self.next().await)
    }

    /// The ids of the next entries.
    pub async fn ids(&mut self, count: usize) -> Vec<i64> {
        let mut ids = Vec::new();
        for _event in 0..count {
            ids.push(self.id().await);
        }
        ids
    }
}

/// The id of an entry that was told.
pub fn id(edge: &Value) -> i64 {
    edge["node"]["id"].as_str().unwrap_or_else(|| panic!("{edge}")).parse().unwrap()
}

fn field(executed: &Executed) -> Value {
    let response = serde_json::to_value(&executed.response).unwrap();
    assert!(executed.response.errors.is_empty(), "{response}");
    assert_eq!((executed.stage, executed.outcome), (Stage::Executed, "ok"));
    response["data"].as_object().unwrap().values().next().unwrap().clone()
}

/// Variables with which to go on behind a cursor.
pub fn after(cursor: &Value) -> Value {
    json!({ "after": cursor })
}
