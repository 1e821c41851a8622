//! Evaluator threads: expressions and decisions run apart from the node, on a 64 MiB stack, and within
//! a time. The guards of `engine::feel` refuse what could run long before it starts; the time is the
//! last fence. A thread that passes it is left behind and another takes its place.

use baton_journal::{Answer, Question};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

const STACK: usize = 64 << 20;
const LIMIT: Duration = Duration::from_millis(800);

type Asked = (Question, Sender<Result<Answer, String>>);

/// Evaluates questions on a thread of its own.
pub(crate) struct Evaluator {
    questions: Mutex<Option<Sender<Asked>>>,
}

impl Evaluator {
    pub(crate) fn new() -> Self {
        Self {
            questions: Mutex::new(None),
        }
    }

    /// The answer, or why there is none.
    pub(crate) fn ask(&self, question: &Question) -> Result<Answer, String> {
        let (answer, answers) = channel();
        self.send((question.clone(), answer))?;
        match answers.recv_timeout(LIMIT) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                self.abandon();
                Err(format!(
                    "BATON-APP-010: the evaluation took over {} ms and was given up; simplify it",
                    LIMIT.as_millis()
                ))
            }
            Err(RecvTimeoutError::Disconnected) => {
                self.abandon();
                Err("BATON-APP-011: the evaluation ended without an answer; simplify it".into())
            }
        }
    }

    fn send(&self, asked: Asked) -> Result<(), String> {
        let mut questions = self
            .questions
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let sender = match questions.take() {
            Some(sender) => sender,
            None => start()?,
        };
        let sent = sender
            .send(asked)
            .map_err(|_| "BATON-APP-011: the evaluator has stopped; try again".to_string());
        *questions = sent.is_ok().then_some(sender);
        sent
    }

    fn abandon(&self) {
        *self
            .questions
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = None;
    }
}

fn start() -> Result<Sender<Asked>, String> {
    let (sender, receiver) = channel();
    std::thread::Builder::new()
        .name("evaluator".into())
        .stack_size(STACK)
        .spawn(move || serve(&receiver))
        .map_err(|error| format!("BATON-APP-012: no thread for evaluations: {error}"))?;
    Ok(sender)
}

fn serve(questions: &Receiver<Asked>) {
    while let Ok((question, answer)) = questions.recv() {
        let answered = baton_engine::answer(&question).map_err(|error| error.to_string());
        if answer.send(answered).is_err() {
            break;
        }
    }
}
