//! What the proxy tells of a stream by names: those of Envoy's attributes that it knows.

use abide_proxy::types::Part;

use super::joined;
use super::state::State;
use crate::fields::{first, text};

/// What is known under a path. What filters set goes first.
pub(crate) fn of(stream: &State, path: &[String]) -> Option<Vec<u8>> {
    if let Some(set) = stream.property(path) {
        return Some(set.to_vec());
    }
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["request", rest @ ..] => request(stream, rest),
        ["response", "code"] => {
            let status = text(stream.part(Part::ResponseHeaders), ":status")?;
            Some(number(status.parse().ok()?))
        }
        ["response", "headers", name] => joined(stream.part(Part::ResponseHeaders), name),
        ["source", "address"] => Some(stream.client.to_string().into()),
        ["source", "port"] => Some(number(stream.client.port().into())),
        ["destination", "address"] => Some(stream.local.to_string().into()),
        ["destination", "port"] => Some(number(stream.local.port().into())),
        ["cluster_name"] => stream.upstream.as_deref().map(Into::into),
        _ => None,
    }
}

fn request(stream: &State, path: &[&str]) -> Option<Vec<u8>> {
    let fields = stream.part(Part::RequestHeaders);
    let path_and_query = || text(fields, ":path");
    match path {
        ["path"] => first(fields, ":path").map(<[u8]>::to_vec),
        ["url_path"] => path_and_query()?.split('?').next().map(Into::into),
        ["query"] => path_and_query()?
            .split_once('?')
            .map(|(_, query)| query.into()),
        ["method"] => first(fields, ":method").map(<[u8]>::to_vec),
        ["host"] => first(fields, ":authority").map(<[u8]>::to_vec),
        ["protocol"] => Some(stream.protocol.into()),
        ["scheme"] => first(fields, ":scheme").map(<[u8]>::to_vec),
        ["useragent"] => first(fields, "user-agent").map(<[u8]>::to_vec),
        ["referer"] => first(fields, "referer").map(<[u8]>::to_vec),
        ["id"] => first(fields, "x-request-id").map(<[u8]>::to_vec),
        ["headers", name] => joined(fields, name),
        _ => None,
    }
}

/// An integer as filters get it.
fn number(number: i64) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}
