//! Table 39 of RFC 7950 section 13.1: what a keyword's argument is called, and whether it is an element.

use crate::grammar::Keyword;

/// The name of the argument, and whether it is a subelement; `None` for keywords without one.
pub(super) fn argument(keyword: Keyword) -> Option<(&'static str, bool)> {
    use Keyword::*;
    Some(match keyword {
        Input | Output | Extended | Unknown => return None,
        Contact | Description | Organization | Reference => ("text", true),
        ErrorMessage => ("value", true),
        Augment | Deviation | Refine => ("target-node", false),
        BelongsTo | Import | Include => ("module", false),
        Must | When => ("condition", false),
        Revision | RevisionDate => ("date", false),
        Namespace => ("uri", false),
        Unique => ("tag", false),
        Config | Default | Deviate | ErrorAppTag | FractionDigits | Key | Length | Mandatory
        | MaxElements | MinElements | Modifier | OrderedBy | Path | Pattern | Position | Prefix
        | Presence | Range | RequireInstance | Status | Value | YangVersion | YinElement => ("value", false),
        Action | AnyData | AnyXml | Argument | Base | Bit | Case | Choice | Container | Enum | Extension
        | Feature | Grouping | Identity | IfFeature | Leaf | LeafList | List | Module | Notification
        | Rpc | Submodule | Type | Typedef | Units | Uses => ("name", false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::ArgumentKind;

    #[test]
    fn exactly_the_keywords_with_an_argument_have_a_name_for_it() {
        for &keyword in Keyword::ALL {
            assert_eq!(argument(keyword).is_none(), keyword.argument() == ArgumentKind::None, "{keyword:?}");
        }
        // The RFC's table has five elements.
        let elements = Keyword::ALL.iter().filter(|&&k| argument(k).is_some_and(|(_, element)| element));
        assert_eq!(elements.count(), 5);
    }
}
