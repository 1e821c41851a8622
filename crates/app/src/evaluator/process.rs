//! Evaluations in a process of their own: started when first needed, without environment, its memory
//! limited; killed when an evaluation passes the limit, and started again for the next.
//!
//! [`serve`] is the other side, which the hidden command `baton evaluator` runs. It keeps the models it
//! was sent by their hash, and ends with the process that started it.

use super::wire::{self, Answered, Asked};
use super::{LIMIT, STACK};
use baton_journal::{Answer, Question};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Resource, Rlimit, setrlimit};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::io::{Error, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The memory the process may take, stacks and code included.
const MEMORY: u64 = 1 << 30;
/// How long it may take to start.
const START: Duration = Duration::from_secs(10);
/// How many packs' models a process is sent; past it another is started, which forgets them.
const KNOWN: usize = 64;

/// The evaluating process and what it knows.
pub(super) struct Process {
    program: PathBuf,
    running: Option<Running>,
    /// The hashes of models, which stay where they are while they are kept here.
    hashes: Vec<(Arc<Vec<String>>, String)>,
}

/// Why there is no answer.
enum Broken {
    /// The limit was passed.
    Late,
    /// The process has ended, or says what it should not.
    Ended,
    /// It could not be started.
    Start(Error),
}

impl From<Error> for Broken {
    fn from(_: Error) -> Self {
        Self::Ended
    }
}

impl Process {
    pub(super) fn new(program: PathBuf) -> Self {
        Self {
            program,
            running: None,
            hashes: Vec::new(),
        }
    }

    pub(super) fn ask(&mut self, question: &Question) -> Result<Answer, String> {
        let broken = match self.answer(question) {
            Ok(answered) => return answered,
            Err(broken) => broken,
        };
        self.running = None;
        Err(match broken {
            Broken::Late => format!(
                "BATON-APP-013: the evaluation took over {} ms and was ended; simplify the expression or the decision table",
                LIMIT.as_millis()
            ),
            Broken::Ended => format!(
                "BATON-APP-014: the evaluation ended without an answer: it wanted more than {} MB of memory or nested too deep; simplify the expression or the decision table",
                MEMORY >> 20
            ),
            Broken::Start(error) => format!(
                "BATON-APP-015: no process for evaluations: {error}; free memory or processes, then try again"
            ),
        })
    }

    fn answer(&mut self, question: &Question) -> Result<Answered, Broken> {
        let hash = match question {
            Question::Decision { models, .. } => self.hash(models),
            Question::Expression { .. } => String::new(),
        };
        if self.hashes.len() > KNOWN {
            self.hashes.clear();
            self.running = None;
        }
        let running = match &mut self.running {
            Some(running) => running,
            none => none.insert(Running::start(&self.program)?),
        };
        let new = !hash.is_empty() && running.known.insert(hash.clone());
        let frame = wire::frame(&Asked::of(question, &hash, new))?;
        let until = Instant::now() + LIMIT;
        running.say(&frame, until)?;
        let said = running.hear(until)?;
        serde_json::from_slice(&said).map_err(|_| Broken::Ended)
    }

    /// The hash of models; of those asked about before it is known.
    fn hash(&mut self, models: &Arc<Vec<String>>) -> String {
        let known = self.hashes.iter().find(|(of, _)| Arc::ptr_eq(of, models));
        if let Some((_, hash)) = known {
            return hash.clone();
        }
        let mut hasher = Sha256::new();
        for text in models.iter() {
            hasher.update(text.len().to_be_bytes());
            hasher.update(text);
        }
        let hash = crate::hex(&hasher.finalize());
        self.hashes.push((Arc::clone(models), hash.clone()));
        hash
    }
}

/// A process that runs.
struct Running {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    /// The models it was sent.
    known: HashSet<String>,
}

impl Running {
    fn start(program: &PathBuf) -> Result<Self, Broken> {
        let mut child = Command::new(program)
            .arg("evaluator")
            .env_clear()
            // Times without a zone are compared in UTC, whatever the machine's zone is.
            .env("TZ", "UTC")
            // The program's allocator reserves a gigabyte at once, which is all the process may have.
            .env("MIMALLOC_ARENA_RESERVE", "65536")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Broken::Start)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Broken::Ended);
        };
        let mut running = Self {
            child,
            input,
            output,
            known: HashSet::new(),
        };
        rustix::io::ioctl_fionbio(&running.input, true).map_err(Error::from)?;
        rustix::io::ioctl_fionbio(&running.output, true).map_err(Error::from)?;
        match running.hear(Instant::now() + START) {
            Ok(_) => Ok(running),
            Err(_) => Err(Broken::Start(Error::other("it does not say that it runs"))),
        }
    }

    fn say(&mut self, mut bytes: &[u8], until: Instant) -> Result<(), Broken> {
        while !bytes.is_empty() {
            match self.input.write(bytes) {
                Ok(0) => return Err(Broken::Ended),
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    wait(&self.input, PollFlags::OUT, until)?;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn hear(&mut self, until: Instant) -> Result<Vec<u8>, Broken> {
        let mut head = [0; 4];
        self.fill(&mut head, until)?;
        let mut body = vec![0; wire::length(head)?];
        self.fill(&mut body, until)?;
        Ok(body)
    }

    fn fill(&mut self, mut bytes: &mut [u8], until: Instant) -> Result<(), Broken> {
        while !bytes.is_empty() {
            match self.output.read(bytes) {
                Ok(0) => return Err(Broken::Ended),
                Ok(read) => bytes = &mut bytes[read..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    wait(&self.output, PollFlags::IN, until)?;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is waited for, so that nothing is left of it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until a pipe is ready.
fn wait(pipe: &impl AsFd, flags: PollFlags, until: Instant) -> Result<(), Broken> {
    let left = until.saturating_duration_since(Instant::now());
    let timeout = Timespec::try_from(left).map_err(|_| Broken::Late)?;
    match poll(&mut [PollFd::new(pipe, flags)], Some(&timeout)) {
        Ok(0) => Err(Broken::Late),
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(Error::from(error).into()),
    }
}

/// The other side: answers questions from standard input on standard output, until there are no more.
///
/// # Errors
/// If the limits cannot be set, or a thread cannot be started.
pub fn serve() -> Result<(), Error> {
    limit(Resource::As, MEMORY)?;
    // What it is asked may be personal; nothing of it is left in a file.
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)?;
    std::thread::Builder::new().stack_size(STACK).spawn(|| {
        // Whoever asked has gone, or says what cannot be read: there is nothing left to do.
        let _ = answer_all();
        std::process::exit(0);
    })?;
    // Ends as soon as the asker has, even in the middle of an evaluation.
    let stdin = std::io::stdin();
    while poll(&mut [PollFd::new(&stdin, PollFlags::empty())], None).is_err() {}
    std::process::exit(0);
}

fn limit(resource: Resource, most: u64) -> Result<(), Error> {
    let most = Some(most);
    let limits = Rlimit {
        current: most,
        maximum: most,
    };
    Ok(setrlimit(resource, limits)?)
}

fn answer_all() -> Result<(), Error> {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    let mut known = HashMap::new();
    wire::write(&mut output, &())?;
    while let Some(bytes) = wire::read(&mut input)? {
        let asked: Asked<'_> = serde_json::from_slice(&bytes)?;
        let Some(question) = asked.question(&mut known) else {
            return Ok(());
        };
        let answered: Answered = baton_engine::answer(&question).map_err(|error| error.to_string());
        wire::write(&mut output, &answered)?;
    }
    Ok(())
}
