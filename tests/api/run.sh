#!/usr/bin/env bash
# Holds the HTTP API against its own description: schemathesis sends what the document allows and what it
# does not, and nothing may be answered that is not described, nor with a fault of the server's own. Every
# check is on, those of several steps too; what one of them takes for an answer is said below, where it is set.
#
#   tests/api/run.sh [seconds]     how long it goes on at most; 60
#
# Its Python packages go into an environment below the target folder, at pinned versions.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-60}
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

# Ids of things that are there, so that more than refusals is looked at. A token of its own is revoked. Workers of two
# providers ask again for what she read: what is hers alone, they may not get.
spare=$("$baton" token issue --data "$data" lena.brandt --name spare 2>/dev/null)
kestrel=$("$baton" token issue --data "$data" jana.kos --name schemathesis 2>/dev/null)
tala=$("$baton" token issue --data "$data" maria.santos --name schemathesis 2>/dev/null)
"$tools/bin/python" - "$address/api/v1" "$work" "$spare" "$token" "$kestrel" "$tala" \
  >"$work/schemathesis.toml" <<'PYTHON'
import hashlib, json, sys, urllib.request

base, work, spare, *tokens = sys.argv[1:]
token = tokens[0]
names = ["client", "kestrel", "tala"]


def user(name, token):
    header = {"name": "Authorization", "value": "Bearer " + token}
    return {"name": name, "fixedHeaders": [header]}


with open(work + "/users.json", "w") as users:
    json.dump({"auth": [user(*one) for one in zip(names, tokens)]}, users)


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
    "agreement": "KS-2026",
}
print("[parameters]")
for name, value in known.items():
    print(f'"path.{name}" = {json.dumps(value)}')
print("[auth.wfc]")
print(f"path = {json.dumps(work + '/users.json')}")
print('user = "client"')
print(f"peers = {json.dumps(names)}")
# Sound data may name what is not there, is not hers to do, or has moved on (403, 404, 409), and may say what is
# not taken although its shape is right: a lane of nobody, shares that do not add up, times that lie ahead (422). What is
# not an answer to sound data is 400: then the description would allow what cannot be read.
print("[checks.positive_data_acceptance]")
print('expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 422]')
PYTHON

"$tools/bin/schemathesis" --config-file "$work/schemathesis.toml" run "$address/api/v1/openapi.json" \
  --checks all --phases examples,coverage,fuzzing,stateful --max-time "$seconds" --continue-on-failure --warnings off --no-color
# Had a verb revoked her token, the rest would have been nothing but 401.
"$tools/bin/python" - "$address/api/v1/me" "$token" <<'PYTHON'
import sys, urllib.request

address, token = sys.argv[1:]
urllib.request.urlopen(urllib.request.Request(address, headers={"Authorization": "Bearer " + token}))
PYTHON
"$baton" verify --data "$data" >/dev/null
echo "The journal still proves itself."
