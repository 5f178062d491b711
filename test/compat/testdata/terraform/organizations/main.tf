# Every resource and data source of AWS Organizations that the provider knows, in
# two versions: the second changes in place what can be changed in place.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }
variable "changed" { type = bool }

provider "aws" {
  region = "us-east-1"
  endpoints {
    iam           = var.endpoint
    sts           = var.endpoint
    organizations = var.endpoint
    account       = var.endpoint
  }
  default_tags {
    tags = { ManagedBy = "terraform" }
  }
}

locals {
  tags = var.changed ? { Stage = "two", "team:name" = "Ops + Café" } : { Stage = "one", Old = "" }
}

resource "aws_organizations_organization" "this" {
  feature_set                   = "ALL"
  aws_service_access_principals = var.changed ? ["access-analyzer.amazonaws.com", "ram.amazonaws.com"] : ["access-analyzer.amazonaws.com", "config.amazonaws.com"]
  enabled_policy_types          = var.changed ? ["SERVICE_CONTROL_POLICY", "TAG_POLICY", "RESOURCE_CONTROL_POLICY"] : ["SERVICE_CONTROL_POLICY", "BACKUP_POLICY", "TAG_POLICY"]
}

resource "aws_organizations_organizational_unit" "workloads" {
  name      = var.changed ? "Workloads, renamed" : "Workloads"
  parent_id = aws_organizations_organization.this.roots[0].id
  tags      = local.tags
}

resource "aws_organizations_organizational_unit" "inner" {
  name      = "Inner"
  parent_id = aws_organizations_organizational_unit.workloads.id
}

# The account is moved: out of the unit, so that the unit can be deleted afterwards.
resource "aws_organizations_account" "new" {
  name              = "New"
  email             = "new@example.com"
  parent_id         = var.changed ? aws_organizations_organization.this.roots[0].id : aws_organizations_organizational_unit.inner.id
  role_name         = "Administrators"
  close_on_deletion = true
  tags              = local.tags
  lifecycle { ignore_changes = [role_name] }
}

resource "aws_organizations_policy" "control" {
  name        = var.changed ? "NoLeaving2" : "NoLeaving"
  description = var.changed ? "" : "Accounts stay: é, \"quoted\" & <b>"
  type        = "SERVICE_CONTROL_POLICY"
  content     = data.aws_iam_policy_document.control.json
  tags        = local.tags
  depends_on  = [aws_organizations_organization.this]
}

data "aws_iam_policy_document" "control" {
  statement {
    effect    = "Deny"
    actions   = var.changed ? ["organizations:LeaveOrganization", "account:CloseAccount"] : ["organizations:LeaveOrganization"]
    resources = ["*"]
  }
}

resource "aws_organizations_policy" "tags" {
  name = "Tags"
  type = "TAG_POLICY"
  content = jsonencode({ tags = { CostCenter = {
    tag_key   = { "@@assign" = "CostCenter" }
    tag_value = { "@@assign" = var.changed ? ["100", "200"] : ["100"] }
  } } })
  depends_on = [aws_organizations_organization.this]
}

resource "aws_organizations_policy_attachment" "unit" {
  policy_id = aws_organizations_policy.control.id
  target_id = aws_organizations_organizational_unit.workloads.id
}

resource "aws_organizations_policy_attachment" "account" {
  policy_id = aws_organizations_policy.control.id
  target_id = aws_organizations_account.new.id
}

resource "aws_organizations_policy_attachment" "root" {
  policy_id = aws_organizations_policy.tags.id
  target_id = aws_organizations_organization.this.roots[0].id
}

resource "aws_organizations_delegated_administrator" "analyzer" {
  account_id        = aws_organizations_account.new.id
  service_principal = "access-analyzer.amazonaws.com"
  depends_on        = [aws_organizations_organization.this]
}

resource "aws_organizations_resource_policy" "this" {
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Readers"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${aws_organizations_account.new.id}:root" }
      Action    = var.changed ? ["organizations:DescribeOrganization", "organizations:ListAccounts"] : ["organizations:DescribeOrganization"]
      Resource  = "*"
    }]
  })
  tags = local.tags
}

# What was made, read by everything that reads.

data "aws_organizations_organization" "this" {
  depends_on = [aws_organizations_account.new, aws_organizations_delegated_administrator.analyzer]
}

data "aws_organizations_organizational_unit" "workloads" {
  parent_id  = aws_organizations_organization.this.roots[0].id
  name       = aws_organizations_organizational_unit.workloads.name
  depends_on = [aws_organizations_organizational_unit.workloads]
}

data "aws_organizations_organizational_units" "root" {
  parent_id  = aws_organizations_organization.this.roots[0].id
  depends_on = [aws_organizations_organizational_unit.workloads]
}

data "aws_organizations_organizational_unit_child_accounts" "root" {
  parent_id  = aws_organizations_organization.this.roots[0].id
  depends_on = [aws_organizations_account.new]
}

data "aws_organizations_organizational_unit_descendant_accounts" "root" {
  parent_id  = aws_organizations_organization.this.roots[0].id
  depends_on = [aws_organizations_account.new]
}

data "aws_organizations_organizational_unit_descendant_organizational_units" "root" {
  parent_id  = aws_organizations_organization.this.roots[0].id
  depends_on = [aws_organizations_organizational_unit.inner, aws_organizations_organizational_unit.workloads]
}

data "aws_organizations_delegated_administrators" "analyzer" {
  service_principal = "access-analyzer.amazonaws.com"
  depends_on        = [aws_organizations_delegated_administrator.analyzer]
}

data "aws_organizations_delegated_services" "new" {
  account_id = aws_organizations_delegated_administrator.analyzer.account_id
}

data "aws_organizations_policies" "control" {
  filter     = "SERVICE_CONTROL_POLICY"
  depends_on = [aws_organizations_policy.control]
}

data "aws_organizations_policies_for_target" "new" {
  target_id = aws_organizations_policy_attachment.account.target_id
  filter    = "SERVICE_CONTROL_POLICY"
}

data "aws_organizations_policy" "control" {
  policy_id  = aws_organizations_policy.control.id
  depends_on = [aws_organizations_policy.control]
}

data "aws_organizations_resource_tags" "new" {
  resource_id = aws_organizations_account.new.id
  depends_on  = [aws_organizations_account.new]
}

output "read_back" {
  value = {
    features    = data.aws_organizations_organization.this.feature_set
    accounts    = sort([for a in data.aws_organizations_organization.this.accounts : a.name])
    services    = sort(data.aws_organizations_organization.this.aws_service_access_principals)
    types       = sort([for t in data.aws_organizations_organization.this.roots[0].policy_types : t.type])
    unit        = data.aws_organizations_organizational_unit.workloads.id == aws_organizations_organizational_unit.workloads.id
    units       = [for u in data.aws_organizations_organizational_units.root.children : u.name]
    in_root     = sort([for a in data.aws_organizations_organizational_unit_child_accounts.root.accounts : a.name])
    below_root  = sort([for a in data.aws_organizations_organizational_unit_descendant_accounts.root.accounts : a.name])
    units_below = sort([for u in data.aws_organizations_organizational_unit_descendant_organizational_units.root.children : u.name])
    delegates   = [for a in data.aws_organizations_delegated_administrators.analyzer.delegated_administrators : a.email]
    delegated   = [for s in data.aws_organizations_delegated_services.new.delegated_services : s.service_principal]
    policies    = length(data.aws_organizations_policies.control.ids)
    on_account  = length(data.aws_organizations_policies_for_target.new.ids)
    policy      = data.aws_organizations_policy.control.description
    tags        = data.aws_organizations_resource_tags.new.tags
    status      = aws_organizations_account.new.status
  }
}
