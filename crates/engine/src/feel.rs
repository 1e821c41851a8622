//! Expressions in FEEL: evaluated by `dsntk`, inside limits that hold before it is asked.
//!
//! An expression is measured as text ([`guard`]), parsed, and its steps are bounded over the tree and
//! the values it may read ([`bound`]); only then is it evaluated. There is no clock here: `now` is an
//! argument, and `now()` and `today()` are refused. Texts come from models, contexts from a case;
//! results go into events. It recurses over the tree, so it wants a thread with a large stack.

mod bound;
mod convert;
mod guard;
mod reads;

pub use guard::{MAX_BYTES, MAX_DEPTH, MAX_TERMS};
pub use reads::reads;

use bound::{Function, Shape};
pub(crate) use convert::{from_feel, settled, to_feel};

use baton_model::{Micros, Value};
use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value as Feel;
use dsntk_feel::{FeelScope, Name};
use dsntk_feel_parser::AstNode;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// Why an expression or a decision has no result. Messages name no value, as values may be personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// The text is over the limit.
    #[error(
        "BATON-FEEL-001: the expression has {found} bytes, the limit is {MAX_BYTES}; split it into decisions"
    )]
    TooLong {
        /// Its bytes.
        found: usize,
    },
    /// Brackets or terms are over the limit.
    #[error(
        "BATON-FEEL-002: the expression nests deeper than {MAX_DEPTH} brackets or has over {MAX_TERMS} terms; split it"
    )]
    TooDeep,
    /// It is not FEEL.
    #[error(
        "BATON-FEEL-003: `{text}` is not a FEEL expression; check operators, brackets and quotes"
    )]
    Syntax {
        /// How it begins.
        text: String,
    },
    /// It uses what is not offered.
    #[error("BATON-FEEL-004: {what}")]
    Refused {
        /// What, and what to use instead.
        what: String,
    },
    /// It could take too many steps.
    #[error(
        "BATON-FEEL-005: the expression may take {steps} steps, the limit is {limit}; loop over less"
    )]
    TooMuch {
        /// The bound found.
        steps: u64,
        /// The limit.
        limit: u64,
    },
    /// It gave FEEL's null with an error.
    #[error("BATON-FEEL-006: `{text}` has no value: {why}")]
    NoValue {
        /// How the expression begins.
        text: String,
        /// What dsntk says, without values.
        why: String,
    },
    /// The result is a function or a range, which no field holds.
    #[error("BATON-FEEL-007: the result is no data: {what}")]
    NotData {
        /// What it is.
        what: String,
    },
    /// A number does not fit.
    #[error("BATON-FEEL-008: a number has more digits than Baton keeps (28); round it")]
    Digits,
    /// The evaluator stopped unexpectedly.
    #[error("BATON-FEEL-009: the evaluator gave up on `{text}`; write the expression another way")]
    Gave {
        /// How the expression begins.
        text: String,
    },
    /// A decision cannot be made; see the variant's code.
    #[error(transparent)]
    Decision(#[from] crate::decision::DecisionError),
}

/// What an expression may read, and how many steps are left.
pub(crate) struct Scope {
    values: Value,
    functions: Vec<Function>,
    feel: FeelScope,
    left: Rc<Cell<u64>>,
}

impl Scope {
    /// A scope of these values, with the instant `now` in the zone.
    pub(crate) fn new(values: &Value, at: Micros, zone: &str) -> Result<Self, EvaluationError> {
        bound::check_context(values)?;
        let mut context = match to_feel(values) {
            Feel::Context(context) => context,
            _ => FeelContext::default(),
        };
        context.set_entry(&Name::from("now"), convert::instant(at, zone));
        let left = Rc::new(Cell::new(bound::MAX_STEPS));
        Ok(Self {
            values: values.clone(),
            functions: Vec::new(),
            feel: context.into(),
            left,
        })
    }

    /// The same scope, to which names can be added without touching this one. Steps are shared.
    pub(crate) fn fork(&self) -> Self {
        Self {
            values: self.values.clone(),
            functions: self.functions.clone(),
            feel: self.feel.peek().unwrap_or_default().into(),
            left: Rc::clone(&self.left),
        }
    }

    /// Sets a value.
    pub(crate) fn set(&mut self, name: &str, value: Feel) {
        if let Value::Map(map) = &mut self.values {
            map.insert(name.into(), from_feel(&value, name).unwrap_or_default());
        }
        self.feel.set_value(&Name::from(name), value);
    }

    /// A value, as FEEL sees it.
    pub(crate) fn get(&self, name: &str) -> Option<Feel> {
        self.feel.get_value(&Name::from(name))
    }

    /// Adds a function written as an expression, and what a call of it may cost.
    pub(crate) fn declare(&mut self, name: &str, text: &str) -> Result<(), EvaluationError> {
        let node = self.parse(text)?;
        let function = Function {
            name: name.into(),
            shape: bound::shape(&node, self)?,
        };
        let value = self.value(&node, text)?;
        self.feel.set_value(&Name::from(name), value);
        self.functions.push(function);
        Ok(())
    }

    /// Parses an expression within the limits.
    pub(crate) fn parse(&self, text: &str) -> Result<AstNode, EvaluationError> {
        self.read(text, Grammar::Expression)
    }

    /// Parses a decision table's cell within the limits.
    pub(crate) fn parse_tests(&self, text: &str) -> Result<AstNode, EvaluationError> {
        self.read(text, Grammar::Tests)
    }

    fn read(&self, text: &str, grammar: Grammar) -> Result<AstNode, EvaluationError> {
        let (node, shape) = if reads(text).is_empty() {
            let node = nameless(text, grammar)?;
            let shape = bound::shape(&node, self)?;
            (node, shape)
        } else {
            let named = || self.shaped(&self.named(text), text, grammar);
            self.shaped(&self.feel, text, grammar)
                .or_else(|error| named().map_err(|_| error))?
        };
        self.spend(shape.steps())?;
        Ok(node)
    }

    /// Parses with the names of a scope, and bounds what was read.
    fn shaped(
        &self,
        names: &FeelScope,
        text: &str,
        grammar: Grammar,
    ) -> Result<(AstNode, Shape), EvaluationError> {
        let node = syntax(names, text, grammar)?;
        let shape = bound::shape(&node, self)?;
        Ok((node, shape))
    }

    /// The names of the scope with every path in the text. FEEL's names may have blanks, so the parser
    /// takes in the words after a name it does not know.
    fn named(&self, text: &str) -> FeelScope {
        let mut names = BTreeMap::new();
        for path in reads(text) {
            nest(&mut names, &path, Value::Null);
        }
        let scope = FeelScope::new();
        for context in [
            to_feel(&Value::Map(names)),
            Feel::Context(self.feel.peek().unwrap_or_default()),
        ] {
            if let Feel::Context(context) = context {
                scope.push(context);
            }
        }
        scope
    }

    /// Takes steps off what is left for the whole question.
    pub(crate) fn spend(&self, steps: u64) -> Result<(), EvaluationError> {
        let limit = bound::MAX_STEPS;
        let left = self
            .left
            .get()
            .checked_sub(steps)
            .ok_or(EvaluationError::TooMuch { steps, limit })?;
        self.left.set(left);
        Ok(())
    }

    /// Evaluates a parsed node, which must have come from this scope's parser.
    pub(crate) fn value(&self, node: &AstNode, text: &str) -> Result<Feel, EvaluationError> {
        let evaluate = AssertUnwindSafe(|| dsntk_feel_evaluator::evaluate(&self.feel, node));
        catch_unwind(evaluate).map_err(|_| EvaluationError::Gave { text: begin(text) })
    }

    /// Parses and evaluates an expression to data; an error that FEEL carries in a null is an error.
    pub(crate) fn evaluate(&self, text: &str) -> Result<Value, EvaluationError> {
        let node = self.parse(text)?;
        from_feel(&self.value(&node, text)?, text)
    }
}

/// What a text is read as.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Grammar {
    Expression,
    Tests,
}

/// The most nameless texts that are kept parsed.
const KEPT: usize = 2_048;

/// Parses a text that names nothing, like most cells of tables. It means the same in every scope, so
/// what was parsed once is kept.
fn nameless(text: &str, grammar: Grammar) -> Result<AstNode, EvaluationError> {
    thread_local! {
        static PARSED: RefCell<HashMap<(Grammar, String), AstNode>> = RefCell::new(HashMap::new());
    }
    let key = (grammar, text.to_owned());
    if let Some(node) = PARSED.with_borrow(|parsed| parsed.get(&key).cloned()) {
        return Ok(node);
    }
    let node = syntax(&FeelScope::default(), text, grammar)?;
    PARSED.with_borrow_mut(|parsed| {
        if parsed.len() >= KEPT {
            parsed.clear();
        }
        parsed.insert(key, node.clone());
    });
    Ok(node)
}

/// Parses a text that was measured; what the parser cannot bear is an error.
fn syntax(scope: &FeelScope, text: &str, grammar: Grammar) -> Result<AstNode, EvaluationError> {
    guard::check(text)?;
    let parse = || match grammar {
        Grammar::Expression => dsntk_feel_parser::parse_expression(scope, text, false).ok(),
        Grammar::Tests => dsntk_feel_parser::parse_unary_tests(scope, text, false).ok(),
    };
    let node = catch_unwind(AssertUnwindSafe(parse)).ok().flatten();
    node.ok_or_else(|| EvaluationError::Syntax { text: begin(text) })
}

/// Checks an expression as far as that is possible without values: at deployment.
pub fn check(text: &str) -> Result<(), EvaluationError> {
    let nothing = Value::map::<String>([]);
    Scope::new(&nothing, Micros(0), "UTC")?
        .parse(text)
        .map(|_| ())
}

/// Evaluates an expression over a map of values.
///
/// `at` is the instant FEEL sees as `now`, in the IANA zone `zone`.
///
/// # Errors
/// An [`EvaluationError`]: refused before it ran, or without a value.
pub fn evaluate(
    text: &str,
    context: &Value,
    at: Micros,
    zone: &str,
) -> Result<Value, EvaluationError> {
    Scope::new(context, at, zone)?.evaluate(text)
}

/// Puts a value at a dotted name, unless there is one; values above it that are no maps stay.
pub(crate) fn nest(values: &mut BTreeMap<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => drop(values.entry(name.to_owned()).or_insert(value)),
        Some((first, rest)) => {
            let inner = values
                .entry(first.to_owned())
                .or_insert_with(|| Value::Map(BTreeMap::new()));
            if *inner == Value::Null {
                *inner = Value::Map(BTreeMap::new());
            }
            if let Value::Map(map) = inner {
                nest(map, rest, value);
            }
        }
    }
}

/// How a text begins, for a message.
pub(crate) fn begin(text: &str) -> String {
    let text = text.trim();
    let head: String = text.chars().take(60).collect();
    if head.len() < text.len() {
        head + "…"
    } else {
        head
    }
}

#[cfg(test)]
mod tests;
