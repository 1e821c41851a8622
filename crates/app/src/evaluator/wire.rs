//! What is said between Baton and its evaluating process: frames of JSON, each after its length in four
//! bytes, the highest first. A question about models names them by hash; their texts go along once.

use baton_journal::{Answer, Question};
use baton_model::{Micros, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Error, ErrorKind, Read, Write};
use std::sync::Arc;

/// The largest frame.
const LARGEST: u32 = 64 << 20;

/// The answer to a question, or why there is none.
pub(super) type Answered = Result<Answer, String>;

/// A question on its way.
#[derive(Serialize, Deserialize)]
pub(super) enum Asked<'a> {
    Expression {
        text: Cow<'a, str>,
        context: Cow<'a, Value>,
        now: Micros,
    },
    Decision {
        models: Cow<'a, str>,
        texts: Option<Cow<'a, [String]>>,
        decision: Cow<'a, str>,
        context: Cow<'a, Value>,
        now: Micros,
    },
}

impl<'a> Asked<'a> {
    /// A question as it is sent; the hash is that of its models.
    pub(super) fn of(question: &'a Question, hash: &'a str, with_texts: bool) -> Self {
        match question {
            Question::Expression { text, context, now } => Self::Expression {
                text: text.into(),
                context: Cow::Borrowed(context),
                now: *now,
            },
            Question::Decision {
                models,
                decision,
                context,
                now,
            } => Self::Decision {
                models: hash.into(),
                texts: with_texts.then_some(Cow::Borrowed(models.as_slice())),
                decision: decision.into(),
                context: Cow::Borrowed(context),
                now: *now,
            },
        }
    }

    /// The question as it was asked; nothing where its models were never sent.
    pub(super) fn question(
        self,
        known: &mut HashMap<String, Arc<Vec<String>>>,
    ) -> Option<Question> {
        Some(match self {
            Self::Expression { text, context, now } => Question::Expression {
                text: text.into_owned(),
                context: context.into_owned(),
                now,
            },
            Self::Decision {
                models,
                texts,
                decision,
                context,
                now,
            } => {
                if let Some(texts) = texts {
                    known.insert(models.clone().into_owned(), Arc::new(texts.into_owned()));
                }
                Question::Decision {
                    models: known.get(models.as_ref())?.clone(),
                    decision: decision.into_owned(),
                    context: context.into_owned(),
                    now,
                }
            }
        })
    }
}

/// A frame's bytes: the length, then what is said.
pub(super) fn frame(said: &impl Serialize) -> Result<Vec<u8>, Error> {
    let mut bytes = vec![0; 4];
    serde_json::to_writer(&mut bytes, said)?;
    let length = u32::try_from(bytes.len() - 4).ok();
    let length = length.filter(|length| *length <= LARGEST);
    let length = length.ok_or_else(|| Error::new(ErrorKind::InvalidData, "it is too large"))?;
    bytes[..4].copy_from_slice(&length.to_be_bytes());
    Ok(bytes)
}

/// The length of what follows a frame's first four bytes.
pub(super) fn length(head: [u8; 4]) -> Result<usize, Error> {
    let length = u32::from_be_bytes(head);
    if length > LARGEST {
        return Err(Error::new(ErrorKind::InvalidData, "it is too large"));
    }
    Ok(length as usize)
}

/// Reads a frame; nothing where the other side has ended.
pub(super) fn read(from: &mut impl Read) -> Result<Option<Vec<u8>>, Error> {
    let mut head = [0; 4];
    match from.read_exact(&mut head) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut body = vec![0; length(head)?];
    from.read_exact(&mut body)?;
    Ok(Some(body))
}

/// Writes a frame.
pub(super) fn write(to: &mut impl Write, said: &impl Serialize) -> Result<(), Error> {
    to.write_all(&frame(said)?)?;
    to.flush()
}
