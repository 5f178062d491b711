// Writes smithy_vectors.json: requests signed by the AWS SDK for JavaScript v3's
// signer, as they go on the wire.
//
//   npm install --prefix /tmp/smithy @smithy/signature-v4 @smithy/core @aws-crypto/sha256-js
//   NODE_PATH=/tmp/smithy/node_modules node smithy_vectors.mjs
//
// The Go tests read the JSON, so they need neither Node nor a network.
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";

const require = createRequire(import.meta.url); // honours NODE_PATH, which import does not
const { SignatureV4 } = require("@smithy/signature-v4");
const { HttpRequest, buildQueryString } = require("@smithy/core/protocols");
const { Sha256 } = require("@aws-crypto/sha256-js");
const { version } = require("@smithy/signature-v4/package.json");

const signingDate = new Date("2026-01-02T03:04:05Z");
const long = { accessKeyId: "AKIDEXAMPLE000000001", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const temp = {
  accessKeyId: "ASIAEXAMPLE000000001",
  secretAccessKey: "kW7MtnFEMI/K7MDENG+bPxRfiCYEXAMPLESECRET",
  sessionToken: "FwoGZXIvYXdzE/+==token/with+odd=chars".repeat(8),
};
const form = { "content-type": "application/x-www-form-urlencoded" };
const identity = { Action: "GetCallerIdentity", Version: "2011-06-15" };

// name, credentials, region, service, method, host, path, query, headers, body, presign options
const cases = [
  ["sts post", long, "us-east-1", "sts", "POST", "sts.amazonaws.com", "/", {}, form, "Action=GetCallerIdentity&Version=2011-06-15"],
  ["sts post with token", temp, "eu-west-1", "sts", "POST", "sekisho.example:8443", "/", {}, form, "Action=GetCallerIdentity&Version=2011-06-15"],
  ["sdk headers", temp, "us-west-2", "identitystore", "POST", "h.example:8420", "/", {}, {
    "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSIdentityStore.ListUsers", "content-length": "2",
    "x-amz-user-agent": "aws-sdk-js/3.1", "user-agent": "aws-sdk-js/3.1  ua/2.1", "amz-sdk-invocation-id": "4f2a", "amz-sdk-request": "attempt=1; max=3",
  }, "{}"],
  ["unicode body", long, "ap-northeast-1", "iam", "POST", "iam.example", "/", {}, form, "UserName=関所"],
  ["empty body", long, "us-east-1", "account", "GET", "h.example", "/p", {}, {}, undefined],
  ["query of every kind", long, "us-east-1", "account", "GET", "h.example", "/p", { b: "", a: ["2", "1"], "ä/ö": "x y+z", arn: "a/b:c", "!'()*": "!'()*~" }, {}, undefined],
  ["odd path characters", long, "us-east-1", "rolesanywhere", "GET", "h.example", "/a%20b/c%2Fd/%E9%96%A2:e=f,g@h~i!j$k'l(m)n*o+p", {}, {}, undefined],
  ["dot segments", long, "us-east-1", "account", "GET", "h.example", "/a/./b/../c/", {}, {}, undefined],
  ["double slashes", long, "us-east-1", "account", "GET", "h.example", "//a///b//", {}, {}, undefined],
  ["endpoint with a path", long, "us-east-1", "sts", "POST", "h.example", "/sts/", {}, form, "Action=GetCallerIdentity"],
  ["spaces and tabs in header values", long, "us-east-1", "sts", "POST", "h.example", "/", {}, { "x-amz-meta": "  a   b \t c  " }, "x"],
  ["unsigned payload, empty body", long, "us-east-1", "sts", "GET", "h.example", "/", identity, { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }, undefined],
  ["presigned", long, "us-east-1", "sts", "GET", "sts.amazonaws.com", "/", identity, {}, undefined, { expiresIn: 60 }],
  ["presigned with token", temp, "us-east-1", "sts", "GET", "sts.example:8443", "/", identity, {}, undefined, { expiresIn: 900 }],
  ["presigned as an EKS token", temp, "eu-central-1", "sts", "GET", "sts.example", "/", identity, { "x-k8s-aws-id": "my-cluster" }, undefined, { expiresIn: 60 }],
  ["presigned with a hoisted header", temp, "us-east-1", "sts", "GET", "sts.example", "/", identity, { "x-amz-content-sha256": "UNSIGNED-PAYLOAD", "x-amz-meta": "v w" }, undefined, { expiresIn: 60 }],
  ["presigned post with a body", long, "us-east-1", "sts", "POST", "sts.example", "/", {}, form, "Action=GetCallerIdentity&Version=2011-06-15", { expiresIn: 60 }],
];

const vectors = [];
for (const [name, credentials, region, service, method, host, path, query, headers, body, presign] of cases) {
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const request = new HttpRequest({ method, hostname: host, path, query, headers: { host, ...headers }, body });
  const signed = presign
    ? await signer.presign(request, { signingDate, ...presign })
    : await signer.sign(request, { signingDate });
  vectors.push({
    name, method, host, path: signed.path, query: buildQueryString(signed.query),
    headers: Object.entries(signed.headers).filter(([k]) => k !== "host"),
    body: body ?? "", time: "20260102T030405Z",
    accessKeyId: credentials.accessKeyId, secret: credentials.secretAccessKey, token: credentials.sessionToken ?? "",
    region, service, presigned: presign !== undefined,
  });
}
const out = { signer: `@smithy/signature-v4 ${version}`, vectors };
writeFileSync(new URL("smithy_vectors.json", import.meta.url), JSON.stringify(out, null, 1) + "\n");
console.log("smithy_vectors.json", vectors.length);
