"""What the tests of Organizations, IAM Identity Center and its directory ask of boto3."""

import json
import os
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

ENDPOINT = os.environ["COMPAT_ENDPOINT"]
ONCE = Config(retries={"total_max_attempts": 1})
ANALYZER = "access-analyzer.amazonaws.com"
DENY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]})
ACTOR = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sso-oauth:CreateTokenWithIAM", "Resource": "*"}]}
PRODUCTION, STAGING, SANDBOX = "444455556666", "777788889999", "222233334444"
TAGS = [{"Key": f"k{n}", "Value": "v"} for n in range(3)]


def client(service):
    return boto3.client(service, endpoint_url=ENDPOINT, region_name="us-east-1", config=ONCE)


def until(describe, member, key="Status"):
    """Polls like Terraform and scripts do: neither service has waiters."""
    for _ in range(200):
        status = describe()[member]
        if status[key] != "IN_PROGRESS":
            return status
        time.sleep(0.1)
    raise AssertionError(f"still in progress: {status}")


def page_through(service, arguments, unpaged=()):
    """Pages of one element of everything that can be paged; per paginator how many pages and elements."""
    out = {}
    for operation in sorted(o for o in service.meta.method_to_api_mapping if service.can_paginate(o)):
        if operation in unpaged:
            continue
        paginator = service.get_paginator(operation)
        keys = [k.expression for k in paginator.result_keys]
        limited = bool(paginator._limit_key)  # pylint: disable=protected-access
        pages, elements = 0, []
        for page in paginator.paginate(**arguments.get(operation, {}), **({"PaginationConfig": {"PageSize": 1}} if limited else {})):
            pages += 1
            on_page = [e for k in keys for e in page.get(k, [])]
            if limited and len(on_page) > 1:
                raise AssertionError(f"{operation}: a page of one has {len(on_page)}")
            elements += [json.dumps(e, default=str, sort_keys=True) for e in on_page]
        whole = [json.dumps(e, default=str, sort_keys=True) for page in paginator.paginate(**arguments.get(operation, {})) for k in keys for e in page.get(k, [])]
        out[operation] = {"pages": pages, "elements": len(elements), "limited": limited, "same": sorted(elements) == sorted(whole) and len(set(elements)) == len(elements)}
    return out


def organizations():
    org = client("organizations")
    root = org.list_roots()["Roots"][0]["Id"]
    for i in range(3):
        org.create_organizational_unit(ParentId=root, Name=f"u{i}")
    policies = [org.create_policy(Type="SERVICE_CONTROL_POLICY", Name=f"p{i}", Description="", Content=DENY, Tags=TAGS)["Policy"]["PolicySummary"]["Id"] for i in range(3)]
    for i, p in enumerate(policies):
        org.attach_policy(PolicyId=p, TargetId=PRODUCTION)
        if i:
            org.attach_policy(PolicyId=policies[0], TargetId=(STAGING, SANDBOX)[i - 1])
    for principal in (ANALYZER, "ram.amazonaws.com", "guardduty.amazonaws.com"):
        org.enable_aws_service_access(ServicePrincipal=principal)
        org.register_delegated_administrator(AccountId=STAGING, ServicePrincipal=principal)
    org.enable_aws_service_access(ServicePrincipal="securityhub.amazonaws.com")
    org.register_delegated_administrator(AccountId=SANDBOX, ServicePrincipal="securityhub.amazonaws.com")
    for i in range(2):
        request = org.create_account(AccountName=f"a{i}", Email=f"a{i}@example.com")["CreateAccountStatus"]["Id"]
        until(lambda r=request: org.describe_create_account_status(CreateAccountRequestId=r), "CreateAccountStatus", "State")
    for outsider in os.environ["COMPAT_OUTSIDERS"].split(","):
        org.invite_account_to_organization(Target={"Type": "ACCOUNT", "Id": outsider})
    org.enable_policy_type(RootId=root, PolicyType="TAG_POLICY")
    tags = org.create_policy(Type="TAG_POLICY", Name="t", Description="", Content=json.dumps({"tags": {"Team": {"tag_key": {"@@assign": "Team"}}}}))["Policy"]["PolicySummary"]["Id"]
    org.attach_policy(PolicyId=tags, TargetId=root)
    return page_through(org, {
        "list_accounts_for_parent": {"ParentId": root}, "list_children": {"ParentId": root, "ChildType": "ORGANIZATIONAL_UNIT"},
        "list_organizational_units_for_parent": {"ParentId": root}, "list_parents": {"ChildId": PRODUCTION}, "list_policies": {"Filter": "SERVICE_CONTROL_POLICY"},
        "list_policies_for_target": {"TargetId": PRODUCTION, "Filter": "SERVICE_CONTROL_POLICY"}, "list_targets_for_policy": {"PolicyId": policies[0]},
        "list_tags_for_resource": {"ResourceId": policies[0]}, "list_delegated_services_for_account": {"AccountId": STAGING},
        "list_accounts_with_invalid_effective_policy": {"PolicyType": "TAG_POLICY"},
        "list_effective_policy_validation_errors": {"AccountId": PRODUCTION, "PolicyType": "TAG_POLICY"},
    })


def identitystore():
    store = client("identitystore")
    of = {"IdentityStoreId": client("sso-admin").list_instances()["Instances"][0]["IdentityStoreId"]}
    users = [store.create_user(**of, UserName=f"u{i}", DisplayName=f"u{i}", Name={"GivenName": "u", "FamilyName": str(i)})["UserId"] for i in range(3)]
    groups = [store.create_group(**of, DisplayName=f"g{i}")["GroupId"] for i in range(3)]
    for i in range(3):
        store.create_group_membership(**of, GroupId=groups[0], MemberId={"UserId": users[i]})
        if i:
            store.create_group_membership(**of, GroupId=groups[i], MemberId={"UserId": users[0]})
    return page_through(store, {
        "list_users": of, "list_groups": of, "list_group_memberships": {**of, "GroupId": groups[0]},
        "list_group_memberships_for_member": {**of, "MemberId": {"UserId": users[0]}},
    }, unpaged=("list_identity_stores",))


def ssoadmin():
    sso, store = client("sso-admin"), client("identitystore")
    instance = sso.list_instances()["Instances"][0]
    of = {"InstanceArn": instance["InstanceArn"]}
    users = [store.create_user(IdentityStoreId=instance["IdentityStoreId"], UserName=f"u{i}", DisplayName=f"u{i}", Name={"GivenName": "u", "FamilyName": str(i)})["UserId"] for i in range(3)]
    sets = [sso.create_permission_set(**of, Name=f"s{i}", Tags=TAGS)["PermissionSet"]["PermissionSetArn"] for i in range(3)]
    with_set = {**of, "PermissionSetArn": sets[0]}
    for i, managed in enumerate(("ReadOnlyAccess", "SecurityAudit", "PowerUserAccess")):
        sso.attach_managed_policy_to_permission_set(**of, PermissionSetArn=sets[1], ManagedPolicyArn=f"arn:aws:iam::aws:policy/{managed}")
        sso.attach_customer_managed_policy_reference_to_permission_set(**of, PermissionSetArn=sets[2], CustomerManagedPolicyReference={"Name": f"p{i}"})

    def assign(account, permission_set, user, create=True):
        call, member = (sso.create_account_assignment, "AccountAssignmentCreationStatus") if create else (sso.delete_account_assignment, "AccountAssignmentDeletionStatus")
        describe = sso.describe_account_assignment_creation_status if create else sso.describe_account_assignment_deletion_status
        request = call(**of, TargetId=account, TargetType="AWS_ACCOUNT", PermissionSetArn=permission_set, PrincipalType="USER", PrincipalId=user)[member]["RequestId"]
        parameter = "AccountAssignmentCreationRequestId" if create else "AccountAssignmentDeletionRequestId"
        status = until(lambda: describe(**of, **{parameter: request}), member)
        if status["Status"] != "SUCCEEDED":
            raise AssertionError(status)

    for i in range(3):
        assign(PRODUCTION, sets[0], users[i])
        if i:
            assign((STAGING, SANDBOX)[i - 1], sets[0], users[0])
            assign(PRODUCTION, sets[1], users[i])
            assign(PRODUCTION, sets[1], users[i], create=False)
    assign(PRODUCTION, sets[1], users[0])
    for _ in range(3):
        request = sso.provision_permission_set(**with_set, TargetType="ALL_PROVISIONED_ACCOUNTS")["PermissionSetProvisioningStatus"]["RequestId"]
        status = until(lambda r=request: sso.describe_permission_set_provisioning_status(**of, ProvisionPermissionSetRequestId=r), "PermissionSetProvisioningStatus")
        if status["Status"] != "SUCCEEDED":
            raise AssertionError(status)
    apps = [sso.create_application(**of, ApplicationProviderArn="arn:aws:sso::aws:applicationProvider/custom", Name=f"a{i}")["ApplicationArn"] for i in range(3)]
    app = {"ApplicationArn": apps[0]}
    for i in range(3):
        sso.create_application_assignment(**app, PrincipalId=users[i], PrincipalType="USER")
        if i:
            sso.create_application_assignment(ApplicationArn=apps[i], PrincipalId=users[0], PrincipalType="USER")
        sso.create_trusted_token_issuer(**of, Name=f"i{i}", TrustedTokenIssuerType="OIDC_JWT", TrustedTokenIssuerConfiguration={"OidcJwtConfiguration": {
            "IssuerUrl": f"https://idp{i}.example.com", "ClaimAttributePath": "email", "IdentityStoreAttributePath": "emails.value", "JwksRetrievalOption": "OPEN_ID_DISCOVERY"}})
    for scope in ("sso:account:access", "openid", "aws"):
        sso.put_application_access_scope(**app, Scope=scope)
    sso.put_application_authentication_method(**app, AuthenticationMethodType="IAM", AuthenticationMethod={"Iam": {"ActorPolicy": ACTOR}})
    if sso.get_application_authentication_method(**app, AuthenticationMethodType="IAM")["AuthenticationMethod"]["Iam"]["ActorPolicy"] != ACTOR:
        raise AssertionError("the actor policy came back changed")
    sso.put_application_grant(**app, GrantType="refresh_token", Grant={"RefreshToken": {}})
    sso.put_application_grant(**app, GrantType="authorization_code", Grant={"AuthorizationCode": {"RedirectUris": ["https://a.example.com/back"]}})
    sso.add_region(**of, RegionName="eu-west-1")
    return page_through(sso, {o: of for o in (
        "list_account_assignment_creation_status", "list_account_assignment_deletion_status", "list_permission_set_provisioning_status", "list_permission_sets",
        "list_applications", "list_trusted_token_issuers", "list_regions")} | {
        "list_account_assignments": {**with_set, "AccountId": PRODUCTION}, "list_account_assignments_for_principal": {**of, "PrincipalId": users[0], "PrincipalType": "USER"},
        "list_accounts_for_provisioned_permission_set": with_set, "list_permission_sets_provisioned_to_account": {**of, "AccountId": PRODUCTION},
        "list_managed_policies_in_permission_set": {**of, "PermissionSetArn": sets[1]},
        "list_customer_managed_policy_references_in_permission_set": {**of, "PermissionSetArn": sets[2]}, "list_tags_for_resource": {**of, "ResourceArn": sets[0]},
        "list_application_access_scopes": app, "list_application_assignments": app, "list_application_authentication_methods": app, "list_application_grants": app,
        "list_application_assignments_for_principal": {**of, "PrincipalId": users[0], "PrincipalType": "USER"},
    })


def failures():
    """How errors look: the client's own checks, the server's as the client's exceptions."""
    org, sso, store = client("organizations"), client("sso-admin"), client("identitystore")
    instance = sso.list_instances()["Instances"][0]
    of, directory = {"InstanceArn": instance["InstanceArn"]}, {"IdentityStoreId": instance["IdentityStoreId"]}
    root = org.list_roots()["Roots"][0]["Id"]
    missing = "00000000-0000-4000-8000-000000000000"

    def failure(call, **arguments):
        try:
            call(**arguments)
        except ParamValidationError:
            return "refused by the client"
        except ClientError as e:
            reason = e.response.get("Reason", "")
            return " ".join(filter(None, (str(e.response["ResponseMetadata"]["HTTPStatusCode"]), e.response["Error"]["Code"], type(e).__name__, reason)))
        return "none"

    org.create_organizational_unit(ParentId=root, Name="taken")
    return {
        "no name": failure(org.create_organizational_unit, ParentId=root),
        "unit taken": failure(org.create_organizational_unit, ParentId=root, Name="taken"),
        "characters": failure(org.create_organizational_unit, ParentId="../..", Name="x"),
        "token": failure(org.list_accounts, NextToken="never given"),
        "page size": failure(org.list_accounts, MaxResults=21),
        "account": failure(org.describe_account, AccountId="999999999999"),
        "root": failure(org.enable_policy_type, RootId="r-zzzz", PolicyType="TAG_POLICY"),
        "last policy": failure(org.detach_policy, PolicyId="p-FullAWSAccess", TargetId=PRODUCTION),
        "set": failure(sso.describe_permission_set, **of, PermissionSetArn=of["InstanceArn"].replace("instance/", "permissionSet/") + "/ps-0000000000000000"),
        "set's characters": failure(sso.describe_permission_set, **of, PermissionSetArn="arn:aws:sso:::permissionSet/x"),
        "duration": failure(sso.create_permission_set, **of, Name="x", SessionDuration="PT13H"),
        "long duration": failure(sso.create_permission_set, **of, Name="x", SessionDuration="a year"),
        "request": failure(sso.describe_account_assignment_creation_status, **of, AccountAssignmentCreationRequestId=missing),
        "two of a union": failure(store.get_user_id, **directory, AlternateIdentifier={"ExternalId": {"Issuer": "a", "Id": "b"}, "UniqueAttribute": {"AttributePath": "a", "AttributeValue": "b"}}),
        "user": failure(store.describe_user, **directory, UserId=missing),
        "user taken": failure(store.create_user, **directory, UserName="JANE", DisplayName="j", Name={"GivenName": "j", "FamilyName": "j"}),
    }


print(json.dumps({"organizations": organizations, "identitystore": identitystore, "ssoadmin": ssoadmin, "failures": failures}[sys.argv[1]]()))
