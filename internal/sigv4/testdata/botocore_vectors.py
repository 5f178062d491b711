#!/usr/bin/env python3
"""Writes botocore_vectors.json: requests signed by botocore, as they go on the wire.

    python3 botocore_vectors.py        # needs botocore; made with 1.43

The Go tests read the JSON, so they need neither Python nor a network.
"""
import datetime
import json
import pathlib
from urllib.parse import urlsplit

import botocore
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5)
botocore.auth.get_current_datetime = lambda *a, **k: NOW

LONG = ("AKIDEXAMPLE000000001", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", None)
TEMP = ("ASIAEXAMPLE000000001", "kW7MtnFEMI/K7MDENG+bPxRfiCYEXAMPLESECRET", "FwoGZXIvYXdzE/+==token/with+odd=chars" * 8)
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}

# name, kind, credentials, region, service, method, url, headers, body
CASES = [
    ("sts post", "header", LONG, "us-east-1", "sts", "POST", "https://sts.amazonaws.com/", FORM, "Action=GetCallerIdentity&Version=2011-06-15"),
    ("sts post with token", "header", TEMP, "eu-west-1", "sts", "POST", "https://sekisho.example:8443/", FORM, "Action=GetCallerIdentity&Version=2011-06-15"),
    ("iam unicode body", "header", LONG, "ap-northeast-1", "iam", "POST", "https://iam.example/", FORM, "Action=CreateUser&UserName=%E9%96%A2%E6%89%80&Version=2010-05-08"),
    ("empty body", "header", LONG, "us-east-1", "sts", "GET", "https://sts.example/?Action=GetCallerIdentity&Version=2011-06-15", {}, ""),
    ("awsjson", "header", TEMP, "us-west-2", "sso", "POST", "https://[::1]:8420/", {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "SWBExternalService.ListInstances"}, "{}"),
    ("default port is dropped", "header", LONG, "us-east-1", "iam", "POST", "https://iam.example:443/", FORM, "Action=GetUser&Version=2010-05-08"),
    ("plain http with port", "header", LONG, "us-east-1", "iam", "POST", "http://127.0.0.1:8420/", FORM, "Action=GetUser&Version=2010-05-08"),
    ("date header instead of x-amz-date", "header", LONG, "us-east-1", "iam", "POST", "https://iam.example/", {"Date": "overwritten"}, "Action=GetUser"),
    ("valueless and repeated parameters", "header", LONG, "us-east-1", "account", "GET", "https://h.example/p?b&a=2&a=1&c=&aa=3", {}, ""),
    ("encoded slash and space in query", "header", LONG, "us-east-1", "account", "GET", "https://h.example/p?arn=a%2Fb%3Ac&s=x%20y", {}, ""),
    ("odd path characters", "header", LONG, "us-east-1", "rolesanywhere", "GET", "https://h.example/a%20b/c%2Fd/%E9%96%A2:e=f,g@h~i!j$k'l(m)n*o+p", {}, ""),
    ("arn in path", "header", LONG, "us-east-1", "account", "GET", "https://h.example/subject/arn%3Aaws%3Aiam%3A%3A123456789012%3Auser%2Fx", {}, ""),
    ("dot segments", "header", LONG, "us-east-1", "account", "GET", "https://h.example/a/./b/../c/", {}, ""),
    ("double slashes", "header", LONG, "us-east-1", "account", "GET", "https://h.example//a///b//", {}, ""),
    ("path of dots only", "header", LONG, "us-east-1", "account", "GET", "https://h.example/../..", {}, ""),
    ("no path", "header", LONG, "us-east-1", "sts", "POST", "https://h.example", FORM, "Action=GetCallerIdentity"),
    ("spaces and tabs in header values", "header", LONG, "us-east-1", "sts", "POST", "https://h.example/", {"X-Amz-Meta": "  a   b \t c  ", "X-Other": "\"q   r\""}, "x"),
    ("user agent is not signed", "header", LONG, "us-east-1", "sts", "POST", "https://h.example/", {"User-Agent": "Boto3/1.0", "Connection": "keep-alive"}, "x"),
    ("declared payload hash", "header", LONG, "us-east-1", "sts", "POST", "https://h.example/", {"X-Amz-Content-SHA256": "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"}, "content"),
    ("presigned", "query", LONG, "us-east-1", "sts", "GET", "https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15", {}, ""),
    ("presigned with token", "query", TEMP, "us-east-1", "sts", "GET", "https://sts.example:8443/?Action=GetCallerIdentity&Version=2011-06-15", {}, ""),
    ("presigned as an EKS token", "query", TEMP, "eu-central-1", "sts", "GET", "https://sts.example/?Action=GetCallerIdentity&Version=2011-06-15", {"x-k8s-aws-id": "my-cluster"}, ""),
    ("presigned with odd values", "query", LONG, "us-east-1", "iam", "GET", "https://iam.example/?Action=GetRole&RoleName=%E9%96%A2+x%2By&Empty=", {}, ""),
    ("presigned over unsigned payload", "s3query", TEMP, "us-east-1", "sts", "GET", "https://sts.example/?Action=GetCallerIdentity&Version=2011-06-15", {}, ""),
]

SIGNERS = {
    "header": botocore.auth.SigV4Auth,
    "query": lambda c, s, r: botocore.auth.SigV4QueryAuth(c, s, r, expires=60),
    "s3query": lambda c, s, r: botocore.auth.S3SigV4QueryAuth(c, s, r, expires=900),
}


def vector(name, kind, cred, region, service, method, url, headers, body):
    request = AWSRequest(method=method, url=url, headers=dict(headers), data=body.encode())
    SIGNERS[kind](Credentials(*cred), service, region).add_auth(request)
    wire = urlsplit(request.prepare().url)
    host = botocore.auth._host_from_url(url)
    return {
        "name": name, "method": method, "host": host, "path": wire.path, "query": wire.query,
        "headers": [[k, v] for k, v in request.headers.items()],
        "body": body, "time": NOW.strftime("%Y%m%dT%H%M%SZ"),
        "accessKeyId": cred[0], "secret": cred[1], "token": cred[2] or "",
        "region": region, "service": service, "presigned": kind != "header",
    }


out = {"signer": f"botocore {botocore.__version__}", "vectors": [vector(*c) for c in CASES]}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out, indent=1, ensure_ascii=False) + "\n")
print(path.name, len(out["vectors"]))
