//! Which entry is named, whatever was done to a chain.

use super::super::flow::sample;
use super::*;

const SKU: SkuId = SkuId(7);

fn history() -> (Vec<Flow>, Chain) {
    let mut chain = Chain::EMPTY;
    let mut entry = |sequence: i64| {
        let mut flow = sample(SKU, sequence);
        chain.add(&mut flow);
        flow
    };
    let flows = (1..=4).map(&mut entry).collect();
    (flows, chain)
}

fn verified(flows: &[Flow], version: i64, chain: Chain, from: Chain) -> Verification {
    let mut verifier = Verifier::new(SKU, version, chain, from);
    for flow in flows.iter().filter(|flow| flow.sequence > from.sequence) {
        verifier.entry(flow);
    }
    if verifier.is_beyond() {
        verifier.stock_again(Some(version));
    }
    verifier.finish()
}

fn found(change: impl Fn(&mut Vec<Flow>, &mut Chain)) -> Vec<(FindingKind, Option<i64>)> {
    let (mut flows, mut chain) = history();
    change(&mut flows, &mut chain);
    let found = verified(&flows, 4, chain, Chain::EMPTY).findings.kept;
    found.iter().map(|finding| (finding.kind, finding.sequence)).collect()
}

#[test]
fn a_chain_that_fits_gives_no_finding_from_wherever_it_is_followed() {
    let (flows, chain) = history();
    let whole = verified(&flows, 4, chain, Chain::EMPTY);
    assert_eq!(whole.findings, Findings::default());
    assert_eq!((whole.entry_count, whole.sequence, whole.head), (4, 4, chain.head));
    let from = Chain { sequence: 2, head: flows[1].entry_hash.unwrap() };
    let rest = verified(&flows, 4, chain, from);
    assert_eq!((rest.findings.count, rest.entry_count), (0, 2));
}

#[test]
fn the_first_entry_that_does_not_fit_is_named() {
    use super::FindingKind::{
        ChainHeadMismatch, EntryMissing, EntryUnaccounted, HashMismatch, HashMissing,
    };
    assert_eq!(found(|it, _| it[1].quantity_trade = 2), [(HashMismatch, Some(2))]);
    assert_eq!(found(|it, _| it[1].actor = "else".to_owned()), [(HashMismatch, Some(2))]);
    assert_eq!(found(|it, _| drop(it.remove(1))), [(EntryMissing, Some(2))]);
    assert_eq!(found(|it, _| drop(it.pop())), [(EntryMissing, Some(4))]);
    assert_eq!(found(|it, _| it[3].entry_hash = None), [(HashMissing, Some(4))]);
    assert_eq!(found(|_, chain| chain.head = Hash::NOTHING), [(ChainHeadMismatch, Some(4))]);
    assert_eq!(found(|_, chain| chain.sequence = 5), [(ChainHeadMismatch, None)]);
    // Re-hashed from the changed entry to its end, but for what the stock says.
    let re_hashed = found(|it, _| {
        let mut chain = Chain { sequence: 1, head: it[0].entry_hash.unwrap() };
        it[1].quantity_trade = 2;
        it[1..].iter_mut().for_each(|flow| chain.add(flow));
    });
    assert_eq!(re_hashed, [(ChainHeadMismatch, Some(4))]);
    // Swapped: what stands second says what the third said.
    let swapped = found(|it, _| {
        it.swap(1, 2);
        it[1].sequence = 2;
        it[2].sequence = 3;
    });
    assert_eq!(swapped[0], (HashMismatch, Some(2)));
    let (flows, _) = history();
    let chain = Chain { sequence: 3, head: flows[2].entry_hash.unwrap() };
    let beyond = verified(&flows, 3, chain, Chain::EMPTY).findings.kept;
    assert_eq!((beyond[0].kind, beyond[0].sequence), (EntryUnaccounted, Some(4)));
}
