//! Types and typedefs (RFC 7950 sections 7.3, 7.4, 9): each `type` statement is compiled once, with all that its chain of
//! typedefs says.

mod items;
mod restriction;

use super::Context;
use super::map::IdMap;
use super::scope::Kind;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::{MAX_DEPTH, Stmt, StmtId};
use yang_schema::{Base, ModuleId, Sym, Type, TypeDetail, TypeId, Typedef, TypedefId};

/// A union has no more members than this, those of unions in it counted. Unions of unions double with each step, and each
/// value is tried against every member.
pub(super) const MAX_MEMBERS: usize = 10_000;

/// A compiled `type` statement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeEntry<'t> {
    pub(crate) id: TypeId,
    /// Is it a leafref, or a union with one in it? Each leaf needs such a type of its own.
    pub(crate) leafref: bool,
    /// How deep unions are nested in it.
    depth: usize,
    /// How many types it has when the unions in it are laid flat.
    members: usize,
    /// The default of the closest typedef that has one.
    pub(crate) default: Option<Stmt<'t>>,
    /// The units of the closest typedef that has some.
    pub(crate) units: Option<Stmt<'t>>,
}

#[derive(Clone, Copy)]
enum State<'t> {
    /// Its chain is being followed.
    Open,
    /// It is wrong, and that has been reported.
    Failed,
    Done(TypeEntry<'t>),
}

/// All `type` statements that were met.
#[derive(Default)]
pub(super) struct Types<'t> {
    states: IdMap<StmtId, State<'t>>,
    /// The typedef that a `type` statement names.
    named: IdMap<StmtId, Stmt<'t>>,
    /// Types that only name another, by the typedef and the name as written: they are the same wherever they stand.
    plain: IdMap<(Option<StmtId>, Sym), TypeEntry<'t>>,
    /// Typedefs with a default, which is checked when the tree stands.
    pub(super) with_default: Vec<(TypedefId, TypeId, Stmt<'t>)>,
}

/// The built-in type that a `type` statement names.
fn builtin(stmt: Stmt<'_>) -> Option<Base> {
    Base::from_name(stmt.arg())
}

impl<'t> Context<'t> {
    /// Compiles a `type` statement; `None` if it is wrong, which is reported once. Chains may be long: no recursion.
    pub(crate) fn compile_type(&mut self, stmt: Stmt<'t>) -> Option<TypeEntry<'t>> {
        match self.types.states.get(&stmt.id()) {
            Some(State::Done(entry)) => return Some(*entry),
            Some(_) => return None,
            None => {}
        }
        let mut stack = vec![(stmt, false)];
        while let Some((at, entered)) = stack.pop() {
            if entered {
                if matches!(self.types.states.get(&at.id()), Some(State::Open)) {
                    let state = self.finish_type(at).map_or(State::Failed, State::Done);
                    self.types.states.insert(at.id(), state);
                }
                continue;
            }
            if self.types.states.contains_key(&at.id()) {
                continue;
            }
            self.types.states.insert(at.id(), State::Open);
            stack.push((at, true));
            for next in self.type_dependencies(at) {
                match self.types.states.get(&next.id()) {
                    None => stack.push((next, false)),
                    Some(State::Open) => {
                        self.diagnostics.push(
                            Diagnostic::error(
                                Code::CircularTypedef,
                                at.argument_span(),
                                format!("the type `{}` is defined by itself", at.arg()),
                            )
                            .also(next.argument_span(), "the circle closes here"),
                        );
                        self.types.states.insert(at.id(), State::Failed);
                    }
                    Some(_) => {}
                }
            }
        }
        match self.types.states.get(&stmt.id()) {
            Some(State::Done(entry)) => Some(*entry),
            _ => None,
        }
    }

    /// The `type` statements that one is built on: that of its typedef, those of its members.
    fn type_dependencies(&mut self, stmt: Stmt<'t>) -> Vec<Stmt<'t>> {
        if builtin(stmt).is_some() {
            return stmt.all(Keyword::Type).collect();
        }
        let Some(typedef) = self.scopes.resolve(stmt, Kind::Typedef, stmt.arg(), &mut self.diagnostics)
        else {
            self.types.states.insert(stmt.id(), State::Failed);
            return Vec::new();
        };
        self.check_status_reference(stmt, typedef, typedef.argument_span());
        self.types.named.insert(stmt.id(), typedef);
        match typedef.child(Keyword::Type) {
            Some(ty) => vec![ty],
            None => {
                self.types.states.insert(stmt.id(), State::Failed);
                Vec::new()
            }
        }
    }

    fn done(&self, stmt: Stmt<'t>) -> Option<TypeEntry<'t>> {
        match self.types.states.get(&stmt.id()) {
            Some(State::Done(entry)) => Some(*entry),
            _ => None,
        }
    }

    /// Compiles a `type` whose dependencies are compiled.
    fn finish_type(&mut self, stmt: Stmt<'t>) -> Option<TypeEntry<'t>> {
        let (typedef, base) = match builtin(stmt) {
            Some(_) => (None, None),
            None => {
                let typedef = *self.types.named.get(&stmt.id())?;
                let base = self.done(typedef.child(Keyword::Type)?)?;
                (Some(typedef), Some(base))
            }
        };
        let plain = match self.symbol(stmt) {
            Some(name) if stmt.is_childless() => Some((typedef.map(Stmt::id), name)),
            _ => None,
        };
        if let Some(known) = plain.and_then(|key| self.types.plain.get(&key)) {
            return Some(*known);
        }
        let detail = match base {
            None => self.builtin_detail(stmt, builtin(stmt)?)?,
            Some(base) => self.derived_detail(stmt, base.id)?,
        };
        let mut entry = TypeEntry {
            id: TypeId::from_index(0),
            leafref: matches!(detail, TypeDetail::Leafref { .. }) || base.is_some_and(|b| b.leafref),
            depth: base.map_or(0, |b| b.depth),
            members: base.map_or(1, |b| b.members),
            default: base.and_then(|b| b.default),
            units: base.and_then(|b| b.units),
        };
        if base.is_none() && matches!(detail, TypeDetail::Union { .. }) {
            entry.members = 0;
            for member in stmt.all(Keyword::Type) {
                let member = self.done(member)?;
                entry.leafref |= member.leafref;
                entry.depth = entry.depth.max(member.depth + 1);
                entry.members += member.members;
            }
            if entry.members > MAX_MEMBERS {
                let message =
                    format!("this union has more than {MAX_MEMBERS} members, with those of its unions");
                self.error(Code::ExpansionTooLarge, stmt, message);
                return None;
            }
            if entry.depth > MAX_DEPTH / 2 {
                let message = format!("unions are nested more than {} deep", MAX_DEPTH / 2);
                self.error(Code::NestingTooDeep, stmt, message);
                return None;
            }
        }
        let typedef_id = match typedef {
            Some(typedef) => {
                entry.default = typedef.child(Keyword::Default).or(entry.default);
                entry.units = typedef.child(Keyword::Units).or(entry.units);
                let module = self.module_of(typedef);
                self.typedef_id(typedef, module, base.map(|b| b.id)?)
            }
            None => None,
        };
        let ty = Type {
            name: self.symbol(stmt)?,
            typedef: typedef_id,
            detail,
            restricted_here: stmt.children().any(|c| !c.is(Keyword::Extended)) && typedef.is_some(),
            non_zero: None,
            extensions: self.extension_uses(stmt),
            span: stmt.argument_span(),
        };
        entry.id = self.builder.add_type(ty);
        if let Some(key) = plain {
            self.types.plain.insert(key, entry);
        }
        Some(entry)
    }

    fn typedef_id(&mut self, stmt: Stmt<'t>, module: ModuleId, type_id: TypeId) -> Option<TypedefId> {
        if let Some(&known) = self.typedefs.get(&stmt.id()) {
            return Some(known);
        }
        let top_level =
            stmt.parent().is_some_and(|p| matches!(p.keyword(), Keyword::Module | Keyword::Submodule));
        let typedef = Typedef {
            name: self.builder.intern(stmt.arg()),
            module,
            top_level,
            type_id,
            default: None,
            units: self.text_of(stmt, Keyword::Units),
            status: self.status_of(stmt),
            description: self.text_of(stmt, Keyword::Description),
            reference: self.text_of(stmt, Keyword::Reference),
            extensions: self.extension_uses(stmt),
            span: stmt.argument_span(),
        };
        let id = self.builder.add_typedef(typedef);
        self.typedefs.insert(stmt.id(), id);
        if let Some(default) = stmt.child(Keyword::Default) {
            self.types.with_default.push((id, type_id, default));
        }
        Some(id)
    }

    /// Compiles a `typedef`, used or not.
    pub(super) fn typedef(&mut self, stmt: Stmt<'t>, module: ModuleId) {
        let Some(ty) = stmt.child(Keyword::Type) else { return };
        let Some(entry) = self.compile_type(ty) else { return };
        let Some(id) = self.typedef_id(stmt, module, entry.id) else { return };
        if self.builder.typedef(id).top_level {
            self.builder.module_mut(module).typedefs.push(id);
        }
        // A default that is inherited must fit a narrower type too (RFC 7950 section 7.3.4).
        let narrower = self.builder.type_(entry.id).restricted_here && stmt.child(Keyword::Default).is_none();
        if let Some(default) = entry.default.filter(|_| narrower) {
            self.types.with_default.push((id, entry.id, default));
        }
    }
}
