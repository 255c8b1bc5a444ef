//! Features and `if-feature` (RFC 7950 sections 7.20.1, 7.20.2).

use super::graph::order;
use super::scope::Kind;
use super::{Context, Options};
use crate::argument::parse_if_feature;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::spelling::did_you_mean;
use crate::syntax::Stmt;
use yang_schema::{Feature, FeatureId, Span};

impl<'t> Context<'t> {
    /// Adds all features and decides which are supported.
    pub(super) fn features(&mut self, options: &Options) {
        let mut all = Vec::new();
        for module in self.module_ids() {
            for stmt in self.scopes.all(module, Kind::Feature) {
                let id = FeatureId::from_index(all.len());
                self.features.insert(stmt.id(), id);
                all.push((module, stmt));
                self.builder.module_mut(module).features.push(id);
            }
        }
        self.check_requested(options);
        for &(module, stmt) in &all {
            let wanted = options.features.get(&self.library.module(module).name);
            let feature = Feature {
                name: self.builder.intern(stmt.arg()),
                module,
                enabled: wanted.is_none_or(|on| on.contains(stmt.arg())),
                status: self.status_of(stmt),
                description: self.text_of(stmt, Keyword::Description),
                reference: self.text_of(stmt, Keyword::Reference),
                if_features: stmt.all(Keyword::IfFeature).map(|s| self.builder.intern(s.arg())).collect(),
                span: stmt.argument_span(),
            };
            self.builder.add_feature(feature);
        }
        let edges: Vec<Vec<usize>> = all
            .iter()
            .map(|&(_, stmt)| {
                let used: Vec<_> =
                    stmt.all(Keyword::IfFeature).flat_map(|s| self.named_features(s)).collect();
                used.iter().map(|f| f.index()).collect()
            })
            .collect();
        let order = order(&edges);
        for (from, to) in order.circles {
            let (from, to) = (all[from].1, all[to].1);
            self.diagnostics.push(
                Diagnostic::error(
                    Code::CircularFeature,
                    from.argument_span(),
                    format!("the feature `{}` depends on itself", from.arg()),
                )
                .also(to.argument_span(), "through this one"),
            );
        }
        for i in order.sorted {
            let holds = self.features_hold(all[i].1);
            self.builder.feature_mut(FeatureId::from_index(i)).enabled &= holds;
        }
    }

    fn check_requested(&mut self, options: &Options) {
        for (name, features) in &options.features {
            let named: Vec<_> = self.module_ids().filter(|&m| self.library.module(m).name == *name).collect();
            if named.is_empty() {
                // Where something could not be read, it may have been this.
                if !self.library.diagnostics.has_errors() {
                    let message = format!("features are chosen for `{name}`, which is none of the modules");
                    let mut d = Diagnostic::without_place(Code::UnknownFeature, message);
                    let known = self.library.modules.iter().map(|m| m.name.as_str());
                    d.help = did_you_mean(name, known);
                    self.diagnostics.push(d);
                }
                continue;
            }
            for feature in features {
                let known: Vec<Stmt<'t>> =
                    named.iter().flat_map(|&m| self.scopes.all(m, Kind::Feature)).collect();
                if known.iter().any(|f| f.arg() == feature) {
                    continue;
                }
                let message = format!("`{name}` has no feature `{feature}`, which was to be switched on");
                let mut d = Diagnostic::without_place(Code::UnknownFeature, message);
                d.help = did_you_mean(feature, known.iter().map(|f| f.arg())).or_else(|| {
                    let mut names: Vec<_> = known.iter().map(|f| format!("`{}`", f.arg())).collect();
                    names.sort_unstable();
                    let more = if names.len() > 8 { ", ..." } else { "" };
                    names.truncate(8);
                    Some(if names.is_empty() {
                        "it has no features".to_owned()
                    } else {
                        format!("its features are {}{more}", names.join(", "))
                    })
                });
                self.diagnostics.push(d);
            }
        }
    }

    /// The features that an `if-feature` names. Names that mean nothing are reported when it is evaluated.
    pub(crate) fn named_features(&self, stmt: Stmt<'t>) -> Vec<FeatureId> {
        let Ok(expression) = parse_if_feature(stmt.arg(), self.version(stmt)) else { return Vec::new() };
        let mut found = Vec::new();
        expression.evaluate(&mut |prefix, name| {
            found.extend(self.feature_named(stmt, prefix, name));
            true
        });
        found
    }

    /// The feature that a name in a statement means.
    pub(crate) fn feature_named(
        &self,
        stmt: Stmt<'_>,
        prefix: Option<&str>,
        name: &str,
    ) -> Option<FeatureId> {
        let file = stmt.id().file;
        let module = match prefix {
            Some(prefix) => self.scopes.prefix(file, prefix),
            None => self.library.file(file).module,
        };
        let feature = self.scopes.top_level(module?, Kind::Feature, name)?;
        self.features.get(&feature.id()).copied()
    }

    /// What a feature depends on.
    pub(crate) fn feature_conditions(&self, feature: FeatureId) -> Vec<Stmt<'t>> {
        let feature = self.builder.feature(feature);
        let name = self.builder.str(feature.name);
        let stmt = self.scopes.top_level(feature.module, Kind::Feature, name);
        stmt.map_or(Vec::new(), |s| s.all(Keyword::IfFeature).collect())
    }

    /// Do all `if-feature` statements of a statement hold? Each is looked at: what is wrong in any is reported.
    pub(super) fn features_hold(&mut self, stmt: Stmt<'t>) -> bool {
        let mut holds = true;
        for condition in stmt.all(Keyword::IfFeature) {
            holds &= self.if_feature(condition);
        }
        holds
    }

    /// Does an `if-feature` hold?
    pub(super) fn if_feature(&mut self, stmt: Stmt<'t>) -> bool {
        if let Some(&known) = self.if_features.get(&stmt.id()) {
            return known;
        }
        let version = self.library.file(stmt.id().file).version;
        // The grammar has reported what cannot be parsed.
        let value = match parse_if_feature(stmt.arg(), version) {
            Err(_) => true,
            Ok(expression) => expression.evaluate(&mut |prefix, name| {
                let reference = match prefix {
                    Some(prefix) => format!("{prefix}:{name}"),
                    None => name.to_owned(),
                };
                match self.scopes.resolve(stmt, Kind::Feature, &reference, &mut self.diagnostics) {
                    Some(found) => {
                        self.check_status_reference(stmt, found, found.argument_span());
                        self.features.get(&found.id()).is_none_or(|&id| self.builder.feature(id).enabled)
                    }
                    None => true,
                }
            }),
        };
        self.if_features.insert(stmt.id(), value);
        value
    }

    /// RFC 7950 section 7.21.2: within a module, nothing refers to what is worse than itself.
    pub(super) fn check_status_reference(&mut self, from: Stmt<'t>, to: Stmt<'t>, to_span: Span) {
        let module = |s: Stmt<'_>| self.library.file(s.id().file).module;
        if module(from) != module(to) {
            return;
        }
        let status = |stmt: Stmt<'_>| {
            // What stands in a deprecated definition is deprecated too.
            let mut worst = None;
            let mut at = Some(stmt);
            // Modules have no status, but many children to look through for one.
            while let Some(s) = at.filter(|s| !matches!(s.keyword(), Keyword::Module | Keyword::Submodule)) {
                worst = worst.max(s.child(Keyword::Status).map(|c| match c.arg() {
                    "deprecated" => 1,
                    "obsolete" => 2,
                    _ => 0,
                }));
                at = s.parent();
            }
            worst.unwrap_or(0)
        };
        let there = status(to);
        if there == 0 {
            return;
        }
        let here = status(from);
        if there > here {
            let names = ["current", "deprecated", "obsolete"];
            self.diagnostics.push(
                Diagnostic::error(
                    Code::StatusReference,
                    if from.is(Keyword::Extended) { from.keyword_span() } else { from.argument_span() },
                    format!(
                        "a {} definition refers to `{}`, which is {}",
                        names[here],
                        to.arg(),
                        names[there]
                    ),
                )
                .also(to_span, "defined here"),
            );
        }
    }
}
