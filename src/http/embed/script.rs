//! Scripts: the web component, and what makes the builder handy.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::{CROSS_ORIGIN, STYLE};

/// Where the component wants its style sheet: as a string, since pages may forbid to load one.
const PLACE: &str = "\"STYLE\"";

static COMPONENT: LazyLock<String> = LazyLock::new(|| {
    let style = serde_json::to_string(STYLE).unwrap_or_default();
    include_str!("component.js").replacen(PLACE, &style, 1)
});

/// The web component
///
/// A script that defines `<crossclause-comparables>`: docs/embedding.md tells its attributes.
#[utoipa::path(
    get, path = "/embed.js", tag = "embeds",
    responses((status = 200, description = "The script.", body = String, content_type = "text/javascript"))
)]
pub(super) async fn read_script() -> Response {
    write_script(&COMPONENT, "public, max-age=86400, stale-while-revalidate=604800")
}

pub(super) async fn read_builder_script() -> Response {
    write_script(include_str!("builder.js"), "public, max-age=300")
}

fn write_script(script: &'static str, caching: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static(caching)),
        CROSS_ORIGIN,
    ];
    (headers, script).into_response()
}
