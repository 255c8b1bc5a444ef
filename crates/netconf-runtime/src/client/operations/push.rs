//! YANG push: RFC 8641, the part of a subscription that says when its datastore is to be told of.

use super::element;
use std::time::Duration;

pub(super) const PUSH: &str = "urn:ietf:params:xml:ns:yang:ietf-yang-push";

/// When a subscriber is told what stands in a datastore.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Trigger {
    /// Again and again (section 3.1).
    Periodic {
        /// How often; the device counts hundredths of a second.
        period: Duration,
        /// A time (RFC 3339) at which one update would fall: the others are whole periods away from it.
        anchor: Option<String>,
    },
    /// When it changes.
    OnChange {
        /// How long at least lies between two updates.
        dampening: Duration,
        /// Whether all is told at first.
        sync_on_start: bool,
        /// What is not told of.
        excluded: Vec<ChangeKind>,
    },
}

impl Trigger {
    /// All of it again and again.
    #[must_use]
    pub fn every(period: Duration) -> Self {
        Self::Periodic { period, anchor: None }
    }

    /// All of it at first, and then each change at once.
    #[must_use]
    pub fn on_change() -> Self {
        Self::OnChange { dampening: Duration::ZERO, sync_on_start: true, excluded: Vec::new() }
    }

    /// Appends it; the elements are in YANG push's namespace already. What starts a subscription cannot be modified later.
    pub(super) fn write(&self, out: &mut String, modify: bool) {
        match self {
            Self::Periodic { period, anchor } => {
                out.push_str("<periodic>");
                element(out, "period", &centiseconds(*period));
                if let Some(anchor) = anchor {
                    element(out, "anchor-time", anchor);
                }
                out.push_str("</periodic>");
            }
            Self::OnChange { dampening, sync_on_start, excluded } => {
                out.push_str("<on-change>");
                element(out, "dampening-period", &centiseconds(*dampening));
                if !modify {
                    element(out, "sync-on-start", &sync_on_start.to_string());
                    excluded.iter().for_each(|kind| element(out, "excluded-change", kind.as_str()));
                }
                out.push_str("</on-change>");
            }
        }
    }
}

/// Hundredths of a second, rounded up: never more often than asked for.
fn centiseconds(duration: Duration) -> String {
    let hundredths = duration.as_millis().div_ceil(10);
    hundredths.min(u128::from(u32::MAX)).to_string()
}

/// Kinds of changes (section 3.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChangeKind {
    /// Something comes.
    Create,
    /// Something goes.
    Delete,
    /// An entry of a user-ordered list comes.
    Insert,
    /// An entry of a user-ordered list changes its place.
    Move,
    /// A value changes.
    Replace,
}

impl ChangeKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Insert => "insert",
            Self::Move => "move",
            Self::Replace => "replace",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8641 section 4.3.1: the unit is the hundredth of a second.
    #[test]
    fn periods() {
        let write = |trigger: &Trigger, modify| {
            let mut out = String::new();
            trigger.write(&mut out, modify);
            out
        };
        assert_eq!(
            write(&Trigger::every(Duration::from_secs(5)), false),
            "<periodic><period>500</period></periodic>"
        );
        assert_eq!(
            write(&Trigger::every(Duration::from_millis(11)), true),
            "<periodic><period>2</period></periodic>"
        );
        let on_change = Trigger::OnChange {
            dampening: Duration::from_secs(1),
            sync_on_start: false,
            excluded: vec![ChangeKind::Move],
        };
        assert_eq!(
            write(&on_change, false),
            "<on-change><dampening-period>100</dampening-period><sync-on-start>false</sync-on-start>\
             <excluded-change>move</excluded-change></on-change>"
        );
        assert_eq!(
            write(&on_change, true),
            "<on-change><dampening-period>100</dampening-period></on-change>"
        );
    }
}
