#!/usr/bin/env bash
# Holds the HTTP API against its own description: schemathesis sends what the document allows and what it
# does not, and nothing may be answered that is not described, nor with a fault of the server's own.
#
#   tests/api/run.sh [seconds]     how long it goes on at most; 45
#
# Its Python packages go into an environment below the target folder, at pinned versions.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-45}
target=$(cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
baton=${BATON:-$target/debug/baton}
tools=$target/schemathesis
[ -x "$baton" ] || { echo "no program at $baton; build it with cargo build -p baton" >&2; exit 1; }

if ! cmp -s tests/api/requirements.txt "$tools/requirements.txt"; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check --requirement tests/api/requirements.txt
  cp tests/api/requirements.txt "$tools/requirements.txt"
fi

work=$(mktemp -d)
server=
end() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT

data=$work/data
samples=packs/purchase-to-pay/sample
"$baton" init --pack purchase-to-pay --data "$data" >/dev/null
"$baton" import --data "$data" "$samples/1-orders" "$samples/2-receipts" "$samples/3-invoices" >/dev/null
# One of the client who may approve and change lanes: most verbs are open to her.
token=$("$baton" token issue --data "$data" mara.linden --name schemathesis 2>/dev/null)

"$baton" serve --data "$data" --listen 127.0.0.1:0 >"$work/out" 2>"$work/err" &
server=$!
for _ in $(seq 200); do
  address=$(sed -n 's|^listening: \(http://[^/]*\)/.*|\1|p' "$work/out")
  [ -z "$address" ] || break
  sleep 0.1
done
[ -n "${address:-}" ] || { cat "$work/err" >&2; exit 1; }

# Ids of things that are there, so that more than refusals is looked at. A token of its own is revoked.
spare=$("$baton" token issue --data "$data" lena.brandt --name spare 2>/dev/null)
"$tools/bin/python" - "$address/api/v1" "$token" "$spare" >"$work/schemathesis.toml" <<'PYTHON'
import hashlib, json, sys, urllib.request

base, token, spare = sys.argv[1:]


def first(path):
    request = urllib.request.Request(base + path, headers={"Authorization": "Bearer " + token})
    return json.load(urllib.request.urlopen(request))["items"][0]


item, case, process = first("/work"), first("/cases"), first("/processes")
known = {
    "item": item["id"],
    "case": case["id"],
    "id": first("/documents")["id"],
    "lane": "verify",
    "process": process["id"],
    "version": process["version"],
    "form": "approve",
    "incident": "1",
    "n": 3,
    "hash": hashlib.sha256(spare.encode()).hexdigest(),
}
print("[parameters]")
for name, value in known.items():
    print(f'"path.{name}" = {json.dumps(value)}')
# What a caller may not do is as good an answer as what is done, so acceptance of sound data is not asked
# for; and the document has no links that the stateful checks could follow.
print("[checks]")
for check in (
    "positive_data_acceptance",
    "missing_required_header",
    "use_after_free",
    "ensure_resource_availability",
    "object_level_authorization",
):
    print(f"{check}.enabled = false")
# A part of an upload is bytes, whatever they spell: no part is of a wrong type.
print('[[operations]]\ninclude-name = "POST /documents"\nchecks.negative_data_rejection.enabled = false')
PYTHON

"$tools/bin/schemathesis" --config-file "$work/schemathesis.toml" run "$address/api/v1/openapi.json" \
  --header "Authorization: Bearer $token" --phases examples,coverage,fuzzing --max-time "$seconds" \
  --continue-on-failure --warnings off --no-color
"$baton" verify --data "$data" >/dev/null
echo "The journal still proves itself."
