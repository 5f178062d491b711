"""The boto3 client of the compatibility tests; sdk_test.go says what it is asked."""

import json
import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ONCE = Config(retries={"total_max_attempts": 1})


def failure(client, call, **arguments):
    """What the call fails with; typed if the SDK has an exception of its own for it."""
    try:
        call(**arguments)
    except ClientError as e:
        code = e.response["Error"]["Code"]
        typed = type(e) is not ClientError and type(e) is client.exceptions.from_code(code)
        return {
            "code": code,
            "status": e.response["ResponseMetadata"]["HTTPStatusCode"],
            "typed": typed,
            "error": e.response.get("error", ""),
        }
    return {"code": "", "status": 200}


def identity(profile):
    session = boto3.Session(profile_name=profile)
    try:
        out = session.client("sts", config=ONCE).get_caller_identity()
    except Exception as e:  # pylint: disable=broad-except
        return {"error": type(e).__name__, "message": str(e)}
    return {"arn": out["Arn"], "account": out["Account"], "userId": out["UserId"]}


def portal(endpoint, account, role):
    token = os.environ["COMPAT_ACCESS_TOKEN"]
    sso = boto3.client("sso", endpoint_url=endpoint, region_name="us-east-1", config=ONCE)
    accounts = list(sso.get_paginator("list_accounts").paginate(accessToken=token, PaginationConfig={"PageSize": 1}))
    roles = list(sso.get_paginator("list_account_roles").paginate(accessToken=token, accountId=account, PaginationConfig={"PageSize": 1}))
    credentials = sso.get_role_credentials(accessToken=token, accountId=account, roleName=role)["roleCredentials"]
    result = {
        "accounts": [a["accountId"] for page in accounts for a in page["accountList"]],
        "accountPages": len(accounts),
        "roles": [r["roleName"] for page in roles for r in page["roleList"]],
        "rolePages": len(roles),
        "accessKeyId": credentials["accessKeyId"],
        "expiration": credentials["expiration"],
        "failures": {
            "no such role": failure(sso, sso.get_role_credentials, accessToken=token, accountId=account, roleName="NoSuchRole"),
            "no such token": failure(sso, sso.list_accounts, accessToken="no-such-token"),
            "no such page": failure(sso, sso.list_accounts, accessToken=token, nextToken="no such page"),
        },
    }
    sso.logout(accessToken=token)
    result["failures"]["after logout"] = failure(sso, sso.list_accounts, accessToken=token)
    return result


def oidc(endpoint, start_url):
    client = boto3.client("sso-oidc", endpoint_url=endpoint, region_name="us-east-1", config=ONCE)
    registered = client.register_client(clientName="compat", clientType="public", scopes=["sso:account:access"])
    me = {"clientId": registered["clientId"], "clientSecret": registered["clientSecret"]}
    device = client.start_device_authorization(startUrl=start_url, **me)
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    failures = {
        "pending": failure(client, client.create_token, grantType=grant, deviceCode=device["deviceCode"], **me),
        "no such device code": failure(client, client.create_token, grantType=grant, deviceCode="x", **me),
        "wrong secret": failure(client, client.create_token, grantType=grant, deviceCode=device["deviceCode"], clientId=me["clientId"], clientSecret="x"),
        "no such refresh token": failure(client, client.create_token, grantType="refresh_token", refreshToken="x", **me),
        "no such grant type": failure(client, client.create_token, grantType="password", **me),
        "no such scope": failure(client, client.register_client, clientName="compat", clientType="public", scopes=["everything"]),
        "confidential": failure(client, client.register_client, clientName="compat", clientType="confidential"),
        "foreign start URL": failure(client, client.start_device_authorization, startUrl="https://other.awsapps.com/start", **me),
    }
    for _ in range(10):
        failures["too fast"] = failure(client, client.create_token, grantType=grant, deviceCode=device["deviceCode"], **me)
    return {"failures": failures, "expiresIn": device["expiresIn"], "interval": device["interval"], "userCode": device["userCode"]}


if __name__ == "__main__":
    print(json.dumps({"identity": identity, "portal": portal, "oidc": oidc}[sys.argv[1]](*sys.argv[2:])))
