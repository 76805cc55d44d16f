//! The HTML document around what the guest rendered. Knows HTML, not where the page goes.

use std::fmt::{self, Display, Formatter, Write as _};

use notes_abi::render::Page;

/// A whole HTML document that needs no other file.
///
/// It forbids scripts: documents may hold HTML of their own, and neither they nor the guest have to
/// be trusted.
pub(crate) fn document(page: &Page) -> String {
    let title = Text(page.title.as_deref().unwrap_or("(no title)"));
    let (toc, html) = (contents(page), &page.html);
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="script-src 'none'; object-src 'none'">
<title>{title}</title>
<style>
body {{ margin: 2rem auto; max-width: 50rem; padding: 0 1rem; font: 1rem/1.5 sans-serif; }}
nav {{ border-left: 3px solid #ccc; padding-left: 1rem; font-size: 0.9rem; }}
pre {{ overflow-x: auto; background: #f4f4f4; padding: 0.8rem; }}
table {{ border-collapse: collapse; }}
td, th {{ border: 1px solid #ccc; padding: 0.2rem 0.6rem; }}
</style>
</head>
<body>
{toc}<main>
{html}</main>
</body>
</html>
"#
    )
}

/// The table of contents; nothing for a page with a single heading.
fn contents(page: &Page) -> String {
    if page.toc.len() < 2 {
        return String::new();
    }
    let mut nav = String::from("<nav>\n");
    for heading in &page.toc {
        let indent = heading.level.saturating_sub(1);
        let (anchor, text) = (Text(&heading.anchor), Text(&heading.text));
        // Writing to a string cannot fail.
        let _ = writeln!(
            nav,
            r##"<div style="margin-left: {indent}em"><a href="#{anchor}">{text}</a></div>"##
        );
    }
    nav.push_str("</nav>\n");
    nav
}

/// Text in HTML, where no character of it means anything else.
struct Text<'a>(&'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                _ => f.write_char(character)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::document;
    use notes_abi::render::{Heading, Page};

    #[test]
    fn what_comes_from_the_guest_as_text_stays_text() {
        let heading = |level| Heading {
            level,
            text: "</a><b>".to_owned(),
            anchor: "\"x".to_owned(),
        };
        let page = Page {
            title: Some("1 < 2 & \"3\"".to_owned()),
            html: "<p>x</p>\n".to_owned(),
            words: 1,
            toc: vec![heading(1), heading(2)],
            links: Vec::new(),
        };
        let html = document(&page);
        assert!(html.contains("<title>1 &lt; 2 &amp; &quot;3&quot;</title>"));
        assert!(html.contains(
            "<div style=\"margin-left: 1em\"><a href=\"#&quot;x\">&lt;/a&gt;&lt;b&gt;</a></div>"
        ));
        assert!(html.contains("<main>\n<p>x</p>\n</main>"));
    }
}
