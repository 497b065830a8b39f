//! From a token to what it opens: real tokens, shown to the real program, and what their bearers
//! then see and change by GraphQL.

use entity::{inventory, inventory_flow};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};

use super::api_keys::{self, ALL};
use super::issuer::claims_with;
use super::jwt::{SECRET, hs256};
use super::server::{start, start_with_jwts};
use crate::support::{Api, Kind, TestDatabase, code, codes, on_each_database};

/// How tokens are made: for whom, for a merchant or for all, with which scopes.
#[derive(Clone, Copy)]
enum Issuer<'a> {
    Keys(&'a TestDatabase),
    Jwts,
}

impl Issuer<'_> {
    /// A client who shows such a token.
    async fn client(self, api: &Api, name: &str, merchant: Option<i64>, scopes: &[&str]) -> Api {
        let token = match self {
            Self::Keys(database) => api_keys::create(database, name, merchant, scopes).await,
            Self::Jwts => {
                let mut claims = claims_with("sub", json!(name));
                claims["scope"] = json!(scopes.join(" "));
                claims["merchant_id"] = merchant.map_or(json!("*"), |id| json!(id));
                hs256(&claims, SECRET.as_bytes())
            }
        };
        api.with_token(&token)
    }
}

/// What each scope opens, and no other does. They are asked in this order, so that nothing that is
/// done before is in their way.
const DOORS: [(&str, &str); 4] = [
    ("stock:read", "{ inventory(skuId: 1001) { leavedAmount } }"),
    (
        "stock:write",
        "mutation { inventoryDeduct(input: {skuId: 1001, orderDetailId: \"o\", quantity: 1, \
         idempotencyKey: \"door\"}) { userErrors { code } } }",
    ),
    (
        "stock:manage",
        "mutation { inventoryReplenish(input: {skuId: 1001, quantity: 1, \
         idempotencyKey: \"door\"}) { userErrors { code } } }",
    ),
    ("audit:read", "{ inventoryFlows { nodes { id } } }"),
];

/// The stocks and the entries on the books, counted.
async fn on_the_books(database: &TestDatabase) -> (u64, u64) {
    let plain = database.plain().await;
    let stocks = inventory::Entity::find().count(&plain).await.unwrap();
    (stocks, inventory_flow::Entity::find().count(&plain).await.unwrap())
}

async fn each_scope_opens_its_fields_alone(api: &Api, issuer: Issuer<'_>, database: &TestDatabase) {
    let owner = issuer.client(api, "owner", None, &ALL).await;
    owner.create(1001, 10).await;
    for scope in ALL {
        let client = issuer.client(api, scope, None, &[scope]).await;
        for (opens, query) in DOORS {
            let before = on_the_books(database).await;
            let answer = client.graphql(query, json!({})).await;
            if opens == scope {
                assert_eq!(answer.field()["userErrors"].as_array().map_or(0, Vec::len), 0);
                continue;
            }
            assert_eq!(code(&answer), "FORBIDDEN", "{query} by {scope}: {}", answer.0);
            assert_eq!(answer.at("/errors/0/extensions/scopes"), &json!([opens]), "{query}");
            assert!(
                answer.at("/data").as_object().is_none_or(|data| data.values().all(Value::is_null))
            );
            assert_eq!(on_the_books(database).await, before, "{query} by {scope}");
        }
    }
    // Each door was opened once, by its own scope: one unit was taken, and one brought in.
    assert_eq!(on_the_books(database).await, (1, 3));
    assert_eq!(owner.left(1001).await, 10);
    let reader = issuer.client(api, "reader", None, &["stock:read", "audit:read"]).await;
    for (_opens, query) in &DOORS[1..3] {
        assert_eq!(code(&reader.graphql(query, json!({})).await), "FORBIDDEN", "{query}");
    }
    assert_eq!(on_the_books(database).await, (1, 3));
}

async fn a_merchant_sees_and_changes_their_own_alone(
    api: &Api,
    issuer: Issuer<'_>,
    database: &TestDatabase,
) {
    let merchant_of = "query($id: ID!) { inventory(skuId: $id, consistency: PRIMARY) \
                       { merchantId leavedAmount } }";
    let look = async |client: &Api, sku_id: &str| {
        client.graphql(merchant_of, json!({ "id": sku_id })).await.field().clone()
    };
    let everybodys = issuer.client(api, "everybody's", None, &ALL).await;
    let seventh = issuer.client(api, "seventh", Some(7), &ALL).await;
    // Of merchant 1.
    everybodys.create(2001, 10).await;
    assert_eq!(look(&seventh, "2001").await, Value::Null);
    let before = on_the_books(database).await;
    let deduct =
        json!({ "skuId": "2001", "orderDetailId": "o", "quantity": 1, "idempotencyKey": "a" });
    let refused = seventh.mutate("inventoryDeduct", deduct).await;
    assert_eq!(codes(&refused), ["SKU_NOT_FOUND"]);
    assert_eq!(on_the_books(database).await, before);

    let create = json!({ "skuId": "7001", "quantity": 5, "idempotencyKey": "b" });
    assert_eq!(codes(&seventh.mutate("inventoryCreate", create).await), [""; 0]);
    let own = json!({ "merchantId": "7", "leavedAmount": 5 });
    assert_eq!(look(&seventh, "7001").await, own);
    assert_eq!(look(&everybodys, "7001").await, own);
    assert_eq!(look(&everybodys, "2001").await, json!({ "merchantId": "1", "leavedAmount": 10 }));
    let listed = async |client: &Api| {
        let query = "{ inventories(where: {skuId: [2001, 7001]}) { nodes { skuId } } }";
        let answer = client.graphql(query, json!({})).await;
        answer.field()["nodes"].as_array().unwrap().len()
    };
    assert_eq!((listed(&seventh).await, listed(&everybodys).await), (1, 2));
}

async fn a_key_opens_what_it_was_made_for(database: &TestDatabase) {
    let server = start(&database.url, &[("api_keys", "true")]).await;
    each_scope_opens_its_fields_alone(&server, Issuer::Keys(database), database).await;
    a_merchant_sees_and_changes_their_own_alone(&server, Issuer::Keys(database), database).await;
}

on_each_database!(a_key_opens_what_it_was_made_for);

#[tokio::test]
async fn a_jwt_opens_what_it_claims() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = start_with_jwts(&database, "HS256", &[("jwt_secret", SECRET)]).await;
    each_scope_opens_its_fields_alone(&server, Issuer::Jwts, &database).await;
    a_merchant_sees_and_changes_their_own_alone(&server, Issuer::Jwts, &database).await;
    database.audit().await;
}
