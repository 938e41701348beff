//! Output waiting to be shown, in order: text in the current form, and amish's
//! own notices between it.

/// Output that is collected while more arrivals are waiting, then shown at
/// once.
#[derive(Debug, Default)]
pub struct Batch {
    text: Vec<u8>,
    /// Each with the length of the text before it.
    notices: Vec<(usize, String)>,
}

/// One part of a [`Batch`].
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Replies, events and gaps in the current form. Never empty.
    Text(&'a [u8]),
    /// A line of amish's own about the text before or after it.
    Notice(&'a str),
}

impl Batch {
    /// The buffer to append text to.
    pub fn text(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    /// Appends a line of amish's own.
    pub fn notice(&mut self, words: impl Into<String>) {
        self.notices.push((self.text.len(), words.into()));
    }

    /// The parts, in order.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let mut shown = 0;
        let ends = self.notices.iter().map(|(at, words)| (*at, Some(words)));
        let ends = ends.chain([(self.text.len(), None)]);
        ends.flat_map(move |(at, words)| {
            let text = self.text.get(shown..at).unwrap_or_default();
            shown = at;
            let text = (!text.is_empty()).then_some(Part::Text(text));
            let notice = words.map(|words| Part::Notice(words));
            text.into_iter().chain(notice)
        })
    }

    /// Is there nothing to show?
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.notices.is_empty()
    }

    /// Bytes of text.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Empties it and keeps its memory: a flood fills it again at once.
    pub fn clear(&mut self) {
        self.text.clear();
        self.notices.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A gap is reported where it happened, between the events before and after
    // it.
    #[test]
    fn notices_stand_where_they_were_made() {
        let mut batch = Batch::default();
        batch.notice("first");
        batch.text().extend_from_slice(b"a");
        batch.notice("gap");
        batch.notice("again");
        batch.text().extend_from_slice(b"bc");
        let parts: Vec<Part> = batch.parts().collect();
        let (text, notice) = (Part::Text, Part::Notice);
        assert_eq!(
            parts,
            [
                notice("first"),
                text(b"a"),
                notice("gap"),
                notice("again"),
                text(b"bc")
            ]
        );
        batch.clear();
        assert!(batch.is_empty() && batch.parts().next().is_none());
    }
}
