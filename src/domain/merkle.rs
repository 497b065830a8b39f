//! A Merkle tree as RFC 6962 has it (section 2.1): one hash over any number of leaves, and for each
//! leaf a short path by which anybody can see that it is beneath that hash.
//!
//! - The hash of a leaf is the SHA-256 of a byte 0 and what the leaf says.
//! - The hash of a node is the SHA-256 of a byte 1, the hash of its left branch, and that of its right
//!   branch. The left branch has as many leaves as the greatest power of two that is less than all.
//! - The root of no leaves is the SHA-256 of nothing.
//!
//! The two bytes keep anybody from showing a node for a leaf.
//!
//! A tree is grown from its leaves one by one, and keeps only the roots of its perfect subtrees, one
//! for each binary digit of their number: millions of leaves take the memory of two dozen hashes.

use super::Hash;

/// A tree that grows. It may watch one of its leaves, whose path it then tells.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The roots of the perfect subtrees, from the left; each has at most half of the leaves of the
    /// one before it.
    subtrees: Vec<Subtree>,
    leaf_count: u64,
    path: Path,
}

#[derive(Clone, Copy, Debug)]
struct Subtree {
    root: Hash,
    is_watched: bool,
}

/// How a leaf lies in a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    /// Which leaf it is, from 0.
    pub leaf_index: u64,
    /// The hashes that are to be joined with that of the leaf, one after the other, up to the root;
    /// at most 64, and one for a tree of two leaves.
    pub hashes: Vec<Hash>,
}

/// The hash of a leaf that says this.
pub fn leaf(says: &[u8]) -> Hash {
    Hash::of(&[&[0], says])
}

/// The hash of a node over these two.
pub fn node(left: Hash, right: Hash) -> Hash {
    Hash::of(&[&[1], &left.0, &right.0])
}

impl Tree {
    /// Adds a leaf, by its hash, at the right end.
    pub fn add(&mut self, leaf: Hash) {
        self.grow(leaf, false);
    }

    /// The same of the leaf whose path is wanted. It takes the place of one that was watched before.
    pub fn add_watched(&mut self, leaf: Hash) {
        for subtree in &mut self.subtrees {
            subtree.is_watched = false;
        }
        self.path = Path { leaf_index: self.leaf_count, hashes: Vec::new() };
        self.grow(leaf, true);
    }

    /// How many leaves it has.
    pub fn leaf_count(&self) -> u64 {
        self.leaf_count
    }

    fn grow(&mut self, leaf: Hash, is_watched: bool) {
        let mut whole = Subtree { root: leaf, is_watched };
        // As many subtrees are complete with this leaf as the number of leaves has ones at its end.
        for _complete in 0..self.leaf_count.trailing_ones() {
            let Some(left) = self.subtrees.pop() else { break };
            whole = left.joined(whole, &mut self.path);
        }
        self.subtrees.push(whole);
        self.leaf_count = self.leaf_count.saturating_add(1);
    }

    /// The root, and the path of the leaf that is watched.
    pub fn finish(mut self) -> (Hash, Option<Path>) {
        let Some(mut whole) = self.subtrees.pop() else { return (Hash::of(&[]), None) };
        while let Some(left) = self.subtrees.pop() {
            whole = left.joined(whole, &mut self.path);
        }
        (whole.root, whole.is_watched.then_some(self.path))
    }
}

impl Subtree {
    /// The tree over this one and the one to its right.
    fn joined(self, right: Self, path: &mut Path) -> Self {
        if self.is_watched {
            path.hashes.push(right.root);
        } else if right.is_watched {
            path.hashes.push(self.root);
        }
        Self { root: node(self.root, right.root), is_watched: self.is_watched || right.is_watched }
    }
}

impl Path {
    /// The root to which the path leads from a leaf of this hash, in a tree of so many leaves; `None`
    /// if there is no such path. Whoever knows the root compares.
    pub fn root(&self, leaf: Hash, leaf_count: u64) -> Option<Hash> {
        if self.leaf_index >= leaf_count {
            return None;
        }
        let (mut at, mut last) = (self.leaf_index, leaf_count.saturating_sub(1));
        let mut root = leaf;
        for hash in &self.hashes {
            if last == 0 {
                return None;
            }
            if at % 2 == 1 || at == last {
                root = node(*hash, root);
                // Where it is the last one, it has no brother until it is a right branch.
                while at % 2 == 0 && at != 0 {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                root = node(root, *hash);
            }
            at >>= 1;
            last >>= 1;
        }
        (last == 0).then_some(root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree of these leaves, of which one is watched, if there is such.
    fn grown(leaves: &[Hash], watched: usize) -> (Hash, Option<Path>) {
        let mut tree = Tree::default();
        for (index, leaf) in leaves.iter().enumerate() {
            if index == watched { tree.add_watched(*leaf) } else { tree.add(*leaf) }
        }
        tree.finish()
    }

    /// The definition of RFC 6962, section 2.1, to the letter.
    fn defined(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of(&[]),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len()));
                node(defined(left), defined(right))
            }
        }
    }

    /// The same of the path, section 2.1.1.
    fn defined_path(leaves: &[Hash], at: usize) -> Vec<Hash> {
        if leaves.len() <= 1 {
            return Vec::new();
        }
        let split = split(leaves.len());
        let (left, right) = leaves.split_at(split);
        let (mut path, other) = if at < split {
            (defined_path(left, at), right)
        } else {
            (defined_path(right, at.abs_diff(split)), left)
        };
        path.push(defined(other));
        path
    }

    fn split(leaves: usize) -> usize {
        leaves.next_power_of_two() / 2
    }

    #[test]
    fn the_roots_are_those_of_certificate_transparency() {
        let says: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let leaves = says.map(leaf);
        for (count, root) in roots.iter().enumerate() {
            assert_eq!(grown(&leaves[..count], 0).0.to_string(), *root, "{count} leaves");
        }
    }

    #[test]
    fn a_tree_is_what_its_definition_says() {
        for count in 0..70_u8 {
            let leaves: Vec<Hash> = (0..count).map(|says| leaf(&[says])).collect();
            let root = defined(&leaves);
            assert_eq!(grown(&leaves, usize::MAX), (root, None));
            for watched in 0..leaves.len() {
                let (grown, path) = grown(&leaves, watched);
                assert_eq!(grown, root);
                a_path_leads_to_the_root_and_nowhere_else(&leaves, watched, &path.unwrap(), root);
            }
        }
    }

    fn a_path_leads_to_the_root_and_nowhere_else(
        leaves: &[Hash],
        watched: usize,
        path: &Path,
        root: Hash,
    ) {
        let (own, count) = (leaves[watched], u64::try_from(leaves.len()).unwrap());
        assert_eq!(path.hashes, defined_path(leaves, watched));
        assert_eq!(path.root(own, count), Some(root));
        assert_ne!(path.root(leaf(b"other"), count), Some(root));
        for leaf_index in (0..count).filter(|place| *place != path.leaf_index) {
            let other = Path { leaf_index, ..path.clone() };
            assert_ne!(other.root(own, count), Some(root));
        }
        let longer = Path { hashes: [&path.hashes[..], &[root]].concat(), ..path.clone() };
        assert_eq!(longer.root(own, count), None);
        if let Some((_last, shorter)) = path.hashes.split_last() {
            let shorter = Path { hashes: shorter.to_vec(), ..path.clone() };
            assert_eq!(shorter.root(own, count), None);
        }
    }

    #[test]
    fn there_is_no_path_beyond_the_tree() {
        let alone = Path::default();
        assert_eq!(alone.root(leaf(b"a"), 1), Some(leaf(b"a")));
        assert_eq!(alone.root(leaf(b"a"), 0), None);
        let beyond = Path { leaf_index: 1, ..alone };
        assert_eq!(beyond.root(leaf(b"a"), 1), None);
    }
}
