# Every resource and data source of IAM Identity Center and of its directory that
# the provider knows, in two versions: the second changes in place what can be
# changed in place.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }
variable "changed" { type = bool }
variable "member_key" { type = string }
variable "member_secret" {
  type      = string
  sensitive = true
}

provider "aws" {
  region = "us-east-1"
  endpoints {
    iam           = var.endpoint
    sts           = var.endpoint
    organizations = var.endpoint
    ssoadmin      = var.endpoint
    identitystore = var.endpoint
  }
  default_tags {
    tags = { ManagedBy = "terraform" }
  }
}

provider "aws" {
  alias      = "member"
  region     = "us-east-1"
  access_key = var.member_key
  secret_key = var.member_secret
  endpoints {
    iam = var.endpoint
    sts = var.endpoint
  }
}

data "aws_ssoadmin_instances" "here" {}
data "aws_caller_identity" "member" { provider = aws.member }

locals {
  instance = data.aws_ssoadmin_instances.here.arns[0]
  store    = data.aws_ssoadmin_instances.here.identity_store_ids[0]
  member   = data.aws_caller_identity.member.account_id
  tags     = var.changed ? { Stage = "two", "team:name" = "Ops + Café" } : { Stage = "one", Old = "" }
}

# The directory.

resource "aws_identitystore_user" "kim" {
  identity_store_id  = local.store
  user_name          = "kim"
  display_name       = var.changed ? "Kim Lee" : "Lee Kim"
  nickname           = var.changed ? null : "K."
  title              = var.changed ? "Principal" : "Engineer"
  locale             = "en-US"
  preferred_language = "en"
  profile_url        = "https://example.com/kim"
  timezone           = "Asia/Tokyo"
  user_type          = "Employee"
  name {
    given_name       = "Kim"
    middle_name      = "é"
    family_name      = var.changed ? "Lee-Park" : "Lee"
    formatted        = "Kim é Lee"
    honorific_prefix = "Dr."
    honorific_suffix = "III"
  }
  emails {
    value   = var.changed ? "kim.lee@example.com" : "kim@example.com"
    type    = "work"
    primary = true
  }
  phone_numbers {
    value   = "+81-3-0000-0000"
    type    = "work"
    primary = true
  }
  addresses {
    country        = "Japan"
    formatted      = "1-1 Chiyoda, Tokyo"
    locality       = "Chiyoda"
    postal_code    = "100-0001"
    primary        = true
    region         = "Tokyo"
    street_address = var.changed ? "1-2" : "1-1"
    type           = "work"
  }
}

resource "aws_identitystore_group" "operators" {
  identity_store_id = local.store
  display_name      = var.changed ? "Operators of all" : "Operators"
  description       = var.changed ? "They operate: é & <b>" : "They operate"
}

resource "aws_identitystore_group_membership" "kim" {
  identity_store_id = local.store
  group_id          = aws_identitystore_group.operators.group_id
  member_id         = aws_identitystore_user.kim.user_id
}

# Permission sets and who has them where.

resource "aws_ssoadmin_permission_set" "operator" {
  instance_arn     = local.instance
  name             = "Operator"
  description      = var.changed ? "Operates, too" : "Operates"
  session_duration = var.changed ? "PT8H" : "PT2H"
  relay_state      = var.changed ? "https://console.aws.amazon.com/iam/home" : "https://console.aws.amazon.com/s3/home"
  tags             = local.tags
}

resource "aws_iam_policy" "extra" {
  provider = aws.member
  name     = "extra"
  path     = "/ops/"
  policy   = data.aws_iam_policy_document.read.json
}

resource "aws_iam_policy" "limit" {
  provider = aws.member
  name     = "limit"
  policy   = data.aws_iam_policy_document.read.json
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["iam:List*", "iam:Get*"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "inline" {
  statement {
    actions   = var.changed ? ["s3:GetObject", "s3:ListBucket"] : ["s3:GetObject"]
    resources = ["arn:aws:s3:::a/*"]
    condition {
      test     = "StringLike"
      variable = "aws:PrincipalTag/Team"
      values   = ["a*", "é \"quoted\" & <b>"]
    }
  }
}

resource "aws_ssoadmin_managed_policy_attachment" "read" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.operator.arn
  managed_policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
  depends_on         = [aws_ssoadmin_account_assignment.operators]
}

resource "aws_ssoadmin_customer_managed_policy_attachment" "extra" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.operator.arn
  customer_managed_policy_reference {
    name = aws_iam_policy.extra.name
    path = aws_iam_policy.extra.path
  }
  depends_on = [aws_ssoadmin_account_assignment.operators]
}

resource "aws_ssoadmin_permission_set_inline_policy" "inline" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.operator.arn
  inline_policy      = data.aws_iam_policy_document.inline.json
}

resource "aws_ssoadmin_permissions_boundary_attachment" "limit" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.operator.arn
  permissions_boundary {
    customer_managed_policy_reference {
      name = aws_iam_policy.limit.name
    }
  }
  depends_on = [aws_ssoadmin_account_assignment.operators]
}

resource "aws_ssoadmin_permission_set" "bounded" {
  instance_arn = local.instance
  name         = "Bounded"
}

resource "aws_ssoadmin_permissions_boundary_attachment" "bounded" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.bounded.arn
  permissions_boundary {
    managed_policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
  }
}

resource "aws_ssoadmin_account_assignment" "operators" {
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.operator.arn
  principal_id       = aws_identitystore_group.operators.group_id
  principal_type     = "GROUP"
  target_id          = local.member
  target_type        = "AWS_ACCOUNT"
}

resource "aws_ssoadmin_account_assignment" "kim" {
  count              = var.changed ? 0 : 1
  instance_arn       = local.instance
  permission_set_arn = aws_ssoadmin_permission_set.operator.arn
  principal_id       = aws_identitystore_user.kim.user_id
  principal_type     = "USER"
  target_id          = local.member
  target_type        = "AWS_ACCOUNT"
}

resource "aws_ssoadmin_instance_access_control_attributes" "this" {
  instance_arn = local.instance
  attribute {
    key = "team"
    value { source = ["$${path:enterprise.department}"] }
  }
  dynamic "attribute" {
    for_each = var.changed ? ["last"] : []
    content {
      key = attribute.value
      value { source = ["$${path:name.familyName}"] }
    }
  }
}

# Applications.

resource "aws_ssoadmin_application" "wiki" {
  instance_arn             = local.instance
  application_provider_arn = "arn:aws:sso::aws:applicationProvider/custom"
  name                     = var.changed ? "Wiki of all" : "Wiki"
  description              = var.changed ? "What we know" : "What I know"
  status                   = var.changed ? "DISABLED" : "ENABLED"
  portal_options {
    visibility = "ENABLED"
    sign_in_options {
      application_url = var.changed ? "https://wiki.example.com/two" : "https://wiki.example.com"
      origin          = "APPLICATION"
    }
  }
  tags = local.tags
}

resource "aws_ssoadmin_application_assignment" "operators" {
  application_arn = aws_ssoadmin_application.wiki.application_arn
  principal_id    = aws_identitystore_group.operators.group_id
  principal_type  = "GROUP"
}

resource "aws_ssoadmin_application_assignment_configuration" "wiki" {
  application_arn     = aws_ssoadmin_application.wiki.application_arn
  assignment_required = !var.changed
}

resource "aws_ssoadmin_application_access_scope" "account" {
  application_arn    = aws_ssoadmin_application.wiki.application_arn
  authorized_targets = [aws_ssoadmin_application.wiki.application_arn]
  scope              = "sso:account:access"
}

resource "aws_ssoadmin_trusted_token_issuer" "idp" {
  instance_arn              = local.instance
  name                      = var.changed ? "idp-two" : "idp"
  trusted_token_issuer_type = "OIDC_JWT"
  trusted_token_issuer_configuration {
    oidc_jwt_configuration {
      claim_attribute_path          = var.changed ? "sub" : "email"
      identity_store_attribute_path = var.changed ? "userName" : "emails.value"
      issuer_url                    = "https://idp.example.com"
      jwks_retrieval_option         = "OPEN_ID_DISCOVERY"
    }
  }
  tags = local.tags
}

# What was made, read by everything that reads.

data "aws_identitystore_user" "kim" {
  identity_store_id = local.store
  alternate_identifier {
    unique_attribute {
      attribute_path  = "UserName"
      attribute_value = aws_identitystore_user.kim.user_name
    }
  }
  depends_on = [aws_identitystore_user.kim]
}

data "aws_identitystore_users" "all" {
  identity_store_id = local.store
  depends_on        = [aws_identitystore_user.kim]
}

data "aws_identitystore_group" "operators" {
  identity_store_id = local.store
  alternate_identifier {
    unique_attribute {
      attribute_path  = "DisplayName"
      attribute_value = aws_identitystore_group.operators.display_name
    }
  }
  depends_on = [aws_identitystore_group.operators]
}

data "aws_identitystore_groups" "all" {
  identity_store_id = local.store
  depends_on        = [aws_identitystore_group.operators]
}

data "aws_identitystore_group_memberships" "operators" {
  identity_store_id = local.store
  group_id          = aws_identitystore_group_membership.kim.group_id
}

data "aws_ssoadmin_permission_set" "operator" {
  instance_arn = local.instance
  name         = "Operator"
  depends_on   = [aws_ssoadmin_permission_set.operator, aws_ssoadmin_permission_set.bounded]
}

data "aws_ssoadmin_permission_sets" "all" {
  instance_arn = local.instance
  depends_on   = [aws_ssoadmin_permission_set.operator, aws_ssoadmin_permission_set.bounded]
}

data "aws_ssoadmin_application" "wiki" {
  application_arn = aws_ssoadmin_application.wiki.application_arn
  depends_on      = [aws_ssoadmin_application.wiki]
}

data "aws_ssoadmin_application_assignments" "wiki" {
  application_arn = aws_ssoadmin_application_assignment.operators.application_arn
}

data "aws_ssoadmin_principal_application_assignments" "operators" {
  instance_arn   = local.instance
  principal_id   = aws_ssoadmin_application_assignment.operators.principal_id
  principal_type = "GROUP"
}

data "aws_ssoadmin_application_providers" "all" {}

data "aws_iam_roles" "reserved" {
  provider    = aws.member
  path_prefix = "/aws-reserved/sso.amazonaws.com/"
  depends_on  = [aws_ssoadmin_account_assignment.operators]
}

output "read_back" {
  value = {
    user       = data.aws_identitystore_user.kim.name[0].family_name
    email      = data.aws_identitystore_user.kim.emails[0].value
    users      = sort([for u in data.aws_identitystore_users.all.users : u.user_name])
    group      = data.aws_identitystore_group.operators.description
    groups     = sort([for g in data.aws_identitystore_groups.all.groups : g.display_name])
    members    = [for m in data.aws_identitystore_group_memberships.operators.group_memberships : m.member_id.user_id == aws_identitystore_user.kim.user_id]
    set        = data.aws_ssoadmin_permission_set.operator.session_duration
    set_tags   = data.aws_ssoadmin_permission_set.operator.tags
    sets       = length(data.aws_ssoadmin_permission_sets.all.arns)
    app        = data.aws_ssoadmin_application.wiki.status
    assigned   = length(data.aws_ssoadmin_application_assignments.wiki.application_assignments)
    of_group   = length(data.aws_ssoadmin_principal_application_assignments.operators.application_assignments)
    custom     = contains([for p in data.aws_ssoadmin_application_providers.all.application_providers : p.application_provider_arn], "arn:aws:sso::aws:applicationProvider/custom")
    roles      = length(data.aws_iam_roles.reserved.names)
    attributes = aws_ssoadmin_instance_access_control_attributes.this.status
  }
}
