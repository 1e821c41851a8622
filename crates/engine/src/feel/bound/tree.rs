//! The shape of dsntk's tree: what stands below a node, and which nodes give a single value.

use dsntk_feel_parser::AstNode;

/// Whether a node's value is one number or truth value, however large its operands.
pub(super) fn gives_one(node: &AstNode) -> bool {
    use AstNode as A;
    matches!(
        node,
        A::Mul(..)
            | A::Div(..)
            | A::Exp(..)
            | A::Sub(..)
            | A::Eq(..)
            | A::Nq(..)
            | A::Lt(..)
            | A::Le(..)
            | A::Gt(..)
            | A::Ge(..)
            | A::And(..)
            | A::Or(..)
            | A::In(..)
            | A::Between(..)
            | A::InstanceOf(..)
            | A::Neg(..)
    )
}

/// The nodes directly below a node.
pub(super) fn children(node: &AstNode) -> Vec<&AstNode> {
    use AstNode as A;
    match node {
        A::Add(a, b)
        | A::And(a, b)
        | A::Div(a, b)
        | A::Eq(a, b)
        | A::Exp(a, b)
        | A::Ge(a, b)
        | A::Gt(a, b)
        | A::In(a, b)
        | A::Le(a, b)
        | A::Lt(a, b)
        | A::Mul(a, b)
        | A::Nq(a, b)
        | A::Or(a, b)
        | A::Out(a, b)
        | A::Range(a, b)
        | A::Sub(a, b)
        | A::InstanceOf(a, b)
        | A::NamedParameter(a, b)
        | A::ContextEntry(a, b)
        | A::FormalParameter(a, b)
        | A::Every(a, b)
        | A::Some(a, b)
        | A::For(a, b)
        | A::Filter(a, b)
        | A::FunctionDefinition(a, b)
        | A::FunctionInvocation(a, b)
        | A::Path(a, b)
        | A::IterationContextSingle(a, b)
        | A::QuantifiedContext(a, b) => vec![a, b],
        A::Between(a, b, c) | A::If(a, b, c) | A::IterationContextInterval(a, b, c) => {
            vec![a, b, c]
        }
        A::EvaluatedExpression(a)
        | A::IntervalEnd(a, _)
        | A::IntervalStart(a, _)
        | A::Neg(a)
        | A::Satisfies(a)
        | A::UnaryGe(a)
        | A::UnaryGt(a)
        | A::UnaryLe(a)
        | A::UnaryLt(a)
        | A::UnaryEq(a)
        | A::UnaryNe(a)
        | A::FunctionBody(a, _) => vec![a],
        A::CommaList(all)
        | A::Context(all)
        | A::ExpressionList(all)
        | A::FormalParameters(all)
        | A::IterationContexts(all)
        | A::List(all)
        | A::NamedParameters(all)
        | A::NegatedList(all)
        | A::PositionalParameters(all)
        | A::QuantifiedContexts(all) => all.iter().collect(),
        _ => Vec::new(),
    }
}
