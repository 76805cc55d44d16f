//! What the derives expand to, where only the text can show it.

use proc_macro2::TokenStream;

fn tokens(input: &str) -> TokenStream {
    input.parse().unwrap()
}

fn of_type(input: &str) -> String {
    let file = syn::parse2(abide_codegen::type_derive(tokens(input))).unwrap();
    prettyplease::unparse(&file)
}

#[test]
fn a_member_that_the_guest_side_would_not_find_is_refused_there_and_only_there() {
    let text = of_type(
        r#"struct Shape {
            #[abide(name = "line-width")]
            width: u8,
            r#type: u8,
            url_path: u8,
        }"#,
    );
    assert_eq!(text.matches("compile_error!").count(), 2, "{text}");
    for message in [
        "what WIT calls `line-width` has to be called `line_width`, and it is called `width`",
        "what WIT calls `type` has to be called `type_`, and it is called `r#type`",
    ] {
        let error = text.lines().position(|line| line.contains(message));
        let error = error.unwrap_or_else(|| panic!("no `{message}` in\n{text}"));
        let before: Vec<&str> = text.lines().take(error).collect();
        let guarded = before.iter().rev().find(|line| line.contains("cfg"));
        assert_eq!(guarded, Some(&"#[cfg(target_family = \"wasm\")]"), "{text}");
    }
    let guest = of_type("enum Kind { IO, NotFound }");
    assert!(
        guest.contains("what WIT calls `io` has to be called `Io`"),
        "{guest}"
    );
}

#[test]
fn names_are_those_that_abi_would_give_back() {
    let text = of_type(
        r#"struct Shape {
            now_ms: u8,
            type_: u8,
            #[abide(name = "URL-path")]
            url_path: u8,
        }"#,
    );
    for name in ["now-ms", "type", "URL-path"] {
        assert!(
            text.contains(&format!("wit: {name:?}")),
            "no `{name}` in\n{text}"
        );
        assert!(
            text.contains(&format!("component(name = {name:?})")),
            "{text}"
        );
    }
    assert!(!text.contains("compile_error!"), "{text}");
}

#[test]
fn a_host_names_nothing_but_what_it_was_given() {
    let text = abide_codegen::host_derive(tokens(
        "#[host(abi = crate::notes)] struct App<C>(#[host(clock, ::other::r#type)] C, u8);",
    ));
    let file = syn::parse2(text).unwrap();
    assert_eq!(
        prettyplease::unparse(&file),
        "\
#[automatically_derived]
impl<C> crate::notes::host::provides::clock for App<C>
where
    C: crate::notes::host::provides::clock,
{
    type Impl = <C as crate::notes::host::provides::clock>::Impl;
    #[inline]
    fn provide(&mut self) -> &mut Self::Impl {
        <C as crate::notes::host::provides::clock>::provide(&mut self.0)
    }
}
#[automatically_derived]
impl<C> ::other::host::provides::r#type for App<C>
where
    C: ::other::host::provides::r#type,
{
    type Impl = <C as ::other::host::provides::r#type>::Impl;
    #[inline]
    fn provide(&mut self) -> &mut Self::Impl {
        <C as ::other::host::provides::r#type>::provide(&mut self.0)
    }
}
"
    );
}
