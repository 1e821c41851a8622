//! The tree against RFC 6962's own recursive definition, for random trees, and against published good
//! and bad proofs.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use baton_journal::tree::{
    Extent, Frontier, Hash, Tree, empty_root, leaf, node, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

/// RFC 6962, section 2.1, word for word.
fn root_by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [one] => *one,
        many => {
            let mut split = 1;
            while split * 2 < many.len() {
                split *= 2;
            }
            let (left, right) = many.split_at(split);
            node(&root_by_definition(left), &root_by_definition(right))
        }
    }
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| leaf(&n.to_be_bytes())).collect()
}

fn tree(leaves: &[Hash]) -> Tree {
    let mut tree = Tree::default();
    leaves.iter().for_each(|leaf| tree.push(*leaf));
    tree
}

#[test]
fn every_size_has_the_root_of_the_definition() {
    let leaves = leaves(130);
    let tree = tree(&leaves);
    let mut frontier = Frontier::default();
    for size in 0..=leaves.len() {
        let expected = root_by_definition(&leaves[..size]);
        assert_eq!(frontier.root(), expected, "frontier of {size}");
        assert_eq!(tree.root(size as u64), Some(expected), "tree of {size}");
        leaves
            .get(size)
            .into_iter()
            .for_each(|leaf| frontier.push(*leaf));
    }
    assert_eq!(tree.root(131), None);
}

#[test]
fn every_pair_of_sizes_up_to_forty_is_consistent() {
    let leaves = leaves(40);
    let tree = tree(&leaves);
    let extent = |size| Extent {
        size,
        root: tree.root(size).unwrap(),
    };
    for new in 1..=40 {
        for old in 1..=new {
            let path = tree.consistency(old, new).unwrap();
            assert!(
                verify_consistency(&extent(old), &extent(new), &path),
                "{old} in {new}"
            );
        }
        for index in 0..new {
            let path = tree.inclusion(index, new).unwrap();
            let root = extent(new).root;
            assert!(verify_inclusion(
                &leaves[index as usize],
                index,
                new,
                &path,
                &root
            ));
        }
    }
}

#[test]
fn what_is_not_in_the_tree_has_no_proof() {
    let tree = tree(&leaves(5));
    assert_eq!(tree.inclusion(5, 5), None);
    assert_eq!(tree.inclusion(0, 6), None);
    assert_eq!(tree.consistency(0, 5), None);
    assert_eq!(tree.consistency(5, 4), None);
    assert_eq!(tree.consistency(1, 6), None);
}

proptest! {
    #[test]
    fn a_changed_leaf_fails_its_proof(size in 1u64..600, pick in any::<u64>(), bit in 0usize..256) {
        let leaves = leaves(size);
        let tree = tree(&leaves);
        let index = pick % size;
        let path = tree.inclusion(index, size).unwrap();
        let root = tree.root(size).unwrap();
        let mut changed = leaves[index as usize];
        prop_assert!(verify_inclusion(&changed, index, size, &path, &root));
        changed[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify_inclusion(&changed, index, size, &path, &root));
        let other = (index + 1) % size;
        if other != index {
            prop_assert!(!verify_inclusion(&leaves[index as usize], other, size, &path, &root));
        }
    }

    #[test]
    fn a_rewritten_past_fails_its_proof(old in 1u64..300, more in 0u64..300, pick in any::<u64>()) {
        let new = old + more;
        let honest = leaves(new);
        let mut edited = honest.clone();
        edited[(pick % old) as usize] = leaf(b"edited");
        let (honest, edited) = (tree(&honest), tree(&edited));
        let path = edited.consistency(old, new).unwrap();
        let before = |tree: &Tree| Extent { size: old, root: tree.root(old).unwrap() };
        let after = Extent { size: new, root: edited.root(new).unwrap() };
        prop_assert!(verify_consistency(&before(&edited), &after, &path));
        prop_assert!(!verify_consistency(&before(&honest), &after, &path));
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    #[serde(default)]
    leaf_idx: u64,
    #[serde(default)]
    tree_size: u64,
    #[serde(default)]
    root: Option<String>,
    #[serde(default)]
    leaf_hash: Option<String>,
    #[serde(default)]
    size1: u64,
    #[serde(default)]
    size2: u64,
    #[serde(default)]
    root1: Option<String>,
    #[serde(default)]
    root2: Option<String>,
    proof: Option<Vec<String>>,
    want_err: bool,
}

impl Vector {
    /// Whether our code accepts it. A hash that does not have 32 bytes is refused when it is read.
    fn accepted(&self, consistency: bool) -> Option<bool> {
        let proof = self.proof.iter().flatten().map(hash);
        let proof = proof.collect::<Option<Vec<_>>>()?;
        if consistency {
            let old = extent(self.size1, self.root1.as_ref())?;
            let new = extent(self.size2, self.root2.as_ref())?;
            return Some(verify_consistency(&old, &new, &proof));
        }
        let leaf = hash(self.leaf_hash.as_ref()?)?;
        let root = hash(self.root.as_ref()?)?;
        Some(verify_inclusion(
            &leaf,
            self.leaf_idx,
            self.tree_size,
            &proof,
            &root,
        ))
    }
}

/// One published pair has a text (`don't care`) in the place of roots: any two hashes that differ
/// exactly where the texts do will stand for them.
fn extent(size: u64, root: Option<&String>) -> Option<Extent> {
    let text = root?;
    let root = hash(text).unwrap_or_else(|| leaf(text.as_bytes()));
    Some(Extent { size, root })
}

fn hash(text: &String) -> Option<Hash> {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(text)
        .ok()?;
    bytes.try_into().ok()
}

fn files(folder: &std::path::Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|end| end == "json") {
            into.push(path);
        }
    }
}

#[test]
fn exactly_the_good_published_proofs_are_accepted() {
    let root = std::env::var_os("BATON_FIXTURES").map_or_else(
        || concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures").into(),
        std::path::PathBuf::from,
    );
    let folder = root.join("merkle-rfc6962");
    if !folder.is_dir() {
        println!("skipped: no fixtures");
        return;
    }
    let (mut paths, mut good) = (Vec::new(), 0);
    files(&folder, &mut paths);
    for path in &paths {
        let vector: Vector = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let consistency = path.to_string_lossy().contains("/consistency/");
        let accepted = vector.accepted(consistency).unwrap_or(false);
        assert_eq!(accepted, !vector.want_err, "{}", path.display());
        good += usize::from(accepted);
    }
    println!("{} published proofs, {good} good", paths.len());
    assert!(paths.len() > 100 && good > 5);
}
