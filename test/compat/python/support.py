"""What the test of AWS Support asks of boto3: a conversation with the CLI's other half, page by page."""

import json
import os

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

support = boto3.client("support", endpoint_url=os.environ["COMPAT_ENDPOINT"], region_name="us-east-1", config=Config(retries={"total_max_attempts": 1}))

KIND = {"issueType": "customer-service", "serviceCode": "customer-account", "categoryCode": "activation"}


def failure(call, **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        own = type(e) is not ClientError and type(e) is support.exceptions.from_code(e.response["Error"]["Code"])
        return f"{e.response['ResponseMetadata']['HTTPStatusCode']} {e.response['Error']['Code']} {type(e).__name__ if own else 'ClientError'}"
    return "none"


def main():
    data = bytes(range(256)) * 1000
    attached = support.add_attachments_to_set(attachments=[{"fileName": "ログ.bin", "data": data}])
    opened = [
        support.create_case(subject=f"Case {i}", communicationBody="本文", language="ja", **KIND, **({"attachmentSetId": attached["attachmentSetId"]} if i == 0 else {}))["caseId"]
        for i in range(12)
    ]
    paged = [c["caseId"] for page in support.get_paginator("describe_cases").paginate(PaginationConfig={"PageSize": 10}) for c in page["cases"]]
    first = support.describe_cases(caseIdList=[opened[0]])["cases"][0]
    file = first["recentCommunications"]["communications"][0]["attachmentSet"][0]
    for i in range(11):
        support.add_communication_to_case(caseId=opened[0], communicationBody=f"{i}")
    said = [m["body"] for page in support.get_paginator("describe_communications").paginate(caseId=opened[0], PaginationConfig={"PageSize": 10}) for m in page["communications"]]
    options = support.describe_create_case_options(language="en", **KIND)
    return {
        "newest_first": paged == opened[::-1],
        "body": first["recentCommunications"]["communications"][0]["body"],
        "file": file["fileName"],
        "same_data": support.describe_attachment(attachmentId=file["attachmentId"])["attachment"]["data"] == data,
        "said": said,
        "languages": [lang["code"] for lang in support.describe_supported_languages(**KIND)["supportedLanguages"]],
        "methods": [o["type"] for o in options["communicationTypes"]],
        "failures": {
            "no case": failure(support.resolve_case, caseId="case-0"),
            "no attachment": failure(support.describe_attachment, attachmentId="x"),
            "no set": failure(support.create_case, subject="x", communicationBody="x", attachmentSetId="x", **KIND),
            "no plan": failure(support.create_case, subject="x", communicationBody="x"),
            "too long": failure(support.create_case, subject="x", communicationBody="x" * 8001, **KIND),
            "no check": failure(support.refresh_trusted_advisor_check, checkId="x"),
        },
    }


if __name__ == "__main__":
    print(json.dumps(main()))
