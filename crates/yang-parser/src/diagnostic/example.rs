//! Short texts that bring each code about, and the same texts without the fault: they stand in `examples.md`.

use super::Code;

/// A text that shows what a code is about.
///
/// Several of one kind belong together: they are the modules of one compilation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Example {
    /// Does it bring the code about? Else it is what should stand there.
    pub is_wrong: bool,
    /// Is it a whole file? Else it stands in a module of YANG 1.1.
    pub is_file: bool,
    /// Is it YIN?
    pub is_yin: bool,
    /// The text.
    pub text: &'static str,
}

const EXAMPLES: &str = include_str!("examples.md");

impl Code {
    /// What brings it about, then how it should be; nothing for what no text brings about.
    pub fn examples(self) -> Vec<Example> {
        let mut examples = Vec::new();
        let mut rest = section(self).unwrap_or_default();
        while let Some((_, fence)) = rest.split_once("```")
            && let Some((head, body)) = fence.split_once('\n')
            && let Some((text, behind)) = body.split_once("```")
        {
            let is = |word| head.split_ascii_whitespace().any(|w| w == word);
            examples.push(Example { is_wrong: is("wrong"), is_file: is("file"), is_yin: is("yin"), text });
            rest = behind;
        }
        examples
    }
}

/// What stands below the heading of a code.
fn section(code: Code) -> Option<&'static str> {
    EXAMPLES.split("\n## ").find_map(|section| section.strip_prefix(code.name())?.strip_prefix('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Compiler;
    use std::collections::BTreeSet;

    /// Codes without examples, and why.
    const WITHOUT: [(Code, &str); 6] = [
        (Code::ExpansionTooLarge, "the text would be dozens of groupings"),
        (Code::FileUnreadable, "it is about files, not texts"),
        (Code::InvalidUtf8, "a text in this crate is UTF-8"),
        (Code::ModuleName, "it is about the names of files"),
        (Code::NestingTooDeep, "the text would be hundreds of braces"),
        (Code::Unsupported, "the text would be gigabytes"),
    ];

    /// What a fault cannot be without: the string swallows the rest of the file.
    const WITH: [(Code, &[Code]); 1] =
        [(Code::UnterminatedString, &[Code::Syntax, Code::UnclosedBlock, Code::MissingArgument])];

    /// Is it said with `--lint` only?
    fn is_habit(code: Code) -> bool {
        code.name().starts_with("lint-")
            || matches!(code, Code::UnusedImport | Code::UnusedDefinition | Code::RevisionOrder)
    }

    fn whole(example: &Example) -> String {
        if example.is_file {
            return example.text.to_owned();
        }
        format!(
            "module example {{ yang-version 1.1; namespace \"urn:example\"; prefix ex;
             organization \"We.\"; contact \"Us.\"; description \"It.\";
             revision 2020-01-01 {{ description \"New.\"; reference \"A book.\"; }}\n{}}}\n",
            example.text
        )
    }

    /// As files, each in a directory of its own: two of them may be revisions of one module.
    fn codes(code: Code, wrong: bool) -> BTreeSet<Code> {
        let examples = code.examples();
        let chosen: Vec<_> = examples.iter().filter(|e| e.is_wrong == wrong).collect();
        assert!(!chosen.is_empty(), "{code}");
        let top = std::env::temp_dir().join(format!("yang-parser-{}-{code}-{wrong}", std::process::id()));
        let mut compiler = Compiler::new().lint(is_habit(code));
        for (i, example) in chosen.into_iter().enumerate() {
            let text = whole(example);
            let name = text.split_once("module ").and_then(|(_, behind)| behind.split(' ').next());
            let name =
                if example.is_yin { "a.yin".to_owned() } else { format!("{}.yang", name.unwrap_or("a")) };
            let directory = top.join(i.to_string());
            std::fs::create_dir_all(&directory).unwrap();
            std::fs::write(directory.join(&name), text).unwrap();
            compiler = compiler.file(directory.join(name));
        }
        let found = compiler.compile().diagnostics.iter().map(|d| d.code).collect();
        std::fs::remove_dir_all(top).unwrap();
        found
    }

    #[test]
    fn each_code_has_examples_that_show_it_alone() {
        let mut faults = Vec::new();
        for &code in Code::ALL {
            let examples = code.examples();
            if let Some((_, why)) = WITHOUT.iter().find(|(c, _)| *c == code) {
                assert!(examples.is_empty(), "{code} has examples, though {why}");
                continue;
            }
            let mut expected = BTreeSet::from([code]);
            expected.extend(WITH.iter().filter(|(c, _)| *c == code).flat_map(|(_, more)| more.iter()));
            let wrong = codes(code, true);
            if wrong != expected {
                faults.push(format!("{code}: the wrong text brings {wrong:?}"));
            }
            let right = codes(code, false);
            if !right.is_empty() {
                faults.push(format!("{code}: the right text brings {right:?}"));
            }
        }
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn each_heading_is_a_code() {
        let headings = EXAMPLES.lines().filter_map(|line| line.strip_prefix("## "));
        let names: Vec<&str> = headings.collect();
        assert!(names.iter().all(|name| super::super::explain(name).is_some()));
        assert_eq!(names.len() + WITHOUT.len(), Code::ALL.len());
    }
}
