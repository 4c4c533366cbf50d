use serde_json::{Map, Value};

/// Lays `patch` over `target` as RFC 7396 (JSON Merge Patch) says: a missing key leaves what is
/// there, `null` clears it, objects merge key by key, and everything else replaces.
pub fn merge_patch(target: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (key, value) in patch {
        match value {
            Value::Null => {
                target.remove(&key);
            }
            Value::Object(inner) => {
                let slot = target.entry(key).or_insert_with(|| Value::Object(Map::new()));
                if !slot.is_object() {
                    *slot = Value::Object(Map::new());
                }
                if let Value::Object(existing) = slot {
                    merge_patch(existing, inner);
                }
            }
            other => {
                target.insert(key, other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(target: Value, patch: Value, expected: Value) {
        let (Value::Object(mut target), Value::Object(patch)) = (target, patch) else {
            panic!("both are objects");
        };
        merge_patch(&mut target, patch);
        assert_eq!(Value::Object(target), expected);
    }

    #[test]
    fn follows_rfc_7396() {
        check(json!({"a": 1, "b": 2}), json!({"b": null}), json!({"a": 1}));
        check(json!({"a": {"x": 1}}), json!({"a": {"y": 2}}), json!({"a": {"x": 1, "y": 2}}));
        check(json!({"a": [1]}), json!({"a": [2, 3]}), json!({"a": [2, 3]}));
        check(json!({"a": 1}), json!({"a": {"b": null}}), json!({"a": {}}));
    }
}
