"""What the tests of IAM ask of boto3; iam_boto3_test.go says which commands there are."""

import json
import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError, WaiterError

ENDPOINT = os.environ["COMPAT_ENDPOINT"]
ONCE = Config(retries={"total_max_attempts": 1})
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["iam:Get*", "iam:List*"], "Resource": "*"}]}
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}


def client(service):
    return boto3.client(service, endpoint_url=ENDPOINT, region_name="us-east-1", config=ONCE)


def populate(iam, material):
    """Two or more of everything that is listed."""
    arn = {"user": [], "policy": [], "device": []}
    for i in range(3):
        name = f"u{i}"
        arn["user"].append(iam.create_user(UserName=name, Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(3)])["User"]["Arn"])
        arn["policy"].append(iam.create_policy(PolicyName=f"p{i}", PolicyDocument=json.dumps(ALLOW), Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(3)])["Policy"]["Arn"])
        iam.create_group(GroupName=f"g{i}")
        iam.create_role(RoleName=f"r{i}", AssumeRolePolicyDocument=json.dumps(TRUST), Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(3)])
        iam.create_instance_profile(InstanceProfileName=f"i{i}", Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(3)])
        iam.add_role_to_instance_profile(InstanceProfileName=f"i{i}", RoleName="r0")
        arn["device"].append(iam.create_virtual_mfa_device(VirtualMFADeviceName=f"d{i}", Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(3)])["VirtualMFADevice"]["SerialNumber"])
        iam.upload_server_certificate(ServerCertificateName=f"c{i}", CertificateBody=material["certificate"], PrivateKey=material["key"],
                                      Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(3)])
    for i in range(3):
        iam.add_user_to_group(GroupName="g0", UserName=f"u{i}")
        if i:
            iam.add_user_to_group(GroupName=f"g{i}", UserName="u0")
        for kind, call_attach, call_put in (("u", iam.attach_user_policy, iam.put_user_policy), ("g", iam.attach_group_policy, iam.put_group_policy),
                                            ("r", iam.attach_role_policy, iam.put_role_policy)):
            argument = {"u": "UserName", "g": "GroupName", "r": "RoleName"}[kind]
            call_attach(**{argument: f"{kind}0"}, PolicyArn=arn["policy"][i])
            if i:
                call_attach(**{argument: f"{kind}{i}"}, PolicyArn=arn["policy"][0])
            call_put(**{argument: f"{kind}0"}, PolicyName=f"inline{i}", PolicyDocument=json.dumps(ALLOW))
        if i:
            iam.create_policy_version(PolicyArn=arn["policy"][0], PolicyDocument=json.dumps(ALLOW))
            iam.create_access_key(UserName="u0")
            iam.upload_ssh_public_key(UserName="u0", SSHPublicKeyBody=material["ssh"][i])
            iam.upload_signing_certificate(UserName="u0", CertificateBody=material["certificates"][i])
    iam.create_account_alias(AccountAlias="example-boto3")
    arn["oidc"] = iam.create_open_id_connect_provider(Url="https://ci.example.com", ClientIDList=["a"], ThumbprintList=["0" * 40],
                                                      Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(3)])["OpenIDConnectProviderArn"]
    arn["saml"] = iam.create_saml_provider(Name="saml", SAMLMetadataDocument=material["saml"],
                                           Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(3)])["SAMLProviderArn"]
    return arn


def paginators():
    """Pages of one element, of everything that can be paged; per paginator how many pages and elements."""
    iam = client("iam")
    with open(os.environ["COMPAT_MATERIAL"], encoding="utf-8") as f:
        arn = populate(iam, json.load(f))
    arguments = {
        "get_group": {"GroupName": "g0"}, "list_access_keys": {"UserName": "u0"}, "list_attached_group_policies": {"GroupName": "g0"},
        "list_attached_role_policies": {"RoleName": "r0"}, "list_attached_user_policies": {"UserName": "u0"}, "list_entities_for_policy": {"PolicyArn": arn["policy"][0]},
        "list_group_policies": {"GroupName": "g0"}, "list_groups_for_user": {"UserName": "u0"}, "list_instance_profile_tags": {"InstanceProfileName": "i0"},
        "list_instance_profiles_for_role": {"RoleName": "r0"}, "list_mfa_device_tags": {"SerialNumber": arn["device"][0]}, "list_mfa_devices": {"UserName": "u0"},
        "list_open_id_connect_provider_tags": {"OpenIDConnectProviderArn": arn["oidc"]}, "list_policies": {"Scope": "Local"}, "list_policy_tags": {"PolicyArn": arn["policy"][0]},
        "list_policy_versions": {"PolicyArn": arn["policy"][0]}, "list_role_policies": {"RoleName": "r0"}, "list_role_tags": {"RoleName": "r0"},
        "list_saml_provider_tags": {"SAMLProviderArn": arn["saml"]}, "list_ssh_public_keys": {"UserName": "u0"}, "list_server_certificate_tags": {"ServerCertificateName": "c0"},
        "list_signing_certificates": {"UserName": "u0"}, "list_user_policies": {"UserName": "u0"}, "list_user_tags": {"UserName": "u0"},
        "simulate_custom_policy": {"PolicyInputList": [json.dumps(ALLOW)], "ActionNames": ["iam:GetUser", "iam:GetRole", "iam:CreateUser"]},
        "simulate_principal_policy": {"PolicySourceArn": arn["user"][0], "ActionNames": ["iam:GetUser", "iam:GetRole", "iam:CreateUser"]},
        "get_account_authorization_details": {"Filter": ["User", "Role", "Group", "LocalManagedPolicy"]},
    }
    out = {}
    for operation in sorted(o for o in iam.meta.method_to_api_mapping if iam.can_paginate(o)):
        paginator = iam.get_paginator(operation)
        keys = [k.expression for k in paginator.result_keys]
        pages, elements = 0, []
        for page in paginator.paginate(**arguments.get(operation, {}), PaginationConfig={"PageSize": 1}):
            pages += 1
            on_page = [e for k in keys for e in page.get(k, [])]
            if len(on_page) > 1:
                raise AssertionError(f"{operation}: a page of one has {len(on_page)}")
            if page["IsTruncated"] != ("Marker" in page):
                raise AssertionError(f"{operation}: truncated {page['IsTruncated']}, marker {page.get('Marker')}")
            elements += [json.dumps(e, default=str, sort_keys=True) for e in on_page]
        whole = [json.dumps(e, default=str, sort_keys=True) for page in paginator.paginate(**arguments.get(operation, {})) for k in keys for e in page.get(k, [])]
        out[operation] = {"pages": pages, "elements": len(elements), "same": sorted(elements) == sorted(whole) and len(set(elements)) == len(elements)}
    return out


def waiters():
    """Every waiter, of what there is; and how one that waits in vain ends."""
    iam = client("iam")
    iam.create_user(UserName="w")
    iam.create_role(RoleName="w", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.create_instance_profile(InstanceProfileName="w")
    policy = iam.create_policy(PolicyName="w", PolicyDocument=json.dumps(ALLOW))["Policy"]["Arn"]
    there = {"user_exists": {"UserName": "w"}, "role_exists": {"RoleName": "w"}, "instance_profile_exists": {"InstanceProfileName": "w"}, "policy_exists": {"PolicyArn": policy}}
    for name in iam.waiter_names:
        iam.get_waiter(name).wait(**there[name])
    vain = {}
    for name, arguments in there.items():
        missing = {k: v.removesuffix("w") + "missing" for k, v in arguments.items()}
        try:
            iam.get_waiter(name).wait(**missing, WaiterConfig={"Delay": 0, "MaxAttempts": 2})
            vain[name] = ""
        except WaiterError as e:
            vain[name] = e.kwargs["reason"]
    return {"names": sorted(iam.waiter_names), "vain": vain}


def documents():
    """Documents come back as what was sent, parsed; errors as the client's own exceptions."""
    iam = client("iam")
    odd = {"Version": "2012-10-17", "Statement": [{"Sid": "Odd", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/100% + é/${aws:username}?&=*"}]}
    sent = json.dumps(odd, ensure_ascii=False, indent=2)
    user = iam.create_user(UserName="doc")["User"]
    iam.put_user_policy(UserName="doc", PolicyName="odd", PolicyDocument=sent)
    role = iam.create_role(RoleName="doc", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    iam.put_role_policy(RoleName="doc", PolicyName="odd", PolicyDocument=sent)
    iam.create_group(GroupName="doc")
    iam.put_group_policy(GroupName="doc", PolicyName="odd", PolicyDocument=sent)
    policy = iam.create_policy(PolicyName="doc", PolicyDocument=sent)["Policy"]
    details = iam.get_account_authorization_details(Filter=["User", "Role", "Group", "LocalManagedPolicy"])
    same = {
        "user": iam.get_user_policy(UserName="doc", PolicyName="odd")["PolicyDocument"] == odd,
        "role": iam.get_role_policy(RoleName="doc", PolicyName="odd")["PolicyDocument"] == odd,
        "group": iam.get_group_policy(GroupName="doc", PolicyName="odd")["PolicyDocument"] == odd,
        "version": iam.get_policy_version(PolicyArn=policy["Arn"], VersionId="v1")["PolicyVersion"]["Document"] == odd,
        "trust of the answer": role["AssumeRolePolicyDocument"] == TRUST,
        "trust": iam.get_role(RoleName="doc")["Role"]["AssumeRolePolicyDocument"] == TRUST,
        "details of users": details["UserDetailList"][0]["UserPolicyList"][0]["PolicyDocument"] == odd,
        "details of policies": details["Policies"][0]["PolicyVersionList"][0]["Document"] == odd,
        "details of roles": [r["AssumeRolePolicyDocument"] for r in details["RoleDetailList"] if r["RoleName"] == "doc"] == [TRUST],
    }
    # The resource API builds its calls from the answers of others.
    resource = boto3.resource("iam", endpoint_url=ENDPOINT, region_name="us-east-1", config=ONCE)
    same["resources"] = (
        resource.User("doc").arn == user["Arn"] and resource.Policy(policy["Arn"]).default_version.document == odd
        and [p.name for p in resource.User("doc").policies.all()] == ["odd"] and resource.CurrentUser().arn.endswith(":root")
        and [r.name for r in resource.roles.all() if r.name == "doc"] == ["doc"]
    )

    def failure(call, **arguments):
        try:
            call(**arguments)
        except ParamValidationError:
            return "refused by the client"
        except ClientError as e:
            own = type(e) is not ClientError and type(e) is iam.exceptions.from_code(e.response["Error"]["Code"])
            return f"{e.response['ResponseMetadata']['HTTPStatusCode']} {e.response['Error']['Code']} {type(e).__name__ if own else 'ClientError'}"
        return "none"

    failures = {
        "no name": failure(iam.create_user),
        "empty name": failure(iam.create_user, UserName=""),
        "characters": failure(iam.create_user, UserName="a b"),
        "length": failure(iam.create_user, UserName="a" * 65),
        "taken": failure(iam.create_user, UserName="DOC"),
        "missing": failure(iam.get_user, UserName="nobody"),
        "in use": failure(iam.delete_user, UserName="doc"),
        "malformed": failure(iam.create_policy, PolicyName="x", PolicyDocument="{}"),
        "malformed trust": failure(iam.create_role, RoleName="x", AssumeRolePolicyDocument=json.dumps(ALLOW)),
        "page size": failure(iam.list_users, MaxItems=0),
        "page size of the server": failure(iam.list_users, MaxItems=1001),
        "reserved path": failure(iam.create_role, RoleName="x", Path="/aws-reserved/x/", AssumeRolePolicyDocument=json.dumps(TRUST)),
        "managed by AWS": failure(iam.delete_policy, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"),
        "no password policy": failure(iam.get_account_password_policy),
        "no report": failure(iam.get_credential_report),
        "certificate": failure(iam.upload_server_certificate, ServerCertificateName="x", CertificateBody="x", PrivateKey="x"),
        "public key": failure(iam.upload_ssh_public_key, UserName="doc", SSHPublicKeyBody="x"),
    }
    return {"same": same, "failures": failures}


if __name__ == "__main__":
    print(json.dumps({"paginators": paginators, "waiters": waiters, "documents": documents}[sys.argv[1]]()))
