//! Holes that the stack below is known to have, each closed and kept closed by a test of its own.
//!
//! What a hole costs where it is open stands beside it, as it was measured on a server of the
//! library's own making.

use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::{get, post, refused, server};
use crate::support::{Answer, TestDatabase, TestServer, code};

const DEDUCT: &str = "mutation { inventoryDeduct(input: { skuId: 1001, orderDetailId: \"o\", \
                      quantity: 1, idempotencyKey: \"k\" }) { replayed } }";

/// Sends a body of any type.
async fn send(
    server: &TestServer,
    content_type: Option<&str>,
    body: String,
) -> (StatusCode, Answer) {
    let mut request = reqwest::Client::new().post(format!("{}/graphql", server.url)).body(body);
    if let Some(content_type) = content_type {
        request = request.header(CONTENT_TYPE, content_type);
    }
    let response = request.send().await.unwrap();
    (response.status(), Answer(response.json().await.unwrap()))
}

/// Nothing was sold, and the books add up.
async fn unharmed(database: &TestDatabase, server: &TestServer) {
    assert_eq!(server.left(1001).await, 10);
    database.audit().await;
}

async fn refuses(query: String, expected: &str) {
    let (database, server) = server(&[]).await;
    let answered = post(&server, &json!({ "query": query })).await;
    assert_eq!(refused(&answered), expected, "{}", answered.1.0);
    unharmed(&database, &server).await;
}

/// 16 to 20 seconds of a core, doubled by each fragment more.
#[tokio::test]
async fn fragments_of_926_bytes_that_spread_each_other_twice() {
    let mut query = "{ ...f0 }".to_owned();
    let mut place = 0;
    while query.len() < 926 - 60 {
        let next = place + 1;
        query += &format!(" fragment f{place} on Query{{...f{next} ...f{next}}}");
        place += 1;
    }
    query += &format!(" fragment f{place} on Query{{__typename}}");
    assert!(query.len() <= 926, "{}", query.len());
    refuses(query, "QUERY_TOO_DEEP").await;
}

/// 3 to 4 seconds of a core, in 622 bytes.
#[tokio::test]
async fn fragments_of_seven_levels_that_spread_each_other_ten_times() {
    let spread = |next: usize| format!("...f{next} ").repeat(10);
    let fragments =
        (0..7).map(|place| format!(" fragment f{place} on Query{{{}}}", spread(place + 1)));
    let fragments: String = fragments.collect();
    refuses(
        format!("{{ ...f0 }}{fragments} fragment f7 on Query{{__typename}}"),
        "QUERY_TOO_COMPLEX",
    )
    .await;
}

/// Directives have no limit, or one for each field.
#[tokio::test]
async fn directives_by_the_ten_thousand() {
    let many = "@include(if: true) ".repeat(50_000);
    refuses(format!("{{ __typename {many} }}"), "QUERY_TOO_LONG").await;
    let many = "@a".repeat(30_000);
    refuses(format!("{{ __typename {many} }}"), "QUERY_TOO_COMPLEX").await;
    let few = "__typename @skip(if: false) ".repeat(51);
    refuses(format!("{{ inventory(skuId: 1001) {{ {few} }} }}"), "QUERY_TOO_COMPLEX").await;
}

/// Accepted without a word in some places.
#[tokio::test]
async fn directives_that_nobody_knows() {
    for query in [
        "{ __typename @unknown }",
        "query @unknown { __typename }",
        "query($n: Int @unknown) { inventories(first: $n) { totalCount } }",
        "{ ... @unknown { __typename } }",
        "{ ...F @unknown } fragment F on Query { __typename }",
        "{ ...F } fragment F on Query @unknown { __typename }",
        "mutation { __typename @unknown }",
    ] {
        refuses(query.to_owned(), "GRAPHQL_VALIDATION_FAILED").await;
    }
}

/// 200 aliases of a list were an answer of 11 megabytes.
#[tokio::test]
async fn aliases_by_the_thousand() {
    for field in ["__typename", "inventories { totalCount }", "inventory(skuId: 1001) { skuId }"] {
        let aliases: String = (0..1_000).map(|place| format!("a{place}: {field} ")).collect();
        refuses(format!("{{ {aliases} }}"), "QUERY_TOO_COMPLEX").await;
    }
    let changes = (0..101).map(|place| {
        format!(
            "a{place}: inventoryDeduct(input: {{ skuId: 1001, orderDetailId: \"o\", quantity: 1, \
             idempotencyKey: \"{place}\" }}) {{ replayed }} "
        )
    });
    refuses(format!("mutation {{ {} }}", changes.collect::<String>()), "QUERY_TOO_COMPLEX").await;
}

/// Executed one after the other, or all at once.
#[tokio::test]
async fn a_batch_of_a_thousand() {
    let (database, server) = server(&[]).await;
    let one = json!({ "query": DEDUCT });
    for batch in [vec![one.clone(); 1_000], vec![one], Vec::new()] {
        let (status, answer) =
            send(&server, Some("application/json"), Value::from(batch).to_string()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(code(&answer), "BAD_REQUEST");
        let message = answer.at("/errors/0/message").as_str().unwrap();
        assert!(message.contains("batches are not taken"), "{message}");
    }
    unharmed(&database, &server).await;
}

/// 20 megabytes were read and parsed: the limit of the HTTP library does not act on the GraphQL
/// library's way to read.
#[tokio::test]
async fn a_body_of_20_megabytes() {
    let (database, server) = server(&[]).await;
    let body = json!({ "query": DEDUCT, "variables": { "padding": "x".repeat(20_000_000) } });
    // Who sends too much may be cut off before there is an answer to read.
    let sent = reqwest::Client::new().post(format!("{}/graphql", server.url)).json(&body).send();
    if let Ok(response) = sent.await {
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    unharmed(&database, &server).await;
}

/// What a form of another site can send was executed.
#[tokio::test]
async fn a_mutation_of_a_simple_content_type() {
    let (database, server) = server(&[]).await;
    let json = json!({ "query": DEDUCT }).to_string();
    let form = format!("query={DEDUCT}");
    let part = format!(
        "--b\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{json}\r\n--b\r\n\
         Content-Disposition: form-data; name=\"map\"\r\n\r\n{{}}\r\n--b--\r\n"
    );
    for (content_type, body) in [
        (Some("text/plain"), &json),
        (Some("text/plain; charset=utf-8"), &json),
        (None, &json),
        (Some("application/x-www-form-urlencoded"), &json),
        (Some("application/x-www-form-urlencoded"), &form),
        (Some("multipart/form-data; boundary=b"), &json),
        (Some("multipart/form-data; boundary=b"), &part),
    ] {
        let (status, answer) = send(&server, content_type, body.clone()).await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type:?}");
        assert_eq!(code(&answer), "UNSUPPORTED_MEDIA_TYPE");
    }
    unharmed(&database, &server).await;
}

/// A link was enough to sell.
#[tokio::test]
async fn a_mutation_by_get() {
    let (database, server) = server(&[]).await;
    let two =
        format!("query Look {{ __typename }} {}", DEDUCT.replace("mutation", "mutation Sell"));
    for parameters in
        [vec![("query", DEDUCT)], vec![("query", two.as_str()), ("operationName", "Sell")]]
    {
        let (status, answer) = get(&server, &parameters).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{}", answer.0);
        assert_eq!(code(&answer), "MUTATION_OVER_GET");
    }
    let looked = get(&server, &[("query", two.as_str()), ("operationName", "Look")]).await;
    assert_eq!(refused(&looked), "");
    unharmed(&database, &server).await;
}

/// The answer was longer than the request.
#[tokio::test]
async fn an_echo_of_what_cannot_be_parsed() {
    let (_database, server) = server(&[]).await;
    let secret = "secret".repeat(1_000);
    for query in [
        format!("{{ inventory(skuId: 1001) {{ skuId }} }} }} # {secret}"),
        format!("{secret} {{"),
        format!("{{ a(b: \"{secret}) }}"),
        format!("{{ a(b: {secret} c d }}"),
        format!("query ${secret} {{ a }}"),
        format!("fragment on on {secret} {{"),
    ] {
        let answered = post(&server, &json!({ "query": query })).await;
        assert_eq!(refused(&answered), "GRAPHQL_PARSE_FAILED", "{query}");
        let answer = answered.1.0.to_string();
        assert!(!answer.contains("secret") && answer.len() < 300, "{answer}");
    }
}

/// An error named fields that nobody had asked for, also where the schema was to be kept secret.
#[tokio::test]
async fn suggestions_where_the_schema_is_not_told() {
    let ask = async |server: &TestServer| {
        let mut told = String::new();
        for query in [
            "{ inventoris { totalCount } }",
            "{ inventory(skuId: 1001) { skuIdd leavedAmoun } }",
            "{ inventory(sku: 1001) { skuId } }",
            "{ inventories(where: { sku: 1 }) { totalCount } }",
            "{ inventory(skuId: 1001, consistency: CACHE) { skuId } }",
            "mutation { inventoryDeduc(input: {}) { replayed } }",
            "{ ... on Inventor { skuId } }",
        ] {
            let answered = post(server, &json!({ "query": query })).await;
            assert_eq!(refused(&answered), "GRAPHQL_VALIDATION_FAILED", "{}", answered.1.0);
            told += &answered.1.0.to_string();
        }
        told
    };
    let (_database, silent) = server(&[("introspection", "false")]).await;
    let told = ask(&silent).await;
    for hidden in ["inventories", "leavedAmount", "inventoryDeduct\"", "CACHED", "Did you mean"] {
        assert!(!told.contains(hidden), "{hidden} in {told}");
    }
    let (_database, open) = server(&[]).await;
    assert!(ask(&open).await.contains("Did you mean"));
}

/// A question for the types of the types of the types costs nothing by any measure of the library.
#[tokio::test]
async fn types_of_types_of_types() {
    let nested = "type { fields { name ".repeat(8) + &"} }".repeat(8);
    refuses(format!("{{ __schema {{ types {{ fields {{ {nested} }} }} }} }}"), "QUERY_TOO_COMPLEX")
        .await;
}
