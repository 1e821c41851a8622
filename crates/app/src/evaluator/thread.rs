//! Evaluations on a thread of this process, on a large stack. One that passes the limit is left behind,
//! for a thread cannot be ended from outside, and another takes its place.

use super::{LIMIT, STACK};
use baton_journal::{Answer, Question};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};

type Asked = (Question, Sender<Result<Answer, String>>);

/// The thread, once it was needed.
pub(super) struct Thread(Mutex<Option<Sender<Asked>>>);

impl Thread {
    pub(super) fn new() -> Self {
        Self(Mutex::new(None))
    }

    pub(super) fn ask(&self, question: &Question) -> Result<Answer, String> {
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
        let mut thread = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let sender = match thread.take() {
            Some(sender) => sender,
            None => start()?,
        };
        let sent = sender
            .send(asked)
            .map_err(|_| "BATON-APP-011: the evaluator has stopped; try again".to_string());
        *thread = sent.is_ok().then_some(sender);
        sent
    }

    fn abandon(&self) {
        *self
            .0
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
