//! The tree of RFC 6962 (section 2.1) over the stored bytes of a tenant's entries: its root, the proof
//! that an entry is in it, and the proof that a smaller tree was its beginning.
//!
//! Entry `n` is leaf `n - 1`. [`Frontier`] follows the journal with a hash per bit of its size;
//! [`Tree`] keeps every complete node (64 bytes an entry) and makes proofs. It reads and stores
//! nothing itself, and signs nothing: see `checkpoint`.

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of a leaf with these bytes.
pub fn leaf(bytes: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(bytes)
        .finalize()
        .into()
}

/// The hash of a node over two others.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The root of the tree without leaves.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The right edge of a growing tree: the roots of its complete subtrees, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root over all leaves so far.
    pub fn root(&self) -> Hash {
        fold_peaks(self.peaks.iter().rev().copied())
    }
}

/// Joins the roots of complete subtrees, the rightmost first.
fn fold_peaks(peaks: impl Iterator<Item = Hash>) -> Hash {
    peaks
        .reduce(|right, left| node(&left, &right))
        .unwrap_or_else(empty_root)
}

/// A tree that can make proofs.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The complete nodes: `levels[h][i]` is over the leaves from `i << h` to `(i + 1) << h`.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, Vec::len) as u64
    }

    /// Adds a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for height in 0.. {
            if self.levels.len() == height {
                self.levels.push(Vec::new());
            }
            let level = &mut self.levels[height];
            level.push(hash);
            let [.., left, right] = level.as_slice() else {
                return;
            };
            if level.len() % 2 == 1 {
                return;
            }
            hash = node(left, right);
        }
    }

    /// The root of the tree's first `size` leaves; nothing if it never had that many.
    pub fn root(&self, size: u64) -> Option<Hash> {
        (size <= self.size()).then(|| self.range(0, size))
    }

    /// The path that proves the leaf with this index in the tree of this size, from the leaf up.
    pub fn inclusion(&self, index: u64, size: u64) -> Option<Vec<Hash>> {
        if index >= size || size > self.size() {
            return None;
        }
        let (mut start, mut end) = (0, size);
        let mut path = Vec::new();
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                path.push(self.range(middle, end));
                end = middle;
            } else {
                path.push(self.range(start, middle));
                start = middle;
            }
        }
        path.reverse();
        Some(path)
    }

    /// The proof that the tree's first `old` leaves are the beginning of its first `new` leaves.
    pub fn consistency(&self, old: u64, new: u64) -> Option<Vec<Hash>> {
        if old == 0 || old > new || new > self.size() {
            return None;
        }
        let (mut start, mut end) = (0, new);
        let mut path = Vec::new();
        while end != old {
            let middle = start + split(end - start);
            if old <= middle {
                path.push(self.range(middle, end));
                end = middle;
            } else {
                path.push(self.range(start, middle));
                start = middle;
            }
        }
        if start > 0 {
            path.push(self.range(start, end));
        }
        path.reverse();
        Some(path)
    }

    /// The root over the leaves from `start` to `end`, where `start` is a multiple of the largest
    /// power of two within the range, as it is wherever RFC 6962 splits.
    fn range(&self, start: u64, end: u64) -> Hash {
        let mut peaks = Vec::new();
        let mut at = start;
        while at < end {
            let height = (end - at).ilog2();
            peaks.push(self.levels[height as usize][(at >> height) as usize]);
            at += 1 << height;
        }
        fold_peaks(peaks.into_iter().rev())
    }
}

/// Where RFC 6962 splits so many leaves, two or more: the largest power of two below their number.
fn split(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}

/// Whether the path proves that the leaf stands at the index in the tree of this size and root.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for step in path {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            hash = node(step, &hash);
            while at % 2 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, step);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// A tree's size and root, as two parties compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// Whether the path proves that the old tree is the beginning of the new one. An empty old tree
/// proves nothing and is refused, save against itself.
pub fn verify_consistency(old: &Extent, new: &Extent, path: &[Hash]) -> bool {
    if old.size == new.size {
        return path.is_empty() && old.root == new.root;
    }
    if old.size == 0 || old.size > new.size {
        return false;
    }
    let (seed, rest) = match (old.size.is_power_of_two(), path.split_first()) {
        (true, _) => (old.root, path),
        (false, Some((first, rest))) => (*first, rest),
        (false, None) => return false,
    };
    grown_from(seed, old, new, rest)
}

/// Follows a consistency path up both trees at once (RFC 9162, section 2.1.4.2).
fn grown_from(seed: Hash, old: &Extent, new: &Extent, path: &[Hash]) -> bool {
    let (mut at, mut last) = (old.size - 1, new.size - 1);
    let shift = at.trailing_ones();
    at >>= shift;
    last >>= shift;
    let (mut before, mut after) = (seed, seed);
    for step in path {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            before = node(step, &before);
            after = node(step, &after);
            while at % 2 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            after = node(&after, step);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && before == old.root && after == new.root
}
