//! An upper bound of the steps an expression may take, found over its tree before it runs.
//!
//! Each node is given its steps and the size of its value; loops multiply, calls add. Ranges of loops
//! must be literal, functions may call only what was defined before them (so nothing recurses), and a
//! clock is never read. A `for` costs the square of its rounds: dsntk hands each round a copy of the
//! results so far. The values of the context are measured, not guessed.

mod shape;
mod tree;

use super::{EvaluationError, Scope};
use baton_model::Value;
use dsntk_feel::bif::Bif;
use dsntk_feel_parser::AstNode;
pub(super) use shape::Shape;
use std::str::FromStr;
use tree::{children, gives_one};

/// The most steps an expression may take.
pub(super) const MAX_STEPS: u64 = 1_500_000;
/// The largest context, in values.
const MAX_CONTEXT: u64 = 50_000;
/// The longest literal range of a loop.
const MAX_RANGE: u64 = 10_000;
/// What the argument of a function is taken to be at most.
const ARGUMENT: Shape = Shape {
    steps: 1,
    len: 200,
    size: 2_000,
    each: 2_000,
};

/// A function that may be called, and what a call may cost.
#[derive(Clone, Debug)]
pub(super) struct Function {
    /// Its name.
    pub(super) name: String,
    /// The cost of a call and the size of its result.
    pub(super) shape: Shape,
}

/// A name in force while a tree is walked.
enum Local<'a> {
    Value(String, Shape),
    /// A loop's variable over values of the context.
    Elements(String, Vec<&'a Value>),
    Function(Function),
}

struct Walk<'a> {
    values: &'a Value,
    locals: Vec<Local<'a>>,
    /// The size of a name nobody knows: an entry of the element a filter looks at.
    unknown: u64,
}

type Bound = Result<Shape, EvaluationError>;

/// The steps and size of a tree in a scope; refused where it may take too many or uses what is not
/// offered.
pub(super) fn shape(node: &AstNode, scope: &Scope) -> Bound {
    let locals = scope
        .functions
        .iter()
        .cloned()
        .map(Local::Function)
        .collect();
    let mut walk = Walk {
        values: &scope.values,
        locals,
        unknown: 1,
    };
    walk.of(node)
}

/// Refuses a context that is too large to be copied about.
pub(super) fn check_context(values: &Value) -> Result<(), EvaluationError> {
    match Shape::of(values).size {
        size if size > MAX_CONTEXT => Err(EvaluationError::TooMuch {
            steps: size,
            limit: MAX_CONTEXT,
        }),
        _ => Ok(()),
    }
}

fn limited(shape: Shape) -> Bound {
    match shape.steps.max(shape.size) {
        steps if steps > MAX_STEPS => Err(EvaluationError::TooMuch {
            steps,
            limit: MAX_STEPS,
        }),
        _ => Ok(shape),
    }
}

fn refused(what: impl Into<String>) -> EvaluationError {
    EvaluationError::Refused { what: what.into() }
}

impl<'a> Walk<'a> {
    fn of(&mut self, node: &AstNode) -> Bound {
        limited(self.node(node)?)
    }

    fn node(&mut self, node: &AstNode) -> Bound {
        use AstNode as A;
        match node {
            A::Name(name) => self.name(name.as_str()),
            A::Path(base, _) => self.path(node, base),
            A::String(text) => Ok(Shape::text(text)),
            A::For(contexts, body) => self.looped(contexts, body, true),
            A::Some(contexts, body) | A::Every(contexts, body) => {
                self.looped(contexts, body, false)
            }
            A::Filter(list, condition) => self.filter(list, condition),
            A::FunctionInvocation(callee, arguments) => self.call(callee, arguments),
            A::FunctionDefinition(parameters, body) => self.function(parameters, body),
            A::FunctionBody(_, true) => Err(refused(
                "external functions are not run; use a service task",
            )),
            A::Context(entries) => self.context(entries),
            A::If(condition, then, otherwise) => {
                let condition = self.of(condition)?;
                Ok(condition.before(self.of(then)?.or(self.of(otherwise)?)))
            }
            other => {
                let shape = self.all(&children(other))?;
                Ok(if gives_one(other) {
                    Shape {
                        steps: shape.steps,
                        ..Shape::ONE
                    }
                } else {
                    shape
                })
            }
        }
    }

    /// Every child once; the value holds all of theirs.
    fn all(&mut self, nodes: &[&AstNode]) -> Bound {
        nodes
            .iter()
            .try_fold(Shape::ONE, |sum, node| limited(sum.and(self.of(node)?)))
    }

    fn name(&mut self, name: &str) -> Bound {
        match self.local(name) {
            Some(Local::Value(_, shape)) => return Ok(shape.copied()),
            Some(Local::Elements(_, values)) => return Ok(Shape::largest(values).copied()),
            _ => {}
        }
        match (self.values.get(name), name) {
            (Some(value), _) => Ok(Shape::of(value).copied()),
            (None, "partial") => Err(refused("`partial` is not offered; use a sum or a decision")),
            (None, _) => Ok(Shape::sized(self.unknown)),
        }
    }

    fn local(&self, name: &str) -> Option<&Local<'a>> {
        self.locals.iter().rev().find(|local| match local {
            Local::Value(known, _) | Local::Elements(known, _) => known == name,
            Local::Function(function) => function.name == name,
        })
    }

    /// A path costs what its root costs, and is as large as what the context has there.
    fn path(&mut self, node: &AstNode, base: &AstNode) -> Bound {
        let root = self.of(base)?;
        let known = self.resolve(node);
        if known.is_empty() {
            return Ok(root.copied());
        }
        Ok(Shape {
            steps: root.steps,
            ..Shape::largest(&known)
        }
        .copied())
    }

    /// The values of the context a name or path may stand for; none where that is not known.
    fn resolve(&self, node: &AstNode) -> Vec<&'a Value> {
        match node {
            AstNode::Name(name) => match self.local(name.as_str()) {
                Some(Local::Elements(_, values)) => values.clone(),
                Some(_) => Vec::new(),
                None => self.values.get(name.as_str()).into_iter().collect(),
            },
            AstNode::Path(base, name) => match name.as_ref() {
                AstNode::Name(name) => self
                    .resolve(base)
                    .into_iter()
                    .filter_map(|value| value.get(name.as_str()))
                    .collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// A name for the elements of a list, as exactly as they are known.
    fn element(&self, name: String, list: &AstNode, shape: Shape) -> Local<'a> {
        let known: Vec<_> = self
            .resolve(list)
            .into_iter()
            .flat_map(Value::items)
            .collect();
        if known.is_empty() {
            Local::Value(name, shape.element())
        } else {
            Local::Elements(name, known)
        }
    }

    fn looped(&mut self, contexts: &AstNode, body: &AstNode, collects: bool) -> Bound {
        let mark = self.locals.len();
        let (mut domains, mut rounds) = (Shape::ONE, 1_u64);
        for context in children(contexts) {
            let (variable, domain) = self.iteration(context)?;
            rounds = rounds.saturating_mul(domain.len.max(1));
            domains = domains.and(domain);
            self.locals.push(variable);
        }
        let body = self.of(body)?;
        self.locals.truncate(mark);
        let looped = body.times(rounds, domains.size);
        let one = Shape {
            steps: looped.steps,
            ..Shape::ONE
        };
        Ok(domains.before(if collects { looped.growing() } else { one }))
    }

    /// The variable of a loop and the list it goes through.
    fn iteration(&mut self, context: &AstNode) -> Result<(Local<'a>, Shape), EvaluationError> {
        use AstNode as A;
        let (name, domain, list) = match context {
            A::IterationContextInterval(name, start, end) => (name, range(start, end)?, None),
            A::IterationContextSingle(name, list) | A::QuantifiedContext(name, list) => {
                match list.as_ref() {
                    A::Range(start, end) => (name, range(inner(start), inner(end))?, None),
                    list => (name, self.of(list)?, Some(list)),
                }
            }
            _ => return Err(refused("this kind of loop is not offered")),
        };
        let name = match name.as_ref() {
            A::Name(name) => name.to_string(),
            _ => String::new(),
        };
        let variable = match list {
            Some(list) => self.element(name, list, domain),
            None => Local::Value(name, domain.element()),
        };
        Ok((variable, domain))
    }

    fn filter(&mut self, list: &AstNode, condition: &AstNode) -> Bound {
        let shape = self.of(list)?;
        let before = std::mem::replace(&mut self.unknown, shape.element().size);
        self.locals.push(self.element("item".into(), list, shape));
        let condition = self.of(condition);
        self.locals.pop();
        self.unknown = before;
        let filtered = condition?.times(shape.len.max(1), shape.size);
        Ok(Shape {
            steps: shape.steps.saturating_add(filtered.steps),
            ..shape
        })
    }

    fn call(&mut self, callee: &AstNode, arguments: &AstNode) -> Bound {
        let given = self.all(&children(arguments))?;
        match callee {
            AstNode::Name(name) => match self.local(name.as_str()) {
                Some(Local::Function(function)) => fits(function.shape, given),
                _ => built_in(name.as_str(), given),
            },
            AstNode::FunctionDefinition(parameters, body) => {
                let shape = self.function(parameters, body)?;
                fits(shape, given)
            }
            _ => Err(refused(
                "only a function that is named or written here can be called",
            )),
        }
    }

    /// A function's body, with arguments as large as they may be.
    fn function(&mut self, parameters: &AstNode, body: &AstNode) -> Bound {
        let mark = self.locals.len();
        for parameter in children(parameters) {
            if let AstNode::FormalParameter(name, _) = parameter
                && let AstNode::ParameterName(name) | AstNode::Name(name) = name.as_ref()
            {
                self.locals.push(Local::Value(name.to_string(), ARGUMENT));
            }
        }
        let body = self.of(body);
        self.locals.truncate(mark);
        body
    }

    /// Entries see those before them, so a function cannot call itself.
    fn context(&mut self, entries: &[AstNode]) -> Bound {
        let mark = self.locals.len();
        let mut sum = Shape::ONE;
        for entry in entries {
            let AstNode::ContextEntry(key, value) = entry else {
                continue;
            };
            let shape = self.of(value)?;
            sum = limited(sum.and(shape))?;
            if let AstNode::ContextEntryKey(name) = key.as_ref() {
                let name = name.to_string();
                self.locals.push(match value.as_ref() {
                    AstNode::FunctionDefinition(..) => Local::Function(Function { name, shape }),
                    _ => Local::Value(name, shape),
                });
            }
        }
        self.locals.truncate(mark);
        Ok(Shape {
            len: 1,
            each: sum.size,
            ..sum
        })
    }
}

/// A call of a function whose arguments are as large as was reckoned with.
fn fits(function: Shape, given: Shape) -> Bound {
    if given.size > ARGUMENT.size || given.len > ARGUMENT.len {
        return Err(EvaluationError::TooMuch {
            steps: given.size,
            limit: ARGUMENT.size,
        });
    }
    Ok(given.before(function))
}

/// A call of one of FEEL's own functions: quadratic in its lists at most.
fn built_in(name: &str, given: Shape) -> Bound {
    if matches!(name, "now" | "today") {
        return Err(refused(format!(
            "`{name}()` is not offered; the value `now` holds the instant of the turn"
        )));
    }
    Bif::from_str(name).map_err(|_| refused(format!("there is no function `{name}`")))?;
    let work = match name {
        "count" | "sum" | "min" | "max" | "product" | "mean" | "list contains" | "string"
        | "number" => given.size,
        _ => given
            .size
            .saturating_add(given.len.saturating_mul(given.len)),
    };
    let given = Shape {
        steps: given.steps.saturating_add(work),
        each: given.size,
        ..given
    };
    Ok(match name {
        "replace" => given.resized(given.size.saturating_mul(given.size)),
        "split" => given.resized(given.size.saturating_mul(8)),
        "flatten" | "get entries" => given.resized(given.size),
        _ => given,
    })
}

/// A range of a loop: whole numbers written out, not too far apart.
fn range(start: &AstNode, end: &AstNode) -> Bound {
    let (Some(start), Some(end)) = (literal(start), literal(end)) else {
        return Err(refused(
            "a loop's range must be written in whole numbers; loop over a list instead",
        ));
    };
    match start.abs_diff(end).saturating_add(1) {
        len if len > MAX_RANGE => Err(EvaluationError::TooMuch {
            steps: len,
            limit: MAX_RANGE,
        }),
        len => Ok(Shape {
            steps: 1,
            len,
            size: len,
            each: 1,
        }),
    }
}

fn literal(node: &AstNode) -> Option<i64> {
    match node {
        AstNode::Numeric(digits, after, _, exponent) if after.is_empty() && exponent.is_empty() => {
            digits.parse().ok()
        }
        AstNode::Neg(inner) => literal(inner).map(|number| -number),
        _ => None,
    }
}

fn inner(node: &AstNode) -> &AstNode {
    match node {
        AstNode::IntervalStart(value, _) | AstNode::IntervalEnd(value, _) => value,
        other => other,
    }
}
