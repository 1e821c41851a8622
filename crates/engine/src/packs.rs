//! The packs that are deployed, every version of them: running cases keep the version they began with.

use crate::model::{Compiled, Process, check_pack};
use baton_journal::setup::Deployment;
use baton_model::ProcessId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Deployed packs, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Packs {
    deployed: Vec<Deployed>,
}

/// A pack as it was deployed once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deployed {
    /// The pack.
    pub pack: Arc<Deployment>,
    /// The versions its processes got.
    pub versions: Vec<(ProcessId, u32)>,
    #[serde(skip)]
    compiled: OnceLock<Arc<Compiled>>,
}

impl Deployed {
    /// Its models, compiled when they are first needed.
    pub fn compiled(&self) -> &Compiled {
        self.compiled
            .get_or_init(|| Arc::new(check_pack(&self.pack).unwrap_or_default()))
    }
}

impl Packs {
    /// Adds a deployment.
    pub(crate) fn add(&mut self, pack: &Deployment, versions: &[(ProcessId, u32)]) {
        let (pack, versions) = (Arc::new(pack.clone()), versions.to_vec());
        self.deployed.push(Deployed {
            pack,
            versions,
            compiled: OnceLock::new(),
        });
    }

    /// The deployment a version of a process came with.
    pub fn of(&self, process: &ProcessId, version: u32) -> Option<&Deployed> {
        self.deployed.iter().find(|deployed| {
            deployed
                .versions
                .iter()
                .any(|(id, known)| id == process && *known == version)
        })
    }

    /// The newest version of a process.
    pub fn newest(&self, process: &ProcessId) -> Option<(&Deployed, u32)> {
        self.deployed.iter().rev().find_map(|deployed| {
            let (_, version) = deployed.versions.iter().find(|(id, _)| id == process)?;
            Some((deployed, *version))
        })
    }

    /// The processes in force: the newest deployment of each pack.
    pub fn in_force(&self) -> impl Iterator<Item = (&Deployed, &Process, u32)> {
        let mut newest: BTreeMap<&str, &Deployed> = BTreeMap::new();
        for deployed in &self.deployed {
            newest.insert(deployed.pack.pack.as_str(), deployed);
        }
        newest.into_values().flat_map(|deployed| {
            let processes = deployed.versions.iter();
            processes.filter_map(move |(id, version)| {
                Some((
                    deployed,
                    deployed.compiled().processes.get(id.as_str())?,
                    *version,
                ))
            })
        })
    }

    /// The newest deployment of the same pack.
    pub(crate) fn last(&self, pack: &Deployment) -> Option<&Deployment> {
        let same = self
            .deployed
            .iter()
            .rev()
            .find(|deployed| deployed.pack.pack == pack.pack);
        same.map(|deployed| deployed.pack.as_ref())
    }

    /// The pack another process of this id belongs to, if it is not this one.
    pub(crate) fn owner(&self, process: &str, pack: &Deployment) -> Option<&Deployment> {
        let owner = self.deployed.iter().find(|deployed| {
            deployed.pack.pack != pack.pack
                && deployed
                    .versions
                    .iter()
                    .any(|(id, _)| id.as_str() == process)
        });
        owner.map(|deployed| deployed.pack.as_ref())
    }
}
