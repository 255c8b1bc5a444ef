//! `#[yang(...)]`: what the model demands of a node, as attributes that people read and the derive enforces.

use super::Cx;
use super::code::{self, info};
use proc_macro2::TokenStream;
use quote::quote;
use yang_schema::{Base, CodeOf, NodeKind, NodeRef, OrderedBy, Range, Status, TypeDetail, TypeRef, Typedef};

/// What stands between the parentheses, piece by piece.
#[derive(Default)]
pub(super) struct Attributes {
    pieces: Vec<TokenStream>,
}

impl Attributes {
    pub(super) fn push(&mut self, piece: TokenStream) {
        self.pieces.push(piece);
    }

    /// `#[yang(...)]`, or nothing.
    pub(super) fn finish(self) -> TokenStream {
        let pieces = self.pieces;
        if pieces.is_empty() { TokenStream::new() } else { quote!(#[yang(#(#pieces),*)]) }
    }

    /// `name = "text"`.
    pub(super) fn text(&mut self, name: TokenStream, text: &str) {
        self.push(quote!(#name = #text));
    }

    /// A constraint: `name = "text"`, or `name("text", …)` where it says something of its violation.
    fn constraint(&mut self, name: TokenStream, text: &str, info: TokenStream) {
        if info.is_empty() {
            self.push(quote!(#name = #text));
        } else {
            self.push(quote!(#name(#text #info)));
        }
    }

    /// All that a node's own statements demand.
    pub(super) fn node(&mut self, cx: &Cx<'_>, node: NodeRef<'_>) {
        if node.is_mandatory() {
            code::word(self, &quote!(mandatory), code::of(cx, node, CodeOf::Mandatory));
        }
        if let Some(ty) = node.type_() {
            self.type_(cx, ty, node);
            code::non_zero(cx, ty, self);
        }
        for default in node.defaults() {
            let text = default.value.canonical(cx.schema);
            self.text(quote!(default), &text);
        }
        if let Some(case) = node.default_case() {
            self.text(quote!(default), case.name());
        }
        if let Some(units) = node.units() {
            self.text(quote!(units), units);
        }
        match node.status() {
            Status::Current => {}
            Status::Deprecated => self.text(quote!(status), "deprecated"),
            Status::Obsolete => self.text(quote!(status), "obsolete"),
        }
        if turns_to_state(node) {
            self.push(quote!(config = false));
        }
        if let Some(presence) = node.presence() {
            let words: Vec<&str> = presence.split_whitespace().collect();
            self.text(quote!(presence), &words.join(" "));
        }
        for expression in node.if_features() {
            self.text(quote!(if_feature), expression);
        }
        if node.min_elements() > 0 {
            let info = code::of(cx, node, CodeOf::MinElements);
            code::count(self, &quote!(min_elements), node.min_elements(), &info);
        }
        if let Some(max) = node.max_elements() {
            let info = code::of(cx, node, CodeOf::MaxElements);
            code::count(self, &quote!(max_elements), max, &info);
        }
        if node.kind() == NodeKind::LeafList && node.ordered_by() == OrderedBy::User {
            self.text(quote!(ordered_by), "user");
        }
        self.conditions(cx, node);
        code::of_node(cx, node, self);
    }

    /// `must` and `when`.
    pub(super) fn conditions(&mut self, cx: &Cx<'_>, node: NodeRef<'_>) {
        for must in node.musts() {
            let text = cx.schema.qualified_xpath(must.xpath, Some(node.module()));
            self.constraint(quote!(must), &text, info(cx, &must.info));
        }
        for (at, when) in node.whens().iter().enumerate() {
            let text = cx.schema.qualified_xpath(when.xpath, Some(node.module()));
            self.constraint(quote!(when), &text, code::of(cx, node, CodeOf::When(at as u32)));
        }
    }

    /// What a type restricts, as far as its Rust type does not.
    pub(super) fn type_(&mut self, cx: &Cx<'_>, ty: TypeRef<'_>, node: NodeRef<'_>) {
        if let TypeDetail::Leafref { path, require_instance, .. } = ty.detail() {
            let text = cx.schema.qualified_xpath(*path, Some(node.module()));
            self.text(quote!(leafref), &text);
            if !require_instance {
                self.push(quote!(require_instance = false));
            }
        }
        let real = ty.real();
        match real.detail() {
            TypeDetail::Integer { ranges, .. } | TypeDetail::Decimal64 { ranges, .. } => {
                self.last(cx, quote!(range), ranges);
            }
            TypeDetail::String { lengths, patterns } => {
                self.last(cx, quote!(length), lengths);
                for pattern in patterns {
                    // OpenConfig's anchors mean nothing, and would be letters to the derive.
                    let text = &*pattern.compiled.without_anchors();
                    let info = info(cx, &pattern.info);
                    if pattern.inverted {
                        self.push(quote!(pattern(#text, inverted #info)));
                    } else {
                        self.constraint(quote!(pattern), text, info);
                    }
                }
            }
            TypeDetail::Binary { lengths } => self.last(cx, quote!(length), lengths),
            TypeDetail::InstanceIdentifier { require_instance: false } => {
                self.push(quote!(require_instance = false));
            }
            _ => {}
        }
        if ty.base() != Base::Leafref
            && let Some(typedef) = ty.typedef()
        {
            self.text(quote!(typedef), &typedef_name(cx, typedef));
        }
    }

    /// Of several ranges the last is the narrowest (RFC 7950 section 9.2.4).
    fn last(&mut self, cx: &Cx<'_>, name: TokenStream, ranges: &[Range]) {
        if let Some(range) = ranges.last() {
            self.constraint(name, cx.schema.str(range.text), info(cx, &range.info));
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
