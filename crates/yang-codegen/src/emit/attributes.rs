//! `#[yang(...)]`: what the model demands of a node, as attributes that people read and the derive enforces.

use super::Cx;
use super::code::{self, info};
use super::out::Out;
use yang_schema::{Base, CodeOf, NodeKind, NodeRef, OrderedBy, Range, Status, TypeDetail, TypeRef, Typedef};

/// What stands between the parentheses, piece by piece.
#[derive(Default)]
pub(super) struct Attributes {
    pieces: Vec<String>,
}

impl Attributes {
    pub(super) fn push(&mut self, piece: impl Into<String>) {
        self.pieces.push(piece.into());
    }

    /// Writes `#[yang(...)]`, or nothing.
    pub(super) fn write(self, indent: usize, out: &mut Out) {
        if !self.pieces.is_empty() {
            out.listed(indent, "#[yang(", &self.pieces, ")]", "");
        }
    }

    /// `name = "text"`.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.push(format!("{name} = {text:?}"));
    }

    /// A constraint: `name = "text"`, or `name("text", …)` where it says something of its violation.
    fn constraint(&mut self, name: &str, text: &str, info: &str) {
        if info.is_empty() {
            self.text(name, text);
        } else {
            self.push(format!("{name}({text:?}{info})"));
        }
    }

    /// All that a node's own statements demand.
    pub(super) fn node(&mut self, cx: &Cx<'_>, node: NodeRef<'_>) {
        if node.is_mandatory() {
            code::word(self, "mandatory", &code::of(cx, node, CodeOf::Mandatory));
        }
        if let Some(ty) = node.type_() {
            self.type_(cx, ty, node);
            code::non_zero(cx, ty, self);
        }
        for default in node.defaults() {
            let text = default.value.canonical(cx.schema);
            self.text("default", &text);
        }
        if let Some(case) = node.default_case() {
            self.text("default", case.name());
        }
        if let Some(units) = node.units() {
            self.text("units", units);
        }
        match node.status() {
            Status::Current => {}
            Status::Deprecated => self.text("status", "deprecated"),
            Status::Obsolete => self.text("status", "obsolete"),
        }
        if turns_to_state(node) {
            self.push("config = false");
        }
        if let Some(presence) = node.presence() {
            let words: Vec<&str> = presence.split_whitespace().collect();
            self.text("presence", &words.join(" "));
        }
        for expression in node.if_features() {
            self.text("if_feature", expression);
        }
        if node.min_elements() > 0 {
            let info = code::of(cx, node, CodeOf::MinElements);
            code::count(self, "min_elements", node.min_elements(), &info);
        }
        if let Some(max) = node.max_elements() {
            let info = code::of(cx, node, CodeOf::MaxElements);
            code::count(self, "max_elements", max, &info);
        }
        if node.kind() == NodeKind::LeafList && node.ordered_by() == OrderedBy::User {
            self.text("ordered_by", "user");
        }
        self.conditions(cx, node);
        code::of_node(cx, node, self);
    }

    /// `must` and `when`.
    pub(super) fn conditions(&mut self, cx: &Cx<'_>, node: NodeRef<'_>) {
        for must in node.musts() {
            let text = cx.schema.qualified_xpath(must.xpath, Some(node.module()));
            self.constraint("must", &text, &info(cx, &must.info));
        }
        for (at, when) in node.whens().iter().enumerate() {
            let text = cx.schema.qualified_xpath(when.xpath, Some(node.module()));
            self.constraint("when", &text, &code::of(cx, node, CodeOf::When(at as u32)));
        }
    }

    /// What a type restricts, as far as its Rust type does not.
    pub(super) fn type_(&mut self, cx: &Cx<'_>, ty: TypeRef<'_>, node: NodeRef<'_>) {
        if let TypeDetail::Leafref { path, require_instance, .. } = ty.detail() {
            let text = cx.schema.qualified_xpath(*path, Some(node.module()));
            self.text("leafref", &text);
            if !require_instance {
                self.push("require_instance = false");
            }
        }
        let real = ty.real();
        match real.detail() {
            TypeDetail::Integer { ranges, .. } | TypeDetail::Decimal64 { ranges, .. } => {
                self.last(cx, "range", ranges);
            }
            TypeDetail::String { lengths, patterns } => {
                self.last(cx, "length", lengths);
                for pattern in patterns {
                    // OpenConfig's anchors mean nothing, and would be letters to the derive.
                    let text = &*pattern.compiled.without_anchors();
                    let info = info(cx, &pattern.info);
                    if pattern.inverted {
                        self.push(format!("pattern({text:?}, inverted{info})"));
                    } else {
                        self.constraint("pattern", text, &info);
                    }
                }
            }
            TypeDetail::Binary { lengths } => self.last(cx, "length", lengths),
            TypeDetail::InstanceIdentifier { require_instance: false } => {
                self.push("require_instance = false");
            }
            _ => {}
        }
        if ty.base() != Base::Leafref
            && let Some(typedef) = ty.typedef()
        {
            self.text("typedef", &typedef_name(cx, typedef));
        }
    }

    /// Of several ranges the last is the narrowest (RFC 7950 section 9.2.4).
    fn last(&mut self, cx: &Cx<'_>, name: &str, ranges: &[Range]) {
        if let Some(range) = ranges.last() {
            self.constraint(name, cx.schema.str(range.text), &info(cx, &range.info));
        }
    }
}

fn typedef_name(cx: &Cx<'_>, typedef: &Typedef) -> String {
    format!("{}:{}", cx.schema.module_name(typedef.module), cx.schema.str(typedef.name))
}

/// Is it the topmost `config false` node on its way down? In rpcs, actions and notifications config means nothing.
pub(super) fn turns_to_state(node: NodeRef<'_>) -> bool {
    if node.is_config() {
        return false;
    }
    let mut at = node;
    loop {
        match at.data_parent() {
            Some(up) if up.kind() == NodeKind::Root => break,
            Some(up) => at = up,
            None => break,
        }
    }
    at.kind().is_data_node()
        && !in_operation(node)
        && node.parent().is_none_or(|p| p.kind() == NodeKind::Root || p.is_config())
}

/// Does it stand in an rpc, action or notification?
pub(super) fn in_operation(node: NodeRef<'_>) -> bool {
    let mut at = node;
    while let Some(up) = at.parent() {
        if matches!(up.kind(), NodeKind::Input | NodeKind::Output | NodeKind::Notification) {
            return true;
        }
        at = up;
    }
    false
}
