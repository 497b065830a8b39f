//! What it takes to write the cursor of an entry, and to read it back, as the API does: opaque, and
//! safe in a URL.

#![expect(clippy::unwrap_used, reason = "the cursors that it reads are its own")]

use std::hint::black_box;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use criterion::{Criterion, criterion_group, criterion_main};
use stockflow::domain::{FlowCursor, FlowId, SkuId};

fn print(cursor: &FlowCursor) -> String {
    URL_SAFE_NO_PAD.encode(cursor.to_string())
}

fn parse(text: &str) -> FlowCursor {
    let decoded = URL_SAFE_NO_PAD.decode(text).unwrap();
    std::str::from_utf8(&decoded).unwrap().parse().unwrap()
}

fn cursors(criterion: &mut Criterion) {
    let cursor = FlowCursor {
        id: FlowId(123_456_789),
        sku_id: SkuId(1_001),
        sequence: 98_765,
        created_at: DateTime::from_timestamp_micros(1_764_000_000_123_456).unwrap(),
    };
    let text = print(&cursor);
    assert_eq!(parse(&text), cursor);
    let mut group = criterion.benchmark_group("cursor");
    group.bench_function("print", |bencher| bencher.iter(|| print(black_box(&cursor))));
    group.bench_function("parse", |bencher| bencher.iter(|| parse(black_box(&text))));
    group.finish();
}

criterion_group!(benches, cursors);
criterion_main!(benches);
