# Every resource of IAM that the provider knows, in two versions: the second
# changes in place what can be changed in place.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }
variable "changed" { type = bool }
variable "saml_metadata" { type = string }
variable "certificate" { type = string }
variable "private_key" { type = string }
variable "ssh_key" { type = string }

provider "aws" {
  region = "us-east-1"
  endpoints {
    iam = var.endpoint
    sts = var.endpoint
  }
  default_tags {
    tags = { ManagedBy = "terraform" }
  }
}

locals {
  tags   = var.changed ? { Stage = "two", "team:name" = "Ops + Café" } : { Stage = "one", Old = "" }
  bucket = var.changed ? "arn:aws:s3:::two/*" : "arn:aws:s3:::one/*"
}

data "aws_caller_identity" "me" {}
data "aws_partition" "here" {}

data "aws_iam_policy_document" "read" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = [local.bucket]
    condition {
      test     = "StringLike"
      variable = "aws:PrincipalTag/Team"
      values   = ["a*", "é \"quoted\" & <b>"]
    }
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = var.changed ? ["ec2.amazonaws.com", "lambda.amazonaws.com"] : ["ec2.amazonaws.com"]
    }
  }
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_user.alice.arn]
    }
  }
}

# Users.

resource "aws_iam_user" "alice" {
  name                 = "alice"
  path                 = var.changed ? "/people/two/" : "/people/"
  permissions_boundary = var.changed ? "arn:aws:iam::aws:policy/PowerUserAccess" : aws_iam_policy.read.arn
  force_destroy        = true
  tags                 = local.tags
}

resource "aws_iam_user" "bob" { name = "bob" }

resource "aws_iam_user" "carol" {
  name = var.changed ? "carol.renamed@example.com" : "carol"
}

resource "aws_iam_user_policy" "alice" {
  name   = "inline"
  user   = aws_iam_user.bob.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_user_policy_attachment" "bob" {
  user       = aws_iam_user.bob.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_user_policies_exclusive" "bob" {
  user_name    = aws_iam_user.bob.name
  policy_names = [aws_iam_user_policy.alice.name]
}

resource "aws_iam_user_policy_attachments_exclusive" "bob" {
  user_name   = aws_iam_user.bob.name
  policy_arns = [aws_iam_user_policy_attachment.bob.policy_arn]
}

resource "aws_iam_user_login_profile" "bob" {
  user                    = aws_iam_user.bob.name
  password_length         = 24
  password_reset_required = true
  lifecycle { ignore_changes = [password_reset_required] }
}

resource "aws_iam_access_key" "bob" {
  user   = aws_iam_user.bob.name
  status = var.changed ? "Inactive" : "Active"
}

resource "aws_iam_user_ssh_key" "bob" {
  username   = aws_iam_user.bob.name
  encoding   = "SSH"
  public_key = var.ssh_key
  status     = var.changed ? "Inactive" : "Active"
}

resource "aws_iam_signing_certificate" "bob" {
  user_name        = aws_iam_user.bob.name
  certificate_body = var.certificate
  status           = var.changed ? "Inactive" : "Active"
}

resource "aws_iam_service_specific_credential" "bob" {
  service_name = "codecommit.amazonaws.com"
  user_name    = aws_iam_user.bob.name
  status       = var.changed ? "Inactive" : "Active"
}

resource "aws_iam_virtual_mfa_device" "bob" {
  virtual_mfa_device_name = "bob"
  path                    = "/devices/"
  tags                    = local.tags
}

# Groups.

resource "aws_iam_group" "readers" {
  name = var.changed ? "Readers2" : "Readers"
  path = "/groups/"
}

resource "aws_iam_group" "more" { name = "More" }

resource "aws_iam_group_membership" "readers" {
  name  = "readers"
  group = aws_iam_group.readers.name
  users = var.changed ? [aws_iam_user.bob.name] : [aws_iam_user.alice.name, aws_iam_user.bob.name]
}

resource "aws_iam_user_group_membership" "bob" {
  user   = aws_iam_user.bob.name
  groups = [aws_iam_group.more.name]
}

resource "aws_iam_group_policy" "readers" {
  group  = aws_iam_group.readers.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_group_policy_attachment" "readers" {
  group      = aws_iam_group.readers.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_group_policies_exclusive" "readers" {
  group_name   = aws_iam_group.readers.name
  policy_names = [aws_iam_group_policy.readers.name]
}

resource "aws_iam_group_policy_attachments_exclusive" "readers" {
  group_name  = aws_iam_group.readers.name
  policy_arns = [aws_iam_group_policy_attachment.readers.policy_arn]
}

# Policies.

resource "aws_iam_policy" "read" {
  name        = "Read"
  path        = "/policies/"
  description = "Reads: a bucket, & more"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:Get*", "iam:Get*", "iam:List*"], Resource = [local.bucket, "*"] }]
  })
  tags = local.tags
}

resource "aws_iam_policy" "everywhere" {
  name_prefix = "everywhere-"
  policy      = data.aws_iam_policy_document.read.json
}

resource "aws_iam_policy_attachment" "everywhere" {
  name       = "everywhere"
  policy_arn = aws_iam_policy.everywhere.arn
  users      = var.changed ? [] : [aws_iam_user.alice.name]
  roles      = [aws_iam_role.server.name]
  groups     = [aws_iam_group.more.name]
}

# Roles.

resource "aws_iam_role" "server" {
  name                  = "server"
  path                  = "/roles/"
  description           = var.changed ? "Serves & more" : "Serves"
  assume_role_policy    = data.aws_iam_policy_document.trust.json
  max_session_duration  = var.changed ? 7200 : 3600
  permissions_boundary  = var.changed ? null : aws_iam_policy.read.arn
  force_detach_policies = true
  tags                  = local.tags
}

resource "aws_iam_role_policy" "server" {
  name   = "inline"
  role   = aws_iam_role.server.id
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policy_attachment" "server" {
  role       = aws_iam_role.server.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_role" "exclusive" {
  name               = "exclusive"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = data.aws_caller_identity.me.account_id } } })
}

resource "aws_iam_role_policy" "exclusive" {
  name   = "only"
  role   = aws_iam_role.exclusive.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policies_exclusive" "exclusive" {
  role_name    = aws_iam_role.exclusive.name
  policy_names = [aws_iam_role_policy.exclusive.name]
}

resource "aws_iam_role_policy_attachments_exclusive" "exclusive" {
  role_name   = aws_iam_role.exclusive.name
  policy_arns = var.changed ? ["arn:aws:iam::aws:policy/IAMReadOnlyAccess"] : ["arn:aws:iam::aws:policy/ReadOnlyAccess", aws_iam_policy.read.arn]
}

# A role whose policies are arguments of its own, as older configurations have it.
resource "aws_iam_role" "whole" {
  name                = "whole"
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = var.changed ? [aws_iam_policy.read.arn] : [aws_iam_policy.read.arn, "arn:aws:iam::aws:policy/ReadOnlyAccess"]
  inline_policy {
    name   = var.changed ? "two" : "one"
    policy = data.aws_iam_policy_document.read.json
  }
}

resource "aws_iam_instance_profile" "server" {
  name = "server"
  path = "/profiles/"
  role = var.changed ? aws_iam_role.exclusive.name : aws_iam_role.server.name
  tags = local.tags
}

resource "aws_iam_service_linked_role" "scaling" {
  aws_service_name = "autoscaling.amazonaws.com"
  custom_suffix    = "compat"
  description      = var.changed ? "two" : "one"
  tags             = local.tags
}

# Providers and certificates.

resource "aws_iam_openid_connect_provider" "ci" {
  url             = "https://ci.example.com/id"
  client_id_list  = var.changed ? ["sts.amazonaws.com", "second"] : ["sts.amazonaws.com", "first"]
  thumbprint_list = [var.changed ? "cf23df2207d99a74fbe169e3eba035e633b65d95" : "cf23df2207d99a74fbe169e3eba035e633b65d94"]
  tags            = local.tags
}

resource "aws_iam_saml_provider" "corp" {
  name                   = "corp"
  saml_metadata_document = var.saml_metadata
  tags                   = local.tags
}

resource "aws_iam_server_certificate" "web" {
  name             = "web"
  path             = "/cloudfront/web/"
  certificate_body = var.certificate
  private_key      = var.private_key
  tags             = local.tags
}

# The account.

resource "aws_iam_account_alias" "me" { account_alias = var.changed ? "example-two" : "example-one" }

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length        = var.changed ? 16 : 12
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = var.changed
  allow_users_to_change_password = true
  max_password_age               = var.changed ? 90 : 0
  password_reuse_prevention      = 5
  hard_expiry                    = var.changed
}

resource "aws_iam_security_token_service_preferences" "tokens" {
  global_endpoint_token_version = var.changed ? "v1Token" : "v2Token"
}

# What data sources read back.

data "aws_iam_user" "alice" { user_name = aws_iam_user.alice.name }
data "aws_iam_role" "server" { name = aws_iam_role.server.name }
data "aws_iam_group" "readers" {
  group_name = aws_iam_group.readers.name
  depends_on = [aws_iam_group_membership.readers]
}
data "aws_iam_policy" "read" { arn = aws_iam_policy.read.arn }
data "aws_iam_policy" "administrator" { name = "AdministratorAccess" }
data "aws_iam_instance_profile" "server" { name = aws_iam_instance_profile.server.name }
data "aws_iam_saml_provider" "corp" { arn = aws_iam_saml_provider.corp.arn }
data "aws_iam_openid_connect_provider" "ci" { arn = aws_iam_openid_connect_provider.ci.arn }
data "aws_iam_access_keys" "bob" {
  user       = aws_iam_user.bob.name
  depends_on = [aws_iam_access_key.bob]
}
data "aws_iam_account_alias" "me" { depends_on = [aws_iam_account_alias.me] }
data "aws_iam_session_context" "me" { arn = data.aws_caller_identity.me.arn }
data "aws_iam_principal_policy_simulation" "bob" {
  action_names      = ["iam:ListUsers"]
  policy_source_arn = aws_iam_user.bob.arn
  depends_on        = [aws_iam_user_policy_attachment.bob]
}

output "read_back" {
  value = {
    account    = data.aws_caller_identity.me.account_id
    user_path  = data.aws_iam_user.alice.path
    role_trust = jsondecode(data.aws_iam_role.server.assume_role_policy) == jsondecode(data.aws_iam_policy_document.trust.json)
    members    = sort(data.aws_iam_group.readers.users[*].user_name)
    policy     = data.aws_iam_policy.read.description
    admin      = data.aws_iam_policy.administrator.arn
    profile    = data.aws_iam_instance_profile.server.role_name
    saml       = data.aws_iam_saml_provider.corp.saml_metadata_document == var.saml_metadata
    clients    = sort(data.aws_iam_openid_connect_provider.ci.client_id_list)
    keys       = [for k in data.aws_iam_access_keys.bob.access_keys : k.status]
    alias      = data.aws_iam_account_alias.me.account_alias
    allowed    = data.aws_iam_principal_policy_simulation.bob.all_allowed
  }
}

output "bob" {
  value     = { key = aws_iam_access_key.bob, password = aws_iam_user_login_profile.bob.password }
  sensitive = true
}
