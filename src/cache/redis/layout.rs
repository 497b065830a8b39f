//! Which key a SKU has, and on which node of a cluster.
//!
//! A cluster spreads keys over its nodes by a hash of what stands in braces in the key. Here that
//! is the number of a bucket, and a SKU's bucket is the remainder of its id: so SKUs are spread,
//! and those of one bucket can be asked for in one command. A copy of a hot SKU is its key in
//! another bucket: one on each node.

use std::collections::BTreeMap;

use crate::domain::SkuId;

/// Buckets; far more than a cluster has nodes, so that each node has about as many.
pub(super) const BUCKETS: u16 = 256;

/// Slots of a cluster ("Redis Cluster Specification", key distribution model).
const SLOTS: u16 = 16_384;

/// A bucket, from 0 below [`BUCKETS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Bucket(pub(super) u16);

impl Bucket {
    /// Every bucket.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..BUCKETS).map(Self)
    }

    /// A SKU's own.
    pub(super) fn of(sku_id: SkuId) -> Self {
        Self(u16::try_from(sku_id.0.rem_euclid(BUCKETS.into())).unwrap_or_default())
    }

    /// The slot in which its keys are.
    pub(super) fn slot(self) -> u16 {
        crc16::State::<crc16::XMODEM>::calculate(self.0.to_string().as_bytes()) % SLOTS
    }
}

/// The key of a SKU in a bucket, of the books that are named.
pub(super) fn key(books: &str, bucket: Bucket, sku_id: SkuId) -> String {
    format!("stockflow:{books}:{{{}}}:{sku_id}", bucket.0)
}

/// Some key of a bucket, which is no SKU's.
pub(super) fn any_key(books: &str, bucket: Bucket) -> String {
    format!("stockflow:{books}:{{{}}}:", bucket.0)
}

/// A range of slots and the node that they are on, as `CLUSTER SLOTS` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SlotRange {
    pub(super) first: u16,
    pub(super) last: u16,
    pub(super) node: String,
}

/// Which buckets each primary has, by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Topology(BTreeMap<String, Vec<Bucket>>);

impl Topology {
    /// By the slots of the nodes.
    pub(super) fn of(ranges: &[SlotRange]) -> Self {
        let mut by_node: BTreeMap<String, Vec<Bucket>> = BTreeMap::new();
        for bucket in Bucket::all() {
            let slot = bucket.slot();
            let range = ranges.iter().find(|range| (range.first..=range.last).contains(&slot));
            if let Some(range) = range {
                by_node.entry(range.node.clone()).or_default().push(bucket);
            }
        }
        Self(by_node)
    }

    /// A bucket on each node for the copies of a hot SKU; its own where that node's turn comes.
    /// Empty where there is only one node, and nothing to spread.
    pub(super) fn copies(&self, sku_id: SkuId) -> Vec<Bucket> {
        if self.0.len() < 2 {
            return Vec::new();
        }
        let own = Bucket::of(sku_id);
        let place = |buckets: &[Bucket]| {
            let length = i64::try_from(buckets.len()).ok()?;
            usize::try_from(sku_id.0.checked_rem_euclid(length)?).ok()
        };
        self.0
            .values()
            .filter_map(|buckets| {
                if buckets.contains(&own) {
                    return Some(own);
                }
                buckets.get(place(buckets)?).copied()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The slots as `redis-cli --cluster create` gives them to so many primaries.
    fn cluster(primaries: u16) -> Topology {
        let bound = |number: u16| {
            let slots = u32::from(SLOTS).checked_mul(number.into()).unwrap();
            u16::try_from(slots.checked_div(primaries.into()).unwrap()).unwrap()
        };
        let ranges: Vec<SlotRange> = (0..primaries)
            .map(|number| SlotRange {
                first: bound(number),
                last: bound(number.saturating_add(1)).saturating_sub(1),
                node: format!("node {number}"),
            })
            .collect();
        Topology::of(&ranges)
    }

    #[test]
    fn a_slot_is_what_the_specification_says() {
        // `CLUSTER KEYSLOT "{0}"` and `"{255}"`, as a server answered.
        assert_eq!(Bucket(0).slot(), 13_907);
        assert_eq!(Bucket(255).slot(), 14_163);
    }

    #[test]
    fn every_bucket_is_somewhere_and_each_node_has_about_as_many() {
        for primaries in [1, 2, 3, 5, 6, 10] {
            let Topology(nodes) = cluster(primaries);
            assert_eq!(nodes.values().map(Vec::len).sum::<usize>(), usize::from(BUCKETS));
            let fair = usize::from(BUCKETS / primaries);
            assert!(
                nodes.values().all(|buckets| buckets.len().abs_diff(fair) <= fair / 2),
                "{nodes:?}"
            );
        }
    }

    #[test]
    fn a_hot_sku_has_a_copy_on_each_node_and_its_own_key_is_one_of_them() {
        let topology = cluster(3);
        for sku_id in 1..1_000 {
            let copies = topology.copies(SkuId(sku_id));
            assert_eq!(copies.len(), 3);
            assert!(copies.contains(&Bucket::of(SkuId(sku_id))));
            assert!(topology.0.values().all(|buckets| {
                buckets.iter().filter(|bucket| copies.contains(bucket)).count() == 1
            }));
        }
        assert!(cluster(1).copies(SkuId(1)).is_empty());
        assert!(Topology::default().copies(SkuId(1)).is_empty());
    }

    #[test]
    fn a_node_that_takes_the_place_of_another_makes_another_topology() {
        let range = |node: &str| SlotRange { first: 0, last: SLOTS - 1, node: node.to_owned() };
        assert_ne!(Topology::of(&[range("a:7002")]), Topology::of(&[range("a:7003")]));
    }

    #[test]
    fn ids_that_follow_each_other_are_spread() {
        let nodes = cluster(3).0;
        let node = |sku_id| {
            nodes.values().position(|buckets| buckets.contains(&Bucket::of(SkuId(sku_id))))
        };
        let first_five: std::collections::BTreeSet<_> = (1001..1006).map(node).collect();
        assert_eq!(first_five.len(), 3);
    }
}
