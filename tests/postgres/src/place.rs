//! Where the server lies and who runs it: a folder that belongs to an ordinary user, as PostgreSQL
//! refuses to run as root.

use super::programs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Who runs the server where the tests run as root: the first of these that the machine has.
const USERS: [&str; 2] = ["postgres", "nobody"];

/// The server's folder, its programs, and its user where that is another.
#[derive(Clone)]
pub(crate) struct Place {
    folder: PathBuf,
    programs: PathBuf,
    user: Option<(u32, u32)>,
}

impl Place {
    /// Makes the folder.
    pub(crate) fn make() -> Result<Self, String> {
        let name = format!("baton-postgres-{}", std::process::id());
        let place = Self {
            folder: std::env::temp_dir().join(name),
            programs: programs()?,
            user: ordinary_user()?,
        };
        let failed = |error| format!("{}: {error}", place.folder.display());
        std::fs::create_dir(&place.folder).map_err(failed)?;
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(&place.folder, private).map_err(failed)?;
        place.give(&place.folder)?;
        Ok(place)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn programs(&self) -> &Path {
        &self.programs
    }

    /// The server's major version.
    pub(crate) fn version(&self) -> u32 {
        let file = self.folder.join("data/PG_VERSION");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.trim().parse().unwrap_or(0)
    }

    /// What the server has said.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Writes a file for the server and gives its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> Result<String, String> {
        let path = self.folder.join(name);
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        self.give(&path)?;
        Ok(path.display().to_string())
    }

    /// A command as the server's user, in a group of its own: an interrupt from the keyboard ends the
    /// tests, and the server with them, in order.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C");
        command.current_dir(&self.folder).process_group(0);
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    /// Runs one of PostgreSQL's programs on the data folder.
    pub(crate) fn run(&self, name: &str, first: &[&str], then: &[&str]) -> Result<(), String> {
        let mut command = self.command(self.programs.join(name));
        command
            .args(first)
            .args(then)
            .arg("--pgdata")
            .arg(self.folder.join("data"));
        let done = command.stdin(Stdio::null()).output();
        let done = done.map_err(|error| format!("{name}: {error}"))?;
        match done.status.success() {
            true => Ok(()),
            false => Err(format!("{name}: {}", String::from_utf8_lossy(&done.stderr))),
        }
    }

    fn give(&self, path: &Path) -> Result<(), String> {
        let Some((user, group)) = self.user else {
            return Ok(());
        };
        let given = chown(path, Some(user), Some(group));
        given.map_err(|error| format!("{}: {error}", path.display()))
    }
}

/// An ordinary user and its group, where this process is root's.
fn ordinary_user() -> Result<Option<(u32, u32)>, String> {
    let own = std::fs::metadata("/proc/self").map_err(|error| format!("/proc/self: {error}"))?;
    if own.uid() != 0 {
        return Ok(None);
    }
    let known = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let found = USERS.iter().find_map(|name| {
        known.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            match fields[..] {
                [user, _, id, group, ..] if user == *name => {
                    Some((id.parse().ok()?, group.parse().ok()?))
                }
                _ => None,
            }
        })
    });
    let missing =
        || "PostgreSQL does not run as root, and there is no user `postgres` or `nobody`".into();
    found.map(Some).ok_or_else(missing)
}
