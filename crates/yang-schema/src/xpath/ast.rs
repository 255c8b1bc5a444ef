//! The expression tree.

use crate::ModuleId;

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub enum Expr {
    /// `a or b`.
    Or(Box<Expr>, Box<Expr>),
    /// `a and b`.
    And(Box<Expr>, Box<Expr>),
    /// `a = b` and its kin.
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// `a + b` and its kin.
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// `-a`.
    Negate(Box<Expr>),
    /// `a | b`.
    Union(Box<Expr>, Box<Expr>),
    /// A location path.
    Path(LocationPath),
    /// `primary[predicate]/step/…`.
    Filter {
        /// What it starts from.
        primary: Box<Expr>,
        /// Predicates right behind it.
        predicates: Vec<Expr>,
        /// Steps from its nodes.
        steps: Vec<Step>,
    },
    /// A quoted string.
    Literal(Box<str>),
    /// A number.
    Number(f64),
    /// A function call; the parser has checked the number of arguments.
    Call(Function, Vec<Expr>),
}

impl Expr {
    /// Is it a string, number or boolean, whatever the data: no nodes?
    pub fn is_value(&self) -> bool {
        match self {
            Expr::Path(_) | Expr::Filter { .. } | Expr::Union(..) => false,
            Expr::Call(function, _) => {
                !matches!(function, Function::Current | Function::Deref | Function::Id)
            }
            _ => true,
        }
    }
}

/// Comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl CompareOp {
    /// The operator with its sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            CompareOp::Equal | CompareOp::NotEqual => self,
            CompareOp::Less => CompareOp::Greater,
            CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
            CompareOp::Greater => CompareOp::Less,
            CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        }
    }
}

/// Arithmetic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum ArithmeticOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// A location path.
#[derive(Clone, PartialEq, Debug)]
pub struct LocationPath {
    /// Does it start at the root?
    pub absolute: bool,
    /// Its steps; `//` is a step `descendant-or-self::node()`. Empty only for `/`.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// The direction.
    pub axis: Axis,
    /// Which nodes.
    pub test: NodeTest,
    /// Which of these.
    pub predicates: Vec<Expr>,
}

/// The direction of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is XPath's name of the axis")]
pub enum Axis {
    Ancestor,
    AncestorOrSelf,
    Attribute,
    Child,
    Descendant,
    DescendantOrSelf,
    Following,
    FollowingSibling,
    Namespace,
    Parent,
    Preceding,
    PrecedingSibling,
    SelfAxis,
}

impl Axis {
    const ALL: [Axis; 13] = [
        Axis::Ancestor,
        Axis::AncestorOrSelf,
        Axis::Attribute,
        Axis::Child,
        Axis::Descendant,
        Axis::DescendantOrSelf,
        Axis::Following,
        Axis::FollowingSibling,
        Axis::Namespace,
        Axis::Parent,
        Axis::Preceding,
        Axis::PrecedingSibling,
        Axis::SelfAxis,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Axis::Ancestor => "ancestor",
            Axis::AncestorOrSelf => "ancestor-or-self",
            Axis::Attribute => "attribute",
            Axis::Child => "child",
            Axis::Descendant => "descendant",
            Axis::DescendantOrSelf => "descendant-or-self",
            Axis::Following => "following",
            Axis::FollowingSibling => "following-sibling",
            Axis::Namespace => "namespace",
            Axis::Parent => "parent",
            Axis::Preceding => "preceding",
            Axis::PrecedingSibling => "preceding-sibling",
            Axis::SelfAxis => "self",
        }
    }

    /// The axis of a name.
    pub fn from_name(name: &str) -> Option<Axis> {
        Axis::ALL.into_iter().find(|axis| axis.name() == name)
    }

    /// Does it count positions from the context node backwards (XPath 1.0 section 2.4)?
    pub fn is_reverse(self) -> bool {
        matches!(
            self,
            Axis::Ancestor | Axis::AncestorOrSelf | Axis::Parent | Axis::Preceding | Axis::PrecedingSibling
        )
    }
}

/// Which nodes a step takes.
#[derive(Clone, PartialEq, Debug)]
pub enum NodeTest {
    /// `*`.
    Any,
    /// `prefix:*`.
    AnyIn(ModuleId),
    /// `name` or `prefix:name`.
    Name {
        /// The module of the prefix; without one the module of the expression's place, see
        /// [`XPath::default_module`](crate::XPath::default_module).
        module: Option<ModuleId>,
        /// The local name.
        name: Box<str>,
    },
    /// `node()`.
    Node,
    /// `text()`.
    Text,
    /// `comment()`: YANG's data has none.
    Comment,
    /// `processing-instruction()`: YANG's data has none.
    ProcessingInstruction,
}

/// The core library of XPath 1.0 and the functions of RFC 7950 section 10.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is the name of the function")]
pub enum Function {
    Last,
    Position,
    Count,
    Id,
    LocalName,
    NamespaceUri,
    Name,
    String,
    Concat,
    StartsWith,
    Contains,
    SubstringBefore,
    SubstringAfter,
    Substring,
    StringLength,
    NormalizeSpace,
    Translate,
    Boolean,
    Not,
    True,
    False,
    Lang,
    Number,
    Sum,
    Floor,
    Ceiling,
    Round,
    Current,
    ReMatch,
    Deref,
    DerivedFrom,
    DerivedFromOrSelf,
    EnumValue,
    BitIsSet,
}
