//! Tokens as a human writes them, for messages: printed as they are, they have a space between any
//! two.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// A path or a type, without the spaces that nobody writes.
pub(crate) fn written(tokens: impl ToTokens) -> String {
    let text = tokens.into_token_stream().to_string();
    let mut out = String::with_capacity(text.len());
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '\'');
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let before = out.chars().next_back();
        let between_words = before.is_some_and(is_word) && rest.clone().next().is_some_and(is_word);
        if c != ' ' || between_words || before.is_some_and(|c| matches!(c, ',' | ';')) {
            out.push(c);
        }
    }
    out
}

/// The same without the parts of paths that only keep generated code apart from the user's names.
pub(crate) fn written_short(tokens: TokenStream) -> String {
    let mut text = written(tokens);
    let ours = [
        "::std::vec::",
        "::std::string::",
        "::core::option::",
        "::core::result::",
        "self::",
    ];
    for path in ours {
        text = text.replace(path, "");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{written, written_short};
    use quote::quote;

    #[test]
    fn only_the_spaces_stay_that_one_writes() {
        for text in [
            "crate::own::Point",
            "::std::vec::Vec<u8>",
            "Result<(u8, [u16; 2]), &'a mut dyn Tr>",
        ] {
            let tokens: proc_macro2::TokenStream = text.parse().unwrap();
            assert_eq!(written(tokens), text);
        }
        let tokens = quote!(::core::result::Result<::std::vec::Vec<self::a::B>, ()>);
        assert_eq!(written_short(tokens), "Result<Vec<a::B>, ()>");
    }
}
