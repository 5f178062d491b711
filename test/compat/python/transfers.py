"""Transfers of responsibility between two organizations, as boto3 asks for them."""

import json
import os
from datetime import datetime, timedelta, timezone

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def client(who):
    return boto3.client("organizations", endpoint_url=os.environ["COMPAT_ENDPOINT"], region_name="us-east-1", config=Config(retries={"total_max_attempts": 1}),
                        aws_access_key_id=os.environ[f"COMPAT_{who}_ID"], aws_secret_access_key=os.environ[f"COMPAT_{who}_SECRET"])


def failure(call, **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        return " ".join(filter(None, (type(e).__name__, e.response.get("Reason", ""))))
    return "none"


def month(after):
    """The first moment of a month, so many after this one."""
    now = datetime.now(timezone.utc)
    months = now.year * 12 + now.month - 1 + after
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=timezone.utc)


def main():
    target, source = client("TARGET"), client("SOURCE")
    source.create_organization()
    start, alone = month(2), os.environ["COMPAT_SOURCE"]
    ask = {"Type": "BILLING", "SourceName": "Customer", "Target": {"Type": "ACCOUNT", "Id": alone}}
    out = {
        "a second late": failure(target.invite_organization_to_transfer_responsibility, **ask, StartTimestamp=start + timedelta(seconds=1)),
        "this month": failure(target.invite_organization_to_transfer_responsibility, **ask, StartTimestamp=month(0)),
    }
    handshake = target.invite_organization_to_transfer_responsibility(**ask, StartTimestamp=start)["Handshake"]
    for other in ("999999999998", "999999999999"):
        target.invite_organization_to_transfer_responsibility(**{**ask, "Target": {"Type": "ACCOUNT", "Id": other}}, StartTimestamp=start)
    source.accept_handshake(HandshakeId=handshake["Id"])
    listed, token = [], {}
    while True:  # boto3 has no paginator for it
        page = target.list_inbound_responsibility_transfers(Type="BILLING", MaxResults=1, **token)
        listed += page["ResponsibilityTransfers"]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    out["listed"] = sorted(t["Status"] for t in listed)
    given = source.list_outbound_responsibility_transfers(Type="BILLING")["ResponsibilityTransfers"][0]
    out["starts"] = given["StartTimestamp"] == start
    # boto3 sends whole seconds: what it is given as 23:59:59.999 goes out as 23:59:59.
    end = month(3) - timedelta(milliseconds=1)
    ended = source.terminate_responsibility_transfer(Id=given["Id"], EndTimestamp=end)["ResponsibilityTransfer"]
    out["ended"], out["ends"] = ended["Status"], ended["EndTimestamp"] == end
    out["again"] = failure(source.terminate_responsibility_transfer, Id=given["Id"])
    out["none"] = failure(target.describe_responsibility_transfer, Id="rt-0123456789")
    print(json.dumps(out))


if __name__ == "__main__":
    main()
