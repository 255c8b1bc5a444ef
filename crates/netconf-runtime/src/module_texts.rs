//! The texts of modules, which a server hands out by `get-schema` (RFC 6022 section 3.1).

use std::sync::Arc;

/// Name, revision and length of a text, and where its compressed bytes end among those of all.
pub type CompressedText = (&'static str, Option<&'static str>, usize, usize);

/// The texts of modules and submodules. Generated code carries them compressed; a text is read when somebody asks for it, and
/// forgotten again.
#[derive(Clone, Debug)]
pub struct ModuleTexts(Form);

#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "server"), allow(dead_code, reason = "a server reads the texts"))]
enum Form {
    Compressed { bytes: &'static [u8], rows: &'static [CompressedText] },
    Plain(Arc<[(String, Option<String>, String)]>),
}

impl ModuleTexts {
    /// Texts that are each compressed by themselves (RFC 1951), one behind the other: what generated code has.
    pub const fn compressed(bytes: &'static [u8], rows: &'static [CompressedText]) -> Self {
        Self(Form::Compressed { bytes, rows })
    }

    /// Name and revision of each.
    pub fn modules(&self) -> impl ExactSizeIterator<Item = (&str, Option<&str>)> {
        let count = match &self.0 {
            Form::Compressed { rows, .. } => rows.len(),
            Form::Plain(texts) => texts.len(),
        };
        (0..count).map(|at| match &self.0 {
            Form::Compressed { rows, .. } => (rows[at].0, rows[at].1),
            Form::Plain(texts) => (texts[at].0.as_str(), texts[at].1.as_deref()),
        })
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.modules().len() == 0
    }

    /// The text of the module at a position of [`modules`](Self::modules).
    ///
    /// # Errors
    /// There is none, or the bytes are not what was compressed.
    #[cfg(feature = "server")]
    pub fn text(&self, at: usize) -> std::io::Result<std::borrow::Cow<'_, str>> {
        use std::borrow::Cow;
        use std::io::{Error, ErrorKind, Read as _};
        let wrong = |what: &str| Error::new(ErrorKind::InvalidData, what.to_owned());
        match &self.0 {
            Form::Plain(texts) => {
                let (.., text) = texts.get(at).ok_or_else(|| wrong("there is no such text"))?;
                Ok(Cow::Borrowed(text))
            }
            Form::Compressed { bytes, rows } => {
                let &(_, _, length, end) = rows.get(at).ok_or_else(|| wrong("there is no such text"))?;
                let start = at.checked_sub(1).map_or(0, |before| rows[before].3);
                let bytes = bytes.get(start..end).ok_or_else(|| wrong("the text's bytes are missing"))?;
                let mut text = String::new();
                // Not more than was told, whatever the bytes say.
                let most = u64::try_from(length).unwrap_or(u64::MAX).saturating_add(1);
                flate2::read::DeflateDecoder::new(bytes).take(most).read_to_string(&mut text)?;
                if text.len() == length {
                    Ok(Cow::Owned(text))
                } else {
                    Err(wrong("the text has another length"))
                }
            }
        }
    }
}

impl Default for ModuleTexts {
    fn default() -> Self {
        Self::compressed(&[], &[])
    }
}

impl From<&ModuleTexts> for ModuleTexts {
    fn from(texts: &ModuleTexts) -> Self {
        texts.clone()
    }
}

/// Of names, revisions and texts: what a compiler has read.
impl<N: Into<String>, R: Into<String>, T: Into<String>> FromIterator<(N, Option<R>, T)> for ModuleTexts {
    fn from_iter<I: IntoIterator<Item = (N, Option<R>, T)>>(texts: I) -> Self {
        let texts = texts.into_iter();
        Self(Form::Plain(
            texts
                .map(|(name, revision, text)| (name.into(), revision.map(Into::into), text.into()))
                .collect(),
        ))
    }
}

#[cfg(all(test, feature = "server"))]
mod tests {
    use super::{CompressedText, ModuleTexts};
    use std::io::Write as _;

    fn compressed(texts: &[&str]) -> (&'static [u8], Vec<usize>) {
        let mut bytes = Vec::new();
        let mut ends = Vec::new();
        for text in texts {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(text.as_bytes()).unwrap();
            bytes.extend(encoder.finish().unwrap());
            ends.push(bytes.len());
        }
        (bytes.leak(), ends)
    }

    #[test]
    fn each_text_is_read_by_itself() {
        let long = "leaf l { type string; } // ä\n".repeat(2000);
        let all = ["module a {}", long.as_str(), ""];
        let (bytes, ends) = compressed(&all);
        assert!(bytes.len() < long.len() / 10);
        let names = ["a", "b", "c"];
        let rows: Vec<CompressedText> =
            (0..3).map(|i| (names[i], Some("2026-01-01"), all[i].len(), ends[i])).collect();
        let texts = ModuleTexts::compressed(bytes, rows.leak());
        assert_eq!(texts.modules().nth(1), Some(("b", Some("2026-01-01"))));
        for (at, text) in all.iter().enumerate() {
            assert_eq!(texts.text(at).unwrap(), *text);
        }
        assert!(texts.text(3).is_err());
        let plain: ModuleTexts = [("a", None::<&str>, "module a {}")].into_iter().collect();
        assert_eq!((plain.modules().len(), plain.text(0).unwrap().as_ref()), (1, "module a {}"));
    }

    #[test]
    fn bytes_that_are_not_what_was_compressed_are_an_error() {
        let (bytes, ends) = compressed(&["module a {}", "module b {}"]);
        let rows = |lengths: [usize; 2], ends: [usize; 2]| -> &'static [CompressedText] {
            vec![("a", None, lengths[0], ends[0]), ("b", None, lengths[1], ends[1])].leak()
        };
        let right = ModuleTexts::compressed(bytes, rows([11, 11], [ends[0], ends[1]]));
        assert_eq!(right.text(1).unwrap(), "module b {}");
        for wrong in [
            rows([11, 10], [ends[0], ends[1]]),
            rows([11, 12], [ends[0], ends[1]]),
            rows([11, 11], [ends[0], ends[1] + 1]),
            rows([11, 11], [ends[1], ends[0]]),
            rows([11, 11], [ends[0] + 3, ends[1]]),
        ] {
            assert!(ModuleTexts::compressed(bytes, wrong).text(1).is_err(), "{wrong:?}");
        }
    }
}
